"""Members whom moderators keep from making videos."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Block:
    """A block in one server; `until` of None is for good."""

    guild_id: int
    user_id: int
    actor_id: int
    until: datetime | None = None
    reason: str = ""
