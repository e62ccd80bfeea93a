"""Intents do nothing when somebody else was first; evidence is true whoever holds the lease."""

from dataclasses import replace
from itertools import product

import pytest

from bot.domain.failure import FailureKind
from bot.domain.job import MOVES, JobState, MessagePlace, TaskRef, sources
from bot.store import moves
from bot.store.database import Database
from tests.bot.store.records import NOW, SECOND, add, reread, rows

PAIRS = list(product(JobState, JobState))
FORWARDS = [(before, after) for before, after in PAIRS if after in MOVES[before]]


async def test_an_intent_moves_a_job_that_is_as_expected(database: Database) -> None:
    for before, after in FORWARDS:
        written = await add(database, state=before)

        async with database.write() as tx:
            moved = await moves.intend(tx, written, after, attempt=1)

        assert moved == replace(written, state=after, attempt=1)
        assert await reread(database, written.id) == moved


async def test_an_intent_that_is_not_drawn_is_a_fault_of_the_program_and_writes_nothing(database: Database) -> None:
    wrong = [(before, after) for before, after in PAIRS if after not in MOVES[before] and before is not after]
    written = await add(database)
    async with database.write() as tx:
        for before, after in wrong:
            with pytest.raises(ValueError, match=f"{before} → {after}"):
                await moves.intend(tx, replace(written, state=before), after)

    assert await reread(database, written.id) == written


async def test_an_intent_can_be_renewed(database: Database) -> None:
    written = await add(database, state=JobState.DELIVERING)

    async with database.write() as tx:
        again = await moves.intend(tx, written, JobState.DELIVERING, deliver_first_at=NOW)

    assert again == replace(written, deliver_first_at=NOW)


@pytest.mark.parametrize("changed", [{"fence": 1}, {"state": JobState.CANCELLED}])
async def test_an_intent_of_somebody_who_was_second_writes_nothing(
    database: Database, changed: dict[str, object]
) -> None:
    written = await add(database)
    async with database.write() as tx:
        await moves.note_on(tx, written.id, **changed)
    now = await reread(database, written.id)

    async with database.write() as tx:
        moved = await moves.intend(tx, written, JobState.SUBMITTING, attempt=9)

    assert moved is None
    assert await reread(database, written.id) == now


@pytest.mark.parametrize("before", JobState)
async def test_evidence_only_moves_forward_and_minds_no_fence(database: Database, before: JobState) -> None:
    for after in JobState:
        written = await add(database, state=before, fence=5)

        async with database.write() as tx:
            learnt = await moves.learn(tx, written.id, after, failure_detail="seen")
            again = await moves.learn(tx, written.id, after, failure_detail="seen again")

        forward = before in sources(after)
        assert learnt == (replace(written, state=after, failure_detail="seen") if forward else None)
        assert again is None
        assert await reread(database, written.id) == (learnt or written)


@pytest.mark.parametrize("state", [JobState.SUBMITTING, JobState.UNSURE])
async def test_a_task_that_was_learnt_is_written_down_whoever_holds_the_lease(
    database: Database, state: JobState
) -> None:
    written = await add(database, state=state, fence=7, failure=FailureKind.UNSURE)
    task = TaskRef("myrouter", "t-1")

    async with database.write() as tx:
        rendering = await moves.learn_task(tx, written.id, task, NOW, deadline_at=NOW + SECOND)
        again = await moves.learn_task(tx, written.id, task, NOW + SECOND)

    assert rendering is not None
    assert (rendering.state, rendering.task, rendering.failure) == (JobState.RENDERING, task, None)
    assert (rendering.ordered_at, rendering.deadline_at) == (NOW, NOW + SECOND)
    assert again is None
    assert await reread(database, written.id) == rendering
    assert await rows(database, "SELECT gateway, task_id, job_id FROM tasks") == [("myrouter", "t-1", written.id)]


