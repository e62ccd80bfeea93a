"""The refusals of the gateway and the JSON they are told in."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

MESSAGES: Final = {
    "ACCESS_DENY": "access denied",
    "API_NOT_FOUND": "the requested api does not exist",
    "BILLING_BALANCE_NOT_ENOUGH": "billing balance not enough",
    "FAILED_TO_AUTH": "failed to authenticate",
    "ILLEGAL_IMAGE_CONTENT": "the image was refused by the content policy",
    "ILLEGAL_PROMPT": "the prompt was refused by the content policy",
    "INTERNAL_SERVER_ERROR": "internal server error",
    "INVALID_API_KEY": "invalid api key",
    "INVALID_IMAGE_FORMAT": "invalid image format",
    "INVALID_REQUEST_BODY": "invalid request body",
    "MODEL_NOT_FOUND": "model not found",
    "NOT_ENOUGH_BALANCE": "not enough balance",
    "RATE_LIMIT_EXCEEDED": "rate limit exceeded",
    "SERVICE_NOT_AVAILABLE": "service not available",
    "TASK_NOT_FOUND": "task not found",
    "TOKEN_LIMIT_EXCEEDED": "token limit exceeded",
}


@dataclass(slots=True, eq=False)
class GatewayError(Exception):
    """A refusal that the gateway states in its own JSON."""

    status: int
    reason: str
    details: str = ""

    def response(self) -> web.Response:
        """The documented error body."""
        return own_json(self.status, self.reason, self.details)


def invalid(details: str) -> GatewayError:
    """The refusal of a body that is not as documented."""
    return GatewayError(400, "INVALID_REQUEST_BODY", details)


def own_json(status: int, reason: str, details: str = "") -> web.Response:
    """An error as the gateway itself words it."""
    body = {
        "code": status,
        "reason": reason,
        "message": MESSAGES[reason],
        "metadata": {"details": details},
    }
    return web.json_response(body, status=status)
