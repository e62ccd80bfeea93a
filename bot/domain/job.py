"""A job: a row whose state says what has been promised, paid and delivered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.failure import FailureKind
from bot.domain.film import Film
from bot.domain.inputs import NO_INPUTS, Inputs
from bot.domain.request import VideoRequest
from bot.domain.sentence import MessageLink


class JobState(StrEnum):
    """Where a job stands; `MOVES` says where it may go."""

    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    RENDERING = "rendering"
    OVERDUE = "overdue"
    RENDERED = "rendered"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNSURE = "unsure"
    DROPPED = "dropped"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


_S = JobState
MOVES: dict[JobState, frozenset[JobState]] = {
    _S.AWAITING_APPROVAL: frozenset({_S.QUEUED, _S.CANCELLED}),
    _S.QUEUED: frozenset({_S.SUBMITTING, _S.FAILED, _S.CANCELLED}),
    _S.SUBMITTING: frozenset({_S.QUEUED, _S.RENDERING, _S.FAILED, _S.UNSURE, _S.CANCELLED}),
    _S.UNSURE: frozenset({_S.RENDERING, _S.DROPPED}),
    _S.RENDERING: frozenset({_S.RENDERED, _S.FAILED, _S.OVERDUE}),
    _S.OVERDUE: frozenset({_S.RENDERED, _S.FAILED, _S.EXPIRED}),
    _S.RENDERED: frozenset({_S.DELIVERING, _S.UNDELIVERED}),
    _S.DELIVERING: frozenset({_S.DELIVERED, _S.UNDELIVERED}),
    _S.DELIVERED: frozenset(),
    _S.UNDELIVERED: frozenset(),
    _S.FAILED: frozenset(),
    _S.DROPPED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.CANCELLED: frozenset(),
}
ENDED = frozenset(state for state, after in MOVES.items() if not after)
AT_REST = ENDED | {_S.UNSURE}
"""States of which nothing more comes by itself; whoever orders an unsure one again was asked whether they mean it."""
RUNNING = frozenset(JobState) - AT_REST
"""States of which more comes by itself, or on a manager's word."""
NOT_SENT = frozenset({_S.AWAITING_APPROVAL, _S.QUEUED})
"""States in which nothing was sent to a gateway: what is stopped here costs nothing."""
ORDERED = frozenset({_S.SUBMITTING, _S.UNSURE, _S.RENDERING, _S.OVERDUE, _S.RENDERED, _S.DELIVERING})
"""States in which the order may have been paid already."""
AT_WORK = frozenset({_S.AWAITING_APPROVAL, _S.QUEUED, _S.SUBMITTING, _S.RENDERING})
"""States that count against how many videos a member may have at once."""
LOGGED = (ENDED | {_S.AWAITING_APPROVAL, _S.UNSURE, _S.OVERDUE}) - {_S.CANCELLED}
"""States of which the log channel of a server has a card."""
APPROVE_WITHIN = timedelta(hours=24)
"""How long an order waits for a manager's approval."""


def sources(target: JobState) -> frozenset[JobState]:
    """The states from which `target` may be reached."""
    return frozenset(state for state, after in MOVES.items() if target in after)


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """A message of ours by channel and message id."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """An interaction's token, with which its answer can be edited for 15 minutes."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TaskRef:
    """A task at a gateway."""

    gateway: str
    task_id: str


@dataclass(frozen=True, slots=True)
class Job:
    """One order of a video. Times are UTC, amounts units of a ten-thousandth of a dollar, sizes bytes.

    `guild_id` is the server whose rules and budget hold, None where the operator pays; `server_id` is the one that the
    channel is in, None in direct messages. `remix_of` is the original's id, `repeats` that of the job it was made from
    by Again, Edit prompt or Try again. `removed_at`: when a moderator removed the video. `replied_at`: when its video
    was given to the interaction's token, which may happen only once. `videos_a_day`: its author's limit when it was
    ordered; None where that is not known. `film`: what was posted, None as long as nothing was looked at. `kept_file`:
    the original that is served under an address of our own until `kept_until`.
    """

    id: str
    state: JobState
    fence: int
    guild_id: int | None
    channel_id: int
    author_id: int
    locale: str
    model_id: str
    request: VideoRequest
    private: bool
    price: int
    size_limit: int
    created_at: datetime
    deadline_at: datetime
    acknowledged_at: datetime | None = None
    status: MessagePlace | None = None
    reply: ReplyToken | None = None
    attempt: int = 0
    gateway: str | None = None
    task: TaskRef | None = None
    submit_started_at: datetime | None = None
    ordered_at: datetime | None = None
    finished_at: datetime | None = None
    result_url: str | None = None
    result_expires_at: datetime | None = None
    deliver_first_at: datetime | None = None
    message: MessagePlace | None = None
    dont_post: bool = False
    late: bool = False
    failure: FailureKind | None = None
    failure_detail: str | None = None
    server_id: int | None = None
    remix_of: str | None = None
    repeats: str | None = None
    inputs: Inputs = NO_INPUTS
    spoiler: bool = False
    removed_at: datetime | None = None
    replied_at: datetime | None = None
    videos_a_day: int | None = None
    film: Film | None = None
    kept_file: str | None = None
    kept_until: datetime | None = None

    def link(self, place: MessagePlace) -> MessageLink:
        """A link to one of this job's messages."""
        return MessageLink(None if self.private else self.server_id, place.channel_id, place.message_id)
