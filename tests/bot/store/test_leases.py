"""Leases: a job has one holder at a time, and what has to be done is never left without a time."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.job import ENDED, Job, JobState
from bot.domain.outbox import NoteKind
from bot.store import jobs, leases, moves, outbox
from bot.store.database import Database, Transaction
from bot.store.leases import Lease
from tests.bot.store.records import NOW, SECOND, add, add_due, job, reread, rows

MINUTE = timedelta(minutes=1)
MINE = Lease("mine", NOW + MINUTE)
OTHERS = Lease("others", NOW + MINUTE)


async def claim(
    database: Database, lease: Lease = MINE, *, limit: int = 100, room: int = 100, at: timedelta = SECOND * 0
) -> list[Job]:
    async with database.write() as tx:
        return list(await leases.claim(tx, lease, NOW + at, limit=limit, room=room))


async def next_at(tx: Transaction, job_id: str) -> object:
    return (await tx.exec_driver_sql("SELECT next_at FROM jobs WHERE id = ?", (job_id,))).scalar_one()


def milliseconds(after: timedelta) -> int:
    return int((NOW + after).timestamp() * 1000)


async def test_a_claimed_job_has_a_holder_and_a_new_fence(database: Database) -> None:
    written = await add_due(database)

    claimed = await claim(database)

    assert [(found.id, found.fence) for found in claimed] == [(written.id, 1)]
    async with database.read() as tx:
        assert await leases.holds(tx, "mine", claimed[0], NOW)
        assert not await leases.holds(tx, "others", claimed[0], NOW)
        assert not await leases.holds(tx, "mine", written, NOW)
        assert not await leases.holds(tx, "mine", claimed[0], NOW + MINUTE)


async def test_two_owners_never_hold_the_same_job(path: Path) -> None:
    async with Database(path) as one, Database(path) as other:
        every = [(await add_due(one)).id for _ in range(30)]

        taken = await asyncio.gather(
            *(claim(base, Lease(f"{n}", NOW + MINUTE), limit=4) for n, base in enumerate((one, other) * 8))
        )

    ids = [found.id for batch in taken for found in batch]
    assert sorted(ids) == sorted(every)


async def test_a_lease_that_ran_out_can_be_taken_and_the_old_holders_intent_does_nothing(database: Database) -> None:
    await add_due(database)
    (mine,) = await claim(database)

    assert await claim(database, OTHERS, at=MINUTE - SECOND) == []
    (theirs,) = await claim(database, OTHERS, at=MINUTE)

    assert theirs.fence == mine.fence + 1
    async with database.write() as tx:
        assert await moves.intend(tx, mine, JobState.SUBMITTING) is None
        assert await moves.intend(tx, theirs, JobState.SUBMITTING) is not None
        assert await leases.renew(tx, Lease("mine", NOW + 9 * MINUTE), [mine.id]) == frozenset()
        await leases.release(tx, "mine", mine.id, NOW, NOW + 99 * MINUTE)
        assert await leases.holds(tx, "others", theirs, NOW)


async def test_leases_are_lengthened_together_and_what_was_lost_is_told(database: Database) -> None:
    ids = [(await add_due(database)).id for _ in range(3)]
    await claim(database, limit=2)

    async with database.write() as tx:
        kept = await leases.renew(tx, Lease("mine", NOW + 5 * MINUTE), ids)
    late = await claim(database, OTHERS, at=4 * MINUTE)

    assert kept == frozenset(ids[:2])
    assert [found.id for found in late] == ids[2:]


async def test_nothing_is_lengthened_where_nothing_is_held(database: Database) -> None:
    await add_due(database)

    async with database.write() as tx:
        assert await leases.renew(tx, MINE, frozenset()) == frozenset()


async def test_what_is_due_longest_comes_first_in_the_order_of_the_queue(database: Database) -> None:
    # Ids say nothing of the order.
    third = await add_due(database, job(id="0zzzzzzzz1", created_at=NOW), next_at=NOW)
    second = await add_due(database, job(id="0zzzzzzzz2", created_at=NOW - SECOND), next_at=NOW)
    first = await add_due(database, job(id="0zzzzzzzz3", created_at=NOW), next_at=NOW - 9 * SECOND)

    some = await claim(database, limit=2)
    rest = await claim(database)

    assert [found.id for found in some] == [first.id, second.id]
    assert [found.id for found in rest] == [third.id]


@pytest.mark.parametrize("columns", [{"next_at": NOW + SECOND}, {"next_at": None}, {"acknowledged_at": None}])
async def test_what_is_not_due_or_was_not_seen_is_not_claimed(database: Database, columns: dict[str, object]) -> None:
    await add_due(database, None, **columns)

    assert await claim(database) == []
    async with database.read() as tx:
        due = await leases.next_due(tx, NOW, room=1)
    assert due == columns.get("next_at")


async def test_a_note_does_not_make_an_order_claimable_that_nobody_has_seen(database: Database) -> None:
    written = await add(database)
    async with database.write() as tx:
        await outbox.put(tx, written.id, NOW, NoteKind.STATUS)

        await leases.take_over(tx, NOW)

        assert await leases.next_due(tx, NOW, room=5) is None
        assert await leases.claim(tx, MINE, NOW, limit=5, room=5) == []


async def test_only_as_many_wait_to_be_ordered_as_there_is_room_for(database: Database) -> None:
    for _ in range(4):
        await add_due(database)
    polled = [await add_due(database, state=JobState.RENDERING) for _ in range(2)]

    none = await claim(database, room=0)
    one = await claim(database, room=1)
    negative = await claim(database, room=-3)

    assert [found.id for found in none] == [found.id for found in polled]
    assert len(one) == 1
    assert negative == []


async def test_a_batch_is_never_larger_than_its_limit(database: Database) -> None:
    for _ in range(4):
        await add_due(database)
        await add_due(database, state=JobState.RENDERING)

    assert [found.state for found in await claim(database, limit=5)] == [JobState.RENDERING] * 4 + [JobState.QUEUED]
    assert await claim(database, limit=0) == []
    assert await claim(database, limit=-1) == []


async def test_a_lease_that_is_handed_back_says_when_to_look_again(database: Database) -> None:
    written = await add_due(database, state=JobState.RENDERING)
    await claim(database)

    async with database.write() as tx:
        await leases.release(tx, "mine", written.id, NOW, NOW + MINUTE)

    assert await claim(database, OTHERS) == []
    async with database.read() as tx:
        assert await leases.next_due(tx, NOW, room=0) == NOW + MINUTE
    assert len(await claim(database, OTHERS, at=MINUTE)) == 1


@pytest.mark.parametrize("when", [None, NOW + timedelta(minutes=30)])
async def test_what_was_noted_while_a_job_was_held_makes_it_due_at_once(database: Database, when: object) -> None:
    written = await add_due(database, state=JobState.OVERDUE)
    await claim(database)

    async with database.write() as tx:
        await outbox.put(tx, written.id, NOW, NoteKind.STATUS)
        await leases.release(tx, "mine", written.id, NOW + SECOND, when)  # type: ignore[arg-type]

    assert [found.id for found in await claim(database, OTHERS, at=SECOND)] == [written.id]


async def test_a_note_that_could_not_be_told_waits_for_its_next_try(database: Database) -> None:
    written = await add_due(database, state=JobState.DELIVERED)
    await claim(database)

    async with database.write() as tx:
        await outbox.put(tx, written.id, NOW, NoteKind.STATUS)
        for note in await outbox.open_notes(tx, written.id):
            await outbox.tried(tx, note)
        await leases.release(tx, "mine", written.id, NOW, NOW + 2 * MINUTE)

    assert await claim(database, OTHERS) == []
    assert len(await claim(database, OTHERS, at=2 * MINUTE)) == 1


async def test_a_job_with_nothing_left_to_do_is_not_looked_at_again(database: Database) -> None:
    written = await add_due(database, state=JobState.DELIVERED)
    await claim(database)

    async with database.write() as tx:
        await outbox.put(tx, written.id, NOW, NoteKind.STATUS)
        for note in await outbox.open_notes(tx, written.id):
            await outbox.done(tx, note, NOW)
        await leases.release(tx, "mine", written.id, NOW, None)
        assert await leases.next_due(tx, NOW, room=1) is None

    assert await claim(database, OTHERS, at=timedelta(days=1)) == []


async def test_the_next_due_time_is_that_of_what_nobody_holds(database: Database) -> None:
    await add_due(database, state=JobState.RENDERING)
    await claim(database)
    await add_due(database, state=JobState.RENDERING, next_at=NOW + 9 * SECOND)
    await add_due(database, next_at=NOW + 3 * SECOND)

    async with database.read() as tx:
        assert await leases.next_due(tx, NOW, room=1) == NOW + 3 * SECOND
        assert await leases.next_due(tx, NOW, room=0) == NOW + 9 * SECOND
        assert await leases.next_due(tx, NOW + MINUTE, room=0) == NOW


async def test_the_one_process_that_owns_the_file_takes_every_open_job_over_at_once(database: Database) -> None:
    open_ = ["awaiting_approval", "queued", "submitting", "rendering", "overdue", "rendered", "delivering"]
    held = [await add_due(database, state=JobState(state), next_at=NOW + MINUTE) for state in open_]
    async with database.write() as tx:
        for found in held:
            await moves.note_on(tx, found.id, lease_owner="dead", lease_until=NOW + 9 * MINUTE)
    resting = {*ENDED, JobState.UNSURE}
    ended = [await add(database, state=state, acknowledged_at=NOW) for state in resting]
    unseen = await add(database)
    untold = await add(database, state=JobState.FAILED, acknowledged_at=NOW)
    async with database.write() as tx:
        await outbox.put(tx, untold.id, NOW, NoteKind.PING)
        await moves.note_on(tx, untold.id, next_at=None)

        await leases.take_over(tx, NOW)

    claimed = {found.id for found in await claim(database)}
    assert claimed == {found.id for found in [*held, untold]}
    assert not claimed & {found.id for found in [*ended, unseen]}


async def test_orders_that_nobody_saw_are_found_once_they_are_old(database: Database) -> None:
    old = await add(database, job(created_at=NOW - MINUTE - SECOND))
    await add(database, job(created_at=NOW))
    await add_due(database, job(created_at=NOW - 2 * MINUTE))
    await add(database, job(created_at=NOW - 2 * MINUTE), state=JobState.CANCELLED)

    async with database.read() as tx:
        found = await leases.never_acknowledged(tx, NOW - MINUTE)

    assert [unseen.id for unseen in found] == [old.id]


async def test_due_jobs_are_found_by_their_index(database: Database) -> None:
    plan = await rows(database, "EXPLAIN QUERY PLAN SELECT id FROM jobs WHERE next_at IS NOT NULL AND next_at <= 5")

    assert any("ix_jobs_due" in str(row) for row in plan)


async def test_a_job_that_was_released_keeps_what_was_learnt(database: Database) -> None:
    written = await add_due(database, state=JobState.RENDERING)
    await claim(database)
    async with database.write() as tx:
        await moves.note_on(tx, written.id, dont_post=True)
        await leases.release(tx, "mine", written.id, NOW, NOW)

    found = await reread(database, written.id)
    assert (found.dont_post, found.fence) == (True, 1)
    async with database.read() as tx:
        assert await next_at(tx, written.id) == milliseconds(SECOND * 0)
        assert await jobs.rendering(tx) == 1
