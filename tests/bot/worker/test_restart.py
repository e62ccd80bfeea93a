"""The worker dies at every write and every request, begins anew, and loses, orders and posts nothing twice."""

import asyncio
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.ledger import Settlement
from sandbox.gateway import Fail, FaultKind, Plan
from sandbox.stops import Stage as At
from tests.bot.worker.stage import AT_ONCE, BY_HAND, Stage

NEVER = 1_000_000


@dataclass(slots=True)
class Fate:
    """Counts the boundaries of a life and ends it at one of them."""

    stage: Stage
    last: int
    labels: list[str] = field(default_factory=list)
    died: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self, label: str) -> None:
        """A boundary of the worker's own."""
        if self._ends_at(label):
            raise asyncio.CancelledError

    async def seen(self, request: web.Request) -> None:
        """A boundary at a gateway, which goes on with what it has read."""
        self._ends_at(f"{request.method} {request.path.split('/')[1]}")

    def _ends_at(self, label: str) -> bool:
        if self.died.is_set():
            return True
        self.labels.append(label)
        if len(self.labels) <= self.last:
            return False
        self.stage.database.down = True
        self.died.set()
        return True


async def live(stage: Stage, job: Job, last: int) -> Fate:
    """One life of the worker: to the job's end, or to the boundary number `last` (from 0)."""
    fate = Fate(stage, last)
    stage.gateway.stops.armed.clear()
    for at in At:
        for method, path in (("POST", "/v3/"), ("GET", "/v3/"), ("GET", "/results/")):
            stage.gateway.stops.at(at, method, path, fate.seen, times=NEVER)
    stage.database.reached = stage.herald.reached = fate.reached
    worker = stage.build(f"life {len(stage.workers)}")
    beginning = asyncio.create_task(worker.start())
    ending = asyncio.create_task(_ended(stage, job))
    dying = asyncio.create_task(fate.died.wait())
    await asyncio.wait({ending, dying}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    dying.cancel()
    await asyncio.gather(beginning, ending, dying, return_exceptions=True)
    stage.database.down = True
    await worker.kill()
    stage.database.down = False
    return fate


async def _ended(stage: Stage, job: Job) -> None:
    ends = {JobState.DELIVERED, JobState.UNSURE, JobState.FAILED}

    async def ended() -> bool:
        over = (await stage.read(job)).state in ends and not await stage.notes(job)
        return over and await stage.lease_owner(job) is None

    await stage.until(ended, hurry=0.1)


async def check(stage: Stage, job: Job, durable: set[JobState], label: str) -> JobState:
    """What must hold of a job whose worker died with it in the `durable` states, whatever has happened."""
    done = await stage.read(job)
    orders = [order for order in stage.gateway.orders if order.body["prompt"] == job.request.prompt]
    posts, settled = stage.herald.of(job), await stage.settlement(job)
    assert len(orders) <= 1, label
    assert len(posts) == (done.state is JobState.DELIVERED), label
    assert (done.state is JobState.UNSURE) == (JobState.SUBMITTING in durable), label
    assert stage.herald.last_shown(job).job.state is done.state, label
    assert stage.files() == [], label
    match done.state:
        case JobState.DELIVERED:
            assert (settled, len(orders), done.message) == (Settlement.CHARGED, 1, posts[0].message), label
            assert len([entry for entry in stage.herald.logs if entry.job_id == job.id]) == job.private, label
        case JobState.UNSURE:
            assert settled is Settlement.RESERVED, label
            assert [ping.job_id for ping in stage.herald.pings].count(job.id) == 1, label
        case state:
            assert (state, settled) == (JobState.FAILED, Settlement.REFUNDED), label
    return done.state


async def every_death(stage: Stage, *, pause: float, again: int | None = None, private: bool = False) -> list[str]:
    """Die at the first boundary, at the second, and so on, until a life goes through; its boundaries."""
    for last in range(200):
        job = await stage.order(f"number {last}", private=private)
        fate = await live(stage, job, last)
        durable = {(await stage.read(job)).state} if fate.died.is_set() else set()
        label = f"died at {last}: {fate.labels[-3:]} with {durable}"
        stage.clock.jump(pause)
        if again is not None and fate.died.is_set() and (await live(stage, job, again)).died.is_set():
            durable.add((await stage.read(job)).state)
            stage.clock.jump(pause)
        await live(stage, job, NEVER)
        await check(stage, job, durable, label)
        if not fate.died.is_set():
            return fate.labels
    raise AssertionError("there is no end to it")


@pytest.mark.parametrize("pause", [0, 120])
@pytest.mark.parametrize("private", [False, True])
async def test_a_death_at_any_boundary_loses_orders_and_posts_nothing_twice(
    stage: Stage, pause: float, private: bool
) -> None:
    labels = await every_death(stage, pause=pause, private=private)

    assert len(labels) >= 30
    assert {"write asked", "write done", "POST v3", "GET v3", "GET results", "post_result done"} <= set(labels)


@pytest.mark.parametrize("again", [1, 4, 9])
@pytest.mark.parametrize("pause", [0, 120])
async def test_a_second_death_soon_after_the_first_changes_nothing(stage: Stage, again: int, pause: float) -> None:
    assert len(await every_death(stage, pause=pause, again=again)) >= 30


async def test_a_death_at_any_boundary_of_a_failing_job_refunds_it_once(stage: Stage) -> None:
    stage.gateway.default_plan = Plan(queued_seconds=0, processing_seconds=0, outcome=Fail("heavy_load"))

    assert len(await every_death(stage, pause=0)) >= 15


async def test_a_death_at_any_boundary_of_an_order_that_is_refused_first_orders_it_once(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.SERVICE_NOT_AVAILABLE, times=None, only="busy once")
    for last in range(60):
        job = await stage.order(f"busy once {last}")
        fate = await live(stage, job, last, calm_after=1)
        died = fate.died.is_set()
        durable = {(await stage.read(job)).state} if died else set()
        await live(stage, job, NEVER, calm_after=1)
        await check(stage, job, durable, f"died at {last}: {fate.labels[-3:]} with {durable}")
        if not died:
            break

    assert not died


async def test_a_rendering_job_goes_on_after_a_restart(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    stage.database.down = True
    await stage.worker.kill()
    stage.database.down = False

    await stage.start("second")
    stage.gateway.orders[0].task.finish()

    await stage.until_state(job, JobState.DELIVERED)
    assert len(stage.gateway.orders) == 1


async def test_a_job_found_in_submitting_is_unsure_and_told(stage: Stage) -> None:
    job = await stage.order()
    fate = await live(stage, job, 3)
    assert (await stage.read(job)).state is JobState.SUBMITTING, fate.labels

    await stage.start("second")

    unsure = await stage.until_state(job, JobState.UNSURE)
    assert stage.gateway.submits == 0
    assert unsure.failure_detail
    assert isinstance(unsure.status, MessagePlace)
