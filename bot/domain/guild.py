"""What a server has chosen; every field has a safe default."""

from dataclasses import dataclass
from datetime import datetime

MEMBER_VIDEOS_A_DAY = 3
MEMBER_VIDEOS_AT_ONCE = 1
"""`@everyone`'s tier until a manager sets tiers."""


@dataclass(frozen=True, slots=True)
class GuildChoices:
    """A server's choices as its managers made them. Empty sets mean *not restricted* for channels and *nobody
    but managers* for roles."""

    role_ids: frozenset[int] = frozenset()
    channel_ids: frozenset[int] = frozenset()
    moderator_role_id: int | None = None
    log_channel_id: int | None = None
    locale: str = "en-US"
    time_zone: str = "UTC"
    watermark: bool = True
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guild:
    """A server as the store knows it; `set_up_at` is None until a manager has run setup."""

    id: int
    choices: GuildChoices = GuildChoices()
    approved: bool = False
    set_up_at: datetime | None = None
