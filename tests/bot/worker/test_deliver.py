import asyncio
from dataclasses import replace
from http import HTTPStatus

import pytest
from aiohttp import web
from structlog.testing import LogCapture

from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.media.fit import Fitter
from bot.media.probe import Prober
from bot.media.transport import Timeouts
from bot.worker.deliver import TRIES
from bot.worker.herald import Place, PlaceClosedError, PostDeletedError, TooLargeError, TryAgainError
from sandbox.gateway import Damage, FaultKind
from sandbox.stops import Stage as At
from tests.bot.worker.herald import CHANNELS
from tests.bot.worker.stage import AT_ONCE, CHANNEL, SMALL, Stage

MINUTE = 60.0
DAY = 24 * 3600
CLOSED = [
    (set(), Place.CHANNEL),
    ({Place.CHANNEL}, Place.PARENT),
    ({Place.CHANNEL, Place.PARENT}, Place.DIRECT),
    ({Place.CHANNEL, Place.PARENT, Place.DIRECT}, Place.LOG),
]


async def delivered(stage: Stage, job: Job, *, hurry: float = 1) -> Job:
    done = await stage.until_state(job, JobState.DELIVERED, hurry=hurry)
    assert stage.files() == []
    return done


async def test_a_post_whose_answer_was_lost_is_made_once_by_its_nonce(stage: Stage) -> None:
    stage.herald.trouble("post_result", TryAgainError(), after=True)
    await stage.start()

    job = await stage.order()

    done = await delivered(stage, job)
    (post,) = stage.herald.of(job)
    assert (done.message, stage.herald.searches) == (post.message, 0)


async def test_a_post_whose_answer_was_lost_is_searched_for_when_the_nonce_is_forgotten(stage: Stage) -> None:
    stage.herald.trouble("post_result", TryAgainError(90), after=True)
    await stage.start()
    job = await stage.order()

    done = await delivered(stage, job, hurry=10)

    (post,) = stage.herald.of(job)
    assert (done.message, stage.herald.searches) == (post.message, 1)
    assert stage.gateway.downloads == 1


async def test_a_post_that_was_never_made_is_made_once_after_the_search(stage: Stage) -> None:
    stage.herald.trouble("post_result", TryAgainError(90))
    await stage.start()

    job = await stage.order()

    await delivered(stage, job, hurry=10)
    assert (len(stage.herald.of(job)), stage.herald.searches) == (1, 1)


async def test_a_download_that_outlasts_the_memory_of_nonces_is_followed_by_a_search(stage: Stage) -> None:
    """The second try begins within the 60 s, and its video has come only after them."""
    stage.herald.trouble("post_result", TryAgainError(), after=True)

    async def dawdle(_: web.Request) -> None:
        stage.clock.jump(70)

    stage.gateway.stops.at(At.RECEIVED, "GET", "/results/", dawdle, skip=1)
    await stage.start()

    job = await stage.order()

    done = await delivered(stage, job, hurry=0.5)
    (post,) = stage.herald.of(job)
    assert (done.message, stage.herald.searches) == (post.message, 1)


async def test_a_history_that_cannot_be_read_does_not_stop_the_delivery(stage: Stage) -> None:
    stage.herald.history_closed = True
    stage.herald.trouble("post_result", TryAgainError(90))
    await stage.start()

    job = await stage.order()

    await delivered(stage, job, hurry=10)
    assert (len(stage.herald.of(job)), stage.herald.searches) == (1, 1)


async def test_a_post_is_not_repeated_when_the_database_fails_right_after_it(stage: Stage) -> None:
    async def fail(step: str) -> None:
        if step == "post_result done":
            stage.database.down = True

    stage.herald.reached = fail
    await stage.start()
    job = await stage.order()
    await stage.gateway.wait_for(lambda: stage.database.down)
    stage.herald.history_closed = True
    await stage.elapse(90)
    await asyncio.sleep(0.05)

    stage.database.down = False

    await delivered(stage, job)
    assert len(stage.herald.of(job)) == 1


