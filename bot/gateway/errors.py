"""What can come of a request to a gateway, apart from what was hoped for.

`detail` is the gateway's own text, cut and without the key: for the operator's log, never for a channel.
"""

from typing import ClassVar

from bot.domain.errors import ClapboardError
from bot.domain.failure import SENTENCES, FailureKind
from bot.domain.sentence import Plural


class GatewayError(ClapboardError):
    """The root; `kind` is what people are told about, `str()` is short and holds nothing of the answer's body."""

    kind: ClassVar[FailureKind] = FailureKind.SERVICE
    message: ClassVar[str | Plural] = SENTENCES[FailureKind.SERVICE]

    def __init__(
        self,
        detail: str = "",
        *,
        cause: str = "",
        status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(cause=cause)
        self.detail = detail
        self.cause = cause
        self.status = status
        self.retry_after_seconds = retry_after_seconds

    def __str__(self) -> str:
        return f"{self.kind}: {self.cause}"


class NotCreatedError(GatewayError):
    """It is certain that nothing was ordered: the order may be repeated, or go to the next gateway."""

    kind = FailureKind.NEVER_SENT
    message = SENTENCES[FailureKind.NEVER_SENT]


class UnknownOutcomeError(GatewayError):
    """The order may have been taken: it is never repeated by itself."""

    kind = FailureKind.UNSURE
    message = SENTENCES[FailureKind.UNSURE]


class RejectedError(GatewayError):
    """The gateway said no to this order, and repeating it is of no use."""

    kind = FailureKind.REJECTED
    message = SENTENCES[FailureKind.REJECTED]


class ModerationError(RejectedError):
    """The gateway's rules don't allow the prompt or the picture."""

    kind = FailureKind.MODERATION
    message = SENTENCES[FailureKind.MODERATION]


class RealPersonError(ModerationError):
    """The clip or picture shows a real person."""

    kind = FailureKind.REAL_PERSON
    message = SENTENCES[FailureKind.REAL_PERSON]


class OriginalLostError(RejectedError):
    """The video to be remixed is not known to the gateway any more."""

    kind = FailureKind.ORIGINAL_LOST
    message = SENTENCES[FailureKind.ORIGINAL_LOST]


class OutOfCreditError(GatewayError):
    """The gateway's account is empty, or a rate limit is reported like that: see `Gateways.doubt_credit`."""

    kind = FailureKind.NO_CREDIT
    message = SENTENCES[FailureKind.NO_CREDIT]


class BadKeyError(GatewayError):
    """The gateway refuses the key; it is of no use until the operator has renewed it."""

    kind = FailureKind.BAD_KEY
    message = SENTENCES[FailureKind.BAD_KEY]


class ModelRetiredError(GatewayError):
    """The gateway does not offer this endpoint any more. The sentence's `model` is the caller's to fill."""

    kind = FailureKind.MODEL_RETIRED
    message = SENTENCES[FailureKind.MODEL_RETIRED]


class TaskNotFoundError(GatewayError):
    """The gateway does not know the task. In the first minute after an order that may be mere lag."""

    kind = FailureKind.LOST
    message = SENTENCES[FailureKind.LOST]


class GatewayUnavailableError(GatewayError):
    """A task could not be read now; nothing is known about it, so ask again later."""

    message = SENTENCES[FailureKind.SERVICE]
