"""What is known about a job at the moment of telling."""

from datetime import timedelta

import pytest

from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import JobState
from bot.domain.ledger import Settlement
from bot.domain.preferences import Ping, Preferences
from bot.domain.sentence import MessageLink
from bot.domain.standing import UNTOLD, Progress, RenderTime, Standing
from bot.policy.standing import standing
from bot.store import guilds, ledger, people
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


async def test_what_the_member_has_back_is_carried_until_it_is_released(database: Database) -> None:
    failed, held = [await add_reserved(database, state=JobState.DROPPED) for _ in range(2)]
    async with database.write() as tx:
        await ledger.refund(tx, failed, NOW, "failed")
        await ledger.hold(tx, held, NOW, "refunded")
        found = [await standing(tx, each, NOW) for each in (failed, held)]
        await ledger.release(tx, held, NOW, "nothing came")
        found.append(await standing(tx, held, NOW))

    assert {each.settlement for each in found} == {Settlement.REFUNDED}
    assert [each.is_carried for each in found] == [False, True, False]


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


THREAD, GALLERY, ELSEWHERE = 71, 72, 73


async def _found(database: Database, *, columns: dict[str, object] | None = None, **choices: object) -> Standing:
    """What is known of a posted video in a server that has chosen this."""
    async with database.write() as tx:
        chosen = GuildChoices(gallery_channel_id=GALLERY, **choices)  # type: ignore[arg-type]
        await guilds.save(tx, Guild(GUILD, chosen, approved=True), SECOND.seconds)
    stands: dict[str, object] = {"state": JobState.DELIVERED, "message_channel_id": CHANNEL, "message_id": 70}
    status = {"status_channel_id": CHANNEL, "status_message_id": THREAD}
    video = await add(database, job(server_id=GUILD), **(stands | status | (columns or {})))
    async with database.read() as tx:
        return await standing(tx, video, NOW)


@pytest.mark.parametrize(
    ("columns", "keep", "kept", "stands"),
    [
        ({}, False, False, MessageLink(GUILD, CHANNEL, 70)),
        ({}, True, True, MessageLink(GUILD, CHANNEL, 70)),
        ({"message_channel_id": THREAD}, False, True, MessageLink(GUILD, THREAD, 70)),
        ({"message_channel_id": GALLERY}, False, True, MessageLink(GUILD, GALLERY, 70)),
        ({"message_channel_id": ELSEWHERE}, False, True, None),
        ({"message_channel_id": None, "message_id": None}, True, False, None),
        ({"private": True, "message_channel_id": ELSEWHERE}, True, False, None),
        ({"dont_post": True}, True, False, MessageLink(GUILD, CHANNEL, 70)),
        ({"removed_at": NOW}, True, False, MessageLink(GUILD, CHANNEL, 70)),
    ],
)
async def test_the_status_is_kept_where_wanted_and_where_the_video_stands_elsewhere(
    database: Database, columns: dict[str, object], keep: bool, kept: bool, stands: MessageLink | None
) -> None:
    found = await _found(database, columns=columns, keep_status=keep)

    assert (found.keeps_status, found.stands) == (kept, stands)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RENDERING, JobState.FAILED, JobState.DELIVERED])
async def test_what_a_server_hides_is_hidden_in_every_state_except_from_the_author(
    database: Database, state: JobState
) -> None:
    public = await _found(database, columns={"state": state}, hide_prompts=True, spoilers=True)
    private = await _found(database, columns={"state": state, "private": True}, hide_prompts=True, spoilers=True)
    open_ = await _found(database, columns={"state": state, "spoiler": True})

    assert (public.hides_prompt, public.is_spoiler) == (True, True)
    assert (private.hides_prompt, private.is_spoiler) == (False, True)
    assert (open_.hides_prompt, open_.is_spoiler) == (False, True)
