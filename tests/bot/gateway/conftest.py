"""A local gateway, and clients that speak to it as they would to a real one."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace

import pytest
import structlog
from aiohttp import web
from pydantic import JsonValue, SecretStr
from structlog.testing import LogCapture

from bot.gateway.client import GatewayClient, Limits
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from sandbox.gateway import FaultKind, GatewayServer
from sandbox.stops import Stage

FAST = Limits(
    order_timeout_seconds=60,
    read_timeout_seconds=60,
    connect_timeout_seconds=60,
    read_attempts=3,
    read_wait_seconds=0.001,
    longest_retry_after_seconds=0.5,
)
# For what never answers: a busy machine needs more for what does.
HASTY = replace(FAST, order_timeout_seconds=0.3, read_timeout_seconds=0.3, connect_timeout_seconds=0.2)
SILENT = {FaultKind.NO_ANSWER, FaultKind.SLOW_DRIP}


@dataclass(frozen=True)
class OrderOfTest:
    """An order as the catalogue makes it."""

    slug: str
    body: dict[str, JsonValue]


ORDER = OrderOfTest(
    "sora-2-video-reverse",
    {"prompt": "a cat", "duration": 10, "size": "1280x720", "watermark": True},
)
Connect = Callable[..., GatewayClient]


@pytest.fixture
async def server() -> AsyncIterator[GatewayServer]:
    async with GatewayServer() as running:
        yield running


@pytest.fixture
async def connect(server: GatewayServer) -> AsyncIterator[Connect]:
    """Makes clients; by default of the running server, with its key."""
    async with GatewayHttp() as http:

        def make(url: str | None = None, key: str | None = None, limits: Limits = FAST) -> GatewayClient:
            secret = SecretStr(key or server.key)
            return GatewayClient("myrouter", url or server.url, secret, http, Pace(60_000), limits=limits)

        yield make


@pytest.fixture
def client(connect: Connect) -> GatewayClient:
    return connect()


@pytest.fixture
def log() -> Iterator[LogCapture]:
    """What is logged, instead of printing it."""
    capture = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[capture])
    yield capture
    structlog.configure(processors=before)


def answer_with(  # a scripted answer in place of the server's own
    server: GatewayServer,
    method: str,
    status: int,
    body: str | bytes,
    *,
    times: int = 1,
    headers: dict[str, str] | None = None,
) -> None:
    """Let the server answer the next requests of a method with exactly this."""
    raw = body.encode() if isinstance(body, str) else body

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=raw, headers=headers)

    server.stops.at(Stage.RECEIVED, method, "/v3/async/", answer, times=times)
