"""What a step says when it is done, and what the process remembers of a job between steps."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.job import Job, JobState
from bot.domain.standing import UNTOLD, Progress, RenderTime
from bot.worker.herald import Place


@dataclass(frozen=True, slots=True)
class Outcome:
    """The job as it is now and when to look again; None is *nothing left to do*. `lost`: read it anew first."""

    job: Job
    again_at: datetime | None = None
    lost: bool = False


@dataclass(slots=True)
class Watch:
    """What is remembered of a job while it is held; all of it may be lost at any moment without harm.

    `sending`: an order is on its way or its answer is not written down yet. `stopping`: begin no order any more.
    `taken`: the bytes that are left to be tried in a place which has refused more. `begun`: its rendering was seen.
    `needs_fitting`: its file has to be changed. `returned`: what was lent for it has been taken back. `credit_doubted`:
    the gateways that had no credit for this job once.
    """

    errors: int = 0
    failures: int = 0
    not_found: int = 0
    without_video: int = 0
    sending: bool = False
    stopping: bool = False
    taken: dict[Place, int] = field(default_factory=dict)
    needs_fitting: bool = False
    begun: bool = False
    returned: bool = False
    credit_doubted: set[str] = field(default_factory=set)
    usual: RenderTime | None = None
    usual_known: bool = False
    progress: Progress = UNTOLD
    shown_state: JobState | None = None
    shown_percent: int = 0
    shown_slow: bool = False
    shown_at: datetime | None = None
