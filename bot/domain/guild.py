"""What a server has chosen; every field has a safe default."""

from dataclasses import dataclass
from datetime import datetime

MEMBER_VIDEOS_A_DAY = 3
MEMBER_VIDEOS_AT_ONCE = 1
"""`@everyone`'s tier until a manager sets tiers."""


@dataclass(frozen=True, slots=True)
class GuildChoices:
    """A server's choices as its managers made them. Empty sets mean *not restricted* for channels and *nobody
    but managers* for roles.

    `clip_channel_id`: where files are lent to gateways; `confirm_above`: the price, in units of a ten-thousandth of a
    dollar, above which a button asks first; `show_money`: whether members see prices; `animate_any`: whether they may
    animate pictures that others have posted."""

    role_ids: frozenset[int] = frozenset()
    channel_ids: frozenset[int] = frozenset()
    moderator_role_id: int | None = None
    log_channel_id: int | None = None
    clip_channel_id: int | None = None
    locale: str = "en-US"
    time_zone: str = "UTC"
    watermark: bool = True
    words: tuple[str, ...] = ()
    confirm_above: int | None = None
    show_money: bool = False
    animate_any: bool = False


@dataclass(frozen=True, slots=True)
class Guild:
    """A server as the store knows it; `set_up_at` is None until a manager has run setup."""

    id: int
    choices: GuildChoices = GuildChoices()
    approved: bool = False
    set_up_at: datetime | None = None
