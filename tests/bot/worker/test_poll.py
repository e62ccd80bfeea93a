import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from structlog.testing import LogCapture

from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.store import moves, outbox
from bot.worker.herald import Place, TryAgainError
from bot.worker.outcome import Watch
from sandbox.gateway import (
    Fail,
    FaultKind,
    GatewayServer,
    Plan,
    SucceedWithoutVideo,
    Task,
    UnknownStatus,
)
from sandbox.gateway.faults import VIDEO_ONLY
from tests.bot.worker.stage import AT_ONCE, BY_HAND, HASTY, PRICE, SMALL, Stage

MINUTE = 60.0


async def rendering(stage: Stage) -> tuple[Job, Task]:
    """A job that is rendering, and its task, which moves by hand."""
    stage.gateway.default_plan = BY_HAND
    if not stage.workers:
        await stage.start()
    job = await stage.order()
    job = await stage.until_state(job, JobState.RENDERING)
    assert job.task is not None
    return job, stage.gateway.tasks[job.task.task_id]


async def polled(stage: Stage, times: int) -> None:
    """Wait until so many more polls were answered."""
    goal = stage.gateway.polls + times
    await stage.gateway.wait_for(lambda: stage.gateway.polls >= goal)


async def test_no_bad_answer_to_a_poll_loses_the_task(stage: Stage) -> None:
    stage.deadline, stage.patience = timedelta(days=30), HASTY
    # A task that is unknown late is lost indeed, so this comes first.
    kinds = [FaultKind.TASK_NOT_FOUND, *sorted(set(FaultKind) - VIDEO_ONLY - {FaultKind.TASK_NOT_FOUND})]
    faults = [stage.gateway.fault("poll", kind) for kind in kinds]
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED, hurry=60)
    assert [fault.hits for fault in faults] == [1] * len(kinds)
    assert len(stage.gateway.orders) == len(stage.herald.of(job)) == 1
    assert await stage.settlement(job) is Settlement.CHARGED
    assert stage.gateway.strays == []


async def test_a_key_that_is_refused_at_polls_stops_new_orders_but_not_the_watching(
    stage: Stage, log: LogCapture
) -> None:
    stage.gateway.fault("poll", FaultKind.INVALID_API_KEY, times=2)
    worker = await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED, hurry=10)
    assert worker.gateways.for_order("sora-2-video-reverse") == []
    errors = [entry for entry in log.entries if entry["log_level"] == "error"]
    assert errors == [{"event": "gateway key refused", "gateway": "myrouter", "log_level": "error"}]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Blocked by content policy", FailureKind.MODERATION),
        ("photorealistic people are not allowed", FailureKind.REAL_PERSON),
        ("heavy_load", FailureKind.BUSY),
        ("", FailureKind.SERVICE),
    ],
)
@pytest.mark.parametrize("charged", [True, False])
async def test_a_failed_task_is_charged_as_the_gateways_bill(
    stage: Stage, reason: str, kind: FailureKind, charged: bool
) -> None:
    stage.bills.failed = charged
    stage.gateway.default_plan = Plan(queued_seconds=0, processing_seconds=0, outcome=Fail(reason))
    await stage.start()

    job = await stage.order()

    failed = await stage.until_state(job, JobState.FAILED)
    settled = Settlement.CHARGED if charged else Settlement.REFUNDED
    assert (failed.failure, failed.failure_detail) == (kind, reason)
    assert await stage.settlement(job) is stage.herald.last_shown(job).standing.settlement is settled
    assert stage.herald.pings == []


async def test_a_failure_after_more_than_a_minute_is_told_with_a_ping(stage: Stage) -> None:
    job, task = await rendering(stage)
    await stage.elapse(61)

    task.fail("overload")

    await stage.until_state(job, JobState.FAILED, hurry=1)
    assert [(ping.job_id, ping.place) for ping in stage.herald.pings] == [(job.id, Place.CHANNEL)]


async def test_a_task_that_is_not_known_yet_is_waited_for(stage: Stage) -> None:
    stage.gateway.default_plan = Plan(queued_seconds=0, processing_seconds=0, video=SMALL, hidden_polls=8)
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED)
    assert stage.gateway.polls >= 9


