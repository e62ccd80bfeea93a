"""The worker dies at every write and every request, begins anew, and loses, orders and posts nothing twice."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web

from bot.domain.errors import StoreUnavailableError
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.ledger import Settlement
from bot.media.signed import SignedLinks
from bot.worker.herald import Place
from sandbox.gateway import Fail, FaultKind, Plan
from sandbox.stops import Stage as At
from tests.bot.worker.fitting import QuickFitter
from tests.bot.worker.stage import AT_ONCE, BY_HAND, SMALL, WAIT_SECONDS, Stage

NEVER = 1_000_000
FITTING = ["post_result asked", "made to fit", "post_result asked", "post_result done"]
STOPS = (
    *((at, "POST", "/v3/") for at in At),
    (At.APPLIED, "GET", "/v3/"),
    (At.APPLIED, "GET", "/results/"),
)
"""A read changes nothing, so one moment of it stands for all."""


@dataclass(slots=True)
class Fate:
    """Counts the boundaries of a life and ends it at one of them."""

    stage: Stage
    last: int
    labels: list[str] = field(default_factory=list)
    died: bool = False
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self, label: str) -> None:
        """A boundary of the worker's own."""
        if self._ends_at(label):
            raise asyncio.CancelledError

    async def seen(self, request: web.Request) -> None:
        """A boundary at a gateway, which goes on with what it has read."""
        self._ends_at(f"{request.method} {request.path.split('/')[1]}")

    def _ends_at(self, label: str) -> bool:
        self.moved.set()
        if not self.died:
            self.labels.append(label)
            self.died = len(self.labels) > self.last
            self.stage.database.down = self.died
        return self.died


async def live(stage: Stage, job: Job, last: int = NEVER) -> Fate:
    """One life of the worker: to the job's end, or to the boundary number `last` (from 0)."""
    fate = Fate(stage, last)
    stage.gateway.stops.armed.clear()
    for at, method, path in STOPS:
        stage.gateway.stops.at(at, method, path, fate.seen, times=NEVER)
    stage.database.reached = stage.herald.reached = fate.reached
    if isinstance(stage.fitter, QuickFitter):
        stage.fitter.reached = fate.reached
    worker = stage.build(f"life {len(stage.workers)}")
    beginning = asyncio.create_task(worker.start())
    async with asyncio.timeout(WAIT_SECONDS):
        while not fate.died and not await _ended(stage, job):
            await _move(stage, fate)
    await asyncio.gather(beginning, return_exceptions=True)
    stage.database.down = True
    await worker.kill()
    stage.database.down = False
    return fate


async def _move(stage: Stage, fate: Fate) -> None:
    """Wait for the next boundary; where none comes, time has to pass."""
    fate.moved.clear()
    try:
        async with asyncio.timeout(0.05):
            await fate.moved.wait()
    except TimeoutError:
        await stage.elapse(0.5)


async def _ended(stage: Stage, job: Job) -> bool:
    try:
        if (await stage.read(job)).state not in {JobState.DELIVERED, JobState.UNSURE, JobState.FAILED}:
            return False
        return not await stage.notes(job) and await stage.lease_owner(job) is None
    except StoreUnavailableError:
        return False


async def check(stage: Stage, job: Job, durable: set[JobState], label: str, pause: float = 0) -> None:
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
            # A ping is not searched for, so one whose note was lost for longer than nonces live is said twice.
            assert 1 <= [ping.job_id for ping in stage.herald.pings].count(job.id) <= 1 + (pause > 60), label
        case state:
            assert (state, settled) == (JobState.FAILED, Settlement.REFUNDED), label


async def every_death(
    stage: Stage,
    *,
    pause: float = 0,
    again: int | None = None,
    private: bool = False,
    step: int = 1,
    reply_seconds: float | None = None,
    size_limit: int = 10 << 20,
) -> list[str]:
    """Die at the first boundary, at the next, and so on, until a life goes through; its boundaries."""
    for last in range(0, 200, step):
        order = {"private": private, "reply_seconds": reply_seconds, "size_limit": size_limit}
        job = await stage.order(f"number {last} of all", **order)  # type: ignore[arg-type]
        fate = await live(stage, job, last)
        if not fate.died:
            await check(stage, job, set(), "no death")
            return fate.labels
        durable = {(await stage.read(job)).state}
        label = f"died at {last}: {fate.labels[-3:]} with {durable}"
        stage.clock.jump(pause)
        if again is not None and (await live(stage, job, last * again % 13)).died:
            durable.add((await stage.read(job)).state)
            stage.clock.jump(pause)
        await live(stage, job)
        await check(stage, job, durable, label, pause)
    raise AssertionError("there is no end to it")