@pytest.mark.parametrize(("closed", "place"), CLOSED)
async def test_the_video_goes_down_the_ladder_to_the_first_open_place(
    stage: Stage, closed: set[Place], place: Place
) -> None:
    stage.herald.closed = closed
    await stage.start()

    job = await stage.order()

    await delivered(stage, job)
    assert [post.place for post in stage.herald.of(job)] == [place]
    assert len(stage.herald.of(job)[0].nonce) <= 25


GALLERY = CHANNELS[Place.GALLERY]
CHOSEN: list[tuple[dict[str, object], set[Place], Place]] = [
    ({"gallery_channel_id": GALLERY}, set(), Place.GALLERY),
    ({"gallery_channel_id": GALLERY}, {Place.GALLERY}, Place.CHANNEL),
    ({"gallery_channel_id": GALLERY}, {Place.GALLERY, Place.CHANNEL}, Place.PARENT),
    ({"gallery_channel_id": CHANNEL}, set(), Place.CHANNEL),
    ({"result_threads": True}, set(), Place.THREAD),
    ({"result_threads": True}, {Place.THREAD}, Place.CHANNEL),
    ({"gallery_channel_id": GALLERY, "result_threads": True}, set(), Place.GALLERY),
    ({"gallery_channel_id": GALLERY, "result_threads": True}, {Place.GALLERY}, Place.THREAD),
]


@pytest.mark.parametrize(("choices", "closed", "place"), CHOSEN)
async def test_the_video_goes_where_the_server_wants_it_or_else_to_the_channel(
    stage: Stage, choices: dict[str, object], closed: set[Place], place: Place
) -> None:
    await stage.choose(**choices)
    stage.herald.closed = closed
    await stage.start()

    job = await stage.order()

    done = await delivered(stage, job)
    (post,) = stage.herald.of(job)
    assert (post.place, done.message) == (place, post.message)
    assert len(post.nonce) <= 25
    assert stage.herald.last_shown(job).standing.keeps_status == (place is not Place.CHANNEL)


async def test_a_private_video_goes_to_no_gallery(stage: Stage) -> None:
    await stage.choose(gallery_channel_id=GALLERY, result_threads=True)
    await stage.start()

    job = await stage.order(private=True)

    await delivered(stage, job)
    assert [post.place for post in stage.herald.of(job)] == [Place.CHANNEL]


@pytest.mark.parametrize("choices", [{"gallery_channel_id": GALLERY}, {"result_threads": True}])
async def test_a_post_there_whose_answer_was_lost_is_made_once(stage: Stage, choices: dict[str, object]) -> None:
    await stage.choose(**choices)
    stage.herald.trouble("post_result", TryAgainError(90), after=True)
    await stage.start()

    job = await stage.order()

    done = await delivered(stage, job, hurry=10)
    (post,) = stage.herald.of(job)
    assert (done.message, stage.herald.searches) == (post.message, 1)


LIVES = 14 * MINUTE


async def test_where_the_bot_may_not_post_the_video_answers_the_interaction(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL}
    await stage.start()

    job = await stage.order(reply_seconds=LIVES)

    await delivered(stage, job)
    assert [post.place for post in stage.herald.of(job)] == [Place.REPLY]


async def test_a_token_that_has_ended_is_left_out(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL}
    await stage.start()

    job = await stage.order(reply_seconds=0)

    done = await delivered(stage, job)
    assert [post.place for post in stage.herald.of(job)] == [Place.PARENT]
    assert done.replied_at is None


async def test_an_answer_that_may_have_arrived_is_looked_for_and_not_made_again(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL}
    stage.herald.trouble("post_result", TryAgainError(), after=True)
    await stage.start()

    job = await stage.order(reply_seconds=LIVES)

    done = await delivered(stage, job, hurry=1)
    (post,) = stage.herald.of(job)
    assert (post.place, done.message, stage.herald.searches) == (Place.REPLY, post.message, 1)


async def test_an_answer_of_which_nothing_can_be_found_is_followed_by_the_next_place(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL, Place.PARENT}
    stage.herald.history_closed = True
    stage.herald.trouble("post_result", TryAgainError(), after=True)
    await stage.start()

    job = await stage.order(reply_seconds=LIVES)

    await delivered(stage, job, hurry=1)
    assert [post.place for post in stage.herald.of(job)] == [Place.REPLY, Place.DIRECT]


