"""Threads below channels of guilds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.discord.channels import Channel, ChannelKind
from sandbox.discord.permissions import EVERYTHING, NOTHING, Permission
from sandbox.discord.snowflakes import made_at
from sandbox.discord.wire import Payload, timestamp

if TYPE_CHECKING:
    from sandbox.discord.users import User


AUTO_ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
"""After how much silence Discord archives a thread."""


@dataclass(eq=False)
class Thread(Channel):
    """A thread below a channel; `joined` are the ids of its members."""

    owner: User = field(kw_only=True)
    joined: set[int] = field(default_factory=set)
    archived: bool = False
    auto_archive_minutes: int = AUTO_ARCHIVE_MINUTES[1]
    locked: bool = False

    @property
    def is_thread(self) -> bool:
        return True

    @property
    def settings_channel(self) -> Channel:
        return self if self.parent is None else self.parent

    def permissions_of(self, user: User) -> Permission:
        granted = super().permissions_of(user)
        if self.kind != ChannelKind.PRIVATE_THREAD or granted == EVERYTHING:
            return granted
        seen = user.id in self.joined or Permission.MANAGE_THREADS in granted
        return granted if seen else NOTHING

    def archive(self, *, locked: bool = False) -> None:
        """Archive the thread, and lock it if asked to."""
        self.archived, self.locked = True, locked
        self.tell("UPDATE")

    def revive(self) -> None:
        """Take the thread out of the archive."""
        self.archived = False
        self.tell("UPDATE")

    def delete(self) -> None:
        self.deleted = True
        self.home.threads.pop(self.id, None)
        self.world.places.pop(self.id, None)
        self.tell("DELETE")

    def payload(self) -> Payload:
        return {
            **self.partial_payload(),
            "guild_id": str(self.home.id),
            "owner_id": str(self.owner.id),
            "member_count": len(self.joined),
            "message_count": len(self.history),
            "total_message_sent": len(self.messages),
            "rate_limit_per_user": 0,
            "last_message_id": self.last_message_id,
            "thread_metadata": self._metadata(),
        }

    def _metadata(self) -> Payload:
        return {
            "archived": self.archived,
            "archive_timestamp": timestamp(made_at(self.id)),
            "auto_archive_duration": self.auto_archive_minutes,
            "locked": self.locked,
            "create_timestamp": timestamp(made_at(self.id)),
        }
