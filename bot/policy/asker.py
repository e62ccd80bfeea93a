"""The person who asks for something, as the interaction's own payload says."""

from dataclasses import dataclass, field
from enum import StrEnum


class Context(StrEnum):
    """Where somebody asks: in a server that has added the bot, in its direct messages, or anywhere else by an
    installation of their own."""

    SERVER = "server"
    DIRECT = "direct"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Asker:
    """A member at one moment, in one channel. Roles and permissions come from the payload, never from a cache.

    `age_restricted`: Discord lets nobody see the channel who has not confirmed their age.
    `bot_lacks` names the permissions the bot would need in this channel and does not have. `guild_id` is None where no
    server's rules hold and the operator pays; `visited_guild_id` is then the server that the channel is in, if any.
    `interaction_id`: the command, press or form by which they ask, which makes nobody another.
    """

    user_id: int
    guild_id: int | None
    channel_id: int
    locale: str
    parent_channel_id: int | None = None
    role_ids: frozenset[int] = frozenset()
    manages: bool = False
    moderates: bool = False
    operates: bool = False
    bot_lacks: tuple[str, ...] = ()
    context: Context = Context.SERVER
    visited_guild_id: int | None = None
    age_restricted: bool = False
    interaction_id: int | None = field(default=None, compare=False)

    @property
    def bot_can_post(self) -> bool:
        """Whether the bot can post here by itself, beyond answers to interactions."""
        return self.context is not Context.ELSEWHERE and not self.bot_lacks

    @property
    def server_id(self) -> int | None:
        """The server that the channel is in; None in direct messages."""
        return self.guild_id if self.guild_id is not None else self.visited_guild_id
