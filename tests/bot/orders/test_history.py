"""Looking through one's own videos: pages, words and ids, and what can be shown again."""

from datetime import timedelta

import pytest

from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import AT_REST, JobState, MessagePlace
from bot.domain.request import VideoRequest
from bot.orders.errors import NoVideoError, OutcomeUnknownError, StillRunningError
from bot.orders.history import PER_PAGE, History, has_video
from bot.policy.errors import JobGoneError, RemovedError
from bot.store import guilds
from bot.store.database import Database
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, SECOND, add, job, reread

FINISHED = {JobState.DELIVERED, JobState.UNDELIVERED}


@pytest.fixture
def history(database: Database) -> History:
    return History(database)


async def test_pages_have_what_has_ended_newest_first(database: Database, history: History) -> None:
    made = [
        await add(database, job(created_at=NOW + number * SECOND), state=JobState.DELIVERED)
        for number in range(PER_PAGE + 2)
    ]
    await add(database, job(created_at=NOW + timedelta(days=1)), state=JobState.RENDERING)
    await add(database, job(author_id=BOB), state=JobState.DELIVERED)

    first, second, beyond = [await history.page(ALICE, number) for number in (0, 1, 99)]

    newest = [each.id for each in reversed(made)]
    assert [each.id for each in first.jobs] == newest[:PER_PAGE]
    assert [each.id for each in second.jobs] == newest[PER_PAGE:]
    assert (first.number, first.pages, first.videos) == (0, 2, PER_PAGE + 2)
    assert beyond == second


async def test_somebody_without_videos_has_one_empty_page(history: History) -> None:
    page = await history.page(ALICE, 3)

    assert (list(page.jobs), page.number, page.pages, page.videos) == ([], 0, 1, 0)


async def test_videos_are_found_by_words_in_any_case_and_by_the_beginning_of_an_id(
    database: Database, history: History
) -> None:
    umbrella = await add(database, job(request=VideoRequest("Ein ÜBERGROSSER Hut\nim Regen")), state=JobState.DELIVERED)
    await add(database, job(request=VideoRequest("a fox")), state=JobState.UNDELIVERED)

    async def found(typed: str) -> list[str]:
        return [each.id for each in await history.finished(ALICE, typed)]

    assert len(await found("")) == 2
    assert await found("regen übergroßer") == await found("über regen") == [umbrella.id]
    assert await found(f" `{umbrella.id[:9]}{umbrella.id[9]}` ") == [umbrella.id]
    assert await found("regen fox") == []
    assert await history.finished(BOB, "") == []


async def test_only_what_can_be_meant_is_offered(database: Database, history: History) -> None:
    by_state = {state: await add(database, state=state) for state in JobState}
    await add(database, state=JobState.DELIVERED, removed_at=NOW)

    finished = {each.id for each in await history.finished(ALICE, "")}
    running = {each.id for each in await history.running(ALICE, "")}

    assert finished == {by_state[state].id for state in FINISHED}
    assert running == {by_state[state].id for state in set(JobState) - AT_REST}


async def test_a_long_list_is_cut_to_what_discord_takes(database: Database, history: History) -> None:
    for _ in range(27):
        await add(database, state=JobState.DELIVERED)

    assert len(await history.finished(ALICE, "cat")) == 25


@pytest.mark.parametrize("state", sorted(JobState))
async def test_only_a_finished_video_can_be_shown(database: Database, history: History, state: JobState) -> None:
    written = await add(database, state=state)
    refusal: type[RefusalError] = NoVideoError if state in AT_REST else StillRunningError
    if state is JobState.UNSURE:
        refusal = OutcomeUnknownError

    if state in FINISHED:
        assert await history.to_show(ALICE, written.id) == written
    else:
        with pytest.raises(refusal):
            await history.to_show(ALICE, written.id)
    assert has_video(written) == (state in FINISHED)


async def test_the_video_of_somebody_else_does_not_exist(database: Database, history: History) -> None:
    written = await add(database, state=JobState.DELIVERED)

    for user_id, job_id in ((BOB, written.id), (ALICE, "nonsense")):
        with pytest.raises(JobGoneError):
            await history.to_show(user_id, job_id)


async def test_what_a_moderator_removed_is_not_shown(database: Database, history: History) -> None:
    written = await add(database, state=JobState.DELIVERED, removed_at=NOW)

    with pytest.raises(RemovedError):
        await history.to_show(ALICE, written.id)


async def test_a_post_that_is_gone_is_linked_to_no_more(database: Database, history: History) -> None:
    written = await add(database, state=JobState.DELIVERED, message_channel_id=5, message_id=6)

    await history.gone(written, MessagePlace(5, 7))
    kept = (await reread(database, written.id)).message
    await history.gone(written, MessagePlace(5, 6))

    assert kept == MessagePlace(5, 6)
    assert (await reread(database, written.id)).message is None


async def test_a_post_in_the_log_channel_is_not_for_its_author(database: Database, history: History) -> None:
    async with database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(log_channel_id=5)), ALICE)
    place = {"message_channel_id": 5, "message_id": 6}
    in_log = await add(database, None, state=JobState.DELIVERED, **place)
    elsewhere = await add(database, state=JobState.DELIVERED, message_channel_id=7, message_id=8)
    nowhere = await add(database, state=JobState.UNDELIVERED)

    assert [await history.post(one) for one in (in_log, elsewhere, nowhere)] == [None, MessagePlace(7, 8), None]
