"""The small web server beside the worker: a sign of life, and kept files under expiring addresses."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.domain.errors import StoreUnavailableError
from bot.media.signed import SignedLinks, shown_name
from bot.settings import Listen
from bot.worker.listening import ListenError, listen
from bot.worker.sending import KeptFileResponse

CONNECTIONS = 64
"""At once, or a burst more; the rest is cut off, so that strangers can't use up the files the process may open."""
IDLE_SECONDS = 10
"""For a request to be complete, after the connection was made or the answer before it was sent."""
SEND_SECONDS = 300
"""For a whole file: 20 MB at half a megabit a second."""
STOPPING_SECONDS = 1  # for what is being sent, and as long again until it is cut off

log = structlog.get_logger(__name__)


class WebServer:
    """Listens from the beginning of its context to the end. Addresses are secrets, so no request is logged.

    Args:
        address: where to listen; port 0 takes a free one.
        links: opens the addresses of files; without it there is only `/healthz`.
        find: where a kept file or a finished video is, or None when it is gone. It may raise StoreUnavailableError.
        idle_seconds, send_seconds: how long a client may take to ask, and to fetch a file.
    """

    def __init__(
        self,
        address: Listen,
        links: SignedLinks | None,
        find: Callable[[str], Awaitable[Path | None]],
        *,
        idle_seconds: float = IDLE_SECONDS,
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        self._address = address
        self._links = links
        self._find = find
        self._idle_seconds = idle_seconds
        self._send_seconds = send_seconds

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._listening.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        """Begin to listen. Raises ListenError."""
        requests = logging.getLogger(f"{__name__}.requests")
        requests.addFilter(_is_own_fault)
        self._runner = web.AppRunner(
            self._application(),
            access_log=None,
            logger=requests,
            keepalive_timeout=self._idle_seconds,
            lingering_time=self._idle_seconds,
            shutdown_timeout=STOPPING_SECONDS,
        )
        await self._runner.setup()
        try:
            self._listening = await listen(self._address, self._accept)
        except ListenError:
            await self._runner.cleanup()
            raise
        log.info("web server listens", host=self._address.host, port=self.port, files=self._links is not None)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening; what is being sent has a moment to end."""
        self._listening.close()
        # Not waited for: from Python 3.12 on that takes as long as the slowest client likes.
        await self._runner.cleanup()

    def _application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/healthz", _alive)
        if self._links is not None:
            app.router.add_get("/files/{token}/{name}", self._send)
        app.on_response_prepare.append(_guard)
        return app

    def _accept(self) -> asyncio.Protocol | None:
        server = self._runner.server
        return server() if server is not None and len(server.connections) < CONNECTIONS else None

    async def _send(self, request: web.Request) -> web.StreamResponse:
        name = None if self._links is None else self._links.open(request.match_info["token"])
        try:
            path = None if name is None or shown_name(name) != request.match_info["name"] else await self._find(name)
        except StoreUnavailableError as error:
            raise web.HTTPServiceUnavailable from error
        if path is None:
            raise web.HTTPNotFound
        try:
            return KeptFileResponse(path, self._send_seconds)
        except FileNotFoundError as error:
            raise web.HTTPNotFound from error


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _guard(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # It would tell strangers the versions of what runs here.
    response.headers.popall("Server", None)


def _is_own_fault(record: logging.LogRecord) -> bool:
    # What strangers send that is no HTTP is none of our faults, and its text may hold an address.
    return record.exc_info is None or not isinstance(record.exc_info[1], HttpProcessingError)
