"""Copies of results in a server's announcement channel: once, and gone with the video."""

import asyncio

import pytest
from structlog.testing import LogCapture

from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.outbox import NoteKind
from bot.store import posts
from bot.store.posts import PostKind
from bot.worker.herald import Place, PlaceClosedError, PostDeletedError, TooLargeError, TryAgainError
from tests.bot.worker.herald import CHANNELS, Post
from tests.bot.worker.stage import CHANNEL, Stage

ANNOUNCED = CHANNELS[Place.ANNOUNCEMENT]
GALLERY = CHANNELS[Place.GALLERY]
STATUS = MessagePlace(CHANNEL, 1)


async def told(stage: Stage, **order: object) -> Job:
    """A video that was posted, with everything about it told."""
    if not stage.workers:
        await stage.start()
    job = await stage.order(**order)  # type: ignore[arg-type]
    return await stage.until_state(job, JobState.DELIVERED, hurry=1)


async def kept(stage: Stage, job: Job) -> list[MessagePlace]:
    """Where copies are known to stand."""
    async with stage.database.read() as tx:
        return [post.place for post in await posts.of_job(tx, job.id) if post.kind is PostKind.ANNOUNCEMENT]


def copy(stage: Stage) -> Post:
    """The one copy there is."""
    (only,) = stage.herald.copies
    return only


async def test_a_posted_video_is_shown_once_more_and_not_published_unasked(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED)

    job = await told(stage)

    assert copy(stage).size_bytes == stage.herald.of(job)[0].size_bytes
    assert len(copy(stage).nonce) <= 25
    assert copy(stage).nonce != stage.herald.of(job)[0].nonce
    assert await kept(stage, job) == [copy(stage).message]
    assert stage.herald.published == []


async def test_a_copy_is_published_where_the_server_wants_it(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED, publish=True)

    await told(stage)

    assert stage.herald.published == [copy(stage).message]


@pytest.mark.parametrize("error", [PlaceClosedError(), TryAgainError(3000)])
async def test_a_copy_that_can_not_be_published_stays_and_is_not_tried_again(
    stage: Stage, error: Exception, log: LogCapture
) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED, publish=True)
    stage.herald.trouble("publish", error)

    job = await told(stage)

    assert await kept(stage, job) == [copy(stage).message]
    assert stage.herald.published == []
    assert [entry["channel"] for entry in log.entries if entry["event"] == "copy not published"] == [ANNOUNCED]


@pytest.mark.parametrize(
    ("choices", "order"),
    [
        ({}, {}),
        ({"announcement_channel_id": CHANNEL}, {}),
        ({"announcement_channel_id": ANNOUNCED, "log_channel_id": ANNOUNCED}, {}),
        ({"announcement_channel_id": GALLERY, "gallery_channel_id": GALLERY}, {}),
        ({"announcement_channel_id": ANNOUNCED}, {"private": True}),
        ({"announcement_channel_id": ANNOUNCED}, {"guild_id": None}),
    ],
    ids=["nowhere", "it stands there", "the log", "the gallery", "private", "no server"],
)
async def test_what_is_not_to_be_announced_is_not(
    stage: Stage, choices: dict[str, object], order: dict[str, object]
) -> None:
    await stage.choose(**choices)

    await told(stage, **order)

    assert stage.herald.copies == []


async def test_a_copy_whose_answer_was_lost_is_made_once_by_its_nonce(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED)
    stage.herald.trouble("announce", TryAgainError(), after=True)

    job = await told(stage)

    assert await kept(stage, job) == [copy(stage).message]
    assert stage.herald.copy_searches == 0


async def test_a_copy_whose_answer_was_lost_is_searched_for_when_the_nonce_is_forgotten(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED)
    stage.herald.trouble("announce", TryAgainError(90), after=True)
    await stage.start()

    job = await stage.until_state(await stage.order(), JobState.DELIVERED, hurry=10)

    assert await kept(stage, job) == [copy(stage).message]
    assert stage.herald.copy_searches


async def test_a_copy_that_nobody_could_write_down_is_not_made_twice(stage: Stage) -> None:
    async def fail(step: str) -> None:
        if step == "announce done":
            stage.database.down = True

    await stage.choose(announcement_channel_id=ANNOUNCED)
    stage.herald.reached = fail
    await stage.start()
    job = await stage.order()
    await stage.gateway.wait_for(lambda: stage.database.down)
    await stage.elapse(90)
    await asyncio.sleep(0.05)

    stage.database.down = False

    await stage.until_state(job, JobState.DELIVERED, hurry=1)
    assert await kept(stage, job) == [copy(stage).message]


async def test_a_copy_that_is_known_to_stand_is_not_made_again(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED, publish=True)
    job = await told(stage)
    await stage.elapse(90)

    await stage.note(job, NoteKind.COPY)

    await stage.until_state(job, JobState.DELIVERED)
    assert stage.herald.published == [copy(stage).message] * 2


@pytest.mark.parametrize("error", [PlaceClosedError(), PostDeletedError()])
async def test_a_channel_that_is_closed_costs_the_copy_alone(stage: Stage, error: Exception) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED, publish=True)
    stage.herald.trouble("announce", error)

    job = await told(stage)

    assert len(stage.herald.of(job)) == 1
    assert (stage.herald.copies, stage.herald.published, await kept(stage, job)) == ([], [], [])


async def test_a_video_that_is_too_large_there_is_announced_with_its_link(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED)
    stage.herald.trouble("announce", TooLargeError())

    await told(stage)

    assert copy(stage).size_bytes is None


async def test_a_video_that_nobody_could_see_from_there_is_not_announced(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED)
    stage.herald.closed = {Place.CHANNEL, Place.PARENT, Place.DIRECT}
    stage.herald.trouble("announce", TooLargeError())

    job = await told(stage)

    assert [post.place for post in stage.herald.of(job)] == [Place.LOG]
    assert stage.herald.copies == []


async def test_the_copy_goes_when_the_author_deletes_the_post(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED, keep_status=True)
    job = await told(stage)

    await stage.delete(job)

    await stage.until_state(job, JobState.DELIVERED)
    assert set(stage.herald.taken_down) == {copy(stage).message, STATUS}
    assert await kept(stage, job) == []
    assert (await stage.read(job)).message is None


async def test_nothing_else_is_deleted_where_there_is_nothing_else(stage: Stage) -> None:
    job = await told(stage)

    await stage.delete(job)

    await stage.until_state(job, JobState.DELIVERED)
    assert stage.herald.taken_down == []


@pytest.mark.parametrize("taking", ["delete", "remove"])
async def test_a_copy_that_was_made_while_the_video_went_is_taken_down(stage: Stage, taking: str) -> None:
    async def take(step: str) -> None:
        if step == "announce asked":
            await getattr(stage, taking)(job)

    await stage.choose(announcement_channel_id=ANNOUNCED, publish=True)
    stage.herald.reached = take
    await stage.start()
    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED, hurry=1)
    assert copy(stage).message in stage.herald.taken_down
    assert (await kept(stage, job), stage.herald.published) == ([], [])


async def test_a_copy_that_can_not_be_deleted_now_is_deleted_later(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED)
    job = await told(stage)
    stage.herald.trouble("take_down", TryAgainError())

    await stage.remove(job)

    await stage.until_state(job, JobState.DELIVERED, hurry=1)
    assert copy(stage).message in stage.herald.taken_down