async def test_a_task_that_is_unknown_three_times_after_the_first_minute_is_lost(stage: Stage) -> None:
    job, task = await rendering(stage)
    await stage.elapse(61)
    await polled(stage, 1)
    before = stage.gateway.polls

    task.vanish()

    lost = await stage.until_state(job, JobState.FAILED)
    assert lost.failure is FailureKind.LOST
    assert await stage.settlement(job) is Settlement.REFUNDED
    assert stage.gateway.polls - before >= 3


async def test_a_task_that_is_unknown_once_comes_back(stage: Stage) -> None:
    job, task = await rendering(stage)
    await stage.elapse(61)
    for _ in range(2):
        stage.gateway.fault("poll", FaultKind.TASK_NOT_FOUND, times=2)
        await polled(stage, 4)

    task.finish()

    await stage.until_state(job, JobState.DELIVERED)


async def test_a_task_that_is_unknown_after_thirty_minutes_is_lost_at_once(stage: Stage) -> None:
    stage.interval_seconds = 5
    job, task = await rendering(stage)
    # The first poll is answered and dealt with.
    await stage.gateway.wait_for(lambda: bool(stage.herald.shown))
    await asyncio.sleep(0.05)
    task.vanish()

    await stage.elapse(31 * MINUTE)

    assert (await stage.until_state(job, JobState.FAILED)).failure is FailureKind.LOST
    assert stage.gateway.polls == 2


@pytest.mark.parametrize("empty_url", [True, False])
async def test_a_success_without_a_video_is_asked_again_a_few_times_and_then_fails(
    stage: Stage, empty_url: bool
) -> None:
    ending = SucceedWithoutVideo(None, empty_url)
    stage.gateway.default_plan = Plan(queued_seconds=0, processing_seconds=0, outcome=ending)
    await stage.start()

    job = await stage.order()

    failed = await stage.until_state(job, JobState.FAILED)
    assert (failed.failure, stage.gateway.polls) == (FailureKind.NO_VIDEO, 5)


async def test_a_success_whose_video_comes_a_little_later_is_delivered(stage: Stage) -> None:
    ending = SucceedWithoutVideo(4)
    stage.gateway.default_plan = Plan(queued_seconds=0, processing_seconds=0, video=SMALL, outcome=ending)
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED)


async def test_an_unknown_status_is_watched_until_it_means_something(stage: Stage) -> None:
    ending = UnknownStatus("TASK_STATUS_PONDERING", 6)
    stage.gateway.default_plan = Plan(queued_seconds=0, processing_seconds=0, video=SMALL, outcome=ending)
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED)
    assert stage.gateway.polls == 7


async def test_that_it_was_ordered_is_shown_although_no_poll_succeeds(stage: Stage) -> None:
    stage.gateway.fault("poll", FaultKind.BAD_GATEWAY, times=None)

    job, _ = await rendering(stage)

    await stage.gateway.wait_for(lambda: bool(stage.herald.shown))
    assert stage.herald.last_shown(job).job.state is JobState.RENDERING


async def test_an_overdue_job_is_refunded_and_its_late_video_is_on_the_server(stage: Stage) -> None:
    job, task = await rendering(stage)
    await stage.elapse(61 * MINUTE)
    overdue = await stage.until_state(job, JobState.OVERDUE)
    refunded = (await stage.settlement(job), await stage.spent(member=True))
    carried = await stage.spent(member=False)

    task.finish()

    late = await stage.until_state(job, JobState.DELIVERED, hurry=30)
    assert overdue.failure is FailureKind.GAVE_UP
    assert refunded == (Settlement.REFUNDED, 0)
    assert carried == PRICE
    assert late.late
    assert late.failure is None
    assert await stage.settlement(job) is Settlement.SERVER
    assert (await stage.spent(member=True), await stage.spent(member=False)) == (0, PRICE)
    assert len(stage.herald.pings) == 1
    assert len(stage.herald.of(job)) == 1


@pytest.mark.parametrize(("charged", "settled"), [(True, Settlement.SERVER), (False, Settlement.REFUNDED)])
async def test_an_overdue_job_that_fails_is_never_charged_to_its_member(
    stage: Stage, charged: bool, settled: Settlement
) -> None:
    stage.bills.failed = charged
    job, task = await rendering(stage)
    await stage.elapse(61 * MINUTE)
    await stage.until_state(job, JobState.OVERDUE)

    task.fail("overload")

    await stage.until_state(job, JobState.FAILED, hurry=30)
    assert await stage.settlement(job) is settled
    assert (await stage.spent(member=True), await stage.spent(member=False)) == (0, PRICE if charged else 0)


