"""The loop: leases due jobs in batches, advances each at its own time, and sleeps until the next one or a wake-up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import random

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import StoreUnavailableError
from bot.domain.job import JobState
from bot.store import jobs, leases
from bot.store.database import Database
from bot.store.leases import Lease
from bot.worker.advance import Held
from bot.worker.timing import until_retry

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many jobs are held, advanced at once, and out at the gateways."""

    max_rendering: int
    held: int = 10_000
    at_once: int = 128


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The times of the loop.

    `look_every`: how often the database is looked at without a wake-up; what this process did itself wakes it at once.
    At a stop, steps in flight get `stop_seconds`; an order already sent gets `order_seconds`, its time-out is 30 s.
    """

    lease: timedelta = timedelta(seconds=60)
    renew_every_seconds: float = 20.0
    look_every: timedelta = timedelta(seconds=5)
    stop_seconds: float = 10.0
    order_seconds: float = 32.0


STEADY = Rhythm()


class Scheduler:
    """Holds leases and runs `advance` for each held job when its time has come."""

    def __init__(
        self,
        database: Database,
        advance: Callable[[Held], Awaitable[datetime | None]],
        clock: Clock,
        owner: str,
        limits: Limits,
        *,
        rhythm: Rhythm = STEADY,
    ) -> None:
        self._database = database
        self._advance = advance
        self._clock = clock
        self._owner = owner
        self._limits = limits
        self._rhythm = rhythm
        self._held: dict[str, Held] = {}
        self._plans: list[tuple[datetime, int, Held]] = []
        self._planned = count()
        self._running: dict[asyncio.Task[None], Held] = {}
        self._woken = asyncio.Event()
        self._look_at = self._renewed_at = self.looked_at = clock()
        self._failures = 0

    def wake(self, job_id: str) -> None:
        """Something about a job has changed: look at it now."""
        held = self._held.get(job_id)
        if held is not None:
            held.news = held.nudged = True
            self._plan(held, self._clock())
        self._look_soon()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is in flight and hand the leases back."""
        renewing = asyncio.create_task(self._renew_for_ever(), name="leases")
        renewing.add_done_callback(lambda _: self._woken.set())
        stopping = asyncio.create_task(self._wake_on(stop), name="stop")
        try:
            while not stop.is_set() and not renewing.done():
                self._woken.clear()
                await self._sleep(await self._guarded_pass(stop))
        finally:
            stopping.cancel()
            await self._finish()
            await self._hand_back()
            renewing.cancel()
            await asyncio.gather(stopping, return_exceptions=True)
        with suppress(asyncio.CancelledError):
            await renewing

    async def _guarded_pass(self, stop: asyncio.Event) -> float:
        """One pass; the seconds to sleep. A pass that fails is logged and tried again."""
        try:
            wait = await self._pass(stop)
        except Exception:
            self._failures += 1
            log.exception("pass failed", times=self._failures)
            return min(until_retry(self._failures, random()), 10.0)  # noqa: S311  jitter
        self._failures = 0
        return wait

    async def _pass(self, stop: asyncio.Event) -> float:
        now = self._clock()
        if now >= self._look_at:
            await self._claim(now)
            self.looked_at = now
        while self._plans and self._plans[0][0] <= self._clock() and self._has_room() and not stop.is_set():
            at, _, held = heappop(self._plans)
            if self._is_due(held, at):
                held.running, held.nudged = True, False
                task = asyncio.create_task(self._run(held), name=f"job {held.job.id}")
                self._running[task] = held
        following = self._look_at
        if self._plans and self._has_room():
            following = min(self._plans[0][0], following)
        return max((following - self._clock()).total_seconds(), 0.0)

    def _has_room(self) -> bool:
        return len(self._running) < self._limits.at_once

    def _plan(self, held: Held, at: datetime) -> None:
        held.at = at
        heappush(self._plans, (at, next(self._planned), held))

    def _is_due(self, held: Held, at: datetime) -> bool:
        """Whether a plan still stands: the job is ours, not at work, and was not planned anew."""
        return held.at == at and self._holds(held) and not held.running

    def _holds(self, held: Held) -> bool:
        return self._held.get(held.job.id) is held

    def _look_soon(self) -> None:
        self._look_at = self._clock()
        self._woken.set()

    async def _claim(self, now: datetime) -> None:
        self._look_at = now + self._rhythm.look_every
        if now - self._renewed_at >= self._rhythm.lease:
            # The database or the machine was away: without this, jobs at work here would be claimed once more.
            await self._renew()
        async with self._database.read() as tx:
            room = self._limits.max_rendering - await jobs.rendering(tx) - self._queued()
            due = await leases.next_due(tx, now, room=room)
        if due is None or due > now:
            self._look_at = min(due or self._look_at, self._look_at)
            return
        async with self._database.write() as tx:
            limit = self._limits.held - len(self._held)
            lease = Lease(self._owner, now + self._rhythm.lease)
            claimed = await leases.claim(tx, lease, now, limit=limit, room=room)
        for job in claimed:
            self._held[job.id] = held = Held(job, now)
            self._plan(held, now)

    def _queued(self) -> int:
        return sum(held.job.state is JobState.QUEUED for held in self._held.values())

    async def _run(self, held: Held) -> None:
        try:
            await self._settle(held, await self._guarded_step(held))
        finally:
            held.running = False
            task = asyncio.current_task()
            if task is not None:
                self._running.pop(task, None)
            self._woken.set()

    async def _guarded_step(self, held: Held) -> datetime | None:
        """When to look again. One bad job never stops the loop."""
        try:
            again_at = await self._advance(held)
        except Exception:
            held.watch.failures += 1
            held.news = True
            log.exception("job step failed", job=held.job.id, state=held.job.state)
            return self._clock() + timedelta(seconds=until_retry(held.watch.failures, random()))  # noqa: S311
        held.watch.failures = 0
        return again_at

    async def _settle(self, held: Held, again_at: datetime | None) -> None:
        """Keep what is due within a lease; hand the rest back."""
        if not self._holds(held):
            return
        now = self._clock()
        if held.nudged:
            again_at = now
        if again_at is not None and again_at - now <= self._rhythm.lease:
            self._plan(held, again_at)
            return
        del self._held[held.job.id]
        try:
            await self._release({held.job.id: again_at})
        except StoreUnavailableError:
            log.warning("lease not handed back, it runs out by itself", job=held.job.id)
        self._look_soon()

    async def _release(self, ended: dict[str, datetime | None]) -> None:
        async with self._database.write() as tx:
            for job_id, again_at in ended.items():
                await leases.release(tx, self._owner, job_id, self._clock(), again_at)

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._rhythm.renew_every_seconds)
            try:
                await self._renew()
            except StoreUnavailableError:
                log.exception("leases not renewed", held=len(self._held))

    async def _renew(self) -> None:
        now, mine = self._clock(), dict(self._held)
        if mine:
            async with self._database.write() as tx:
                kept = await leases.renew(tx, Lease(self._owner, now + self._rhythm.lease), mine.keys())
            for job_id, held in mine.items():
                if job_id not in kept and self._holds(held):
                    log.warning("lease lost", job=job_id)
                    del self._held[job_id]
        self._renewed_at = now

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    async def _finish(self) -> None:
        """Let steps in flight end, but begin no order; one already sent is awaited up to its own time-out."""
        for held in self._running.values():
            held.watch.stopping = True
        if self._running:
            await asyncio.wait(self._running.keys(), timeout=self._rhythm.stop_seconds)
        for task, held in self._running.items():
            if not held.watch.sending:
                task.cancel()
        if self._running:
            await asyncio.wait(self._running.keys(), timeout=self._rhythm.order_seconds - self._rhythm.stop_seconds)
        tasks = tuple(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _hand_back(self) -> None:
        now = self._clock()
        try:
            if self._held:
                await self._release({job_id: max(held.at, now) for job_id, held in self._held.items()})
        except StoreUnavailableError:
            log.warning("leases not handed back, they run out by themselves", held=len(self._held))
        self._held.clear()