async def test_a_death_at_any_boundary_loses_orders_and_posts_nothing_twice(stage: Stage) -> None:
    labels = await every_death(stage, private=True)

    assert len(labels) >= 28
    assert {"write asked", "write done", "POST v3", "GET v3", "GET results", "post_result done"} <= set(labels)


async def test_a_second_death_and_minutes_between_the_lives_change_nothing(stage: Stage) -> None:
    assert len(await every_death(stage, pause=120, again=7, step=2)) >= 24


async def test_a_death_at_any_boundary_gives_the_video_to_the_interaction_once(stage: Stage) -> None:
    """There no nonce tells a repetition apart."""
    stage.herald.closed = {Place.CHANNEL}

    assert len(await every_death(stage, step=2, reply_seconds=600)) >= 28

    assert {post.place for post in stage.herald.posts} == {Place.REPLY, Place.PARENT}


@pytest.mark.parametrize("pause", [0, 120])
async def test_a_death_at_any_boundary_on_the_way_down_to_a_smaller_file_posts_it_once(
    stage: Stage, pause: float
) -> None:
    stage.fitter = QuickFitter(stage.folder / "files")
    stage.gateway.default_plan = replace(AT_ONCE, video=replace(SMALL, padding_bytes=20_000))
    stage.herald.known_limits = {Place.CHANNEL: 100_000, Place.REPLY: 100_000}
    stage.herald.upload_limit = 10_000

    labels = await every_death(stage, pause=pause, size_limit=10_000)

    assert [label for label in labels if label in FITTING] == FITTING
    assert {post.size_bytes for post in stage.herald.posts} == {10_000}


async def test_a_death_at_any_boundary_on_the_way_to_a_link_of_our_own_posts_it_once(stage: Stage) -> None:
    stage.fitter = fitter = QuickFitter(stage.folder / "files")
    fitter.least_bytes = 100_000
    stage.results = replace(stage.results, links=SignedLinks("https://videos.example", b"secret", stage.clock))
    stage.gateway.default_plan = replace(AT_ONCE, ttl=600, video=replace(SMALL, padding_bytes=20_000))

    await every_death(stage, step=2, size_limit=10_000)

    assert {(post.url or "").startswith("https://videos.example/files/") for post in stage.herald.posts} == {True}
    assert len(list((stage.folder / "results").iterdir())) == 1


async def test_a_death_at_any_boundary_gives_the_interaction_a_smaller_file_once(stage: Stage) -> None:
    stage.fitter = QuickFitter(stage.folder / "files")
    stage.gateway.default_plan = replace(AT_ONCE, video=replace(SMALL, padding_bytes=20_000))
    stage.herald.closed = {Place.CHANNEL}
    stage.herald.known_limits[Place.REPLY] = 100_000
    stage.herald.upload_limit = 10_000

    await every_death(stage, step=2, size_limit=10_000, reply_seconds=600)

    assert {post.size_bytes for post in stage.herald.posts} == {10_000}


async def test_a_death_at_any_boundary_of_an_order_that_is_refused_and_then_fails_costs_nothing(stage: Stage) -> None:
    for last in range(60):
        stage.gateway.fault("submit", FaultKind.SERVICE_NOT_AVAILABLE, only=f"number {last} of")
    stage.gateway.default_plan = Plan(queued_seconds=0, processing_seconds=0, outcome=Fail("heavy_load"))

    assert (await every_death(stage, step=2)).count("POST v3") == 6


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
    fate = await live(stage, job, 5)
    assert (await stage.read(job)).state is JobState.SUBMITTING, fate.labels

    await live(stage, job)

    unsure = await stage.read(job)
    assert unsure.state is JobState.UNSURE
    assert stage.gateway.submits == 0
    assert unsure.failure_detail
    assert isinstance(unsure.status, MessagePlace)
