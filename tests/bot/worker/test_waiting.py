"""An order that waits for a manager, and what comes over it meanwhile: it is made once, or costs nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.administration.approval import Approval
from bot.domain.guild import GuildChoices
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.domain.request import VideoRequest
from bot.orders.account import Account
from bot.policy.asker import Asker
from bot.policy.gate import Gate
from bot.store import jobs, leaving, ledger, posts
from tests.bot.store.records import rows
from tests.bot.worker.stage import CHANNEL, GUILD, MEMBER, Stage

DAY = 86_400.0
MANAGER = Asker(MEMBER + 1, GUILD, CHANNEL, "en-US", manages=True)


async def _as_it_is(job: Job, _author: Asker, _choices: GuildChoices) -> VideoRequest:
    return job.request


async def approve(stage: Stage, job: Job) -> None:
    """A manager presses Approve."""
    wake = stage.worker.scheduler.wake
    approval = Approval(stage.database, stage.clock, wake, timedelta(hours=1), _as_it_is, Gate())
    await approval.approve(MANAGER, job.id, Asker(MEMBER, GUILD, CHANNEL, "en-US"))


@pytest.fixture
async def waiting(stage: Stage) -> AsyncIterator[Job]:
    """An order with a card that asks."""
    await stage.choose(log_channel_id=7)
    job = await stage.order()
    async with stage.database.write() as tx:
        await tx.exec_driver_sql("UPDATE jobs SET state = 'awaiting_approval'")
    await stage.note(job, NoteKind.CARD)
    await stage.start()
    await stage.until(lambda: _has_card(stage, job))
    await stage.until_free(job)
    yield await stage.read(job)


async def _has_card(stage: Stage, job: Job) -> bool:
    async with stage.database.read() as tx:
        return bool(await posts.of_job(tx, job.id))


async def _is_gone(stage: Stage, job: Job) -> bool:
    async with stage.database.read() as tx:
        return await jobs.get(tx, job.id) is None


async def test_what_is_approved_is_ordered_once_and_posted(stage: Stage, waiting: Job) -> None:
    await approve(stage, waiting)

    done = await stage.until_state(waiting, JobState.DELIVERED)

    assert len(stage.gateway.orders) == len(stage.herald.posts) == 1
    assert await stage.settlement(done) is Settlement.CHARGED


async def test_what_was_approved_right_before_a_death_goes_on_after_it(stage: Stage, waiting: Job) -> None:
    await stage.worker.stop()
    await approve(stage, waiting)

    await stage.start("second", upkeep=True)
    await stage.until_state(waiting, JobState.DELIVERED)

    assert len(stage.gateway.orders) == 1


async def test_what_nobody_approved_while_the_process_was_down_is_given_back_at_its_start(
    stage: Stage, waiting: Job
) -> None:
    await stage.worker.stop()
    stage.clock.jump(3 * DAY)

    await stage.start("second", upkeep=True)
    await stage.until_state(waiting, JobState.CANCELLED)

    assert await stage.settlement(waiting) is Settlement.REFUNDED
    assert stage.gateway.orders == []


async def test_whoever_wants_to_be_erased_gets_it_back_and_leaves_nothing(stage: Stage, waiting: Job) -> None:
    await Account(stage.database, stage.clock, stage.worker.scheduler.wake).erase(MEMBER)
    spent = await _spent(stage)

    async def forgotten() -> bool:
        await stage.worker.upkeep.erasure.go_on()
        return await _is_gone(stage, waiting)

    await stage.until(forgotten)
    assert spent == 0
    assert stage.gateway.orders == []
    assert await rows(stage.database, "SELECT * FROM posts") == []


async def test_a_moderator_removes_it_and_its_card_says_so(stage: Stage, waiting: Job) -> None:
    await stage.remove(waiting)

    async def says_so() -> bool:
        return stage.herald.carded[-1].job.removed_at is not None

    await stage.until(says_so)
    assert (await stage.read(waiting)).state is JobState.CANCELLED
    assert len(stage.herald.cards) == 1
    assert await stage.settlement(waiting) is Settlement.REFUNDED
    assert await _spent(stage) == 0


async def test_a_server_that_the_bot_was_removed_from_is_forgotten_after_it_was_given_back(
    stage: Stage, waiting: Job
) -> None:
    async with stage.database.write() as tx:
        await leaving.note_left(tx, GUILD, stage.clock())
        early = await leaving.forget(tx, GUILD)
    stage.clock.jump(DAY + 1)
    await stage.until_state(waiting, JobState.CANCELLED)
    await stage.until_free(waiting)

    async with stage.database.write() as tx:
        assert (early, await leaving.forget(tx, GUILD)) == (False, True)
    assert await _is_gone(stage, waiting)
    assert await _spent(stage) == 0


async def _spent(stage: Stage) -> int:
    async with stage.database.read() as tx:
        return await ledger.spent_since(tx, stage.clock() - timedelta(days=9))
