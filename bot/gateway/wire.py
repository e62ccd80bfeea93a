"""What gateways answer, in every variant that was seen, read into plain values.

The functions return None for an answer that is not of the form expected, and never raise.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ValidationError

DEFAULT_TTL_SECONDS = 3600
# A presigned link lives 7 days at most; a video is never made for longer than a day.
LONGEST_TTL_SECONDS = 7 * 24 * 3600
LONGEST_ETA_SECONDS = 24 * 3600


class TaskStatus(StrEnum):
    """The state of a task; UNKNOWN stands for every word that is not documented."""

    QUEUED = "TASK_STATUS_QUEUED"
    PROCESSING = "TASK_STATUS_PROCESSING"
    SUCCEED = "TASK_STATUS_SUCCEED"
    FAILED = "TASK_STATUS_FAILED"
    UNKNOWN = "TASK_STATUS_UNKNOWN"


_STATUSES = {status.value: status for status in TaskStatus}


@dataclass(frozen=True, slots=True)
class TaskReport:
    """How a task stands. Percentage and time are None unless the gateway named some above 0.

    `task_id` is the task that the gateway speaks of, empty if it does not say.
    """

    status: TaskStatus
    status_word: str
    progress_percent: int | None
    eta_seconds: int | None
    reason: str
    video_url: str | None
    video_ttl_seconds: int
    task_id: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in the gateway's own form: `reason` is a word in capitals, `text` all that explains it."""

    reason: str
    text: str


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def _whole(value: object) -> int:
    """A number, also one written as text; 0 for everything else."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return 0
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else 0
    return value if isinstance(value, int) else 0


def _ttl(value: object) -> int:
    seconds = _whole(value)
    return seconds if 0 < seconds <= LONGEST_TTL_SECONDS else DEFAULT_TTL_SECONDS


def _dicts(value: object) -> list[object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _dict(value: object) -> object:
    return value if isinstance(value, dict) else {}


_Text = Annotated[str, BeforeValidator(_text)]
_Whole = Annotated[int, BeforeValidator(_whole)]


class _Receipt(BaseModel):
    task_id: _Text = ""
    id: _Text = ""


class _Task(BaseModel):
    task_id: _Text = ""
    status: _Text = ""
    reason: _Text = ""
    eta: _Whole = 0
    progress_percent: _Whole = 0


class _Video(BaseModel):
    video_url: _Text = ""
    video_url_ttl: Annotated[int, BeforeValidator(_ttl)] = DEFAULT_TTL_SECONDS


class _Result(BaseModel):
    task: _Task
    videos: Annotated[list[_Video], BeforeValidator(_dicts)] = []


class _Metadata(BaseModel):
    details: _Text = ""


class _Problem(BaseModel):
    code: _Text = ""
    reason: _Text = ""
    message: _Text = ""
    metadata: Annotated[_Metadata, BeforeValidator(_dict)] = _Metadata()


def read_task_id(body: bytes) -> str | None:
    """The id of the task that an order made; a bare `id` counts only outside of an error."""
    try:
        receipt = _Receipt.model_validate_json(body)
    except ValidationError:
        return None
    if not receipt.task_id and read_problem(body):
        return None
    return receipt.task_id or receipt.id or None


def read_report(body: bytes) -> TaskReport | None:
    """How a task stands."""
    try:
        result = _Result.model_validate_json(body)
    except ValidationError:
        return None
    task = result.task
    video = next((video for video in result.videos if _is_link(video.video_url)), None)
    return TaskReport(
        status=_STATUSES.get(task.status, TaskStatus.UNKNOWN),
        status_word=task.status,
        progress_percent=task.progress_percent if 0 < task.progress_percent <= 100 else None,
        eta_seconds=task.eta if 0 < task.eta <= LONGEST_ETA_SECONDS else None,
        reason=task.reason,
        video_url=video.video_url if video else None,
        video_ttl_seconds=video.video_url_ttl if video else DEFAULT_TTL_SECONDS,
        task_id=task.task_id,
    )


def read_problem(body: bytes) -> Problem | None:
    """An error in the gateway's own form: a reason in capitals, or a code and a message."""
    try:
        problem = _Problem.model_validate_json(body)
    except ValidationError:
        return None
    if not problem.reason and not (problem.code and problem.message):
        return None
    word = problem.reason or problem.code
    return Problem(word.upper(), f"{word} {problem.message} {problem.metadata.details}")


def _is_link(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
