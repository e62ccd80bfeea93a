"""Videos that are over an upload limit: made smaller step by step, posted once, and last as a link."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.film import Treatment
from bot.domain.job import Job, JobState
from bot.media.fit import Fitter
from bot.media.probe import Prober
from bot.media.rewrite import Rewriter
from bot.worker.herald import Place, TooLargeError, TryAgainError
from tests.bot.worker.fitting import QuickFitter
from tests.bot.worker.herald import CHANNELS, Post
from tests.bot.worker.stage import AT_ONCE, SMALL, WAIT_SECONDS, Stage

MEBIBYTE = 1 << 20
KNOWN, TAKEN = 100_000, 10_000
"""What is known of a place before it refuses, and what an interaction has said."""
ANNOUNCED = CHANNELS[Place.ANNOUNCEMENT]


@pytest.fixture
def fitter(stage: Stage) -> QuickFitter:
    """The stage's, beside films of some 20 kB."""
    film(stage, 20_000)
    stage.fitter = fitter = QuickFitter(stage.folder / "files")
    return fitter


def film(stage: Stage, padding_bytes: int) -> None:
    """What gateways deliver."""
    stage.max_bytes = 64 * MEBIBYTE
    stage.gateway.default_plan = replace(AT_ONCE, video=replace(SMALL, padding_bytes=padding_bytes))


async def delivered(stage: Stage, **order: object) -> Job:
    """A video that was posted, with everything about it told."""
    if not stage.workers:
        await stage.start()
    job = await stage.order(**order)  # type: ignore[arg-type]
    done = await stage.until_state(job, JobState.DELIVERED, hurry=1)
    await stage.until_free(job)
    assert stage.files() == []
    return done


def sizes(stage: Stage, job: Job) -> list[int | None]:
    """The posts of a job by the size of their file."""
    return [post.size_bytes for post in stage.herald.of(job)]


def shrunk(posts: list[Post]) -> list[bool]:
    """Whether each says that its file was made smaller."""
    return [post.film is not None and post.film.shrunk for post in posts]


async def test_a_video_below_the_limit_of_its_place_is_posted_as_it_is(stage: Stage, fitter: QuickFitter) -> None:
    stage.herald.known_limits[Place.CHANNEL] = KNOWN

    job = await delivered(stage, size_limit=TAKEN)

    assert job.film is not None
    assert (fitter.asked, sizes(stage, job)) == ([KNOWN], [job.film.size_bytes])
    assert (job.film.treatment, job.film.shrunk) == (Treatment.UNTOUCHED, False)


async def test_a_video_over_it_is_made_to_fit_there(stage: Stage, fitter: QuickFitter) -> None:
    stage.herald.known_limits[Place.CHANNEL] = TAKEN

    job = await delivered(stage, size_limit=KNOWN)

    assert job.film is not None
    assert (fitter.asked, sizes(stage, job), job.film.size_bytes) == ([TAKEN], [TAKEN], TAKEN)
    assert (job.film.treatment, job.film.shrunk) == (Treatment.REENCODED, True)


async def test_the_status_says_meanwhile_that_it_is_large_once(stage: Stage, fitter: QuickFitter) -> None:
    stage.herald.trouble("post_result", TryAgainError())

    job = await delivered(stage, size_limit=TAKEN)

    said = [(shown.job.state, shown.standing.is_large) for shown in stage.herald.shown if shown.job.id == job.id]
    assert [state for state, is_large in said if is_large] == [JobState.RENDERED]
    assert said[-1] == (JobState.DELIVERED, False)


async def test_a_status_that_can_not_be_changed_does_not_keep_it_from_being_posted(
    stage: Stage, fitter: QuickFitter
) -> None:
    stage.herald.trouble("show_status", TryAgainError(), times=3)

    job = await delivered(stage, size_limit=TAKEN)

    assert sizes(stage, job) == [TAKEN]


