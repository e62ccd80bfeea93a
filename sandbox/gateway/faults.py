"""What can be made to go wrong, where, and whether an order exists afterwards."""

from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Final

from aiohttp import web

from sandbox.gateway.errors import own_json


class Where(StrEnum):
    """The requests that a fault can meet."""

    SUBMIT = auto()
    POLL = auto()
    VIDEO = auto()


class FaultKind(StrEnum):
    """Every fault: first the gateway's own refusals, then answers of others, then what sockets do."""

    INVALID_REQUEST_BODY = auto()
    INVALID_IMAGE_FORMAT = auto()
    ILLEGAL_PROMPT = auto()
    ILLEGAL_IMAGE_CONTENT = auto()
    NOT_ENOUGH_BALANCE_400 = auto()
    BALANCE_NOT_ENOUGH_402 = auto()
    BALANCE_NOT_ENOUGH_403 = auto()
    FAILED_TO_AUTH = auto()
    INVALID_API_KEY = auto()
    ACCESS_DENY = auto()
    MODEL_NOT_FOUND = auto()
    API_NOT_FOUND = auto()
    TASK_NOT_FOUND = auto()
    RATE_LIMIT_EXCEEDED = auto()
    TOKEN_LIMIT_EXCEEDED = auto()
    SERVICE_NOT_AVAILABLE = auto()
    INTERNAL_SERVER_ERROR = auto()

    PAYMENT_REQUIRED_EMPTY = auto()
    FORBIDDEN_HTML = auto()
    NOT_FOUND_HTML = auto()
    SERVICE_UNAVAILABLE_HTML = auto()
    SERVICE_UNAVAILABLE_FOREIGN_JSON = auto()
    INTERNAL_ERROR_TEXT = auto()
    BAD_GATEWAY = auto()
    GATEWAY_TIMEOUT = auto()
    ORIGIN_TIMEOUT = auto()
    MOVED_PERMANENTLY = auto()
    FOUND = auto()
    TEMPORARY_REDIRECT = auto()
    OK_HTML = auto()
    OK_WRONG_JSON = auto()
    OK_JSON_LIST = auto()
    OK_NULL_ID = auto()
    OK_CUT_JSON = auto()
    OK_EMPTY = auto()
    OK_TEXT = auto()

    RESET_BEFORE_READING = auto()
    CLOSE_BEFORE_READING = auto()
    RESET_AFTER_READING = auto()
    RESET_AFTER_ORDER = auto()
    CLOSE_WITHOUT_ANSWER = auto()
    NO_ANSWER = auto()
    GARBAGE_STATUS_LINE = auto()
    BAD_CHUNK = auto()
    BAD_GZIP = auto()
    TRUNCATED_BODY = auto()
    SLOW_DRIP = auto()

    ENDLESS = auto()
    NO_CONTENT_LENGTH = auto()


OWN: Final = {
    FaultKind.INVALID_REQUEST_BODY: (400, "INVALID_REQUEST_BODY"),
    FaultKind.INVALID_IMAGE_FORMAT: (400, "INVALID_IMAGE_FORMAT"),
    FaultKind.ILLEGAL_PROMPT: (400, "ILLEGAL_PROMPT"),
    FaultKind.ILLEGAL_IMAGE_CONTENT: (400, "ILLEGAL_IMAGE_CONTENT"),
    FaultKind.NOT_ENOUGH_BALANCE_400: (400, "NOT_ENOUGH_BALANCE"),
    FaultKind.BALANCE_NOT_ENOUGH_402: (402, "BILLING_BALANCE_NOT_ENOUGH"),
    FaultKind.BALANCE_NOT_ENOUGH_403: (403, "BILLING_BALANCE_NOT_ENOUGH"),
    FaultKind.FAILED_TO_AUTH: (401, "FAILED_TO_AUTH"),
    FaultKind.INVALID_API_KEY: (403, "INVALID_API_KEY"),
    FaultKind.ACCESS_DENY: (403, "ACCESS_DENY"),
    FaultKind.MODEL_NOT_FOUND: (404, "MODEL_NOT_FOUND"),
    FaultKind.API_NOT_FOUND: (404, "API_NOT_FOUND"),
    FaultKind.TASK_NOT_FOUND: (404, "TASK_NOT_FOUND"),
    FaultKind.RATE_LIMIT_EXCEEDED: (429, "RATE_LIMIT_EXCEEDED"),
    FaultKind.TOKEN_LIMIT_EXCEEDED: (429, "TOKEN_LIMIT_EXCEEDED"),
    FaultKind.SERVICE_NOT_AVAILABLE: (503, "SERVICE_NOT_AVAILABLE"),
    FaultKind.INTERNAL_SERVER_ERROR: (500, "INTERNAL_SERVER_ERROR"),
}

HTML: Final = b"<!DOCTYPE html><html><body><h1>%d</h1></body></html>"

