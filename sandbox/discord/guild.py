"""Guilds with their roles, members and channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.discord import permissions
from sandbox.discord.channels import Channel, ChannelKind, Overwrite
from sandbox.discord.events import Intent
from sandbox.discord.guild_payloads import guild_payload, joining_payload
from sandbox.discord.permissions import NOTHING, USUAL, Permission
from sandbox.discord.snowflakes import made_at
from sandbox.discord.threads import Thread
from sandbox.discord.users import User
from sandbox.discord.wire import Payload, timestamp

if TYPE_CHECKING:
    from sandbox.discord.world import World

MEBIBYTE = 1 << 20
UPLOAD_LIMITS = {0: 20 * MEBIBYTE, 1: 20 * MEBIBYTE, 2: 50 * MEBIBYTE, 3: 100 * MEBIBYTE}
"""Bytes a file may have, by boost level (Discord, September 2026)."""


@dataclass(slots=True, eq=False)
class Role:
    """A role of a guild."""

    id: int
    name: str
    guild: Guild = field(repr=False)
    permissions: Permission = NOTHING
    mentionable: bool = False
    managed_by: User | None = None

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"

    def holders(self) -> list[User]:
        """The accounts that have the role."""
        everyone = self is self.guild.everyone
        return [member.user for member in self.guild.members.values() if everyone or self in member.roles]

    def rename(self, name: str) -> None:
        """Give the role another name."""
        self.name = name
        self.guild.tell("GUILD_ROLE_UPDATE", {"guild_id": str(self.guild.id), "role": self.payload()})

    def delete(self) -> None:
        """Delete the role and take it from everybody."""
        self.guild.roles.pop(self.id, None)
        for member in self.guild.members.values():
            member.roles = [role for role in member.roles if role is not self]
        payload: Payload = {"guild_id": str(self.guild.id), "role_id": str(self.id)}
        self.guild.tell("GUILD_ROLE_DELETE", payload)

    def payload(self) -> Payload:
        body: Payload = {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": list(self.guild.roles).index(self.id) if self.id in self.guild.roles else 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed_by is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.managed_by is not None:
            body["tags"] = {"bot_id": str(self.managed_by.id)}
        return body


@dataclass(slots=True, eq=False)
class Member:
    """An account in a guild."""

    user: User
    guild: Guild = field(repr=False)
    roles: list[Role] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def mention(self) -> str:
        return self.user.mention

    @property
    def permissions(self) -> Permission:
        return permissions.in_guild(self)

    def permissions_in(self, channel: Channel) -> Permission:
        return permissions.in_channel(self, channel)

    def give(self, *roles: Role) -> None:
        """Give the member roles."""
        self.roles += [role for role in roles if role not in self.roles]
        self._tell_update()

    def take(self, *roles: Role) -> None:
        """Take roles from the member."""
        self.roles = [role for role in self.roles if role not in roles]
        self._tell_update()

    def close_direct_messages(self) -> None:
        """Refuse direct messages from now on, as a member's privacy settings do."""
        self.user.takes_direct_messages = False

    def open_direct_messages(self) -> None:
        """Accept direct messages again."""
        self.user.takes_direct_messages = True

    def leave(self) -> None:
        """Leave the guild."""
        self.guild.members.pop(self.user.id, None)
        payload: Payload = {"guild_id": str(self.guild.id), "user": self.user.payload()}
        self.guild.tell("GUILD_MEMBER_REMOVE", payload, Intent.GUILD_MEMBERS)

    def payload(self, *, with_user: bool = True) -> Payload:
        body: Payload = {
            "avatar": None,
            "banner": None,
            "communication_disabled_until": None,
            "flags": 0,
            "joined_at": timestamp(made_at(self.guild.id)),
            "nick": None,
            "pending": False,
            "premium_since": None,
            "roles": [str(role.id) for role in self.roles],
            "mute": False,
            "deaf": False,
        }
        return {**body, "user": self.user.payload()} if with_user else body

    def _tell_update(self) -> None:
        payload = {**self.payload(), "guild_id": str(self.guild.id)}
        own = self.user is self.guild.world.application.bot
        self.guild.tell("GUILD_MEMBER_UPDATE", payload, Intent.GUILDS if own else Intent.GUILD_MEMBERS)


