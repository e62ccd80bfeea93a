"""The card about a job in the log channel: one for each, whatever happens between a change and its telling."""

import pytest
from structlog.testing import LogCapture

from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.orders.account import Account
from bot.worker.herald import Place, PlaceClosedError, PostDeletedError, TryAgainError
from sandbox.gateway import FaultKind
from tests.bot.store.records import rows
from tests.bot.worker.stage import BY_HAND, MEMBER, Stage


def states(stage: Stage) -> list[JobState]:
    """What the cards said, one after the other."""
    return [carded.job.state for carded in stage.herald.carded]


async def wait(stage: Stage, job: Job) -> Job:
    """Set a job where it waits for a manager."""
    async with stage.database.write() as tx:
        await tx.exec_driver_sql("UPDATE jobs SET state = 'awaiting_approval'")
    return await stage.read(job)


async def test_a_finished_video_has_a_card_with_its_money(stage: Stage) -> None:
    await stage.start()

    job = await stage.until_state(await stage.order(), JobState.DELIVERED)

    (carded,) = stage.herald.carded
    assert (carded.job.id, carded.job.state, carded.job.message) == (job.id, JobState.DELIVERED, job.message)
    assert carded.record.standing.settlement is Settlement.CHARGED


async def test_a_video_of_direct_messages_has_none(stage: Stage) -> None:
    await stage.start()

    await stage.until_state(await stage.order(guild_id=None), JobState.DELIVERED)

    assert stage.herald.carded == []


async def test_what_its_member_has_cancelled_has_none(stage: Stage) -> None:
    stage.build(max_rendering=0)
    await stage.worker.start()
    job = await stage.order()

    await stage.cancel(job)
    await stage.until_state(job, JobState.CANCELLED)

    assert stage.herald.carded == []


async def test_a_failure_that_was_late_changes_the_card_that_stands(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    stage.clock.jump(3700)
    await stage.until_state(job, JobState.OVERDUE, hurry=1)

    stage.gateway.orders[0].task.finish()
    await stage.until_state(job, JobState.DELIVERED, hurry=60)

    assert states(stage) == [JobState.OVERDUE, JobState.DELIVERED]
    assert len(stage.herald.cards) == 1
    assert len({carded.message for carded in stage.herald.carded}) == 1


async def test_an_order_of_unknown_outcome_has_a_card_also_when_the_process_ended_before_it_was_posted(
    stage: Stage,
) -> None:
    stage.gateway.fault("submit", FaultKind.BAD_GATEWAY)
    stage.herald.trouble("post_card", TryAgainError(), times=10**6)
    worker = await stage.start()
    job = await stage.order()

    await stage.until(lambda: _is_tried(stage, job))
    await worker.stop()
    stage.herald._troubles.clear()
    await stage.start("second")
    await stage.until_state(job, JobState.UNSURE, hurry=1)

    assert len(stage.herald.cards) == 1


@pytest.mark.parametrize("history_closed", [False, True])
async def test_a_card_whose_answer_was_lost_long_ago_is_looked_for(stage: Stage, history_closed: bool) -> None:
    stage.gateway.fault("submit", FaultKind.BAD_GATEWAY)
    stage.herald.trouble("post_card", TryAgainError(300.0), after=True)
    stage.herald.history_closed = history_closed
    await stage.start()
    job = await stage.order()
    await stage.until(lambda: _is_tried(stage, job))
    assert len(stage.herald.cards) == 1

    stage.clock.jump(301)
    await stage.until_state(job, JobState.UNSURE, hurry=0.2)

    assert len(stage.herald.cards) == (2 if history_closed else 1)
    assert {carded.message for carded in stage.herald.carded[1:]} == {stage.herald.cards[-1].message}


async def _is_tried(stage: Stage, job: Job) -> bool:
    return any(note.kind is NoteKind.CARD and note.attempts for note in await stage.notes(job))


async def test_a_post_whose_answer_was_lost_is_not_made_twice(stage: Stage) -> None:
    stage.herald.trouble("post_card", TryAgainError(), after=True)
    await stage.start()

    await stage.until_state(await stage.order(), JobState.DELIVERED, hurry=0.2)

    assert len(stage.herald.cards) == 1
    assert len(stage.herald.carded) == 2


@pytest.mark.parametrize("error", [PlaceClosedError(), PostDeletedError()])
async def test_without_a_log_channel_nothing_happens(stage: Stage, log: LogCapture, error: Exception) -> None:
    stage.herald.trouble("post_card", error)
    await stage.start()

    job = await stage.until_state(await stage.order(), JobState.DELIVERED)

    (line,) = [entry for entry in log.entries if entry["event"] == "no log channel, or its card was deleted"]
    assert (line["log_level"], line["job"]) == ("info", job.id)
    assert await rows(stage.database, "SELECT * FROM posts") == []


async def test_a_card_that_was_deleted_is_not_posted_again(stage: Stage) -> None:
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.DELIVERED)
    stage.herald.closed.add(Place.LOG)

    await stage.remove(job)
    await stage.until_state(job, JobState.DELIVERED)

    assert states(stage) == [JobState.DELIVERED]


