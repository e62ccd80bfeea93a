"""What was made to fit is kept for further places and tries of the same job, and for minutes only."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.film import Film, Treatment
from bot.domain.job import Job, JobState
from bot.media.errors import VideoGoneError
from bot.media.fit import Fitted
from bot.worker.herald import Place, TryAgainError
from bot.worker.made import KEPT_FOR, MOST, MOST_BYTES, Made, MadeFiles
from bot.worker.outcome import Watch
from tests.bot.worker.fitting import QuickFitter
from tests.bot.worker.herald import CHANNELS
from tests.bot.worker.stage import AT_ONCE, SMALL, WAIT_SECONDS, Stage

LARGE, TAKEN, LESS = 20_000, 10_000, 8_000
"""A video's padding, what its place takes, and what another one takes."""
KNOWN = 100_000
AN_HOUR = 3600.0


@pytest.fixture
def fitter(stage: Stage) -> QuickFitter:
    """The stage's, beside an announcement channel and films of some 20 kB."""
    stage.gateway.default_plan = replace(AT_ONCE, video=replace(SMALL, padding_bytes=LARGE))
    stage.fitter = fitter = QuickFitter(stage.folder / "files")
    return fitter


async def announced(stage: Stage) -> None:
    await stage.choose(announcement_channel_id=CHANNELS[Place.ANNOUNCEMENT])


async def delivered(stage: Stage, **order: object) -> Job:
    """A video that was posted, with everything about it told, and nothing of it left."""
    if not stage.workers:
        await stage.start()
    job = await stage.order(**({"size_limit": TAKEN} | order))  # type: ignore[arg-type]
    done = await stage.until_state(job, JobState.DELIVERED, hurry=1)
    await stage.until_free(job)
    assert stage.files() == []
    return done


async def put_off(stage: Stage, method: str, *, size_limit: int = TAKEN) -> Job:
    """A video that was made to fit and could not be brought to its place; that is tried again in an hour."""
    stage.herald.trouble(method, TryAgainError(AN_HOUR))
    if not stage.workers:
        await stage.start()
    job = await stage.order(size_limit=size_limit)

    async def waits() -> bool:
        due = await stage.due(job)
        return due is not None and due - stage.clock() > timedelta(minutes=30) and await stage.lease_owner(job) is None

    await stage.until(waits)
    return job


async def until_gone(stage: Stage) -> None:
    async def gone() -> bool:
        return stage.files() == []

    await stage.until(gone)


async def test_a_post_and_its_announced_copy_take_one_encoding(stage: Stage, fitter: QuickFitter) -> None:
    await announced(stage)

    await delivered(stage)

    posts = stage.herald.posts + stage.herald.copies
    assert [(post.place, post.size_bytes) for post in posts] == [(Place.CHANNEL, TAKEN), (Place.ANNOUNCEMENT, TAKEN)]
    assert [post.film is not None and post.film.shrunk for post in posts] == [True, True]
    assert (fitter.asked, stage.gateway.downloads) == ([TAKEN], 1)


async def test_a_private_post_and_its_copy_for_moderators_take_one_encoding(stage: Stage, fitter: QuickFitter) -> None:
    await delivered(stage, private=True)

    assert [post.size_bytes for post in stage.herald.posts + stage.herald.logs] == [TAKEN, TAKEN]
    assert (fitter.asked, stage.gateway.downloads) == ([TAKEN], 1)


async def test_a_copy_where_less_is_taken_is_made_anew(stage: Stage, fitter: QuickFitter) -> None:
    await announced(stage)
    stage.herald.known_limits[Place.ANNOUNCEMENT] = LESS

    await delivered(stage)

    assert [post.size_bytes for post in stage.herald.posts + stage.herald.copies] == [TAKEN, LESS]
    assert (fitter.asked, stage.gateway.downloads) == ([TAKEN, LESS], 2)


