from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.ledger import Settlement
from bot.orders.follow import CancelOutcome
from bot.store.posts import PostKind
from bot.worker.herald import PlaceClosedError, TryAgainError
from bot.worker.outcome import Watch
from sandbox.gateway import FaultKind, GatewayServer
from sandbox.stops import Stage as At
from tests.bot.store.records import rows
from tests.bot.worker.stage import BY_HAND, CHANNEL, Stage

STATUS = MessagePlace(CHANNEL, 1)


async def test_a_queued_job_is_cancelled_and_refunded(stage: Stage) -> None:
    await stage.start(max_rendering=0)
    job = await stage.order()

    outcome = await stage.cancel(job)

    await stage.until_state(job, JobState.CANCELLED)
    assert outcome is CancelOutcome.CANCELLED
    assert await stage.settlement(job) is Settlement.REFUNDED
    assert stage.gateway.submits == 0
    assert stage.herald.last_shown(job).job.state is JobState.CANCELLED


async def test_what_was_decided_after_the_worker_took_a_job_up_is_what_its_status_says(stage: Stage) -> None:
    stage.build(max_rendering=0)
    taken_up = await stage.order()
    await stage.cancel(taken_up)

    await stage.worker.tell(taken_up, Watch())

    assert stage.herald.last_shown(taken_up).job.state is JobState.CANCELLED
    assert await stage.notes(taken_up) == []


async def test_a_cancel_between_two_tries_of_an_order_comes_in_time(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.RATE_LIMIT_EXCEEDED, retry_after=30)
    await stage.start()
    job = await stage.order()
    await stage.gateway.wait_for(lambda: stage.gateway.submits == 1)

    async def queued_again() -> bool:
        found = await stage.read(job)
        return found.state is JobState.QUEUED and found.attempt == 1

    await stage.until(queued_again)

    await stage.cancel(job)

    await stage.until_state(job, JobState.CANCELLED)
    await stage.elapse(60)
    await stage.until_free(job)
    assert stage.gateway.submits == 1
    assert await stage.settlement(job) is Settlement.REFUNDED


async def test_a_cancel_while_the_order_is_sent_and_taken_means_dont_post(stage: Stage) -> None:
    await stage.start()

    async def cancel(_: web.Request) -> None:
        outcomes.append(await stage.cancel(job))

    outcomes: list[object] = []
    stage.gateway.stops.at(At.APPLIED, "POST", "/v3/async/", cancel)
    job = await stage.order()

    kept = await stage.until_state(job, JobState.UNDELIVERED)
    assert outcomes == [CancelOutcome.WONT_POST]
    assert kept.failure is None
    assert stage.herald.posts == []
    assert await stage.settlement(job) is Settlement.CHARGED


async def test_a_cancel_while_the_order_is_sent_and_refused_costs_nothing(stage: Stage, highway: GatewayServer) -> None:
    await stage.start()

    async def cancel(_: web.Request) -> None:
        await stage.cancel(job)

    stage.gateway.fault("submit", FaultKind.RATE_LIMIT_EXCEEDED)
    stage.gateway.stops.at(At.APPLIED, "POST", "/v3/async/", cancel)
    job = await stage.order()

    await stage.until_state(job, JobState.CANCELLED)
    assert (stage.gateway.submits, highway.submits) == (1, 0)
    assert await stage.settlement(job) is Settlement.REFUNDED


async def test_a_cancel_while_the_only_gateway_refuses_costs_nothing(stage: Stage) -> None:
    await stage.start()

    async def cancel(_: web.Request) -> None:
        await stage.cancel(job)

    stage.gateway.fault("submit", FaultKind.FAILED_TO_AUTH)
    stage.gateway.stops.at(At.APPLIED, "POST", "/v3/async/", cancel)
    job = await stage.order()

    cancelled = await stage.until_state(job, JobState.CANCELLED)
    assert cancelled.failure is not FailureKind.BAD_KEY
    assert await stage.settlement(job) is Settlement.REFUNDED


async def test_a_job_that_was_put_back_with_a_cancel_pending_is_not_ordered_after_a_restart(
    stage: Stage, highway: GatewayServer
) -> None:
    job = await stage.order()
    async with stage.database.write() as tx:
        await stage.mark_dont_post(tx, job)

    await stage.start()

    await stage.until_state(job, JobState.CANCELLED)
    assert (stage.gateway.submits, highway.submits) == (0, 0)


async def test_a_cancel_while_rendering_keeps_the_video_and_does_not_post_it(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)

    outcome = await stage.cancel(job)
    await stage.until_state(job, JobState.RENDERING)
    told = stage.herald.last_shown(job).job.dont_post
    stage.gateway.orders[0].task.finish()

    kept = await stage.until_state(job, JobState.UNDELIVERED)
    await stage.until_free(job)
    assert (outcome, told) == (CancelOutcome.WONT_POST, True)
    assert kept.result_url is not None
    assert (stage.herald.posts, stage.herald.pings) == ([], [])
    assert await stage.settlement(job) is Settlement.CHARGED


