import asyncio
import os
from dataclasses import replace
from datetime import timedelta

from structlog.testing import LogCapture

from bot.domain.job import JobState
from bot.domain.ledger import Settlement
from bot.store import jobs, loans
from tests.bot.worker.stage import BY_HAND, CHANNEL, Stage, claim


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


async def test_upkeep_looks_at_once_for_what_a_crash_has_left(stage: Stage) -> None:
    async with stage.database.write() as tx:
        await loans.begin(tx, "0000000000", CHANNEL, stage.clock() - timedelta(minutes=3))
    upkeep, stop = replace(stage.build().upkeep, every_seconds=3600.0), asyncio.Event()
    running = asyncio.create_task(upkeep.run(stop))

    await stage.gateway.wait_for(lambda: bool(stage.worker.taken_back))
    stop.set()
    await running


async def test_the_kept_files_are_looked_at_once_an_hour(stage: Stage) -> None:
    await stage.start(upkeep=True)
    folder = stage.folder / "inputs"
    folder.mkdir()
    unnamed = folder / f"{'0' * 32}.png"
    await stage.elapse(3600)
    await asyncio.sleep(0.6)
    unnamed.touch()
    os.utime(unnamed, (0, 0))
    await asyncio.sleep(0.6)
    within_the_hour = unnamed.exists()

    await stage.elapse(3600)

    await stage.gateway.wait_for(lambda: not unnamed.exists())
    assert within_the_hour


async def test_upkeep_outlives_a_folder_that_cannot_be_read(stage: Stage, log: LogCapture) -> None:
    (stage.folder / "inputs").write_text("no folder")
    await stage.start(upkeep=True)

    await stage.gateway.wait_for(lambda: any(entry["event"] == "kept files not looked at" for entry in log.entries))
    unseen = await stage.order(seen=False)
    await stage.elapse(61)

    await stage.until_state(unseen, JobState.CANCELLED)
