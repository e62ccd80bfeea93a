"""A kept file that stands in a message for a while, so that a gateway can fetch it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.job import ReplyToken


@dataclass(frozen=True, slots=True)
class Loan:
    """The message for one job; without a message id nobody knows whether it was posted. `reply`: it is a follow-up,
    reached by this token only."""

    id: int
    job_id: str
    channel_id: int
    message_id: int | None
    reply: ReplyToken | None
    created_at: datetime
