"""What was lent is taken back once rendering has begun, and when nothing came of the order."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.job import Job, JobState
from bot.domain.loan import Loan
from bot.store import loans
from bot.worker.herald import TryAgainError
from bot.worker.returns import Returns
from sandbox.gateway import Plan
from sandbox.gateway.tasks import Task
from tests.bot.worker.stage import BY_HAND, CHANNEL, SMALL, Stage

FAR_AWAY = Plan(manual=True, video=SMALL, queued_seconds=10, processing_seconds=100, progress=())


async def lend(stage: Stage, job_id: str) -> None:
    """A message with a file stands in the clip channel."""
    async with stage.database.write() as tx:
        loan_id = await loans.begin(tx, job_id, CHANNEL, stage.clock())
        await loans.posted(tx, loan_id, 99)


async def lent(stage: Stage, job_id: str) -> list[Loan]:
    async with stage.database.read() as tx:
        return list(await loans.of_job(tx, job_id))


async def task_of(stage: Stage, job: Job) -> Task:
    await stage.until_state(job, JobState.RENDERING)
    return stage.gateway.orders[-1].task


async def test_a_file_is_taken_back_a_look_after_rendering_has_begun(stage: Stage) -> None:
    stage.gateway.default_plan = FAR_AWAY
    await stage.start()
    job = await stage.order()
    await lend(stage, job.id)
    task = await task_of(stage, job)
    await stage.gateway.wait_for(lambda: task.polls >= 3)
    in_line = list(stage.worker.taken_back)

    task.advance(11)

    async def returned() -> bool:
        return not await lent(stage, job.id)

    await stage.until(returned)
    assert in_line == []
    assert [loan.message_id for loan in stage.worker.taken_back] == [99]
    assert (await stage.read(job)).state is JobState.RENDERING


@pytest.mark.parametrize("ending", ["finish", "fail"])
async def test_a_file_whose_rendering_nobody_saw_is_taken_back_at_the_end(stage: Stage, ending: str) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    job = await stage.order()
    await lend(stage, job.id)
    task = await task_of(stage, job)

    task.finish() if ending == "finish" else task.fail("no")

    await stage.until_state(job, JobState.DELIVERED, JobState.FAILED)
    await stage.until_free(job)
    assert await lent(stage, job.id) == []


async def test_upkeep_takes_back_what_was_lent_for_orders_that_were_cancelled_or_never_came_to_be(
    stage: Stage,
) -> None:
    cancelled = await stage.order(seen=False)
    for job_id in (cancelled.id, "0123456789"):
        await lend(stage, job_id)
    await stage.start(upkeep=True)
    await stage.until_state(cancelled, JobState.CANCELLED)
    await asyncio.sleep(0.06)
    early = list(stage.worker.taken_back)

    await stage.elapse(121)

    async def returned() -> bool:
        return not [*await lent(stage, cancelled.id), *await lent(stage, "0123456789")]

    await stage.until(returned)
    assert early == []
    assert len(stage.worker.taken_back) == 2


async def test_what_cannot_be_taken_back_now_is_taken_back_later(stage: Stage) -> None:
    await lend(stage, "0123456789")
    troubles: list[Exception] = [TryAgainError()]
    deleted: list[Loan] = []

    async def take_back(loan: Loan) -> None:
        if troubles:
            raise troubles.pop()
        deleted.append(loan)

    returns = Returns(stage.database, take_back, stage.clock)
    stage.clock.jump(timedelta(minutes=3).total_seconds())

    await returns.needless()
    still_lent = await lent(stage, "0123456789")
    await returns.needless()

    assert still_lent == deleted
    assert len(deleted) == 1
    assert await lent(stage, "0123456789") == []