async def test_a_removal_changes_the_card_and_leaves_it_where_it_is(stage: Stage) -> None:
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.DELIVERED)

    await stage.remove(job)
    await stage.until_state(job, JobState.DELIVERED)

    first, second = stage.herald.carded
    assert first.message == second.message
    assert (first.job.removed_at, second.job.removed_at is None) == (None, False)
    assert first.message not in stage.herald.taken_down


async def test_of_somebody_who_wants_to_be_erased_there_is_no_card(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    await Account(stage.database, stage.clock, stage.worker.scheduler.wake).erase(MEMBER)

    stage.gateway.orders[0].task.finish()
    await stage.until_state(job, JobState.UNDELIVERED, hurry=1)

    assert stage.herald.carded == []


async def test_an_order_that_nobody_approves_in_a_day_is_refunded_and_everybody_is_told(stage: Stage) -> None:
    job = await wait(stage, await stage.order())
    await stage.note(job, NoteKind.CARD)
    await stage.start()
    await stage.until_state(job, JobState.AWAITING_APPROVAL)
    stage.clock.jump(24 * 3600 + 1)

    over = await stage.until_state(job, JobState.CANCELLED, hurry=1)

    assert over.failure is FailureKind.NOT_APPROVED
    assert await stage.settlement(job) is Settlement.REFUNDED
    assert stage.herald.last_shown(job).job.state is JobState.CANCELLED
    assert [ping.job_id for ping in stage.herald.pings] == [job.id]
    assert states(stage) == [JobState.AWAITING_APPROVAL, JobState.CANCELLED]
    assert len(stage.herald.cards) == 1
    assert stage.gateway.orders == []


async def test_an_order_waits_for_approval_through_a_restart(stage: Stage) -> None:
    job = await wait(stage, await stage.order())
    worker = await stage.start()
    await stage.until_free(job)
    await worker.stop()

    await stage.start("second")
    stage.clock.jump(3600)
    await stage.until_free(job)

    assert (await stage.read(job)).state is JobState.AWAITING_APPROVAL
    assert stage.gateway.orders == []


async def test_that_nobody_can_be_asked_to_approve_is_logged_for_the_operator(stage: Stage, log: LogCapture) -> None:
    stage.herald.closed.add(Place.LOG)
    job = await wait(stage, await stage.order())
    await stage.note(job, NoteKind.CARD)

    await stage.start()
    await stage.until_state(job, JobState.AWAITING_APPROVAL)

    (line,) = [entry for entry in log.entries if entry["event"] == "nobody can be asked to approve"]
    assert (line["log_level"], line["job"], line["guild"]) == ("warning", job.id, job.guild_id)