async def test_a_refusal_goes_down_to_what_every_server_takes(stage: Stage, fitter: QuickFitter) -> None:
    film(stage, 25 * MEBIBYTE)
    stage.herald.upload_limit = 10 * MEBIBYTE

    job = await delivered(stage, size_limit=100 * MEBIBYTE)

    assert fitter.asked == [100 * MEBIBYTE, 20 * MEBIBYTE, 10 * MEBIBYTE]
    assert sizes(stage, job) == [10 * MEBIBYTE]


async def test_a_refusal_goes_down_to_what_is_known_by_then(stage: Stage, fitter: QuickFitter) -> None:
    async def lose_boosts(step: str) -> None:
        if step == "post_result asked":
            stage.herald.known_limits[Place.CHANNEL] = 15_000

    stage.herald.reached = lose_boosts
    stage.herald.upload_limit = 15_000

    job = await delivered(stage, size_limit=KNOWN)

    assert (fitter.asked, sizes(stage, job)) == ([KNOWN, 15_000], [15_000])


async def test_what_can_not_be_made_small_enough_is_posted_as_a_link(stage: Stage, fitter: QuickFitter) -> None:
    stage.herald.known_limits[Place.CHANNEL] = KNOWN
    stage.herald.upload_limit, fitter.least_bytes = TAKEN, TAKEN + 1

    job = await delivered(stage, size_limit=TAKEN)

    assert (fitter.asked, sizes(stage, job)) == ([KNOWN, TAKEN], [None])
    assert job.film is not None
    assert (job.film.treatment, job.film.shrunk) == (Treatment.UNTOUCHED, False)


async def test_an_upload_that_was_refused_is_not_tried_again(stage: Stage, fitter: QuickFitter) -> None:
    async def fail(_: str) -> None:
        stage.herald.trouble("post_result", TryAgainError())
        fitter.reached = stage.herald.reached

    stage.herald.known_limits[Place.CHANNEL] = KNOWN
    stage.herald.upload_limit, fitter.reached = TAKEN, fail

    job = await delivered(stage, size_limit=TAKEN)

    assert (fitter.asked, sizes(stage, job)) == ([KNOWN, TAKEN], [TAKEN])


async def test_an_earlier_post_is_looked_for_when_making_it_fit_outlasts_the_memory_of_nonces(
    stage: Stage, fitter: QuickFitter
) -> None:
    """The first post stands, its answer was lost; the second is refused, since Discord takes less by now."""

    async def lower(step: str) -> None:
        if step == "post_result done":
            stage.herald.upload_limit = TAKEN

    async def dawdle(_: str) -> None:
        stage.clock.jump(70)

    stage.herald.trouble("post_result", TryAgainError(), after=True)
    stage.herald.known_limits[Place.CHANNEL] = KNOWN
    stage.herald.reached, fitter.reached = lower, dawdle
    await stage.start()
    job = await stage.order(size_limit=TAKEN)

    done = await stage.until_state(job, JobState.DELIVERED, hurry=0.5)

    (post,) = stage.herald.of(job)
    assert (fitter.asked, done.message, stage.herald.searches) == ([KNOWN, KNOWN, TAKEN], post.message, 1)


async def test_an_answer_that_was_refused_as_too_large_is_given_once_more_and_smaller(
    stage: Stage, fitter: QuickFitter
) -> None:
    stage.herald.closed = {Place.CHANNEL}
    stage.herald.known_limits[Place.REPLY] = KNOWN
    stage.herald.upload_limit = TAKEN

    job = await delivered(stage, size_limit=TAKEN, reply_seconds=14 * 60)

    assert [(post.place, post.size_bytes) for post in stage.herald.of(job)] == [(Place.REPLY, TAKEN)]


async def test_an_answer_that_was_refused_may_be_given_by_a_later_try(stage: Stage, fitter: QuickFitter) -> None:
    async def fail(_: str) -> None:
        fitter.reached = stage.herald.reached
        raise TryAgainError

    stage.herald.closed = {Place.CHANNEL}
    stage.herald.known_limits = {Place.CHANNEL: KNOWN, Place.REPLY: KNOWN}
    stage.herald.upload_limit, fitter.reached = TAKEN, fail

    job = await delivered(stage, size_limit=TAKEN, reply_seconds=14 * 60)

    assert [post.place for post in stage.herald.of(job)] == [Place.REPLY]