async def test_a_second_task_is_recorded_and_the_first_stays_the_jobs_own(database: Database) -> None:
    written = await add(database, state=JobState.SUBMITTING)
    first, second = TaskRef("myrouter", "t-1"), TaskRef("highway", "t-2")

    async with database.write() as tx:
        await moves.learn_task(tx, written.id, first, NOW)
        none = await moves.learn_task(tx, written.id, second, NOW + SECOND)

    assert none is None
    assert (await reread(database, written.id)).task == first
    assert await rows(database, "SELECT gateway, task_id, job_id FROM tasks ORDER BY learned_at") == [
        ("myrouter", "t-1", written.id),
        ("highway", "t-2", written.id),
    ]


async def test_the_task_of_another_job_is_not_taken_from_it(database: Database) -> None:
    owner = await add(database, state=JobState.SUBMITTING)
    other = await add(database, state=JobState.SUBMITTING)
    task = TaskRef("myrouter", "t-1")

    async with database.write() as tx:
        await moves.learn_task(tx, owner.id, task, NOW)
        none = await moves.learn_task(tx, other.id, task, NOW)

    assert none is None
    assert (await reread(database, owner.id)).task == task
    assert await reread(database, other.id) == other
    assert await rows(database, "SELECT job_id FROM tasks") == [(owner.id,)]


async def test_the_same_task_id_at_another_gateway_is_another_task(database: Database) -> None:
    one = await add(database, state=JobState.SUBMITTING)
    other = await add(database, state=JobState.SUBMITTING)

    async with database.write() as tx:
        await moves.learn_task(tx, one.id, TaskRef("myrouter", "1"), NOW)
        await moves.learn_task(tx, other.id, TaskRef("highway", "1"), NOW)

    assert (await reread(database, other.id)).task == TaskRef("highway", "1")


async def test_a_late_task_never_wakes_a_job_that_is_past_it_but_is_recorded(database: Database) -> None:
    for state in set(JobState) - {JobState.SUBMITTING, JobState.UNSURE}:
        written = await add(database, state=state)

        async with database.write() as tx:
            assert await moves.learn_task(tx, written.id, TaskRef("myrouter", f"late-{state}"), NOW) is None

        assert await reread(database, written.id) == written
        found = await rows(database, f"SELECT task_id FROM tasks WHERE job_id = '{written.id}'")
        assert found == [(f"late-{state}",)]


async def test_a_note_moves_no_state(database: Database) -> None:
    written = await add(database, state=JobState.RENDERING)

    async with database.write() as tx:
        noted = await moves.note_on(tx, written.id, dont_post=True)
        nobody = await moves.note_on(tx, "nosuchjob0", dont_post=True)

    assert noted == replace(written, dont_post=True)
    assert nobody is None


async def test_an_acknowledged_job_can_be_worked_on_and_says_where_its_status_stands(database: Database) -> None:
    written = await add(database)

    async with database.write() as tx:
        seen = await moves.acknowledge(tx, written.id, MessagePlace(3, 4), NOW)
        again = await moves.acknowledge(tx, written.id, MessagePlace(5, 6), NOW + SECOND)

    assert seen == replace(written, acknowledged_at=NOW, status=MessagePlace(3, 4))
    assert again is None
    assert await reread(database, written.id) == seen
    assert await rows(database, "SELECT next_at IS NOT NULL FROM jobs") == [(1,)]


async def test_an_acknowledgement_without_a_message_leaves_the_known_place(database: Database) -> None:
    written = await add(database, status_channel_id=3, status_message_id=4)

    async with database.write() as tx:
        seen = await moves.acknowledge(tx, written.id, None, NOW)

    assert seen is not None
    assert seen.status == MessagePlace(3, 4)


async def test_a_job_that_was_cancelled_meanwhile_is_not_acknowledged(database: Database) -> None:
    written = await add(database, state=JobState.CANCELLED)

    async with database.write() as tx:
        assert await moves.acknowledge(tx, written.id, MessagePlace(3, 4), NOW) is None

    assert await reread(database, written.id) == written