async def test_an_answer_that_is_too_large_is_given_as_a_link(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL}
    stage.herald.upload_limit = 1000
    await stage.start()

    job = await stage.order(reply_seconds=LIVES)

    await delivered(stage, job)
    assert [(post.place, post.size_bytes) for post in stage.herald.of(job)] == [(Place.REPLY, None)]


async def test_a_private_video_is_never_given_to_the_channel_by_token(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL}
    await stage.start()

    job = await stage.order(private=True, reply_seconds=LIVES)

    await stage.until_state(job, JobState.UNDELIVERED)
    assert stage.herald.posts == []


async def test_moderators_see_a_private_video_that_its_author_can_only_have_from_the_history(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL}
    await stage.start()

    job = await stage.order(private=True)

    await stage.until_state(job, JobState.UNDELIVERED)
    await stage.until_free(job)
    assert [post.job_id for post in stage.herald.logs] == [job.id]


async def test_where_there_is_no_server_there_is_no_log_to_copy_to(stage: Stage) -> None:
    await stage.start()

    job = await stage.order(private=True, guild_id=None)

    await delivered(stage, job)
    await stage.until_free(job)
    assert stage.herald.logs == []
    assert stage.gateway.downloads == 1


async def test_a_video_that_fits_nowhere_is_kept_and_its_author_told(stage: Stage) -> None:
    stage.herald.closed = set(Place)
    await stage.start()

    job = await stage.order()

    kept = await stage.until_state(job, JobState.UNDELIVERED)
    assert kept.failure is FailureKind.NOWHERE_TO_POST
    assert await stage.settlement(job) is Settlement.CHARGED
    assert stage.herald.last_shown(job).job.state is JobState.UNDELIVERED
    assert stage.files() == []


async def test_the_failure_is_told_down_the_ladder_when_the_status_is_gone(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.ILLEGAL_PROMPT)
    stage.herald.has_status = False
    stage.herald.closed = {Place.CHANNEL, Place.PARENT}
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.FAILED)
    assert [(ping.job_id, ping.place) for ping in stage.herald.pings] == [(job.id, Place.DIRECT)]


async def test_what_can_be_told_to_nobody_is_given_up(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.ILLEGAL_PROMPT)
    stage.herald.has_status = False
    stage.herald.closed = set(Place)
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.FAILED)
    await stage.until_free(job)
    assert stage.herald.pings == []


async def test_a_private_video_is_told_to_its_author_and_the_log_alone(stage: Stage) -> None:
    await stage.start()

    job = await stage.order(private=True)

    await delivered(stage, job)
    await stage.until_free(job)
    assert [post.place for post in stage.herald.of(job)] == [Place.CHANNEL]
    assert [(entry.job_id, bool(entry.size_bytes)) for entry in stage.herald.logs] == [(job.id, True)]


async def test_a_private_video_never_goes_to_another_place(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL}
    stage.herald.has_status = False
    await stage.start()

    job = await stage.order(private=True)

    await stage.until_state(job, JobState.UNDELIVERED)
    await stage.until_free(job)
    assert (stage.herald.posts, stage.herald.pings) == ([], [])


async def test_a_server_without_a_log_channel_has_no_copy_of_private_videos(stage: Stage) -> None:
    stage.herald.closed = {Place.LOG}
    await stage.start()

    job = await stage.order(private=True)

    await delivered(stage, job)
    await stage.until_free(job)
    assert stage.herald.logs == []


@pytest.mark.parametrize("closed", [set(), {Place.LOG}])
async def test_the_log_gets_a_link_when_the_address_has_run_out(stage: Stage, closed: set[Place]) -> None:
    stage.herald.closed = closed

    async def expire(step: str) -> None:
        if step == "post_result done":
            stage.gateway.links.expire()

    stage.herald.reached = expire
    await stage.start()

    job = await stage.order(private=True)

    await delivered(stage, job)
    await stage.until_free(job)
    assert [entry.size_bytes for entry in stage.herald.logs] == [None] * (not closed)