async def test_an_overdue_job_expires_after_a_day_of_ever_rarer_looks(stage: Stage) -> None:
    stage.interval_seconds = 5
    job, _ = await rendering(stage)
    await stage.gateway.wait_for(lambda: bool(stage.herald.shown))
    await stage.elapse(80 * MINUTE)
    await stage.until_state(job, JobState.OVERDUE)
    waits: list[float] = []

    while (await stage.read(job)).state is JobState.OVERDUE:
        await stage.until_free(job)
        due = await stage.due(job)
        assert due is not None
        waits.append((due - stage.clock()).total_seconds())
        before = stage.gateway.polls
        await stage.elapse(waits[-1])
        await stage.gateway.wait_for(lambda polls=before: stage.gateway.polls > polls)  # type: ignore[misc]
        await stage.until_free(job)

    expired = await stage.until_state(job, JobState.EXPIRED)
    assert expired.failure is FailureKind.EXPIRED
    assert await stage.settlement(job) is Settlement.REFUNDED
    assert await stage.spent(member=False) == 0
    assert 100 < waits[0] < waits[-1] < 1800 * 1.15
    assert 50 < len(waits) < 80
    assert len(stage.herald.pings) == 1


async def test_an_unsure_order_whose_task_is_found_after_it_was_refunded_is_booked_to_the_server(stage: Stage) -> None:
    stage.bills.unsure = False
    stage.gateway.fault("submit", FaultKind.OK_EMPTY)
    await stage.start()
    job = await stage.order()
    await stage.until_state(job, JobState.UNSURE)

    await stage.learn(job, stage.gateway.orders[0].task_id)

    await stage.until_state(job, JobState.DELIVERED)
    assert await stage.settlement(job) is Settlement.SERVER


async def test_the_status_shows_what_the_gateway_says_and_nothing_else(stage: Stage) -> None:
    plan = Plan(manual=True, video=SMALL, queued_seconds=10, processing_seconds=100, progress=(12, 15, 40), eta=True)
    stage.gateway.script(plan)
    _, task = await rendering(stage)
    await polled(stage, 2)
    for _ in range(3):
        task.advance()
        await stage.elapse(16)
        await polled(stage, 3)

    shown = [(shown.standing.progress.percent, shown.job.state) for shown in stage.herald.shown]

    # 15 is less than a step of ten from 12.
    assert shown == [(None, JobState.RENDERING), (12, JobState.RENDERING), (40, JobState.RENDERING)]
    assert stage.herald.shown[1].standing.progress.eta_seconds == 100


async def test_the_status_is_edited_at_most_every_fifteen_seconds(stage: Stage) -> None:
    plan = Plan(manual=True, queued_seconds=0, processing_seconds=100, progress=tuple(range(10, 100, 10)))
    stage.gateway.script(plan)
    _, task = await rendering(stage)
    for _ in range(8):
        task.advance()
        await stage.elapse(5)
        await polled(stage, 2)

    times = [shown.at for shown in stage.herald.shown]
    gaps = [(after - before).total_seconds() for before, after in pairwise(times)]

    assert 2 <= len(gaps) <= 4
    # A jump of five seconds may fall between the decision to edit and the edit.
    assert min(gaps) >= 10


async def test_a_gateway_that_tells_no_progress_gets_none_invented(stage: Stage) -> None:
    plan = Plan(manual=True, progress=(), eta=False, queued_seconds=0, processing_seconds=1000, bare=True)
    stage.gateway.script(plan)
    await rendering(stage)
    for _ in range(4):
        await stage.elapse(30)
        await polled(stage, 2)

    (shown,) = stage.herald.shown

    assert (shown.standing.progress.percent, shown.standing.progress.eta_seconds) == (None, None)


