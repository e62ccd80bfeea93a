"""The local video gateway: a server on loopback that speaks the gateways' protocol."""

import asyncio
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from sandbox.gateway.books import Books
from sandbox.gateway.endpoints import Endpoints
from sandbox.gateway.faults import Fault, FaultBoard, FaultKind, Where, leaves_order
from sandbox.gateway.inputs import fetch_inputs
from sandbox.gateway.links import Links
from sandbox.gateway.plans import Plan, Script
from sandbox.gateway.tasks import Order, Refused, Task
from sandbox.stops import Stops


class GatewayServer:
    """One gateway with its own key, orders, scripts and faults; `async with` starts and stops it."""

    def __init__(self, *, keys: tuple[str, ...] = (), fetch_inputs: bool = False) -> None:
        self.books = Books(keys or (f"sk_{secrets.token_hex(16)}",))
        self.faults = FaultBoard()
        self.links = Links(self.books.clock)
        self.stops = Stops()
        self.fetch_inputs = fetch_inputs
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._fetches: set[asyncio.Task[None]] = set()
        self._port = 0

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def key(self) -> str:
        """The (first) key that the server takes."""
        return self.books.keys[0]

    @property
    def default_plan(self) -> Plan:
        """The life of tasks that no script was written for."""
        return self.books.default_plan

    @default_plan.setter
    def default_plan(self, plan: Plan) -> None:
        self.books.default_plan = plan

    @property
    def orders(self) -> list[Order]:
        """Every order that was taken, oldest first: what would be on the bill."""
        return self.books.orders

    @property
    def tasks(self) -> dict[str, Task]:
        """The tasks by id; delete one and the gateway has forgotten it."""
        return self.books.tasks

    @property
    def refused(self) -> list[Refused]:
        """Every request that the gateway itself said no to (armed faults not counted)."""
        return self.books.refused

    @property
    def submits(self) -> int:
        """How many POSTs were read, whatever became of them."""
        return self.books.submits

    @property
    def polls(self) -> int:
        """How many polls were read, whatever became of them."""
        return len(self.books.poll_log)

    @property
    def downloads(self) -> int:
        """How many times a video was asked for."""
        return self.books.downloads

    @property
    def strays(self) -> list[str]:
        """The requests that followed a redirect of the API: must stay empty."""
        return self.books.strays

    def script(self, plan: Plan, *, prompt: str | None = None, times: int | None = 1) -> Script:
        """Give `plan` to the next orders (those whose prompt contains `prompt`); `times` None: to all."""
        script = Script(plan, prompt, times)
        self.books.scripts.append(script)
        return script

    def fault(  # noqa: PLR0913 - a fault is described by name, and most of this has a default
        self,
        where: Where | str,
        kind: FaultKind | str,
        *,
        times: int | None = 1,
        skip: int = 0,
        only: str | None = None,
        creates_order: bool | None = None,
        retry_after: str | int | None = None,
        location: str | None = None,
        interval_seconds: float = 0.1,
    ) -> Fault:
        """Arm a fault, see `Fault`; ValueError for one that can't happen."""
        place, sort = Where(where), FaultKind(kind)
        return self.faults.arm(
            Fault(
                where=place,
                kind=sort,
                times=times,
                skip=skip,
                only=only,
                creates_order=leaves_order(place, sort, creates_order),
                retry_after=None if retry_after is None else str(retry_after),
                location=location,
                interval_seconds=interval_seconds,
            )
        )

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; the same server may be started again after a stop, and knows its tasks."""
        stopping = asyncio.Event()
        endpoints = Endpoints(self.books, self.faults, self.links, stopping, self._take)
        app = web.Application(middlewares=[endpoints.unread_faults, self.stops.middleware(), endpoints.refusals])
        app.add_routes(endpoints.routes())

        async def release(_: web.Application) -> None:
            stopping.set()

        app.on_shutdown.append(release)
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self._port = site.port

    async def stop(self) -> None:
        """Close the port and every connection."""
        runner, self._runner = self._runner, None
        session, self._session = self._session, None
        for fetch in self._fetches:
            fetch.cancel()
        await asyncio.gather(*self._fetches, return_exceptions=True)
        if runner is not None:
            await runner.cleanup()
        if session is not None:
            await session.close()

    async def wait_for(self, happened: Callable[[], bool], *, within_seconds: float = 75) -> None:
        """Wait until `happened()`, e.g. `lambda: len(server.orders) == 2`; TimeoutError if it doesn't."""
        async with asyncio.timeout(within_seconds):
            while not happened():  # noqa: ASYNC110 - what may happen has no single event
                await asyncio.sleep(0.005)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _take(self, order: Order) -> None:
        if not self.fetch_inputs or self._session is None:
            return
        fetch = asyncio.create_task(fetch_inputs(self._session, order))
        self._fetches.add(fetch)
        fetch.add_done_callback(self._fetches.discard)