async def test_the_log_gets_a_link_when_the_file_is_too_large_there(stage: Stage) -> None:
    await stage.start()
    stage.herald.trouble("log_result", TooLargeError())

    job = await stage.order(private=True)

    await delivered(stage, job)
    await stage.until_free(job)
    assert [entry.size_bytes for entry in stage.herald.logs] == [None]


async def test_a_video_over_the_upload_limit_that_can_not_be_made_to_fit_is_posted_as_a_link(stage: Stage) -> None:
    stage.fitter = Fitter(stage.folder / "files", Prober(), reencodes=True)
    await stage.start()

    job = await stage.order(size_limit=1000)

    await delivered(stage, job)
    assert [post.size_bytes for post in stage.herald.of(job)] == [None]


async def test_a_video_that_discord_finds_too_large_is_posted_as_a_link(stage: Stage) -> None:
    stage.herald.upload_limit = 1000
    await stage.start()

    job = await stage.order()

    await delivered(stage, job)
    assert [post.size_bytes for post in stage.herald.of(job)] == [None]


async def test_a_video_that_is_too_large_to_be_fetched_is_posted_as_a_link(stage: Stage) -> None:
    stage.max_bytes = 1 << 20
    stage.gateway.default_plan = replace(AT_ONCE, video=replace(SMALL, padding_bytes=2 << 20))
    await stage.start()

    job = await stage.order()

    await delivered(stage, job)
    assert [post.size_bytes for post in stage.herald.of(job)] == [None]


async def test_an_address_that_has_run_out_is_replaced_by_a_fresh_one(stage: Stage) -> None:
    await stage.start()

    async def expire(_: web.Request) -> None:
        stage.gateway.links.expire()

    stage.gateway.stops.at(At.RECEIVED, "GET", "/results/", expire)
    job = await stage.order()

    done = await delivered(stage, job)
    assert (stage.gateway.polls, stage.gateway.downloads) == (2, 2)
    assert stage.herald.of(job)[0].url == done.result_url


async def test_a_download_that_goes_wrong_in_every_way_is_made_again(stage: Stage) -> None:
    kinds = [
        FaultKind.OK_HTML,
        FaultKind.NOT_FOUND_HTML,
        FaultKind.TRUNCATED_BODY,
        FaultKind.RESET_AFTER_READING,
        FaultKind.BAD_GATEWAY,
        FaultKind.OK_EMPTY,
        FaultKind.NO_ANSWER,
        FaultKind.GARBAGE_STATUS_LINE,
    ]
    faults = [stage.gateway.fault("video", kind) for kind in kinds]
    stage.timeouts = Timeouts(total_seconds=2, idle_seconds=0.5, connect_seconds=0.5)
    await stage.start()

    job = await stage.order()

    await delivered(stage, job, hurry=5)
    assert [fault.hits for fault in faults] == [1] * len(kinds)
    assert len(stage.herald.of(job)) == 1


@pytest.mark.parametrize("forgotten", [False, True])
async def test_a_video_that_waited_for_long_is_not_lost_to_the_first_bad_download(
    stage: Stage, forgotten: bool
) -> None:
    async def wait(_: web.Request) -> None:
        stage.clock.jump(40 * MINUTE)
        if forgotten:
            stage.gateway.fault("poll", FaultKind.TASK_NOT_FOUND)

    stage.gateway.stops.at(At.RECEIVED, "GET", "/results/", wait)
    bad = stage.gateway.fault("video", FaultKind.OK_HTML)
    await stage.start()

    await delivered(stage, await stage.order())

    assert bad.hits == 1


async def test_a_video_that_discord_did_not_take_for_long_is_not_lost_to_one_bad_download(stage: Stage) -> None:
    async def wait(_: web.Request) -> None:
        stage.clock.jump(6 * MINUTE)

    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=HTTPStatus.FORBIDDEN)

    posts = TRIES + 1
    stage.herald.trouble("post_result", TryAgainError(), times=posts)
    stage.gateway.default_plan = replace(AT_ONCE, ttl=DAY)
    stage.gateway.stops.at(At.RECEIVED, "GET", "/results/", wait, times=posts)
    bad = stage.gateway.stops.at(At.RECEIVED, "GET", "/results/", refuse)
    await stage.start()

    await delivered(stage, await stage.order(), hurry=5)

    assert bad.hits == 1


