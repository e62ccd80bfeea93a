import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from aiohttp import web
from structlog.testing import LogCapture

from bot.domain.job import JobState
from bot.domain.outbox import NoteKind
from bot.worker.advance import Held
from bot.worker.scheduler import Limits, Rhythm, Scheduler
from sandbox.gateway import GatewayServer
from sandbox.stops import Stage as At
from tests.bot.worker.stage import BRIEF, BY_HAND, WAIT_SECONDS, Stage

Advance = Callable[[Held], Awaitable[datetime | None]]
QUICK = replace(BRIEF, renew_every_seconds=0.02)


def scheduler(stage: Stage, advance: Advance, *, rhythm: Rhythm = QUICK, at_once: int = 8) -> Scheduler:
    """The loop around a step of the test's own."""
    return Scheduler(stage.database, advance, stage.clock, "first", Limits(20, at_once=at_once), rhythm=rhythm)


async def running(stage: Stage, loop: Scheduler, during: Callable[[], Awaitable[None]]) -> None:
    """Run the loop for as long as `during` takes, then stop it."""
    stop = asyncio.Event()
    working = asyncio.create_task(loop.run(stop))
    try:
        await during()
    finally:
        stop.set()
        await working


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not happened():  # noqa: ASYNC110  what may happen has no single event
            await asyncio.sleep(0.003)


async def test_one_bad_job_does_not_stop_the_others(stage: Stage, log: LogCapture) -> None:
    bad, *good = [await stage.order() for _ in range(4)]
    done: list[str] = []

    async def advance(held: Held) -> datetime | None:
        if held.job.id == bad.id:
            raise RuntimeError("a bad job")
        done.append(held.job.id)
        return None

    loop = scheduler(stage, advance)
    await running(stage, loop, lambda: until(lambda: len(done) == 3))

    assert sorted(done) == sorted(job.id for job in good)
    failures = [entry for entry in log.entries if entry["event"] == "job step failed"]
    assert [entry["job"] for entry in failures] == [bad.id]


async def test_a_job_whose_step_failed_is_tried_again_later_and_later(stage: Stage) -> None:
    await stage.order()
    tried: list[datetime] = []

    async def advance(held: Held) -> datetime | None:
        tried.append(stage.clock())
        assert held.news
        raise RuntimeError("a bad job")

    loop = scheduler(stage, advance)

    async def during() -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while len(tried) < 6:
                await asyncio.sleep(0.002)
                stage.clock.jump(0.2)
                loop.wake("nobody")

    await running(stage, loop, during)

    gaps = [(after - before).total_seconds() for before, after in pairwise(tried)]
    assert gaps[0] >= 0.5
    assert gaps[4] >= 8


async def test_the_loop_outlives_a_database_that_is_down(stage: Stage) -> None:
    await stage.start()
    stage.database.down = True
    await stage.elapse(6)
    await asyncio.sleep(0.1)

    stage.database.down = False
    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED, hurry=0.5)


async def test_the_loop_outlives_thousands_of_failed_passes(stage: Stage) -> None:
    loop = scheduler(stage, _nothing)
    loop._failures = 5000
    stage.database.down = True

    async def during() -> None:
        await until(lambda: loop._failures > 5000)
        stage.database.down = False
        loop.wake("nobody")
        await until(lambda: loop._failures == 0)

    await running(stage, loop, during)

    assert loop._failures == 0


async def _nothing(_: Held) -> datetime | None:
    return None


async def test_a_file_that_was_replaced_stops_new_steps_and_not_the_loop(stage: Stage) -> None:
    await stage.start()
    path = stage.database.path
    moved = path.with_name("moved.db")
    shutil.move(path, moved)
    await stage.elapse(6)
    await asyncio.sleep(0.05)
    shutil.move(moved, path)

    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED, hurry=0.5)


async def test_a_slow_gateway_does_not_delay_the_other(stage: Stage, highway: GatewayServer) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    slow = [await stage.until_state(await stage.order(), JobState.RENDERING) for _ in range(5)]
    release = asyncio.Event()

    async def hang(_: web.Request) -> None:
        await release.wait()

    stage.gateway.stops.at(At.RECEIVED, "GET", "/v3/", hang, times=1000)
    stage.worker.gateways.mark_retired("myrouter", "sora-2-video-reverse")
    await asyncio.sleep(0.05)

    quick = [await stage.order() for _ in range(3)]

    for job in quick:
        await stage.until_state(job, JobState.DELIVERED)
    release.set()
    assert [(await stage.read(job)).state for job in slow] == [JobState.RENDERING] * 5
    assert len(highway.orders) == 3