async def test_nobody_is_pinged_about_a_video_that_is_not_wanted_when_the_status_is_gone(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    stage.herald.has_status = False
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    await stage.cancel(job)

    stage.gateway.orders[0].task.finish()

    await stage.until_state(job, JobState.UNDELIVERED)
    await stage.until_free(job)
    assert stage.herald.pings == []


async def test_a_cancel_while_the_video_is_fetched_is_kept(stage: Stage) -> None:
    await stage.start()

    async def cancel(_: web.Request) -> None:
        await stage.cancel(job)

    stage.gateway.stops.at(At.RECEIVED, "GET", "/results/", cancel)
    job = await stage.order()

    await stage.until_state(job, JobState.UNDELIVERED)
    assert stage.herald.posts == []
    assert stage.files() == []


@pytest.mark.parametrize("private", [False, True])
async def test_a_cancel_while_the_video_is_posted_takes_the_post_down(stage: Stage, private: bool) -> None:
    job = await _stopped_while_posted(stage, stage.cancel, private=private)

    ended = await stage.until_state(job, JobState.DELIVERED)
    (post,) = stage.herald.posts
    assert stage.herald.taken_down == [post.message]
    assert ended.message is None
    assert (stage.herald.told, stage.herald.logs) == ([], [])


async def test_a_cancel_while_the_video_is_posted_into_a_thread_leaves_no_thread_of_it(stage: Stage) -> None:
    await stage.choose(result_threads=True)

    job = await _stopped_while_posted(stage, stage.cancel)

    await stage.until_state(job, JobState.DELIVERED)
    (post,) = stage.herald.posts
    assert stage.herald.taken_down == [STATUS, post.message]


async def test_a_video_that_is_removed_while_it_is_posted_is_taken_down(stage: Stage) -> None:
    job = await _stopped_while_posted(stage, stage.remove)

    await stage.until_state(job, JobState.DELIVERED)
    (post,) = stage.herald.posts
    assert set(stage.herald.taken_down) == {post.message, STATUS}


async def test_a_post_that_cannot_be_taken_down_now_is_taken_down_later(stage: Stage) -> None:
    stage.herald.trouble("take_down", TryAgainError())
    job = await _stopped_while_posted(stage, stage.remove)

    await stage.until_state(job, JobState.DELIVERED, hurry=5)
    (post,) = stage.herald.posts
    assert set(stage.herald.taken_down) == {post.message, STATUS}


async def test_a_post_that_is_out_of_reach_is_given_up(stage: Stage) -> None:
    stage.herald.trouble("take_down", PlaceClosedError(), times=9)
    job = await _stopped_while_posted(stage, stage.remove)

    assert (await stage.until_state(job, JobState.DELIVERED)).message is not None
    assert stage.herald.taken_down == []


async def test_a_post_that_nobody_has_written_down_is_taken_down_after_a_cancel(stage: Stage) -> None:
    """The process died after the post; the cancel came before the next one."""

    async def die(step: str) -> None:
        if step == "post_result done":
            stage.database.down = True

    stage.herald.reached = die
    worker = await stage.start()
    job = await stage.order()
    await stage.gateway.wait_for(lambda: stage.database.down)
    await worker.kill()
    stage.database.down = False
    await stage.remove(job)

    await stage.start("another")

    await stage.until_state(job, JobState.DELIVERED)
    (post,) = stage.herald.posts
    assert set(stage.herald.taken_down) == {post.message, STATUS}


async def test_a_copy_for_moderators_that_was_made_during_a_removal_is_taken_down(stage: Stage) -> None:
    async def remove(step: str) -> None:
        if step == "log_result done":
            await stage.remove(job)

    stage.herald.reached = remove
    await stage.start()
    job = await stage.order(private=True)

    await stage.until_state(job, JobState.DELIVERED)
    await stage.until_free(job)
    copies = [copy.message for copy in stage.herald.logs]
    assert [place for place in stage.herald.taken_down if place in copies] == copies
    assert await rows(stage.database, "SELECT kind FROM posts") == [(PostKind.CARD,)]


async def _stopped_while_posted(
    stage: Stage, stop: Callable[[Job], Awaitable[object]], *, private: bool = False
) -> Job:
    """A job that is stopped between the intent to post it and the word that it is posted."""

    async def meanwhile(step: str) -> None:
        if step == "post_result done":
            await stop(job)

    stage.herald.reached = meanwhile
    await stage.start()
    job = await stage.order(private=private)
    return job