@pytest.mark.parametrize(
    ("kind", "failure"),
    [(FaultKind.OK_HTML, FailureKind.NOT_A_VIDEO), (FaultKind.FORBIDDEN_HTML, FailureKind.RESULT_GONE)],
)
async def test_an_address_that_never_gives_a_video_is_given_up_after_half_an_hour(
    stage: Stage, kind: FaultKind, failure: FailureKind
) -> None:
    stage.gateway.fault("video", kind, times=None)
    await stage.start()
    job = await stage.order()
    await stage.until(lambda: _waits(stage, job))

    kept = await stage.until_state(job, JobState.UNDELIVERED, hurry=20)

    assert kept.failure is failure
    assert kept.finished_at is not None
    assert (stage.clock() - kept.finished_at).total_seconds() > 30 * MINUTE
    assert stage.gateway.downloads > 5
    assert await stage.settlement(job) is Settlement.CHARGED
    assert stage.files() == []


@pytest.mark.parametrize("damage", [Damage.CUT, Damage.HEAD_ONLY])
async def test_a_file_that_is_always_broken_is_given_up_after_half_an_hour(stage: Stage, damage: Damage) -> None:
    shape = replace(SMALL, damage=damage)
    stage.fitter = Fitter(stage.folder / "files", Prober(), reencodes=True)
    stage.gateway.default_plan = replace(AT_ONCE, video=shape)
    await stage.start()
    job = await stage.order()
    await stage.until(lambda: _waits(stage, job))

    # Each look at the file takes a process: no more of them than it needs.
    kept = await stage.until_state(job, JobState.UNDELIVERED, hurry=240)

    assert kept.failure is FailureKind.NOT_A_VIDEO
    assert kept.finished_at is not None
    assert (stage.clock() - kept.finished_at).total_seconds() > 30 * MINUTE
    assert await stage.settlement(job) is Settlement.CHARGED
    assert len(stage.gateway.orders) == 1
    assert stage.files() == []


async def test_a_redirect_to_a_private_address_is_not_followed(stage: Stage) -> None:
    stage.gateway.fault("video", FaultKind.FOUND, times=2)
    await stage.start()

    job = await stage.order()

    await delivered(stage, job)
    assert stage.gateway.downloads == 3
    assert len(stage.gateway.orders) == 1


@pytest.mark.parametrize("downtime", [2 * MINUTE, 26 * 60 * MINUTE])
async def test_a_video_whose_task_is_forgotten_when_its_address_has_run_out_is_gone(
    stage: Stage, downtime: float
) -> None:
    stage.herald.trouble("post_result", TryAgainError(downtime))
    await stage.start()
    job = await stage.order()
    await stage.until(lambda: _waits(stage, job))
    stage.gateway.links.expire()
    stage.gateway.orders[0].task.vanish()

    kept = await stage.until_state(job, JobState.UNDELIVERED, hurry=downtime / 4)

    assert kept.failure is FailureKind.RESULT_GONE


async def _waits(stage: Stage, job: Job) -> bool:
    return any(note.attempts for note in await stage.notes(job))


async def test_a_gateway_that_does_not_answer_for_a_day_loses_the_expired_address(stage: Stage) -> None:
    stage.herald.trouble("post_result", TryAgainError())
    await stage.start()
    job = await stage.order()
    await stage.until(lambda: _waits(stage, job))
    stage.gateway.links.expire()
    stage.gateway.fault("poll", FaultKind.BAD_GATEWAY, times=None)

    kept = await stage.until_state(job, JobState.UNDELIVERED, hurry=60 * MINUTE)

    assert kept.failure is FailureKind.RESULT_GONE
    assert kept.finished_at is not None
    assert (stage.clock() - kept.finished_at).total_seconds() > 24 * 60 * MINUTE


