"""Interactions: what a person did, how long the bot may answer, and what it answered."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from enum import IntEnum

from sandbox.discord.channels import Context, Place
from sandbox.discord.errors import ApiError, Refusal
from sandbox.discord.guild import Guild, Member
from sandbox.discord.messages import Message
from sandbox.discord.users import User
from sandbox.discord.wire import Payload
from sandbox.discord.world import World


class InteractionKind(IntEnum):
    """Discord's interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackKind(IntEnum):
    """How an interaction is answered."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True, eq=False)
class Interaction:
    """One thing that a person did.

    `source` is the message it was done on, `trigger` what opened the form, `installs` what offered the command.
    """

    id: int
    token: str
    kind: InteractionKind
    user: User
    place: Place
    data: Payload
    locale: str
    created_at: float
    source: Message | None = None
    trigger: Interaction | None = None
    installs: dict[str, str] | None = None
    token_revoked: bool = False
    callback: CallbackKind | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[Payload] = field(default_factory=list)
    form: Payload | None = None
    refused: ApiError | None = None
    answered_at: float | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def guild(self) -> Guild | None:
        return self.place.guild

    @property
    def member(self) -> Member | None:
        return None if self.guild is None else self.guild.members.get(self.user.id)

    @property
    def follows_up_freely(self) -> bool:
        """Whether any number of messages may follow, and be public, because the application is installed here."""
        return self.place.context is Context.BOT_DIRECT or "0" in self.owners()

    def owners(self) -> dict[str, str]:
        """`authorizing_integration_owners`: of the command, also for what was done on its answer or its form."""
        if self.installs is not None:
            return self.installs
        if self.trigger is not None:
            return self.trigger.owners()
        if self.source is not None and self.source.metadata is not None:
            owners: dict[str, str] = self.source.metadata["authorizing_integration_owners"]
            return owners
        return {"0": "0" if self.guild is None else str(self.guild.id)}

    def metadata(self) -> Payload:
        """What the messages that answer this interaction say about it."""
        body: Payload = {
            "id": str(self.id),
            "type": self.kind.value,
            "user": self.user.payload(),
            "authorizing_integration_owners": self.owners(),
        }
        if self.kind == InteractionKind.MODAL and self.trigger is not None:
            body["triggering_interaction_metadata"] = self.trigger.metadata()
        elif self.source is not None and self.kind == InteractionKind.COMPONENT:
            body["interacted_message_id"] = str(self.source.id)
        if "target_id" in self.data:
            body["target_message_id"] = self.data["target_id"]
        return body

    def payload(self) -> Payload:
        """The interaction as INTERACTION_CREATE brings it."""
        world = self.place.world
        body: Payload = {
            "id": str(self.id),
            "application_id": str(world.application.id),
            "type": self.kind.value,
            "token": self.token,
            "version": 1,
            "channel": self.place.payload(),
            "channel_id": str(self.place.id),
            "app_permissions": str(int(self.place.app_permissions)),
            "locale": self.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": self.owners(),
            "context": self.place.context.value,
            "attachment_size_limit": world.direct_upload_limit if self.guild is None else self.guild.upload_limit,
            "data": self.data,
        }
        if self.source is not None:
            body["message"] = self.source.payload()
        return body | self._who()

    def _who(self) -> Payload:
        if self.guild is None or self.member is None:
            return {"user": self.user.payload()}
        permissions = self.place.permissions_of(self.user)
        return {
            "guild_id": str(self.guild.id),
            "guild_locale": self.guild.locale,
            "guild": {"id": str(self.guild.id), "locale": self.guild.locale, "features": []},
            "member": {**self.member.payload(), "permissions": str(int(permissions))},
        }


@dataclass(slots=True)
class Interactions:
    """All interactions, and the rules of time for answering them."""

    world: World
    answer_within_seconds: float = 3.0
    token_lifetime_seconds: float = 15 * 60.0
    _by_token: dict[str, Interaction] = field(default_factory=dict)

    def add(
        self,
        kind: InteractionKind,
        user: User,
        place: Place,
        data: Payload,
        *,
        locale: str = "en-US",
        source: Message | None = None,
        trigger: Interaction | None = None,
        installs: dict[str, str] | None = None,
    ) -> Interaction:
        """Note what a person did, under a new id and token."""
        interaction_id, token = self.world.ids.next(), secrets.token_urlsafe(48)
        now = self.world.now()
        interaction = Interaction(
            interaction_id, token, kind, user, place, data, locale, now, source, trigger, installs
        )
        self._by_token[token] = interaction
        return interaction

    def to_answer(self, interaction_id: int, token: str) -> Interaction:
        """The interaction that a callback is for: known, not older than 3 s, not answered yet."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != interaction_id:
            raise ApiError(Refusal.UNKNOWN_INTERACTION)
        if interaction.callback is not None:
            raise ApiError(Refusal.ALREADY_ACKNOWLEDGED)
        if self.world.now() - interaction.created_at > self.answer_within_seconds:
            raise ApiError(Refusal.UNKNOWN_INTERACTION)
        return interaction

    def to_follow(self, application_id: int, token: str) -> Interaction:
        """The interaction that a webhook call is for: answered already, and its token still valid."""
        interaction = self._by_token.get(token)
        if interaction is None or application_id != self.world.application.id:
            raise ApiError(Refusal.UNKNOWN_WEBHOOK)
        age_seconds = self.world.now() - interaction.created_at
        if interaction.token_revoked or age_seconds > self.token_lifetime_seconds:
            raise ApiError(Refusal.INVALID_TOKEN)
        if interaction.callback is None:
            raise ApiError(Refusal.UNKNOWN_WEBHOOK)
        return interaction
