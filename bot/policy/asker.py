"""The person who asks for something, as the interaction's own payload says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asker:
    """A member at one moment, in one channel. Roles and permissions come from the payload, never from a cache.

    `bot_lacks` names the permissions the bot would need in this channel and does not have.
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