async def test_a_full_disk_is_waited_for_and_logged(stage: Stage, log: LogCapture) -> None:
    blocked = stage.folder / "files"
    blocked.write_text("a file where the folder should be")
    await stage.start()
    job = await stage.order()
    await stage.until(lambda: _waits(stage, job))

    blocked.unlink()

    await delivered(stage, job)
    tried = [entry for entry in log.entries if entry["event"] == "not told yet"]
    assert [entry["attempts"] for entry in tried] == list(range(1, len(tried) + 1))
    assert (tried[0]["job"], tried[0]["kind"], tried[0]["log_level"]) == (job.id, NoteKind.RESULT, "warning")
    assert tried[0]["cause"].startswith("TemporaryFileError, from FileExistsError: [Errno 17] File exists")


async def test_what_discord_said_to_a_note_that_it_did_not_take_is_logged(stage: Stage, log: LogCapture) -> None:
    refused = TryAgainError()
    refused.__cause__ = OSError("Connect call failed")
    stage.herald.trouble("post_result", refused)
    await stage.start()

    await delivered(stage, await stage.order())

    (tried,) = [entry for entry in log.entries if entry["event"] == "not told yet"]
    assert tried["cause"] == "OSError: Connect call failed"


@pytest.mark.parametrize("method", ["show_status", "post_result", "log_result"])
async def test_what_discord_did_not_take_is_tried_until_it_does(stage: Stage, method: str) -> None:
    stage.herald.trouble(method, TryAgainError(), times=4)
    await stage.start()

    job = await stage.order(private=True)

    await delivered(stage, job)
    await stage.until_free(job)
    assert (len(stage.herald.of(job)), len(stage.herald.logs)) == (1, 1)
    assert stage.herald.deleted == [job.id]


async def test_a_status_that_cannot_be_shown_for_a_day_is_given_up(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.ILLEGAL_PROMPT)
    stage.herald.trouble("show_status", TryAgainError(), times=1000)
    await stage.start()

    job = await stage.order()
    await stage.until(lambda: _waits(stage, job))

    await stage.until_state(job, JobState.FAILED, hurry=60 * MINUTE)
    await stage.until_free(job)
    assert stage.herald.shown == []


async def test_a_video_is_delivered_after_days_without_discord(stage: Stage) -> None:
    stage.herald.trouble("post_result", TryAgainError(), times=12)
    await stage.start()
    job = await stage.order()
    await stage.until(lambda: _waits(stage, job))

    await stage.until_state(job, JobState.DELIVERED, hurry=60 * MINUTE)

    assert len(stage.herald.of(job)) == 1


async def test_a_note_that_is_made_anew_while_it_is_told_stays_open(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.ILLEGAL_PROMPT)
    again = 0

    async def note(step: str) -> None:
        nonlocal again
        if step == "show_status asked" and again < 2:
            again += 1
            await stage.note(job, NoteKind.STATUS)

    stage.herald.reached = note
    await stage.start()
    job = await stage.order()

    await stage.until_state(job, JobState.FAILED, hurry=1)
    assert len(stage.herald.shown) >= 2
    assert stage.herald.shown[-1].job.state is JobState.FAILED


async def test_a_closed_place_ends_no_job_in_an_error(stage: Stage) -> None:
    stage.herald.trouble("post_result", PlaceClosedError(), times=2)
    await stage.start()

    job = await stage.order()

    await delivered(stage, job)
    assert [post.place for post in stage.herald.of(job)] == [Place.DIRECT]


async def test_a_post_that_somebody_has_deleted_counts_as_delivered(stage: Stage) -> None:
    stage.herald.trouble("post_result", PostDeletedError())
    await stage.start()

    job = await stage.order()

    done = await delivered(stage, job)
    assert (done.message, stage.herald.posts) == (None, [])
    assert stage.herald.deleted == [job.id]


@pytest.mark.parametrize("method", ["ping_failure", "log_result"])
async def test_a_message_that_somebody_has_deleted_counts_as_told(stage: Stage, method: str) -> None:
    stage.herald.trouble(method, PostDeletedError())
    stage.herald.has_status = method == "log_result"
    if method == "ping_failure":
        stage.gateway.fault("submit", FaultKind.ILLEGAL_PROMPT)
    await stage.start()

    job = await stage.order(private=method == "log_result")

    await stage.until_state(job, JobState.DELIVERED, JobState.FAILED)
    await stage.until_free(job)
    assert (stage.herald.pings, stage.herald.logs) == ([], [])