async def test_a_copy_where_the_original_is_taken_is_the_original(stage: Stage, fitter: QuickFitter) -> None:
    await announced(stage)
    stage.herald.known_limits[Place.ANNOUNCEMENT] = KNOWN

    await delivered(stage)

    (copy,) = stage.herald.copies
    assert copy.film is not None
    assert (copy.film.treatment, copy.size_bytes) == (Treatment.UNTOUCHED, copy.film.size_bytes)
    assert fitter.asked == [TAKEN, KNOWN]


@pytest.mark.parametrize("method", ["post_result", "announce"])
async def test_a_try_that_failed_is_followed_by_one_with_the_same_file(
    stage: Stage, fitter: QuickFitter, method: str
) -> None:
    await announced(stage)
    stage.herald.trouble(method, TryAgainError(), times=6)

    await delivered(stage)

    assert [post.size_bytes for post in stage.herald.posts + stage.herald.copies] == [TAKEN, TAKEN]
    assert (fitter.asked, stage.gateway.downloads) == ([TAKEN], 1)


async def test_a_post_whose_answer_was_lost_is_not_made_again_with_the_kept_file(
    stage: Stage, fitter: QuickFitter
) -> None:
    async def forget(step: str) -> None:
        if step == "post_result done":
            stage.clock.jump(70)

    stage.herald.reached = forget
    stage.herald.trouble("post_result", TryAgainError(), after=True)

    job = await delivered(stage)

    assert [post.message for post in stage.herald.posts] == [job.message]
    assert fitter.asked == [TAKEN]


async def test_every_job_gets_its_own_file(stage: Stage, fitter: QuickFitter) -> None:
    stage.herald.trouble("post_result", TryAgainError(), times=4)
    await stage.start()
    orders = {limit: await stage.order(f"{limit}", size_limit=limit) for limit in (TAKEN, TAKEN + 1, LESS)}

    for job in orders.values():
        await stage.until_state(job, JobState.DELIVERED, hurry=1)

    assert {limit: [post.size_bytes for post in stage.herald.of(job)] for limit, job in orders.items()} == {
        limit: [limit] for limit in orders
    }
    assert sorted(fitter.asked) == sorted(orders)


async def test_a_smaller_one_is_made_when_the_place_takes_less_by_the_next_try(
    stage: Stage, fitter: QuickFitter
) -> None:
    job = await put_off(stage, "post_result")
    stage.herald.known_limits[Place.CHANNEL] = LESS

    stage.worker.scheduler.wake(job.id)
    await stage.elapse(AN_HOUR + 1)
    await stage.until_state(job, JobState.DELIVERED)

    assert ([post.size_bytes for post in stage.herald.of(job)], fitter.asked) == ([LESS], [TAKEN, LESS])


async def test_what_nobody_came_back_for_is_gone_after_minutes(stage: Stage, fitter: QuickFitter) -> None:
    job = await put_off(stage, "post_result")
    assert [path.stat().st_size for path in stage.files()] == [TAKEN]

    await stage.elapse(KEPT_FOR.total_seconds())
    await until_gone(stage)

    await stage.elapse(AN_HOUR)
    await stage.until_state(job, JobState.DELIVERED)
    assert fitter.asked == [TAKEN, TAKEN]


async def test_what_waits_for_the_next_try_is_gone_after_a_stop(stage: Stage, fitter: QuickFitter) -> None:
    await put_off(stage, "post_result")
    assert len(stage.files()) == 1

    await stage.worker.stop()

    assert stage.files() == []


@pytest.mark.parametrize("take_away", [Stage.delete, Stage.remove])
async def test_what_waits_goes_with_a_post_that_is_taken_away(
    stage: Stage, fitter: QuickFitter, take_away: Callable[[Stage, Job], Awaitable[None]]
) -> None:
    await announced(stage)
    job = await put_off(stage, "announce")
    assert len(stage.files()) == 1

    await take_away(stage, job)

    await until_gone(stage)
    assert stage.herald.copies == []


