"""Conversations outside guilds: with the bot, and between other people."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.discord.channels import ChannelKind, Context, Place
from sandbox.discord.permissions import (
    APP_IN_BOT_DIRECT,
    APP_IN_PRIVATE_CHANNEL,
    IN_DIRECT_MESSAGES,
    NOTHING,
    Permission,
)
from sandbox.discord.wire import Payload

if TYPE_CHECKING:
    from sandbox.discord.users import User


@dataclass(eq=False)
class Conversation(Place):
    """Direct messages of any kind."""

    def audience(self) -> list[User]:
        return [user for user in self.people() if not user.bot]

    @abstractmethod
    def people(self) -> list[User]:
        """Everybody who takes part, the bot included where it does."""
        ...

    def readable_by(self, user: User) -> bool:
        return user in self.people()

    def permissions_of(self, user: User) -> Permission:
        return IN_DIRECT_MESSAGES if self.readable_by(user) else NOTHING

    def upload_limit_at_send(self) -> int:
        return self.world.direct_upload_limit


@dataclass(eq=False)
class DirectChannel(Conversation):
    """The direct messages between the bot and one person."""

    recipient: User = field(kw_only=True)

    @property
    def context(self) -> Context:
        return Context.BOT_DIRECT

    @property
    def app_permissions(self) -> Permission:
        return APP_IN_BOT_DIRECT

    def people(self) -> list[User]:
        return [self.recipient, self.world.application.bot]

    def payload(self) -> Payload:
        return {
            "id": str(self.id),
            "type": self.kind.value,
            "flags": 0,
            "recipients": [self.recipient.payload()],
            "last_message_id": self.last_message_id,
        }


@dataclass(eq=False)
class PrivateChannel(Conversation):
    """A conversation between other people; the bot comes in only by the commands of those who installed it."""

    recipients: tuple[User, ...] = field(kw_only=True)

    @property
    def context(self) -> Context:
        return Context.PRIVATE_CHANNEL

    @property
    def app_permissions(self) -> Permission:
        return APP_IN_PRIVATE_CHANNEL

    def people(self) -> list[User]:
        return list(self.recipients)

    def payload(self) -> Payload:
        body: Payload = {
            "id": str(self.id),
            "type": self.kind.value,
            "flags": 0,
            "recipients": [user.payload() for user in self.recipients],
            "last_message_id": self.last_message_id,
        }
        if self.kind is ChannelKind.GROUP:
            body |= {"name": None, "icon": None, "owner_id": str(self.recipients[0].id)}
        return body
