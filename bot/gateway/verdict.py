"""What a gateway's answer means: the error class for each, and the kind of failure behind a text."""

from dataclasses import dataclass

from bot.domain.failure import FailureKind
from bot.gateway.errors import (
    BadKeyError,
    GatewayError,
    GatewayUnavailableError,
    ModelRetiredError,
    ModerationError,
    NotCreatedError,
    OriginalLostError,
    OutOfCreditError,
    RealPersonError,
    RejectedError,
    TaskNotFoundError,
    UnknownOutcomeError,
)
from bot.gateway.wire import Problem, read_problem

REAL_PERSON = ("photorealistic people", "real people", "real person")
MODERATION = (
    "content polic",
    "guardrail",
    "third-party content",
    "similarity",
    "content_violation",
    "moderation",
    "prohibited",
)
BUSY = ("heavy_load", "heavy load", "overload", "sentinel_block", "no available", "unable to process")
_REASONS: dict[str, type[GatewayError]] = {
    "NOT_ENOUGH_BALANCE": OutOfCreditError,
    "BILLING_BALANCE_NOT_ENOUGH": OutOfCreditError,
    "FAILED_TO_AUTH": BadKeyError,
    "INVALID_API_KEY": BadKeyError,
    "ACCESS_DENY": BadKeyError,
    "MODEL_NOT_FOUND": ModelRetiredError,
    "API_NOT_FOUND": ModelRetiredError,
    "TASK_NOT_FOUND": OriginalLostError,
    "RATE_LIMIT_EXCEEDED": NotCreatedError,
    "TOKEN_LIMIT_EXCEEDED": NotCreatedError,
}
_STATUSES: dict[int, type[GatewayError]] = {401: BadKeyError}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that was read whole."""

    status: int
    body: bytes
    detail: str
    retry_after_seconds: float | None

    def error(self, kind: type[GatewayError], problem: Problem | None = None) -> GatewayError:
        """An error of a class, with what this answer tells about it."""
        cause = f"HTTP {self.status} {problem.reason[:60] if problem else ''}".strip()
        return kind(self.detail, cause=cause, status=self.status, retry_after_seconds=self.retry_after_seconds)


def failure_of(reason: str) -> FailureKind:
    """Why a task failed, by the texts that the gateways use."""
    text = reason.casefold()
    if any(part in text for part in REAL_PERSON):
        return FailureKind.REAL_PERSON
    if any(part in text for part in MODERATION):
        return FailureKind.MODERATION
    if any(part in text for part in BUSY):
        return FailureKind.BUSY
    return FailureKind.SERVICE


def refusal_of_order(answer: Answer) -> GatewayError:
    """What became of an order that was not answered by a task id."""
    problem = read_problem(answer.body)
    if answer.status == 429:
        return answer.error(NotCreatedError, problem)
    if answer.status == 402:
        return answer.error(OutOfCreditError, problem)
    if problem is None:
        return answer.error(UnknownOutcomeError)
    if answer.status == 503 and problem.reason == "SERVICE_NOT_AVAILABLE":
        return answer.error(NotCreatedError, problem)
    # 408 says that somebody waited in vain, not that the order was refused.
    if not 400 <= answer.status < 500 or answer.status == 408:
        return answer.error(UnknownOutcomeError, problem)
    return answer.error(_refusal_class(answer.status, problem), problem)


def refusal_of_read(answer: Answer) -> GatewayError:
    """Why a task could not be read. Only the gateway's own JSON can tell that a task or a key is bad."""
    problem = read_problem(answer.body)
    if problem is None or not 400 <= answer.status < 500:
        return answer.error(GatewayUnavailableError, problem)
    if problem.reason == "TASK_NOT_FOUND":
        return answer.error(TaskNotFoundError, problem)
    if _REASONS.get(problem.reason, _STATUSES.get(answer.status)) is BadKeyError:
        return answer.error(BadKeyError, problem)
    return answer.error(GatewayUnavailableError, problem)


def _refusal_class(status: int, problem: Problem) -> type[GatewayError]:
    named = _REASONS.get(problem.reason) or _STATUSES.get(status)
    if named is not None:
        return named
    kind = failure_of(problem.text)
    if kind is FailureKind.REAL_PERSON:
        return RealPersonError
    if kind is FailureKind.MODERATION or problem.reason.startswith("ILLEGAL_"):
        return ModerationError
    return RejectedError