async def test_what_waits_goes_with_a_video_that_shall_not_be_posted(stage: Stage, fitter: QuickFitter) -> None:
    job = await put_off(stage, "post_result")
    assert len(stage.files()) == 1

    await stage.cancel(job)

    await until_gone(stage)
    assert stage.herald.posts == []


async def test_only_the_newest_are_kept_where_many_wait(stage: Stage, fitter: QuickFitter) -> None:
    for number in range(MOST + 2):
        await put_off(stage, "post_result", size_limit=TAKEN + number)

    assert sorted(path.stat().st_size for path in stage.files()) == [TAKEN + number for number in range(2, MOST + 2)]


async def test_two_who_carry_a_job_at_once_have_a_file_each(stage: Stage, fitter: QuickFitter) -> None:
    job = await stage.read(await put_off(stage, "post_result"))
    carrier = stage.worker.deliver.carrier

    async with carrier.fetched(job, Watch()) as one, carrier.fetched(job, Watch()) as other:
        paths = {(await one.within(TAKEN)).path, (await other.within(TAKEN)).path}
        assert paths == set(stage.files()) - {other.video and other.video.path}
        assert len(paths) == 2

    assert len(stage.files()) == 1
    await carrier.forget(job)
    assert stage.files() == []


async def test_an_address_that_has_run_out_is_not_needed_for_what_was_made(stage: Stage, fitter: QuickFitter) -> None:
    job = replace(await stage.read(await put_off(stage, "post_result")), result_url=None)
    carrier = stage.worker.deliver.carrier

    async with carrier.fetched(job, Watch()) as video:
        assert (await video.within(TAKEN)).size_bytes == TAKEN
        with pytest.raises(VideoGoneError):
            await video.within(LESS)

    assert stage.files() == []


async def test_what_is_in_use_stays_when_the_rest_is_removed(stage: Stage, fitter: QuickFitter) -> None:
    job = await stage.read(await put_off(stage, "post_result"))

    async with stage.worker.deliver.carrier.fetched(job, Watch()) as video:
        await stage.worker.made.clear()
        path = (await video.within(TAKEN)).path
        assert path is not None
        assert path.exists()


def made(size_bytes: int, *, original_bytes: int = 500_000_000, shrunk: bool = True) -> Made:
    film = Film(size_bytes, 64, 48, treatment=Treatment.REENCODED, shrunk=shrunk)
    return Made(Fitted(Path("made"), size_bytes, film), size_bytes, original_bytes)


async def test_the_oldest_make_room_for_the_newest(stage: Stage) -> None:
    gone: list[str] = []
    files = MadeFiles(stage.clock)
    for name in ("first", "second", "third"):
        stack = AsyncExitStack()
        stack.callback(gone.append, name)
        await files.keep(name, replace(made(MOST_BYTES // 2), files=stack))

    assert (gone, files.take("second") is None, files.take("third") is None) == (["first"], False, False)
    await files.keep("too large", made(MOST_BYTES + 1))
    assert files.take("too large") is None


def test_what_does_not_play_as_it_came_does_wherever_it_fits() -> None:
    odd, small = made(TAKEN, original_bytes=LARGE, shrunk=False), made(TAKEN, original_bytes=LARGE)

    assert [odd.serves(limit) for limit in (LESS, TAKEN, KNOWN)] == [False, True, True]
    assert [small.serves(limit) for limit in (LESS, TAKEN, LARGE - 1)] == [False, True, True]
    assert [small.serves(limit) for limit in (LARGE, KNOWN)] == [False, False]


async def test_stopping_while_it_is_brought_somewhere_leaves_nothing(stage: Stage, fitter: QuickFitter) -> None:
    async def dawdle(step: str) -> None:
        if step == "post_result asked":
            asked.set()
            await asyncio.Event().wait()

    asked = asyncio.Event()
    stage.herald.reached = dawdle
    worker = await stage.start()
    await stage.order(size_limit=TAKEN)
    async with asyncio.timeout(WAIT_SECONDS):
        await asked.wait()

    await worker.stop()

    assert stage.files() == []
