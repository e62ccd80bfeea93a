"""The record of what the bot asked and what the server itself answered."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.discord.rest.bodies import read_body
from sandbox.discord.wire import Payload

Call = Callable[[web.Request], Awaitable[web.StreamResponse]]
API_PREFIX = "/api/v10"


@dataclass(slots=True, eq=False)
class Exchange:
    """One request of the bot; `status` is 0 until the server has made its own answer."""

    method: str
    path: str
    template: str
    query: dict[str, str]
    body: Payload | list[Payload] | None
    files: list[str]
    received_at: float
    status: int = 0
    response: Payload | list[Payload] | None = None
    answered_at: float | None = None


_EXCHANGE = web.RequestKey("exchange", Exchange)


def template_of(request: web.Request) -> str:
    """The route's template as Discord's documentation writes it, such as `/channels/{channel_id}/messages`."""
    resource = request.match_info.route.resource
    return "" if resource is None else resource.canonical.removeprefix(API_PREFIX)


@dataclass(slots=True)
class Exchanges:
    """All exchanges in order, and who is told of each answered one."""

    recorded: list[Exchange] = field(default_factory=list)
    observers: list[Callable[[Exchange], None]] = field(default_factory=list)

    def note_request(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        """The outer middleware: records that a request came, whatever becomes of it."""

        @web.middleware
        async def note(request: web.Request, handler: Call) -> web.StreamResponse:
            if not request.path.startswith(API_PREFIX):
                return await handler(request)
            exchange = await _begun(request)
            self.recorded.append(exchange)
            request[_EXCHANGE] = exchange
            return await handler(request)

        return note

    def note_answer(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        """The inner middleware: records the server's own answer, before any stop can replace it."""

        @web.middleware
        async def note(request: web.Request, handler: Call) -> web.StreamResponse:
            response = await handler(request)
            exchange = request.get(_EXCHANGE)
            if exchange is not None and isinstance(response, web.Response):
                exchange.status = response.status
                exchange.answered_at = time.time()
                if isinstance(response.body, bytes) and response.body:
                    exchange.response = json.loads(response.body)
                for observer in list(self.observers):
                    observer(exchange)
            return response

        return note


async def _begun(request: web.Request) -> Exchange:
    body = await read_body(request)
    files = [upload.filename for upload in body.files.values()]
    return Exchange(
        request.method,
        request.path,
        template_of(request),
        dict(request.query),
        body.json,
        files,
        time.time(),
    )
