"""Entries of the books: what was reserved, committed and refunded, and for whom."""

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
