"""Entries of the books: what was reserved, committed and refunded, and for whom."""

from dataclasses import dataclass
from enum import StrEnum


class EntryKind(StrEnum):
    """Reserve adds the price, refund takes it back, commit settles it (and books what nobody had reserved).

    Hold keeps an overdue order's price on its server's account after the member was refunded, release ends that.
    """

    RESERVE = "reserve"
    COMMIT = "commit"
    REFUND = "refund"
    HOLD = "hold"
    RELEASE = "release"


class Settlement(StrEnum):
    """How a job's money stands, as its entries say."""

    RESERVED = "reserved"
    CHARGED = "charged"
    REFUNDED = "refunded"
    SERVER = "server"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Usage:
    """What counts against a new order at the moment of asking. Amounts are units of a ten-thousandth of a dollar."""

    member_videos_today: int
    member_at_work: tuple[str, ...]
    guild_amount_this_month: int
    process_amount_today: int
