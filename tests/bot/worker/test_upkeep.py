import asyncio
from datetime import timedelta

from structlog.testing import LogCapture

from bot.domain.job import JobState
from bot.domain.ledger import Settlement
from bot.store import jobs
from tests.bot.worker.stage import BY_HAND, Stage, claim


async def test_orders_that_nobody_saw_are_void_at_the_start(stage: Stage) -> None:
    unseen = await stage.order(seen=False)
    seen = await stage.order()
    stage.clock.jump(0.01)

    await stage.start()

    await stage.until_state(unseen, JobState.CANCELLED)
    await stage.until_state(seen, JobState.DELIVERED)
    assert await stage.settlement(unseen) is Settlement.REFUNDED
    assert len(stage.gateway.orders) == 1


async def test_orders_that_nobody_saw_for_a_minute_are_void(stage: Stage) -> None:
    await stage.start(upkeep=True)
    unseen = await stage.order(seen=False)
    await asyncio.sleep(0.06)
    young = (await stage.read(unseen)).state

    await stage.elapse(61)

    await stage.until_state(unseen, JobState.CANCELLED)
    assert young is JobState.QUEUED
    assert await stage.settlement(unseen) is Settlement.REFUNDED
    assert stage.gateway.submits == 0


async def test_an_order_that_was_seen_in_time_is_not_void(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start(upkeep=True)
    job = await stage.order()

    await stage.elapse(61)
    await asyncio.sleep(0.06)

    assert (await stage.until_state(job, JobState.RENDERING)).state is JobState.RENDERING


async def test_leases_of_the_process_before_are_taken_over_at_the_start(stage: Stage) -> None:
    job = await stage.order()
    (held,) = await claim(stage, "a dead process")
    assert await stage.lease_owner(job) == "a dead process"

    await stage.start("another")

    await stage.until_state(job, JobState.DELIVERED)
    assert held.fence == 1


async def test_old_jobs_are_forgotten_and_their_sums_are_kept(stage: Stage, log: LogCapture) -> None:
    stage.retention = timedelta(days=90)
    await stage.start(upkeep=True)
    job = await stage.until_state(await stage.order(), JobState.DELIVERED)
    await stage.until_free(job)
    spent = await stage.spent(member=True)

    await stage.elapse(91 * 86_400)

    async def forgotten() -> bool:
        async with stage.database.read() as tx:
            return await jobs.get(tx, job.id) is None

    await stage.until(forgotten)
    await stage.gateway.wait_for(lambda: any(entry["event"] == "old jobs forgotten" for entry in log.entries))
    assert await stage.spent(member=True) == spent > 0


async def test_jobs_that_go_on_are_not_forgotten(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start(upkeep=True)
    job = await stage.until_state(await stage.order(), JobState.RENDERING)

    stage.clock.jump(0)
    stage.retention = timedelta(0)
    await asyncio.sleep(0.06)

    assert (await stage.read(job)).state is JobState.RENDERING


async def test_upkeep_outlives_a_database_that_is_down(stage: Stage, log: LogCapture) -> None:
    await stage.start(upkeep=True)
    unseen = await stage.order(seen=False)
    stage.database.down = True
    await stage.gateway.wait_for(lambda: any(entry["event"] == "upkeep failed" for entry in log.entries))
    stage.database.down = False

    await stage.elapse(61)

    await stage.until_state(unseen, JobState.CANCELLED)
