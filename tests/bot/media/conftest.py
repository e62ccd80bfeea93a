"""Real servers on loopback for the tests of media."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server that answers every path with a handler; the answer is its base address."""
    async with AsyncExitStack() as servers:

        async def start(handler: Handler) -> str:
            app = web.Application()
            app.router.add_route("GET", "/{path:.*}", handler)
            server = await servers.enter_async_context(TestServer(app, host="127.0.0.1"))
            return str(server.make_url("/"))

        yield start
