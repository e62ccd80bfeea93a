"""Members whom moderators keep from making videos."""

from dataclasses import dataclass
from datetime import datetime

BY_THE_BOT = 0
"""Who has blocked, where no moderator has: the bot itself, for a day of declined prompts."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block in one server; `until` of None is for good."""

    guild_id: int
    user_id: int
    actor_id: int
    until: datetime | None = None
    reason: str = ""
