"""What is known about a job at the moment of telling."""

from datetime import timedelta

import pytest

from bot.domain.job import JobState
from bot.domain.ledger import Settlement
from bot.domain.preferences import Ping, Preferences
from bot.domain.sentence import MessageLink
from bot.domain.standing import UNTOLD, Progress, RenderTime, Standing
from bot.policy.standing import standing
from bot.store import people
from bot.store.database import Database
from tests.bot.store.records import CHANNEL, GUILD, NOW, SECOND, add, add_reserved, job

SLOW = timedelta(minutes=3)


async def test_a_waiting_job_has_its_place_in_line(database: Database) -> None:
    await add(database, job(created_at=NOW - SECOND))
    waiting = await add_reserved(database)

    async with database.read() as tx:
        found = await standing(tx, waiting, NOW)

    assert found == Standing(Settlement.RESERVED, line=2, progress=UNTOLD, usual=None, videos_left=None)


@pytest.mark.parametrize("state", [JobState.SUBMITTING, JobState.RENDERING, JobState.OVERDUE])
async def test_a_job_at_a_gateway_has_its_progress_and_the_usual_time(database: Database, state: JobState) -> None:
    for _ in range(3):
        await add(database, state=JobState.DELIVERED, ordered_at=NOW - SLOW, finished_at=NOW)
    rendering = await add_reserved(database, state=state)
    progress = Progress(42, 90)

    async with database.read() as tx:
        found = await standing(tx, rendering, NOW, progress)

    usual = RenderTime(180.0, 180.0)
    assert found == Standing(Settlement.RESERVED, line=None, progress=progress, usual=usual, videos_left=None)


async def test_a_job_that_nobody_paid_for_says_so(database: Database) -> None:
    failed = await add(database, state=JobState.FAILED)

    async with database.read() as tx:
        found = await standing(tx, failed, NOW)

    assert found == Standing(Settlement.NONE, videos_left=3)


@pytest.mark.parametrize("state", [JobState.OVERDUE, JobState.DELIVERING, JobState.FAILED, JobState.UNSURE])
async def test_an_ending_knows_how_its_author_wants_to_be_told(database: Database, state: JobState) -> None:
    ending = await add(database, state=state)
    async with database.write() as tx:
        await people.save_preferences(tx, ending.author_id, Preferences(Ping.SILENT))

    async with database.read() as tx:
        found = await standing(tx, ending, NOW)

    assert found.ping is Ping.SILENT


async def test_a_video_of_somebody_who_asked_to_be_erased_is_not_kept(database: Database) -> None:
    before = await add(database, state=JobState.RENDERING, dont_post=True)
    after = await add(database, job(created_at=NOW + SECOND), state=JobState.RENDERING, dont_post=True)
    async with database.write() as tx:
        await people.erase_before(tx, before.author_id, NOW)

    async with database.read() as tx:
        kept = [(await standing(tx, each, NOW)).is_kept for each in (before, after)]

    assert kept == [False, True]


@pytest.mark.parametrize("hidden", [{}, {"private": True}, {"removed_at": NOW}, {"server_id": GUILD + 1}])
async def test_a_remix_leads_to_its_original_where_everybody_here_may_see_it(
    database: Database, hidden: dict[str, object]
) -> None:
    stands = {"server_id": GUILD, "message_channel_id": CHANNEL, "message_id": 71}
    original = await add(database, None, **(stands | {"state": JobState.DELIVERED} | hidden))
    remix = await add(database, job(remix_of=original.id, server_id=GUILD))

    async with database.read() as tx:
        found = await standing(tx, remix, NOW)

    assert found.original == (original.id if hidden else MessageLink(GUILD, CHANNEL, 71))