async def test_nobody_stopped_it_while_it_was_made_to_fit(stage: Stage, fitter: QuickFitter) -> None:
    async def stop(_: str) -> None:
        async with stage.database.write() as tx:
            await stage.mark_dont_post(tx, job)

    stage.herald.known_limits[Place.CHANNEL] = KNOWN
    stage.herald.upload_limit, fitter.reached = TAKEN, stop
    job = await stage.order(size_limit=TAKEN)
    await stage.start()

    kept = await stage.until_state(job, JobState.UNDELIVERED)

    assert (stage.herald.posts, kept.failure) == ([], None)


async def test_what_was_made_for_a_place_that_is_closed_is_posted_in_the_next(
    stage: Stage, fitter: QuickFitter
) -> None:
    await stage.choose(gallery_channel_id=CHANNELS[Place.GALLERY])
    stage.herald.closed = {Place.GALLERY}

    job = await delivered(stage, size_limit=TAKEN)

    assert (fitter.asked, sizes(stage, job)) == ([TAKEN], [TAKEN])


async def test_what_can_not_be_made_to_fit_is_not_tried_again_for_the_next_place(
    stage: Stage, fitter: QuickFitter
) -> None:
    fitter.least_bytes = KNOWN
    stage.herald.closed = {Place.CHANNEL, Place.PARENT}

    job = await delivered(stage, size_limit=TAKEN)

    assert (fitter.asked, sizes(stage, job)) == ([TAKEN], [None])


async def test_what_was_refused_goes_no_further_than_what_is_known_by_the_next_try(
    stage: Stage, fitter: QuickFitter
) -> None:
    async def fail(_: str) -> None:
        stage.herald.trouble("post_result", TryAgainError())
        stage.herald.known_limits[Place.CHANNEL] = 5000
        fitter.reached = stage.herald.reached

    stage.herald.known_limits[Place.CHANNEL] = KNOWN
    stage.herald.upload_limit, fitter.reached = TAKEN, fail

    job = await delivered(stage, size_limit=TAKEN)

    assert (fitter.asked, sizes(stage, job)) == ([KNOWN, TAKEN, 5000], [5000])


async def test_a_place_that_takes_less_gets_a_smaller_one(stage: Stage, fitter: QuickFitter) -> None:
    stage.herald.closed = {Place.CHANNEL, Place.PARENT}
    stage.herald.known_limits = {Place.CHANNEL: KNOWN, Place.PARENT: KNOWN, Place.DIRECT: TAKEN}

    job = await delivered(stage)

    assert (fitter.asked, sizes(stage, job)) == ([KNOWN, TAKEN], [TAKEN])


async def test_the_copy_for_moderators_goes_by_the_limit_of_the_log(stage: Stage, fitter: QuickFitter) -> None:
    stage.herald.known_limits = {Place.CHANNEL: KNOWN, Place.LOG: 15_000}
    stage.herald.trouble("log_result", TooLargeError())

    await delivered(stage, private=True, size_limit=TAKEN)

    assert (fitter.asked, [post.size_bytes for post in stage.herald.logs]) == ([KNOWN, 15_000, TAKEN], [TAKEN])
    assert shrunk(stage.herald.logs) == [True]


@pytest.mark.parametrize("copy", [Place.LOG, Place.ANNOUNCEMENT])
async def test_a_copy_whose_answer_was_lost_is_made_once_however_long_it_takes(
    stage: Stage, fitter: QuickFitter, copy: Place
) -> None:
    async def dawdle(_: str) -> None:
        stage.clock.jump(70)

    await stage.choose(announcement_channel_id=ANNOUNCED)
    stage.herald.known_limits = {Place.CHANNEL: KNOWN, copy: TAKEN}
    stage.herald.trouble("log_result" if copy is Place.LOG else "announce", TryAgainError(), after=True)
    fitter.reached = dawdle

    await delivered(stage, private=copy is Place.LOG)

    assert len(stage.herald.logs) + len(stage.herald.copies) == 1
    assert fitter.asked == [KNOWN, TAKEN]


