"""Orders and reads at one gateway."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import stamina
import structlog
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientTimeout,
    ConnectionTimeoutError,
)
from pydantic import JsonValue, SecretStr
from yarl import URL

from bot.domain.clock import Clock, utc_now
from bot.gateway.errors import GatewayError, GatewayUnavailableError, NotCreatedError, UnknownOutcomeError
from bot.gateway.health import Health
from bot.gateway.http import BROKEN_BODY, GatewayHttp, read_body, retry_after
from bot.gateway.pace import Pace
from bot.gateway.verdict import Answer, refusal_of_order, refusal_of_read
from bot.gateway.wire import TaskReport, TaskStatus, read_report, read_task_id

DETAIL_CHARACTERS = 500
STATUS_WORDS_LOGGED = 50
NOT_SENT = (ClientConnectorError, ConnectionTimeoutError)
BROKEN = (ClientError, BROKEN_BODY, OSError)
# Of the answers that say no, these may be different the next time.
PASSING_STATUSES = frozenset({408, 425, 429})

log = structlog.get_logger(__name__)


class Order(Protocol):
    """What is ordered, in the gateway's own words."""

    @property
    def slug(self) -> str:
        """The endpoint."""
        ...

    @property
    def body(self) -> Mapping[str, JsonValue]:
        """The body."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a gateway is waited for, and how often a read is repeated within one poll.

    The time-out of an order is what a stopping process waits for, and lies below a lease of 60 s.
    """

    order_timeout_seconds: float = 30
    read_timeout_seconds: float = 10
    connect_timeout_seconds: float = 8
    read_attempts: int = 3
    read_budget_seconds: float = 20
    read_wait_seconds: float = 0.5
    longest_retry_after_seconds: float = 5


class GatewayClient:
    """One gateway with its key and its pace. The key is in no text that this object makes."""

    def __init__(
        self,
        name: str,
        url: str,
        api_key: SecretStr,
        http: GatewayHttp,
        pace: Pace,
        *,
        limits: Limits | None = None,
        clock: Clock = utc_now,
    ) -> None:
        key = api_key.get_secret_value()
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            fault = f"the key of {name} is empty or has characters that no key has"
            raise ValueError(fault)
        self.name = name
        self.pace = pace
        self.health = Health(clock)
        self._url = URL(url.rstrip("/"))
        self._key = api_key
        self._http = http
        self._limits = limits or Limits()
        self._clock = clock
        self._status_words: set[str] = set()
        self._repeat = stamina.AsyncRetryingCaller(
            attempts=self._limits.read_attempts,
            timeout=self._limits.read_budget_seconds,
            wait_initial=self._limits.read_wait_seconds,
            wait_jitter=self._limits.read_wait_seconds,
            wait_max=self._limits.longest_retry_after_seconds,
        )

    def __repr__(self) -> str:
        return f"GatewayClient({self.name!r}, {str(self._url)!r})"

    @property
    def host(self) -> str:
        """`host:port`, by which a result on the gateway's own host is recognised."""
        return f"{self._url.host}:{self._url.port}"

    @property
    def key_mark(self) -> str:
        """Tells one key from another without telling anything else of it."""
        return hashlib.sha256(self._key.get_secret_value().encode()).hexdigest()[:8]

    async def submit(self, order: Order) -> str:
        """Place an order, once, and return the id of its task.

        The caller takes its turn with `pace.order()` before it writes its intent. Raises a GatewayError of
        the classes for orders; a cancellation passes, and leaves the outcome unknown.
        """
        with self._noted():
            answer = await self._post(order.slug, json.dumps(dict(order.body)).encode())
            task_id = read_task_id(answer.body) if 200 <= answer.status < 300 else None
            if task_id is None:
                raise refusal_of_order(answer)
        return task_id

    async def result(self, task_id: str) -> TaskReport:
        """How a task stands; the turns of the pace are taken here, one for each attempt.

        Raises TaskNotFoundError, BadKeyError, or GatewayUnavailableError after the last attempt, or at once
        when the gateway asks for a longer wait than a poll has.
        """
        return await self._repeat(self._wait_before_repeat, self._read, task_id)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Note how the request of the block ends; one that is cancelled has no end."""
        try:
            yield
        except GatewayError as error:
            self.health.note(error)
            raise
        self.health.note()

    async def _post(self, slug: str, body: bytes) -> Answer:
        timeout = ClientTimeout(total=self._limits.order_timeout_seconds, connect=self._limits.connect_timeout_seconds)
        headers = self._headers() | {"Content-Type": "application/json"}
        try:
            async with self._http.orders.post(
                self._url / "v3/async" / slug,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return await self._answer(response)
        except NOT_SENT as exc:
            error: GatewayError = NotCreatedError(self._told(exc), cause=type(exc).__name__)
        except BROKEN as exc:
            error = UnknownOutcomeError(self._told(exc), cause=type(exc).__name__)
        # Outside of the except clauses: aiohttp's errors hold the request's headers, and so the key, and
        # must not travel along as the cause.
        raise error

    async def _read(self, task_id: str) -> TaskReport:
        with self._noted():
            async with self.pace.poll():
                answer = await self._get(task_id)
            report = read_report(answer.body) if 200 <= answer.status < 300 else None
            if report is None:
                raise refusal_of_read(answer)
            if report.task_id not in {"", task_id}:
                log.error("gateway.other_task", gateway=self.name, asked=task_id, answered=report.task_id[:100])
                raise GatewayUnavailableError("the answer is about another task", cause="OtherTask")
        self._log_unknown_status(report)
        return report

    async def _get(self, task_id: str) -> Answer:
        timeout = ClientTimeout(total=self._limits.read_timeout_seconds, connect=self._limits.connect_timeout_seconds)
        try:
            async with self._http.reads.get(
                self._url / "v3/async/task-result",
                params={"task_id": task_id},
                headers=self._headers(),
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return await self._answer(response)
        except BROKEN as exc:
            error = GatewayUnavailableError(self._told(exc), cause=type(exc).__name__)
        raise error

    def _wait_before_repeat(self, exc: Exception) -> bool | float:
        if not isinstance(exc, GatewayUnavailableError):
            return False
        if exc.status is not None and 400 <= exc.status < 500 and exc.status not in PASSING_STATUSES:
            return False
        if exc.retry_after_seconds is None:
            return True
        within = exc.retry_after_seconds <= self._limits.longest_retry_after_seconds
        return exc.retry_after_seconds if within else False

    async def _answer(self, response: ClientResponse) -> Answer:
        body = await read_body(response)
        text = body.decode("utf-8", "replace")
        return Answer(response.status, body, self._redacted(text), retry_after(response.headers, self._clock))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key.get_secret_value()}"}

    def _told(self, exc: Exception) -> str:
        return self._redacted(f"{type(exc).__name__}: {exc}")

    def _redacted(self, text: str) -> str:
        # Before it is cut, so that no part of the key can stay at the end.
        return text.replace(self._key.get_secret_value(), "[key]")[:DETAIL_CHARACTERS]

    def _log_unknown_status(self, report: TaskReport) -> None:
        word = self._redacted(report.status_word)
        new = report.status is TaskStatus.UNKNOWN and word not in self._status_words
        if new and len(self._status_words) < STATUS_WORDS_LOGGED:
            self._status_words.add(word)
            log.warning("gateway.unknown_status", gateway=self.name, status=word)
