"""Alerts also come for what the books took without an order."""

import pytest
from structlog.testing import LogCapture

from bot.domain.job import JobState
from bot.policy.limits import Budgets
from bot.store import notices
from bot.worker.budgets import BudgetWatch
from sandbox.gateway import FaultKind
from tests.bot.worker.stage import GUILD, PRICE, Stage

HALF = Budgets(guild_month=2 * PRICE, process_day=10**9)


@pytest.fixture(autouse=True)
async def _told_somewhere(stage: Stage) -> None:
    await stage.choose(log_channel_id=7)


async def levels(stage: Stage) -> list[object]:
    async with stage.database.read() as tx:
        due = await notices.due(tx, stage.clock(), limit=99)
    assert {notice.guild_id for notice in due} <= {GUILD}
    return [notice.about["level"] for notice in due]


async def test_a_refunded_video_that_comes_after_all_is_told_with_the_next_look(stage: Stage) -> None:
    stage.bills.unsure = False
    stage.gateway.fault("submit", FaultKind.OK_EMPTY)
    await stage.start()
    watch = BudgetWatch(stage.database, HALF, stage.clock)
    job = await stage.order()
    await stage.until_state(job, JobState.UNSURE)
    await watch.look()
    assert await levels(stage) == []

    await stage.learn(job, stage.gateway.orders[0].task_id)
    await stage.until_state(job, JobState.DELIVERED)

    for _ in range(2):
        await watch.look()
    assert await levels(stage) == [50]


async def test_upkeep_looks_at_what_a_crash_has_left_and_at_what_comes_later(stage: Stage) -> None:
    stage.budgets = HALF
    await stage.order()
    await stage.start(upkeep=True)

    async def half() -> bool:
        return await levels(stage) == [50]

    await stage.until(half)
    await stage.order()

    async def all_of_it() -> bool:
        return await levels(stage) == [50, 80, 100]

    await stage.until(all_of_it)


async def test_a_look_at_what_has_not_grown_writes_nothing(stage: Stage) -> None:
    watch = BudgetWatch(stage.database, HALF, stage.clock)
    await stage.order()
    await watch.look()
    writes = stage.database.writes

    await watch.look()
    await BudgetWatch(stage.database, HALF, stage.clock).look()

    assert stage.database.writes == writes


async def test_direct_messages_have_no_server_to_tell(stage: Stage) -> None:
    await stage.order(guild_id=None)

    await BudgetWatch(stage.database, Budgets(1, 10**9), stage.clock).look()

    assert await levels(stage) == []
    assert await _rows(stage) == 0


async def test_while_the_database_is_away_nothing_is_forgotten(stage: Stage, log: LogCapture) -> None:
    stage.budgets = HALF
    await stage.start(upkeep=True)
    stage.database.down = True

    async def has_failed() -> bool:
        return any(entry["event"] == "upkeep failed" for entry in log.entries)

    await stage.until(has_failed)
    stage.database.down = False
    await stage.order()

    async def half() -> bool:
        return await levels(stage) == [50]

    await stage.until(half)


async def _rows(stage: Stage) -> int:
    async with stage.database.read() as tx:
        return int((await tx.exec_driver_sql("SELECT count(*) FROM notices")).scalar_one())
