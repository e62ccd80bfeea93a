"""Channels of guilds, and what all places where messages are have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from sandbox.discord import permissions
from sandbox.discord.events import Intent
from sandbox.discord.messages import Attachment, Message, Upload
from sandbox.discord.permissions import NOTHING, Permission
from sandbox.discord.wire import Payload

if TYPE_CHECKING:
    from sandbox.discord.guild import Guild
    from sandbox.discord.users import User
    from sandbox.discord.world import World


class ChannelKind(IntEnum):
    """Discord's channel types."""

    TEXT = 0
    DIRECT = 1
    VOICE = 2
    GROUP = 3
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15


class Context(IntEnum):
    """Discord's interaction contexts."""

    GUILD = 0
    BOT_DIRECT = 1
    PRIVATE_CHANNEL = 2


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows or denies a role or a member."""

    allow: Permission = NOTHING
    deny: Permission = NOTHING


@dataclass(eq=False)
class Place(ABC):
    """Anything that holds messages."""

    id: int
    world: World = field(repr=False)
    kind: ChannelKind
    messages: dict[int, Message] = field(default_factory=dict, repr=False)

    @property
    def guild(self) -> Guild | None:
        return None

    @property
    @abstractmethod
    def context(self) -> Context: ...

    @property
    def app_permissions(self) -> Permission:
        """What interactions say that the bot may do here."""
        return self.permissions_of(self.world.application.bot)

    @property
    def history(self) -> list[Message]:
        """The messages that everybody sees who can read here, oldest first."""
        return [item for item in self.messages.values() if item.viewer is None and not item.deleted]

    @property
    def last_message_id(self) -> str | None:
        return str(max(self.messages)) if self.messages else None

    @abstractmethod
    def readable_by(self, user: User) -> bool: ...

    @abstractmethod
    def audience(self) -> list[User]:
        """Everybody who can read here."""
        ...

    @abstractmethod
    def permissions_of(self, user: User) -> Permission: ...

    @abstractmethod
    def payload(self) -> Payload: ...

    @abstractmethod
    def upload_limit_at_send(self) -> int:
        """The most bytes a file may have that is sent here now."""
        ...

    def post(
        self, author: User, content: str = "", uploads: tuple[Upload, ...] = (), embeds: tuple[Payload, ...] = ()
    ) -> Message:
        """A message by a person, put here without any permission check."""
        message = Message(self.world.ids.next(), self, author, content, list(embeds))
        message.attachments = [self.attach(upload) for upload in uploads]
        self.messages[message.id] = message
        message.announce("MESSAGE_CREATE")
        return message

    def attach(self, upload: Upload, *, ephemeral: bool = False) -> Attachment:
        """Keep an uploaded file under this place's address."""
        attachment_id = self.world.ids.next()
        name = upload.filename.replace(" ", "_")
        section = "ephemeral-attachments" if ephemeral else "attachments"
        folder = f"{section}/{self.id}/{attachment_id}"
        files = self.world.files
        stored = files.store(folder, name, upload.data, upload.content_type)
        return Attachment(attachment_id, name, upload.description, stored, files, ephemeral)


@dataclass(eq=False)
class Channel(Place):
    """A channel of a guild."""

    home: Guild = field(kw_only=True, repr=False)
    name: str = field(kw_only=True)
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    parent: Channel | None = None
    nsfw: bool = False
    deleted: bool = False

    @property
    def guild(self) -> Guild:
        return self.home

    @property
    def context(self) -> Context:
        return Context.GUILD

    @property
    def app_permissions(self) -> Permission:
        # Of a bot that is no member only what everybody may do is left.
        return super().app_permissions if self.home.has_bot else permissions.of_everyone(self)

    @property
    def is_thread(self) -> bool:
        return False

    @property
    def settings_channel(self) -> Channel:
        """The channel whose overwrites count here."""
        return self

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    def readable_by(self, user: User) -> bool:
        return Permission.VIEW_CHANNEL in self.permissions_of(user)

    def audience(self) -> list[User]:
        return [member.user for member in self.home.members.values() if self.readable_by(member.user)]

    def permissions_of(self, user: User) -> Permission:
        member = self.home.members.get(user.id)
        return NOTHING if member is None else member.permissions_in(self)

    def upload_limit_at_send(self) -> int:
        return self.home.upload_limit_at_send()

    def overwrite(self, target_id: int, overwrite: Overwrite) -> None:
        """Change what this channel allows or denies a role or a member."""
        self.overwrites[target_id] = overwrite
        self.tell("UPDATE")

    def restrict_age(self, restricted: bool = True) -> None:
        """Show the channel only to those who have confirmed their age, or to everybody again."""
        self.nsfw = restricted
        self.tell("UPDATE")

    def delete(self) -> None:
        """Delete the channel with its messages and threads."""
        for thread in [item for item in self.home.threads.values() if item.parent is self]:
            thread.delete()
        self.deleted = True
        self.home.channels.pop(self.id, None)
        self.world.places.pop(self.id, None)
        self.tell("DELETE")

    def payload(self) -> Payload:
        return {
            **self.partial_payload(),
            "guild_id": str(self.home.id),
            "permission_overwrites": self._overwrite_payloads(),
            "nsfw": self.nsfw,
            "topic": None,
            "rate_limit_per_user": 0,
            "last_message_id": self.last_message_id,
            **self._kind_payload(),
        }

    def partial_payload(self) -> Payload:
        """The channel as interactions carry it."""
        body: Payload = {
            "id": str(self.id),
            "type": self.kind.value,
            "name": self.name,
            "flags": 0,
            "parent_id": str(self.parent.id) if self.parent else None,
        }
        if not self.is_thread:
            order = list(self.home.channels)
            body["position"] = order.index(self.id) if self.id in order else 0
        return body

    def _kind_payload(self) -> Payload:
        if self.kind in {ChannelKind.VOICE, ChannelKind.STAGE}:
            return {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
        if self.kind == ChannelKind.FORUM:
            return {"available_tags": [], "default_reaction_emoji": None, "default_forum_layout": 0}
        return {}

    def _overwrite_payloads(self) -> list[Payload]:
        return [
            {
                "id": str(target_id),
                "type": 0 if target_id in self.home.roles else 1,
                "allow": str(int(overwrite.allow)),
                "deny": str(int(overwrite.deny)),
            }
            for target_id, overwrite in self.overwrites.items()
        ]

    def tell(self, what: str) -> None:
        """Dispatch CHANNEL_* or THREAD_* to the guild's shard."""
        subject = "THREAD" if self.is_thread else "CHANNEL"
        self.world.emit(f"{subject}_{what}", self.payload(), guild=self.home, intent=Intent.GUILDS)
