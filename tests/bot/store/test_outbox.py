"""The outbox: nothing that has to be told is lost, also when it is noted again while it is being told."""

import pytest

from bot.domain.job import JobState
from bot.domain.outbox import Note, NoteKind
from bot.store import outbox
from bot.store.database import Database
from tests.bot.store.records import NOW, SECOND, add, job, rows


async def notes(database: Database, job_id: str) -> list[Note]:
    async with database.read() as tx:
        return list(await outbox.open_notes(tx, job_id))


async def put(database: Database, job_id: str, *kinds: NoteKind, after: int = 0) -> None:
    async with database.write() as tx:
        await outbox.put(tx, job_id, NOW + after * SECOND, *kinds)


async def done(database: Database, note: Note) -> None:
    async with database.write() as tx:
        await outbox.done(tx, note, NOW + 9 * SECOND)


async def test_what_was_noted_is_open_until_it_was_told_and_makes_the_job_due(database: Database) -> None:
    written, other = await add(database), await add(database)
    await put(database, written.id, NoteKind.STATUS, NoteKind.PING)
    await put(database, other.id, NoteKind.LOG)

    status, ping = await notes(database, written.id)
    await done(database, status)

    assert (status.kind, status.attempts, status.created_at) == (NoteKind.STATUS, 0, NOW)
    assert await notes(database, written.id) == [ping]
    assert len(await notes(database, other.id)) == 1
    assert await rows(database, "SELECT count(*) FROM jobs WHERE next_at IS NOT NULL") == [(2,)]


async def test_what_was_told_can_be_noted_again(database: Database) -> None:
    written = await add(database)
    await put(database, written.id, NoteKind.STATUS)
    (note,) = await notes(database, written.id)
    async with database.write() as tx:
        await outbox.tried(tx, note)
    await done(database, note)

    await put(database, written.id, NoteKind.STATUS, after=5)

    (again,) = await notes(database, written.id)
    assert (again.id, again.attempts, again.created_at) == (note.id, 0, NOW + 5 * SECOND)


async def test_what_is_noted_anew_while_it_is_being_told_stays_open(database: Database) -> None:
    written = await add(database)
    await put(database, written.id, NoteKind.STATUS)
    (telling,) = await notes(database, written.id)
    await put(database, written.id, NoteKind.STATUS, after=1)

    await done(database, telling)

    assert [note.kind for note in await notes(database, written.id)] == [NoteKind.STATUS]


async def test_what_is_noted_anew_in_the_same_moment_stays_open_too(database: Database) -> None:
    written = await add(database)
    await put(database, written.id, NoteKind.STATUS)
    (telling,) = await notes(database, written.id)
    await put(database, written.id, NoteKind.STATUS)

    await done(database, telling)

    (left,) = await notes(database, written.id)
    await done(database, left)
    assert await notes(database, written.id) == []


async def test_a_clock_that_was_set_back_does_not_close_what_was_noted_anew(database: Database) -> None:
    written = await add(database)
    await put(database, written.id, NoteKind.STATUS, after=5)
    (telling,) = await notes(database, written.id)
    await put(database, written.id, NoteKind.STATUS, after=5)
    await put(database, written.id, NoteKind.STATUS, after=0)

    await done(database, telling)

    assert len(await notes(database, written.id)) == 1


async def test_tries_are_counted(database: Database) -> None:
    written = await add(database)
    await put(database, written.id, NoteKind.RESULT)
    (note,) = await notes(database, written.id)

    async with database.write() as tx:
        await outbox.tried(tx, note)
        await outbox.tried(tx, note)

    assert [found.attempts for found in await notes(database, written.id)] == [2]


async def test_notes_are_told_in_the_order_they_came_also_the_second_time(database: Database) -> None:
    written = await add(database)
    await put(database, written.id, NoteKind.STATUS)
    await put(database, written.id, NoteKind.RESULT, after=1)
    await put(database, written.id, NoteKind.STATUS, after=2)

    assert [note.kind for note in await notes(database, written.id)] == [NoteKind.RESULT, NoteKind.STATUS]


ON_CARDS = {
    JobState.AWAITING_APPROVAL,
    JobState.DELIVERED,
    JobState.UNDELIVERED,
    JobState.FAILED,
    JobState.UNSURE,
    JobState.DROPPED,
    JobState.OVERDUE,
    JobState.EXPIRED,
    JobState.CANCELLED,
}


@pytest.mark.parametrize("state", JobState)
async def test_of_whatever_its_member_is_told_the_log_channel_is_told_too_once_it_has_a_card(
    database: Database, state: JobState
) -> None:
    of_server, of_nobody = await add(database, state=state), await add(database, job(guild_id=None), state=state)
    for written in (of_server, of_nobody):
        await put(database, written.id, NoteKind.STATUS)

    carded = NoteKind.CARD in {note.kind for note in await notes(database, of_server.id)}

    assert carded is (state in ON_CARDS)
    assert [note.kind for note in await notes(database, of_nobody.id)] == [NoteKind.STATUS]


async def test_what_is_no_news_for_its_member_is_none_for_the_log_channel(database: Database) -> None:
    written = await add(database, state=JobState.DELIVERED)

    await put(database, written.id, NoteKind.LOG)

    assert [note.kind for note in await notes(database, written.id)] == [NoteKind.LOG]
