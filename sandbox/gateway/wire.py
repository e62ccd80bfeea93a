"""What a socket can do instead of a decent answer."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from sandbox.gateway.faults import FaultKind

LOOK_SECONDS: Final = 0.02
ANSWER_HEAD: Final = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "

Act = Callable[[web.BaseRequest], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Honest:
    """The answer that a fault spoils."""

    body: bytes = b""
    content_type: str = "application/json"

    @property
    def head(self) -> bytes:
        """The status line and the headers up to those about the body's coding."""
        return ANSWER_HEAD + self.content_type.encode() + b"\r\n"


class SocketAct(web.StreamResponse):
    """A response that does something to the transport when its turn to be sent comes."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self._act: Act | None = act

    @property
    def prepared(self) -> bool:
        """Whether the act has begun."""
        return self._act is None

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Act, once."""
        act, self._act = self._act, None
        if act is not None:
            await act(request)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to write."""


def reset(request: web.BaseRequest) -> None:
    """Send RST, so that the client loses even what it had not read yet."""
    transport = request.transport
    if transport is None:
        return
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def close(request: web.BaseRequest) -> None:
    """Send what is buffered, then FIN."""
    if request.transport is not None:
        request.transport.close()


def is_gone(request: web.BaseRequest) -> bool:
    """Whether the client has left."""
    return request.transport is None or request.transport.is_closing()


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than the server lives."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


def socket_act(kind: FaultKind, honest: Honest, interval_seconds: float, stopping: asyncio.Event) -> SocketAct:
    """The response for a fault of the socket."""

    async def act(request: web.BaseRequest) -> None:
        match kind:
            case FaultKind.RESET_BEFORE_READING | FaultKind.RESET_AFTER_READING | FaultKind.RESET_AFTER_ORDER:
                reset(request)
            case FaultKind.NO_ANSWER:
                while not (is_gone(request) or stopping.is_set()):
                    await pause(stopping, LOOK_SECONDS)
            case FaultKind.SLOW_DRIP:
                await _drip(request, honest, interval_seconds, stopping)
            case _:
                _write(request, _spoilt(kind, honest))
        close(request)

    return SocketAct(act)


def _spoilt(kind: FaultKind, honest: Honest) -> bytes:
    match kind:
        case FaultKind.GARBAGE_STATUS_LINE:
            return b"\x16\x03\x01 this is no status line\r\n\r\n"
        case FaultKind.BAD_CHUNK:
            return honest.head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + honest.body
        case FaultKind.BAD_GZIP:
            return (
                honest.head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(honest.body) + honest.body
            )
        case FaultKind.TRUNCATED_BODY:
            return honest.head + b"Content-Length: %d\r\n\r\n" % len(honest.body) + honest.body[: len(honest.body) // 2]
        case _:
            return b""


async def _drip(request: web.BaseRequest, honest: Honest, interval_seconds: float, stopping: asyncio.Event) -> None:
    _write(request, honest.head)
    _write(request, b"Content-Length: %d\r\n\r\n" % len(honest.body))
    for place in range(len(honest.body)):
        await pause(stopping, interval_seconds)
        if is_gone(request) or stopping.is_set():
            return
        _write(request, honest.body[place : place + 1])


def _write(request: web.BaseRequest, data: bytes) -> None:
    if not is_gone(request) and request.transport is not None:
        request.transport.write(data)