async def test_no_more_orders_are_out_than_allowed(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    most = 0

    async def count(_: str) -> None:
        nonlocal most
        async with stage.database.read() as tx:
            most = max(most, await stage.rendering(tx))

    await stage.start(max_rendering=2)
    stage.database.reached = count

    jobs = [await stage.order() for _ in range(6)]

    for number in range(6):
        await stage.gateway.wait_for(lambda n=number: len(stage.gateway.orders) > n)  # type: ignore[misc]
        assert len(stage.gateway.orders) <= number + 2
        stage.gateway.orders[number].task.finish()
    for job in jobs:
        await stage.until_state(job, JobState.DELIVERED)
    assert most == 2
    assert [order.body["prompt"] for order in stage.gateway.orders] == ["a fox in snow"] * 6


async def test_no_more_steps_run_at_once_than_allowed(stage: Stage) -> None:
    for _ in range(5):
        await stage.order()
    now = most = total = 0

    async def advance(_: Held) -> datetime | None:
        nonlocal now, most, total
        now, total = now + 1, total + 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        return None

    loop = scheduler(stage, advance, at_once=2)
    await running(stage, loop, lambda: until(lambda: total >= 5))

    assert most == 2


async def test_a_wake_up_during_a_step_is_not_lost(stage: Stage) -> None:
    job = await stage.order()
    seen: list[bool] = []

    async def advance(held: Held) -> datetime | None:
        seen.append(held.news)
        held.news = False
        if len(seen) == 1:
            loop.wake(job.id)
            await asyncio.sleep(0.01)
        return stage.clock() + timedelta(seconds=30)

    loop = scheduler(stage, advance)
    await running(stage, loop, lambda: until(lambda: len(seen) == 2))

    assert seen == [True, True]


async def test_a_job_about_which_something_is_noted_while_it_is_handed_back_is_looked_at_at_once(stage: Stage) -> None:
    """The wake-up comes when the job is not held any more and its lease is not free yet."""
    job = await stage.order()
    looks = 0

    async def advance(_: Held) -> datetime | None:
        nonlocal looks
        looks += 1
        if looks == 1:
            await stage.note(job, NoteKind.STATUS)
            stage.database.reached = wake_up
        return None

    async def wake_up(step: str) -> None:
        if step == "write asked":
            stage.database.reached = _silent
            loop.wake(job.id)
            await asyncio.sleep(0.03)

    loop = scheduler(stage, advance)
    started = stage.clock()

    await running(stage, loop, lambda: until(lambda: looks == 2))

    assert (stage.clock() - started).total_seconds() < 4


async def _silent(_: str) -> None:
    return None


async def test_an_idle_loop_is_quiet(stage: Stage) -> None:
    await stage.start()
    await asyncio.sleep(0.1)
    before = (stage.database.reads, stage.database.writes)

    await asyncio.sleep(0.3)

    assert (stage.database.reads, stage.database.writes) == before


async def test_an_overdue_job_makes_no_busy_loop(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    stage.interval_seconds = 5
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    await stage.elapse(3700)
    await stage.until_state(job, JobState.OVERDUE)
    await asyncio.sleep(0.1)
    before = (stage.gateway.polls, stage.database.reads, stage.database.writes)

    await asyncio.sleep(0.3)

    assert (stage.gateway.polls, stage.database.reads, stage.database.writes) == before


async def test_a_rendering_job_reads_and_writes_nothing_between_two_polls(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    stage.interval_seconds = 0.04
    await stage.start()
    await stage.until_state(await stage.order(), JobState.RENDERING)
    await stage.gateway.wait_for(lambda: stage.gateway.polls >= 2)
    before = (stage.database.reads, stage.database.writes, stage.gateway.polls)

    await stage.gateway.wait_for(lambda: stage.gateway.polls >= before[2] + 3)

    assert (stage.database.reads, stage.database.writes) == before[:2]


async def test_plans_do_not_pile_up(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    worker = await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)

    for _ in range(50):
        worker.scheduler.wake(job.id)
        await asyncio.sleep(0.002)
    await stage.elapse(1)

    async def is_worked_off() -> bool:
        return len(worker.scheduler._plans) <= 3

    await stage.until(is_worked_off)


async def test_leases_are_renewed_while_jobs_are_held(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    stage.rhythm = QUICK
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    before = await stage.lease_until(job)

    await asyncio.sleep(0.1)

    after = await stage.lease_until(job)
    assert before and after and after > before
    assert await stage.lease_owner(job) == "first"


async def test_a_lost_lease_ends_the_work_on_the_job(stage: Stage, log: LogCapture) -> None:
    stage.gateway.default_plan = BY_HAND
    stage.rhythm = QUICK
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)

    await stage.steal(job)
    await until(lambda: _logged(log, "lease lost"))
    stage.gateway.orders[0].task.finish()
    await asyncio.sleep(0.1)

    assert (await stage.read(job)).state is JobState.RENDERING
    assert await stage.lease_owner(job) == "another"


def _logged(log: LogCapture, event: str) -> bool:
    return any(entry["event"] == event for entry in log.entries)


async def test_a_stop_with_a_lost_lease_in_flight_ends_in_peace(stage: Stage) -> None:
    job = await stage.order()
    began = asyncio.Event()

    async def advance(held: Held) -> datetime | None:
        began.set()
        await asyncio.sleep(5)
        return None

    loop = scheduler(stage, advance)

    async def during() -> None:
        await began.wait()
        await stage.steal(job)
        await until(lambda: not loop._held)

    await running(stage, loop, during)

    assert await stage.lease_owner(job) == "another"


async def test_jobs_at_work_are_not_claimed_once_more_when_their_leases_have_run_out(stage: Stage) -> None:
    """As after the machine has slept: nobody renewed, nobody else took them."""
    job = await stage.order()
    fences: list[int] = []
    release = asyncio.Event()

    async def advance(held: Held) -> datetime | None:
        fences.append(held.job.fence)
        await release.wait()
        return None

    loop = scheduler(stage, advance, rhythm=BRIEF)

    async def during() -> None:
        await until(lambda: len(fences) == 1)
        stage.clock.jump(600)
        loop.wake("nobody")
        await asyncio.sleep(0.05)
        release.set()
        await stage.until_free(job)

    await running(stage, loop, during)

    assert fences == [1]
    assert (await stage.read(job)).fence == 1


async def test_leases_that_cannot_be_renewed_do_not_end_the_loop(stage: Stage, log: LogCapture) -> None:
    stage.gateway.default_plan = BY_HAND
    stage.rhythm = QUICK
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    stage.database.down = True
    await asyncio.sleep(0.06)
    stage.database.down = False

    stage.gateway.orders[0].task.finish()

    await stage.until_state(job, JobState.DELIVERED, hurry=0.2)
    assert _logged(log, "leases not renewed")


async def test_a_lease_that_cannot_be_handed_back_runs_out_by_itself(stage: Stage, log: LogCapture) -> None:
    await stage.order()

    async def advance(_: Held) -> datetime | None:
        stage.database.down = True
        return None

    loop = scheduler(stage, advance, rhythm=BRIEF)

    await running(stage, loop, lambda: until(lambda: _logged(log, "lease not handed back, it runs out by itself")))

    assert loop._held == {}


async def test_a_stop_hands_the_leases_back(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    stage.interval_seconds = 5
    worker = await stage.start()
    jobs = [await stage.until_state(await stage.order(), JobState.RENDERING) for _ in range(2)]

    await worker.stop()

    assert [await stage.lease_owner(job) for job in jobs] == [None, None]
    assert await stage.due(jobs[0]) is not None


async def test_a_stop_while_the_database_is_down_ends_all_the_same(stage: Stage, log: LogCapture) -> None:
    stage.gateway.default_plan = BY_HAND
    worker = await stage.start()
    await stage.until_state(await stage.order(), JobState.RENDERING)
    stage.database.down = True

    await worker.stop()

    stage.database.down = False
    assert _logged(log, "leases not handed back, they run out by themselves")


async def test_a_stop_claims_and_begins_nothing_more(stage: Stage) -> None:
    for _ in range(3):
        await stage.order()
    begun: list[str] = []
    stop = asyncio.Event()

    async def advance(held: Held) -> datetime | None:
        begun.append(held.job.id)
        return None

    async def stop_at_claim(step: str) -> None:
        if step == "write done":
            stop.set()

    stage.database.reached = stop_at_claim
    await scheduler(stage, advance).run(stop)

    assert begun == []


async def test_an_order_that_was_sent_is_awaited_at_a_stop(stage: Stage) -> None:
    stage.rhythm = Rhythm(stop_seconds=0.05, order_seconds=2)
    received, release = asyncio.Event(), asyncio.Event()

    async def hold(_: web.Request) -> None:
        received.set()
        await release.wait()

    stage.gateway.stops.at(At.APPLIED, "POST", "/v3/", hold)
    worker = await stage.start()
    job = await stage.order()
    await received.wait()
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0.15)
    waits = not stopping.done()

    release.set()
    await stopping

    after = await stage.read(job)
    assert waits
    assert (after.state, await stage.lease_owner(job)) == (JobState.RENDERING, None)
    assert after.task is not None
    assert after.task.task_id == stage.gateway.orders[0].task_id


async def test_an_order_that_is_never_answered_does_not_hold_up_a_stop_for_ever(stage: Stage) -> None:
    stage.rhythm = Rhythm(stop_seconds=0.1, order_seconds=0.3)
    stage.gateway.fault("submit", "no_answer")
    worker = await stage.start()
    job = await stage.order()
    await stage.gateway.wait_for(lambda: stage.gateway.submits == 1)

    await asyncio.wait_for(worker.stop(), 30)

    assert (await stage.read(job)).state is JobState.SUBMITTING
    await stage.start("second")
    await stage.until_state(job, JobState.UNSURE)


async def test_a_refused_order_does_not_go_to_the_next_gateway_at_a_stop(stage: Stage, highway: GatewayServer) -> None:
    received, release = asyncio.Event(), asyncio.Event()

    async def hold(_: web.Request) -> None:
        received.set()
        await release.wait()

    stage.gateway.fault("submit", "service_not_available")
    stage.gateway.stops.at(At.APPLIED, "POST", "/v3/", hold)
    worker = await stage.start()
    job = await stage.order()
    await received.wait()
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0.02)

    release.set()
    await stopping

    assert (await stage.read(job)).state is JobState.QUEUED
    assert (await stage.lease_owner(job), highway.submits) == (None, 0)


async def test_a_post_in_flight_is_finished_at_a_stop(stage: Stage) -> None:
    asked, release = asyncio.Event(), asyncio.Event()

    async def hold(step: str) -> None:
        if step == "post_result asked":
            asked.set()
            await release.wait()

    stage.herald.reached = hold
    # What has to be told after a post takes several transactions, on a machine that may be busy.
    stage.rhythm = Rhythm(stop_seconds=4, order_seconds=5)
    worker = await stage.start()
    job = await stage.order()
    await asked.wait()
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0.02)

    release.set()
    await stopping

    assert (await stage.read(job)).state is JobState.DELIVERED
    assert (len(stage.herald.of(job)), await stage.lease_owner(job)) == (1, None)


async def test_an_outage_of_the_lease_keeper_ends_the_loop_with_its_error(stage: Stage) -> None:
    async def advance(_: Held) -> datetime | None:
        return stage.clock() + timedelta(seconds=30)

    job = await stage.order()
    loop = scheduler(stage, advance)
    failed: list[str] = []

    async def break_renewal(step: str) -> None:
        if step == "write asked" and loop._held:
            failed.append(job.id)
            raise RuntimeError("not a matter of the database")

    async def during() -> None:
        await until(lambda: bool(loop._held))
        stage.database.reached = break_renewal
        await until(lambda: bool(failed))
        stage.database.reached = _silent
        loop.wake("nobody")

    stop = asyncio.Event()
    working = asyncio.create_task(loop.run(stop))
    await during()
    try:
        await asyncio.wait_for(working, WAIT_SECONDS)
    except RuntimeError as error:
        assert "not a matter" in str(error)
    else:
        raise AssertionError("it went on without its leases")
