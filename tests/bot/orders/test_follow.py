"""Seeing, cancelling and deleting what was ordered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.audit import Act, Action
from bot.domain.errors import RefusalError, StoreUnavailableError
from bot.domain.job import ENDED, JobState, MessagePlace
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.domain.standing import Standing
from bot.orders.errors import NotPostedError, NotRunningError
from bot.orders.follow import CancelOutcome
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError, NotYoursError
from bot.store import acts, ledger, outbox
from tests.bot.orders.desk import MEMBER, Desk
from tests.bot.policy.askers import asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, SECOND, add, add_reserved, ask, job, reread

NOT_SENT = {JobState.AWAITING_APPROVAL, JobState.QUEUED}
ON_ITS_WAY = {
    JobState.SUBMITTING,
    JobState.UNSURE,
    JobState.RENDERING,
    JobState.OVERDUE,
    JobState.RENDERED,
    JobState.DELIVERING,
}
STRANGER = asker(user_id=BOB)
MODERATOR = asker(user_id=BOB, moderates=True)
ELSEWHERE = asker(user_id=BOB, guild_id=GUILD + 1, manages=True, moderates=True)


async def kinds(desk: Desk, job_id: str) -> list[NoteKind]:
    async with desk.database.read() as tx:
        return [note.kind for note in await outbox.open_notes(tx, job_id)]


async def settlement(desk: Desk, job_id: str) -> Settlement:
    async with desk.database.read() as tx:
        return await ledger.settlement(tx, job_id)


@pytest.mark.parametrize("state", sorted(NOT_SENT))
async def test_what_was_not_sent_is_cancelled_and_costs_nothing(desk: Desk, state: JobState) -> None:
    written = await add_reserved(desk.database, state=state)

    cancelled, outcome = await desk.following.cancel(MEMBER, written.id)

    assert outcome is CancelOutcome.CANCELLED
    assert cancelled == replace(written, state=JobState.CANCELLED, finished_at=NOW)
    assert await reread(desk.database, written.id) == cancelled
    assert await settlement(desk, written.id) is Settlement.REFUNDED
    assert await kinds(desk, written.id) == [NoteKind.STATUS, NoteKind.CARD]
    assert desk.woken == [written.id]


@pytest.mark.parametrize("state", sorted(ON_ITS_WAY))
async def test_what_was_ordered_is_not_posted_and_counts(desk: Desk, state: JobState) -> None:
    written = await add_reserved(desk.database, state=state)

    noted, outcome = await desk.following.cancel(MEMBER, written.id)
    again, _ = await desk.following.cancel(MEMBER, written.id)

    assert outcome is CancelOutcome.WONT_POST
    assert noted == again == replace(written, dont_post=True)
    assert await settlement(desk, written.id) is Settlement.RESERVED
    assert NoteKind.STATUS in await kinds(desk, written.id)
    assert desk.woken == [written.id] * 2


@pytest.mark.parametrize("state", sorted(set(JobState) - NOT_SENT - ON_ITS_WAY))
async def test_what_is_over_cannot_be_cancelled(desk: Desk, state: JobState) -> None:
    written = await add_reserved(desk.database, state=state)
    before = await desk.contents()

    with pytest.raises(NotRunningError):
        await desk.following.cancel(MEMBER, written.id)

    assert await desk.contents() == before
    assert desk.woken == []
    assert state in ENDED


async def test_a_cancelled_video_leaves_room_for_another(desk: Desk) -> None:
    accepted = await desk.accept()

    await desk.following.cancel(MEMBER, accepted.id)

    assert (await desk.accept()).id != accepted.id


async def test_a_moderator_can_cancel_and_the_books_say_who_did(desk: Desk) -> None:
    written = await add_reserved(desk.database)

    await desk.following.cancel(MODERATOR, written.id)

    contents = await desk.contents()
    assert str(BOB) in str(contents["ledger"])
    recorded = await ask(desk.database, lambda tx: acts.on_job(tx, written.id))
    assert recorded == [Act(NOW, GUILD, BOB, Action.CANCEL, ALICE, written.id)]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [(STRANGER, NotYoursError), (ELSEWHERE, JobGoneError), (asker(user_id=BOB, guild_id=None), JobGoneError)],
)
async def test_what_is_not_ones_own_is_neither_shown_nor_touched(
    desk: Desk, who: Asker, refusal: type[RefusalError]
) -> None:
    written = await add_reserved(desk.database, message_channel_id=5, message_id=6)
    before = await desk.contents()

    for request in (desk.following.get, desk.following.cancel, desk.following.to_delete):
        with pytest.raises(refusal):
            await request(who, written.id)

    assert await desk.contents() == before


async def test_a_job_that_does_not_exist_is_gone(desk: Desk) -> None:
    for request in (desk.following.get, desk.following.cancel, desk.following.to_delete):
        with pytest.raises(JobGoneError):
            await request(MEMBER, "nosuchjob0")


async def test_the_author_and_a_moderator_can_look_at_a_job(desk: Desk) -> None:
    written = await add_reserved(desk.database)

    for who in (MEMBER, MODERATOR, asker(guild_id=None)):
        found, known = await desk.following.get(who, written.id)

        assert found == written
        assert known == Standing(Settlement.RESERVED, line=1)


async def test_the_queue_has_ones_own_jobs_oldest_first_with_their_standing(desk: Desk) -> None:
    waiting = await add_reserved(desk.database)
    rendering = await add_reserved(desk.database, job(created_at=NOW - SECOND), state=JobState.RENDERING)
    await add(desk.database, job(author_id=BOB))
    await add(desk.database, state=JobState.DELIVERED)

    found = await desk.following.queue(ALICE)

    assert [(one.id, known.settlement, known.line) for one, known in found] == [
        (rendering.id, Settlement.RESERVED, None),
        (waiting.id, Settlement.RESERVED, 1),
    ]
    assert await desk.following.queue(BOB + 1) == []


async def test_a_long_queue_is_cut_to_what_a_message_holds(desk: Desk) -> None:
    for number in range(27):
        await add(desk.database, job(created_at=NOW + timedelta(seconds=number)))

    assert len(await desk.following.queue(ALICE)) == 25


async def test_a_post_is_deleted_where_it_stands(desk: Desk) -> None:
    written = await add(desk.database, state=JobState.DELIVERED, message_channel_id=5, message_id=6)
    unposted = await add(desk.database, state=JobState.UNDELIVERED)

    assert await desk.following.to_delete(MEMBER, written.id) == (written, MessagePlace(5, 6))
    with pytest.raises(NotPostedError):
        await desk.following.to_delete(MEMBER, unposted.id)


async def test_a_database_that_went_away_cancels_nothing_and_says_so(desk: Desk) -> None:
    written = await add_reserved(desk.database)
    desk.database.path.rename(desk.database.path.with_name("moved.db"))

    with pytest.raises(StoreUnavailableError):
        await desk.following.cancel(MEMBER, written.id)

    assert desk.woken == []