FOREIGN: Final = {
    FaultKind.PAYMENT_REQUIRED_EMPTY: (402, "text/plain", b""),
    FaultKind.FORBIDDEN_HTML: (403, "text/html", HTML % 403),
    FaultKind.NOT_FOUND_HTML: (404, "text/html", HTML % 404),
    FaultKind.SERVICE_UNAVAILABLE_HTML: (503, "text/html", HTML % 503),
    FaultKind.SERVICE_UNAVAILABLE_FOREIGN_JSON: (503, "application/json", b'{"error": "no healthy upstream"}'),
    FaultKind.INTERNAL_ERROR_TEXT: (500, "text/plain", b"upstream connect error"),
    FaultKind.BAD_GATEWAY: (502, "text/html", HTML % 502),
    FaultKind.GATEWAY_TIMEOUT: (504, "text/html", HTML % 504),
    FaultKind.ORIGIN_TIMEOUT: (524, "text/html", HTML % 524),
    FaultKind.MOVED_PERMANENTLY: (301, "text/html", HTML % 301),
    FaultKind.FOUND: (302, "text/html", HTML % 302),
    FaultKind.TEMPORARY_REDIRECT: (307, "text/html", HTML % 307),
    FaultKind.OK_HTML: (200, "text/html", HTML % 200),
    FaultKind.OK_WRONG_JSON: (200, "application/json", b'{"ok": true}'),
    FaultKind.OK_JSON_LIST: (200, "application/json", b"[]"),
    FaultKind.OK_NULL_ID: (200, "application/json", b'{"task_id": null, "task": null}'),
    FaultKind.OK_CUT_JSON: (200, "application/json", b'{"task'),
    FaultKind.OK_EMPTY: (200, "application/json", b""),
    FaultKind.OK_TEXT: (200, "text/plain", b"OK"),
}

REDIRECTS: Final = frozenset({FaultKind.MOVED_PERMANENTLY, FaultKind.FOUND, FaultKind.TEMPORARY_REDIRECT})
UNREAD: Final = frozenset({FaultKind.RESET_BEFORE_READING, FaultKind.CLOSE_BEFORE_READING})
VIDEO_ONLY: Final = frozenset({FaultKind.ENDLESS, FaultKind.NO_CONTENT_LENGTH})
NEVER_ORDERED: Final = (
    frozenset(OWN) - {FaultKind.INTERNAL_SERVER_ERROR}
    | UNREAD
    | {FaultKind.PAYMENT_REQUIRED_EMPTY, FaultKind.FORBIDDEN_HTML, FaultKind.NOT_FOUND_HTML}
)
ALWAYS_ORDERED: Final = frozenset({FaultKind.RESET_AFTER_ORDER})


@dataclass(slots=True, kw_only=True)
class Fault:
    """One armed fault.

    `times`: how many requests it meets (None: all until it is disarmed), after passing `skip`.
    `only`: a part of the prompt (submit) or a task id (poll, video) that it waits for.
    `creates_order`: whether the order stands although the answer was bad.
    """

    where: Where
    kind: FaultKind
    times: int | None = 1
    skip: int = 0
    only: str | None = None
    creates_order: bool = False
    retry_after: str | None = None
    location: str | None = None
    interval_seconds: float = 0.1
    hits: int = 0
    task_ids: list[str] = field(default_factory=list)

    def response(self, location: str) -> web.Response | None:
        """The answer of a fault that is one; None for a fault of the socket."""
        if self.kind in OWN:
            response = own_json(*OWN[self.kind])
        elif self.kind in FOREIGN:
            status, content_type, body = FOREIGN[self.kind]
            response = web.Response(status=status, content_type=content_type, body=body)
        else:
            return None
        if self.where is Where.VIDEO and self.kind is FaultKind.OK_HTML:
            # An object store repeats the type it was told, whatever the bytes are.
            response.content_type = "video/mp4"
        if self.retry_after is not None:
            response.headers["Retry-After"] = self.retry_after
        if self.kind in REDIRECTS:
            response.headers["Location"] = self.location or location
        return response


def leaves_order(where: Where, kind: FaultKind, wished: bool | None) -> bool:
    """Whether a fault leaves an order behind: by its nature, else as wished, else the costly way."""
    if where is not Where.SUBMIT or kind in NEVER_ORDERED:
        certain: bool | None = False
    else:
        certain = True if kind in ALWAYS_ORDERED else None
    if certain is not None and wished not in {None, certain}:
        raise ValueError(f"{kind} on {where} can't have creates_order={wished}")
    if certain is not None:
        return certain
    return wished is not False


@dataclass(slots=True)
class FaultBoard:
    """The armed faults of one server, in the order in which they were armed."""

    armed: list[Fault] = field(default_factory=list)

    def arm(self, fault: Fault) -> Fault:
        """Add a fault; ValueError for a combination that can't happen."""
        if fault.kind in VIDEO_ONLY and fault.where is not Where.VIDEO:
            raise ValueError(f"{fault.kind} is a fault of videos")
        if fault.kind in UNREAD and fault.where is Where.SUBMIT and fault.only is not None:
            raise ValueError(f"{fault.kind} can't look at the prompt")
        self.armed.append(fault)
        return fault

    def disarm(self, fault: Fault) -> None:
        """Take a fault away before it has met all its requests."""
        if fault in self.armed:
            self.armed.remove(fault)

    def take(self, where: Where, subject: str, *, unread: bool) -> Fault | None:
        """The fault that meets this request, if any: one that acts before the body is read, or after."""
        for fault in list(self.armed):
            if fault.where is not where or (fault.kind in UNREAD) is not unread:
                continue
            if fault.only is not None and fault.only not in subject:
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            self._count(fault)
            return fault
        return None

    def _count(self, fault: Fault) -> None:
        fault.hits += 1
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self.disarm(fault)