async def test_the_announced_copy_goes_by_the_limit_of_its_channel(stage: Stage, fitter: QuickFitter) -> None:
    await stage.choose(announcement_channel_id=ANNOUNCED)
    stage.herald.known_limits = {Place.CHANNEL: KNOWN, Place.ANNOUNCEMENT: 15_000}
    stage.herald.trouble("announce", TooLargeError())

    await delivered(stage, size_limit=TAKEN)

    assert (fitter.asked, [post.size_bytes for post in stage.herald.copies]) == ([KNOWN, 15_000, TAKEN], [TAKEN])
    assert shrunk(stage.herald.copies) == [True]
    assert shrunk(stage.herald.posts) == [False]


async def test_a_place_that_finds_even_a_link_too_large_is_closed(stage: Stage, fitter: QuickFitter) -> None:
    stage.herald.trouble("post_result", TooLargeError(), times=2)
    fitter.least_bytes = KNOWN

    job = await delivered(stage)

    (post,) = stage.herald.of(job)
    assert (post.place, post.size_bytes is None) == (Place.PARENT, False)


async def test_videos_that_wait_for_being_made_to_fit_hold_up_no_others(stage: Stage, fitter: QuickFitter) -> None:
    free = asyncio.Event()

    async def dawdle(_: str) -> None:
        await free.wait()

    fitter.reached, stage.line = dawdle, 2
    await stage.start(at_once=4)
    large = [await stage.order(f"large {number}", size_limit=TAKEN) for number in range(4)]
    await stage.gateway.wait_for(lambda: len(fitter.asked) == stage.line and stage.gateway.downloads == len(large))

    small = await stage.until_state(await stage.order(size_limit=KNOWN), JobState.DELIVERED, hurry=0.1)

    assert len(sizes(stage, small)) == 1
    assert stage.herald.posts == stage.herald.of(small)
    free.set()
    for job in large:
        await stage.until_state(job, JobState.DELIVERED, hurry=1)
        assert sizes(stage, job) == [TAKEN]


async def test_odd_videos_that_wait_for_being_changed_hold_up_no_others_either(stage: Stage) -> None:
    """They are not over a limit: it takes a look at them to know that they have to wait."""
    free, program = stage.folder / "free", stage.folder / "program.py"
    program.write_text(f"import os, time\nwhile not os.path.exists({str(free)!r}): time.sleep(0.01)\nprint('failed')")
    stage.fitter = Fitter(stage.folder / "files", Prober(), reencodes=True, rewriter=Rewriter(program=program))
    stage.gateway.script(replace(AT_ONCE, video=replace(SMALL, encoder="libx265")), prompt="odd", times=None)
    stage.line = 2
    await stage.start(at_once=4)
    waiting = [await stage.order(f"odd {number}") for number in range(4)]
    await stage.gateway.wait_for(lambda: stage.gateway.downloads == len(waiting))

    usual = await stage.until_state(await stage.order(), JobState.DELIVERED, hurry=0.1)

    assert stage.herald.posts == stage.herald.of(usual)
    free.touch()
    for job in waiting:
        await stage.until_state(job, JobState.DELIVERED, hurry=1)


async def test_a_stop_does_not_wait_for_a_video_that_is_made_to_fit(stage: Stage, fitter: QuickFitter) -> None:
    async def dawdle(_: str) -> None:
        await asyncio.Event().wait()

    fitter.reached = dawdle
    worker = await stage.start()
    job = await stage.order(size_limit=TAKEN)
    await stage.gateway.wait_for(lambda: bool(fitter.asked))

    async with asyncio.timeout(WAIT_SECONDS):
        await worker.stop()

    assert (stage.herald.posts, stage.files()) == ([], [])
    stage.fitter = QuickFitter(stage.folder / "files")
    await stage.start("second")
    await stage.until_state(job, JobState.DELIVERED, hurry=1)
    assert sizes(stage, job) == [TAKEN]