async def test_a_card_is_edited_at_most_once_in_fifteen_seconds(stage: Stage) -> None:
    stage.gateway.script(Plan(manual=True, video=SMALL, queued_seconds=10, progress=(12, 40, 80), eta=False))
    _, task = await rendering(stage)
    await polled(stage, 2)

    for _ in range(3):
        task.advance()
        await stage.elapse(6)
        await polled(stage, 3)

    first, second = stage.herald.shown
    assert (first.standing.progress.percent, second.standing.progress.percent) == (None, 80)
    assert (second.at - first.at).total_seconds() >= 15


async def test_a_step_of_less_than_ten_percent_is_not_shown_however_long_it_takes(stage: Stage) -> None:
    stage.gateway.script(Plan(manual=True, video=SMALL, queued_seconds=10, progress=(12, 21, 22), eta=False))
    _, task = await rendering(stage)
    await polled(stage, 2)

    for _ in range(3):
        task.advance()
        await stage.elapse(60)
        await polled(stage, 3)

    assert [shown.standing.progress.percent for shown in stage.herald.shown] == [None, 12, 22]


async def test_the_status_says_once_that_it_takes_longer_than_usual(stage: Stage) -> None:
    plan = Plan(manual=True, progress=(), eta=False, queued_seconds=0, processing_seconds=1000)
    stage.gateway.script(plan)
    await rendering(stage)
    await polled(stage, 1)

    for _ in range(4):
        await stage.elapse(3 * MINUTE)
        await polled(stage, 2)

    assert len(stage.herald.shown) == 2


async def test_a_status_edit_that_discord_did_not_take_is_made_later(stage: Stage) -> None:
    stage.herald.trouble("show_status", TryAgainError())
    job, _ = await rendering(stage)
    await polled(stage, 3)
    refused = list(stage.herald.shown)

    await stage.elapse(16)
    await polled(stage, 2)

    assert refused == []
    assert [shown.job.id for shown in stage.herald.shown] == [job.id]


async def test_a_note_that_could_not_be_told_while_rendering_is_told_later(stage: Stage) -> None:
    job, _ = await rendering(stage)
    await polled(stage, 2)
    stage.herald.trouble("show_status", TryAgainError())
    stage.herald.shown.clear()

    await stage.cancel(job)

    await stage.until_state(job, JobState.RENDERING, hurry=0.2)
    assert stage.herald.last_shown(job).job.dont_post


async def test_a_note_waits_as_long_as_discord_asks_for(stage: Stage) -> None:
    job, _ = await rendering(stage)
    await polled(stage, 2)
    stage.herald.trouble("show_status", TryAgainError(30))
    stage.herald.shown.clear()
    await stage.cancel(job)
    await polled(stage, 2)

    await stage.elapse(20)
    await polled(stage, 3)
    early = await stage.notes(job)
    await stage.elapse(11)

    await stage.until_state(job, JobState.RENDERING)
    assert [note.attempts for note in early] == [1]


async def test_a_gateway_that_is_not_configured_any_more_is_waited_for(stage: Stage, highway: GatewayServer) -> None:
    await stage.gateway.stop()
    highway.default_plan = BY_HAND
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    await stage.worker.stop()
    del stage.servers["highway"]
    await stage.start("second")

    await stage.elapse(61 * MINUTE)

    await stage.until_state(job, JobState.OVERDUE)
    assert await stage.settlement(job) is Settlement.REFUNDED


async def test_a_job_that_renders_without_a_task_is_an_error_of_its_own(stage: Stage) -> None:
    job = await stage.order()
    async with stage.database.write() as tx:
        await moves.note_on(tx, job.id, state=JobState.RENDERING)
        await outbox.put(tx, job.id, stage.clock(), NoteKind.STATUS)
    worker = stage.build()

    with pytest.raises(ValueError, match="without a task"):
        await worker.advance.poll(await stage.read(job), Watch())

    assert (await stage.read(job)).state is JobState.RENDERING


async def test_the_usual_time_comes_from_the_bots_own_videos(stage: Stage) -> None:
    stage.gateway.default_plan = AT_ONCE
    await stage.start()
    for _ in range(3):
        await stage.until_state(await stage.order(), JobState.DELIVERED)

    job, task = await rendering(stage)
    await polled(stage, 2)
    task.finish()

    await stage.until_state(job, JobState.DELIVERED)
    usual = next(shown.standing.usual for shown in stage.herald.shown if shown.job.id == job.id)
    assert usual is not None
    assert 0 <= usual.median <= usual.slow < 5