@dataclass(eq=False)
class Guild:
    """A guild, which the bot need not be in."""

    id: int
    name: str
    world: World = field(repr=False)
    locale: str = "en-US"
    boost_tier: int = 0
    upload_limit_override: int | None = None
    lowered_upload_limit: int | None = None
    roles: dict[int, Role] = field(default_factory=dict, repr=False)
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    channels: dict[int, Channel] = field(default_factory=dict, repr=False)
    threads: dict[int, Thread] = field(default_factory=dict, repr=False)
    owner: Member = field(init=False, repr=False)
    everyone: Role = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.everyone = Role(self.id, "@everyone", self, USUAL)
        self.roles[self.id] = self.everyone

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member."""
        return self.world.application.bot.id in self.members

    @property
    def me(self) -> Member:
        """The bot's own membership."""
        return self.members[self.world.application.bot.id]

    @property
    def upload_limit(self) -> int:
        """The bytes a file may have, as interactions announce it."""
        return UPLOAD_LIMITS[self.boost_tier] if self.upload_limit_override is None else self.upload_limit_override

    @upload_limit.setter
    def upload_limit(self, limit_bytes: int) -> None:
        self.upload_limit_override = limit_bytes

    def upload_limit_at_send(self) -> int:
        """The limit that uploads meet: `upload_limit`, unless `lowered_upload_limit` is set and lower."""
        lowered = self.lowered_upload_limit
        return self.upload_limit if lowered is None else min(lowered, self.upload_limit)

    def set_boost_tier(self, tier: int) -> None:
        """Change the boost level, and the upload limit with it."""
        self.boost_tier = tier
        self.tell("GUILD_UPDATE", self.payload())

    def add_role(
        self, name: str, *, permissions: Permission = NOTHING, mentionable: bool = False, bot: User | None = None
    ) -> Role:
        """Add a role; `bot` makes it the role that came with that bot."""
        role = Role(self.world.ids.next(), name, self, permissions, mentionable, bot)
        self.roles[role.id] = role
        self.tell("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": role.payload()})
        return role

    def add_member(self, who: str | User, *, roles: Iterable[Role] = ()) -> Member:
        """Add a member: a new account of that name, or an account that exists."""
        user = self.world.add_user(who) if isinstance(who, str) else who
        member = Member(user, self, list(roles))
        self.members[user.id] = member
        payload = {**member.payload(), "guild_id": str(self.id)}
        self.tell("GUILD_MEMBER_ADD", payload, Intent.GUILD_MEMBERS)
        return member

    def add_channel(
        self,
        name: str,
        *,
        kind: ChannelKind = ChannelKind.TEXT,
        overwrites: Mapping[Role | Member, Overwrite] | None = None,
        parent: Channel | None = None,
    ) -> Channel:
        """Add a channel."""
        by_id = {target.id: overwrite for target, overwrite in (overwrites or {}).items()}
        channel = Channel(
            self.world.ids.next(), self.world, kind, home=self, name=name, overwrites=by_id, parent=parent
        )
        self.channels[channel.id] = channel
        self.world.places[channel.id] = channel
        self.tell("CHANNEL_CREATE", channel.payload())
        return channel

    def add_thread(
        self,
        name: str,
        parent: Channel,
        *,
        owner: User | None = None,
        private: bool = False,
        members: Iterable[Member] = (),
        thread_id: int | None = None,
    ) -> Thread:
        """Add a thread below a channel; a thread made from a message has that message's id."""
        public = ChannelKind.PUBLIC_THREAD
        if parent.kind == ChannelKind.ANNOUNCEMENT:
            public = ChannelKind.ANNOUNCEMENT_THREAD
        owner = owner or self.owner.user
        thread = Thread(
            thread_id or self.world.ids.next(),
            self.world,
            ChannelKind.PRIVATE_THREAD if private else public,
            home=self,
            name=name,
            parent=parent,
            owner=owner,
            joined={owner.id, *(member.id for member in members)},
        )
        self.threads[thread.id] = thread
        self.world.places[thread.id] = thread
        self.tell("THREAD_CREATE", {**thread.payload(), "newly_created": True})
        return thread

    def tell(self, event: str, payload: Payload, intent: Intent = Intent.GUILDS) -> None:
        """Dispatch an event of this guild to its shard."""
        self.world.emit(event, payload, guild=self, intent=intent)

    def invite_bot(self, permissions: Permission = NOTHING) -> None:
        """Let the bot in, with a role of its own."""
        bot = self.world.application.bot
        role = self.add_role(bot.name, permissions=permissions, bot=bot)
        self.add_member(bot, roles=[role])
        self.world.guilds[self.id] = self
        self.tell("GUILD_CREATE", self.joining_payload())

    def remove_bot(self) -> None:
        """Remove the bot; the guild lives on without it."""
        self.world.guilds.pop(self.id, None)
        for role in self.me.roles:
            if role.managed_by is self.me.user:
                self.roles.pop(role.id, None)
        self.members.pop(self.me.id, None)
        self.tell("GUILD_DELETE", {"id": str(self.id)})

    def delete(self) -> None:
        """Delete the guild with everything in it."""
        self.world.guilds.pop(self.id, None)
        for place_id in [*self.channels, *self.threads]:
            self.world.places.pop(place_id, None)
        self.tell("GUILD_DELETE", {"id": str(self.id)})

    def payload(self) -> Payload:
        """The guild as REST answers it."""
        return guild_payload(self)

    def joining_payload(self) -> Payload:
        """The guild as GUILD_CREATE brings it, with channels, threads and the bot's own membership."""
        return joining_payload(self)
