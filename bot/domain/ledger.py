"""Entries of the books: what was reserved, committed and refunded, and for whom."""

from enum import StrEnum


class EntryKind(StrEnum):
    """Reserve adds the price, refund takes it back, commit settles it (and books what nobody had reserved).

    Hold keeps an order's price on its server's account after the member was refunded, because the gateway may bill it
    or has billed it; release ends that. Grant gives a member videos or money to spend, contra takes the same amount
    from the server's account: an allowance is no money, so that the sums of server and process stay what they were.
    """

    RESERVE = "reserve"
    COMMIT = "commit"
    REFUND = "refund"
    HOLD = "hold"
    RELEASE = "release"
    GRANT = "grant"
    CONTRA = "contra"


class Settlement(StrEnum):
    """How a job's money stands, as its entries say."""

    RESERVED = "reserved"
    CHARGED = "charged"
    REFUNDED = "refunded"
    SERVER = "server"
    NONE = "none"
