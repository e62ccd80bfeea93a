"""Places where a test can stop the world: a request was received, was applied, was answered."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web


class Stage(StrEnum):
    """How far a request has come inside a sandbox server."""

    RECEIVED = "received"
    APPLIED = "applied"
    ANSWERED = "answered"


Action = Callable[[web.Request], Awaitable[web.StreamResponse | None]]
"""What happens at a stop. A returned response replaces the server's own (before ANSWERED)."""


@dataclass(slots=True)
class Stop:
    """One armed stop: fires for the first `times` requests that match, after skipping `skip` of them."""

    stage: Stage
    method: str
    path: re.Pattern[str]
    action: Action
    times: int = 1
    skip: int = 0
    hits: int = 0


@dataclass(slots=True)
class Stops:
    """The armed stops of one server, run by `middleware` around every request."""

    armed: list[Stop] = field(default_factory=list)

    def at(self, stage: Stage, method: str, path: str, action: Action, *, times: int = 1, skip: int = 0) -> Stop:
        """Arm a stop for requests of `method` whose path matches the regex `path` from its start."""
        stop = Stop(stage, method, re.compile(path), action, times, skip)
        self.armed.append(stop)
        return stop

    async def _reach(self, stage: Stage, request: web.Request) -> web.StreamResponse | None:
        for stop in list(self.armed):
            if stop.stage != stage or stop.method != request.method or not stop.path.match(request.path):
                continue
            if stop.skip:
                stop.skip -= 1
                continue
            stop.hits += 1
            stop.times -= 1
            if not stop.times:
                self.armed.remove(stop)
            return await stop.action(request)
        return None

    def middleware(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        """The aiohttp middleware that passes every request by the armed stops."""

        @web.middleware
        async def pass_by(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            await request.read()
            replaced = await self._reach(Stage.RECEIVED, request)
            if replaced is not None:
                return replaced
            response = await handler(request)
            replaced = await self._reach(Stage.APPLIED, request)
            if replaced is not None:
                return replaced
            if any(stop.stage == Stage.ANSWERED for stop in self.armed) and not response.prepared:
                await response.prepare(request)
                await response.write_eof()
                await self._reach(Stage.ANSWERED, request)
            return response

        return pass_by
