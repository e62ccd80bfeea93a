"""The JSON that tells how a task stands, with the variants that the gateways were seen to use."""

from collections.abc import Callable

from pydantic import JsonValue

from sandbox.gateway.errors import GatewayError
from sandbox.gateway.plans import Fail, Outcome, SucceedWithoutVideo, UnknownStatus, Vanish
from sandbox.gateway.tasks import Status, Task

Answer = dict[str, JsonValue]


def report(task: Task, sign: Callable[[Task], str]) -> Answer:
    """One answer about the task, counted as a poll; `sign` makes a fresh URL of its video.

    Raises GatewayError when the gateway would not know the task.
    """
    task.polls += 1
    ending = task.ending
    if isinstance(ending, Vanish) or task.polls <= task.plan.hidden_polls:
        raise GatewayError(404, "TASK_NOT_FOUND", task.task_id)
    if ending is None:
        return _worded(task, task.status, "", [])
    task.polls_at_end += 1
    return _ended(task, ending, sign)


def _ended(task: Task, ending: Outcome, sign: Callable[[Task], str]) -> Answer:
    match ending:
        case Fail(reason):
            return _worded(task, Status.FAILED, reason, [])
        case UnknownStatus(status, times) if times is None or task.polls_at_end <= times:
            return _worded(task, status, "", [])
        case SucceedWithoutVideo(times, empty_url) if times is None or task.polls_at_end <= times:
            return _worded(task, Status.SUCCEED, "", [_video(task, "")] if empty_url else [])
        case _:
            return _worded(task, Status.SUCCEED, "", [_video(task, sign(task))])


def _video(task: Task, url: str) -> Answer:
    video: Answer = {"video_url": url, "video_type": task.shape.container}
    if task.plan.ttl is not None:
        video["video_url_ttl"] = task.plan.ttl
    if task.plan.extra_keys:
        video["cover_url"] = ""
    return video


def _worded(task: Task, status: str, reason: str, videos: list[JsonValue]) -> Answer:
    about: Answer = {"task_id": task.task_id, "status": status, "reason": reason}
    answer: Answer = {"task": about}
    if videos or task.plan.videos_key:
        answer["videos"] = videos
    if task.plan.extra_keys:
        about["queue"] = {"position": 3}
        answer["request_id"] = "r-1"
        answer["usage"] = None
    if task.plan.bare:
        return answer
    running = status == Status.PROCESSING
    about["task_type"] = task.slug.upper().replace("-", "_")
    about["progress_percent"] = task.progress if running else 0
    about["eta"] = task.eta_seconds if running or status == Status.QUEUED else 0
    answer["images"] = []
    answer["audios"] = []
    times: Answer = {
        "submit_time_ms": str(round(task.started * 1000)),
        "execute_time_ms": "",
        "complete_time_ms": "",
    }
    answer["extra"] = {"seed": "", "debug_info": times}
    return answer
