import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from aiohttp import web
from structlog.testing import LogCapture

from bot.domain.failure import FailureKind
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.gateway.pace import Pace
from bot.worker.submit import CREDIT_RETRY
from sandbox.gateway import FaultKind, GatewayServer
from sandbox.gateway.faults import NEVER_ORDERED, OWN, UNREAD, VIDEO_ONLY
from sandbox.stops import Stage as At
from tests.bot.worker.stage import HASTY, Stage

REFUSED = {
    FaultKind.INVALID_REQUEST_BODY: FailureKind.REJECTED,
    FaultKind.INVALID_IMAGE_FORMAT: FailureKind.REJECTED,
    FaultKind.ILLEGAL_PROMPT: FailureKind.MODERATION,
    FaultKind.ILLEGAL_IMAGE_CONTENT: FailureKind.MODERATION,
    FaultKind.TASK_NOT_FOUND: FailureKind.ORIGINAL_LOST,
}
OUT_OF_USE = {
    FaultKind.FAILED_TO_AUTH: FailureKind.BAD_KEY,
    FaultKind.INVALID_API_KEY: FailureKind.BAD_KEY,
    FaultKind.ACCESS_DENY: FailureKind.BAD_KEY,
    FaultKind.MODEL_NOT_FOUND: FailureKind.MODEL_RETIRED,
    FaultKind.API_NOT_FOUND: FailureKind.MODEL_RETIRED,
}
NO_CREDIT = {
    FaultKind.NOT_ENOUGH_BALANCE_400,
    FaultKind.BALANCE_NOT_ENOUGH_402,
    FaultKind.BALANCE_NOT_ENOUGH_403,
    FaultKind.PAYMENT_REQUIRED_EMPTY,
}
NOT_CREATED = {FaultKind.RATE_LIMIT_EXCEEDED, FaultKind.TOKEN_LIMIT_EXCEEDED, FaultKind.SERVICE_NOT_AVAILABLE}
UNKNOWN = set(FaultKind) - REFUSED.keys() - OUT_OF_USE.keys() - NO_CREDIT - NOT_CREATED - VIDEO_ONLY


def test_every_fault_of_the_gateway_is_in_one_class() -> None:
    assert (
        OWN.keys() - UNKNOWN
        == REFUSED.keys() | OUT_OF_USE.keys() | NO_CREDIT - {FaultKind.PAYMENT_REQUIRED_EMPTY} | NOT_CREATED
    )


async def test_a_rejected_order_fails_is_refunded_and_never_repeated(stage: Stage) -> None:
    await stage.start()

    ordered = await order_each(stage, REFUSED)

    for kind, job in ordered.items():
        failed = await stage.until_state(job, JobState.FAILED)
        assert (failed.failure, bool(failed.failure_detail)) == (REFUSED[kind], True)
        assert await stage.settlement(job) is Settlement.REFUNDED
        assert stage.herald.last_shown(job).standing.settlement is Settlement.REFUNDED
    await stage.elapse(300)
    await asyncio.sleep(0.05)
    assert (stage.gateway.submits, stage.gateway.orders) == (len(REFUSED), [])


async def test_an_order_of_unknown_outcome_is_unsure_and_never_repeated(stage: Stage) -> None:
    stage.patience = HASTY
    await stage.start()

    ordered = await order_each(stage, UNKNOWN - UNREAD)

    for kind, job in ordered.items():
        unsure = await stage.until_state(job, JobState.UNSURE)
        assert unsure.failure is FailureKind.UNSURE, kind
        assert await stage.settlement(job) is Settlement.RESERVED
        assert stage.herald.last_shown(job).job.state is JobState.UNSURE
    await stage.elapse(300)
    await asyncio.sleep(0.05)
    assert stage.gateway.submits == len(ordered)
    assert len(stage.gateway.orders) == len(ordered.keys() - NEVER_ORDERED) > 20
    assert stage.gateway.strays == []
    assert sorted(ping.job_id for ping in stage.herald.pings) == sorted(job.id for job in ordered.values())


async def test_an_unsure_order_is_refunded_where_the_gateways_do_not_bill_it(stage: Stage) -> None:
    stage.bills.unsure = False
    stage.gateway.fault("submit", FaultKind.BAD_GATEWAY)
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.UNSURE)
    assert await stage.settlement(job) is Settlement.REFUNDED


@pytest.mark.parametrize("kind", sorted(UNREAD))
async def test_a_connection_that_breaks_before_anything_is_read_is_unsure_too(stage: Stage, kind: FaultKind) -> None:
    fault = stage.gateway.fault("submit", kind)
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.UNSURE)
    await stage.elapse(300)
    assert (fault.hits, stage.gateway.submits, stage.gateway.orders) == (1, 0, [])


async def order_each(stage: Stage, kinds: Iterable[FaultKind]) -> dict[FaultKind, Job]:
    """One job for every fault, which strikes its order once."""
    ordered = {}
    for kind in sorted(kinds):
        stage.gateway.fault("submit", kind, only=f"({kind})")
        ordered[kind] = await stage.order(f"({kind})")
    return ordered


async def test_an_order_that_created_nothing_is_repeated_and_paid_once(stage: Stage) -> None:
    for kind in NOT_CREATED:
        stage.gateway.fault("submit", kind, only=f"({kind})", times=2)
    await stage.start()

    ordered = await order_each(stage, NOT_CREATED)

    for job in ordered.values():
        await stage.until_state(job, JobState.DELIVERED, hurry=5)
        assert await stage.settlement(job) is Settlement.CHARGED
    assert (stage.gateway.submits, len(stage.gateway.orders)) == (4 * len(NOT_CREATED), len(NOT_CREATED))


@pytest.mark.parametrize("kind", sorted(NOT_CREATED | OUT_OF_USE.keys() | NO_CREDIT))
async def test_what_created_nothing_goes_to_the_next_gateway_at_once(
    stage: Stage, highway: GatewayServer, kind: FaultKind
) -> None:
    stage.gateway.fault("submit", kind, times=None)
    await stage.start()

    job = await stage.order()

    done = await stage.until_state(job, JobState.DELIVERED)
    assert done.gateway == "highway"
    assert (stage.gateway.submits, stage.gateway.orders) == (1, [])
    assert (highway.submits, len(highway.orders)) == (1, 1)


@pytest.mark.parametrize("kind", [FaultKind.BAD_GATEWAY, FaultKind.RESET_AFTER_READING, FaultKind.ILLEGAL_PROMPT])
async def test_what_may_have_been_created_or_is_forbidden_does_not_go_to_the_next_gateway(
    stage: Stage, highway: GatewayServer, kind: FaultKind
) -> None:
    stage.gateway.fault("submit", kind)
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.UNSURE, JobState.FAILED)
    await stage.elapse(300)
    assert (stage.gateway.submits, highway.submits) == (1, 0)


async def test_a_refused_connection_goes_to_the_next_gateway(stage: Stage, highway: GatewayServer) -> None:
    await stage.start()
    await stage.gateway.stop()

    job = await stage.order()

    done = await stage.until_state(job, JobState.DELIVERED)
    assert (done.gateway, len(highway.orders)) == ("highway", 1)


async def test_a_refused_connection_is_repeated_until_the_gateway_is_back(stage: Stage) -> None:
    port = int(stage.gateway.url.rpartition(":")[2])
    await stage.start()
    await stage.gateway.stop()
    job = await stage.order()
    await stage.until(lambda: _tried(stage, job.id, 2), hurry=5)

    await stage.gateway.start(port)

    await stage.until_state(job, JobState.DELIVERED, hurry=5)
    assert len(stage.gateway.orders) == 1


async def _tried(stage: Stage, job_id: str, times: int) -> bool:
    return (await stage.read_id(job_id)).attempt >= times


@pytest.mark.parametrize("kind", sorted(OUT_OF_USE))
async def test_the_only_gateway_being_out_of_use_fails_the_job(stage: Stage, kind: FaultKind) -> None:
    stage.gateway.fault("submit", kind, times=None)
    worker = await stage.start()

    job = await stage.order()

    assert (await stage.until_state(job, JobState.FAILED)).failure is OUT_OF_USE[kind]
    assert await stage.settlement(job) is Settlement.REFUNDED
    assert worker.gateways.for_order("sora-2-video-reverse") == []


async def test_a_gateway_out_of_use_gets_no_further_order(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.FAILED_TO_AUTH, times=None)
    await stage.start()
    await stage.until_state(await stage.order(), JobState.FAILED)

    later = await stage.order()

    failed = await stage.until_state(later, JobState.FAILED, hurry=15)
    assert failed.failure is FailureKind.BAD_KEY
    assert stage.gateway.submits == 1


@pytest.mark.parametrize("kind", sorted(NO_CREDIT))
async def test_missing_credit_is_believed_after_one_delayed_retry(stage: Stage, kind: FaultKind) -> None:
    stage.gateway.fault("submit", kind, times=2)
    worker = await stage.start()
    job = await stage.order()
    await stage.until(lambda: _refused_once(stage))
    await asyncio.sleep(0.05)
    before = (stage.gateway.submits, (await stage.read(job)).state)

    await stage.elapse(CREDIT_RETRY.total_seconds() + 1)

    failed = await stage.until_state(job, JobState.FAILED)
    assert before == (1, JobState.QUEUED)
    assert failed.failure is FailureKind.NO_CREDIT
    assert await stage.settlement(job) is Settlement.REFUNDED
    assert stage.gateway.submits == 2
    assert worker.gateways.for_order("sora-2-video-reverse") == []


async def _refused_once(stage: Stage) -> bool:
    return stage.gateway.submits == 1 and len(stage.gateway.faults.armed) <= 1


async def test_missing_credit_that_was_a_rate_limit_is_forgotten(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.NOT_ENOUGH_BALANCE_400)
    await stage.start()

    job = await stage.order()

    await stage.until_state(job, JobState.DELIVERED, hurry=15)
    assert (stage.gateway.submits, len(stage.gateway.orders)) == (2, 1)


async def test_two_orders_at_once_that_hear_of_missing_credit_both_get_their_retry(stage: Stage) -> None:
    both = asyncio.Barrier(2)

    async def meet(_: web.Request) -> None:
        async with asyncio.timeout(60):
            await both.wait()

    stage.gateway.stops.at(At.RECEIVED, "POST", "/v3/async/", meet, times=2)
    stage.gateway.fault("submit", FaultKind.BALANCE_NOT_ENOUGH_402, times=2)
    await stage.start()

    first, second = await stage.order(), await stage.order()

    await stage.until_state(first, JobState.DELIVERED, hurry=15)
    await stage.until_state(second, JobState.DELIVERED, hurry=15)
    assert (stage.gateway.submits, len(stage.gateway.orders)) == (4, 2)


async def test_the_wait_that_the_gateway_asks_for_is_kept_even_when_the_job_is_woken(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.RATE_LIMIT_EXCEEDED, retry_after=30)
    worker = await stage.start()
    job = await stage.order()
    await stage.until(lambda: _refused_once(stage))
    await asyncio.sleep(0.03)

    for _ in range(5):
        worker.scheduler.wake(job.id)
        await stage.elapse(4)
        await asyncio.sleep(0.01)

    assert stage.gateway.submits == 1
    await stage.elapse(11)
    await stage.until_state(job, JobState.DELIVERED)
    assert stage.gateway.submits == 2


async def test_a_job_that_waited_past_its_deadline_is_not_ordered(stage: Stage) -> None:
    job = await stage.order(patience=timedelta(minutes=1))
    stage.clock.jump(61)

    await stage.start()

    failed = await stage.until_state(job, JobState.FAILED)
    assert failed.failure is FailureKind.NEVER_SENT
    assert await stage.settlement(job) is Settlement.REFUNDED
    assert stage.gateway.submits == 0
    assert [ping.job_id for ping in stage.herald.pings] == [job.id]


async def test_a_gateway_that_stays_busy_is_asked_until_the_deadline_and_not_after(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.RATE_LIMIT_EXCEEDED, times=None, retry_after=3600)
    await stage.start()

    job = await stage.order(patience=timedelta(minutes=5))
    await stage.gateway.wait_for(lambda: stage.gateway.submits == 1)

    failed = await stage.until_state(job, JobState.FAILED, hurry=5)
    assert failed.failure is FailureKind.NEVER_SENT
    assert failed.finished_at is not None
    assert failed.finished_at - job.created_at < timedelta(minutes=6)
    assert stage.gateway.submits == 1


async def test_a_model_that_is_gone_from_the_catalogue_is_refunded(stage: Stage) -> None:
    await stage.start()

    job = await stage.order(model_id="sora-1")

    failed = await stage.until_state(job, JobState.FAILED)
    assert failed.failure is FailureKind.MODEL_RETIRED
    assert await stage.settlement(job) is Settlement.REFUNDED


@pytest.mark.parametrize("seconds", [0.02, 0.3])
async def test_a_paid_task_is_written_down_when_the_database_is_back(
    stage: Stage, seconds: float, log: LogCapture
) -> None:
    async def break_database(_: web.Request) -> None:
        stage.database.down = True

    stage.gateway.stops.at(At.APPLIED, "POST", "/v3/async/", break_database)
    await stage.start()
    job = await stage.order()
    await stage.gateway.wait_for(lambda: stage.database.down)
    await asyncio.sleep(seconds)

    stage.database.down = False

    await stage.until_state(job, JobState.DELIVERED, hurry=0.1)
    assert (stage.gateway.submits, len(stage.gateway.orders)) == (1, 1)
    lost = [entry for entry in log.entries if entry["event"] == "not written down yet"]
    assert lost[0]["task"] == stage.gateway.orders[0].task_id


async def test_a_refusal_is_written_down_when_the_database_is_back(stage: Stage) -> None:
    async def break_database(_: web.Request) -> None:
        stage.database.down = True

    stage.gateway.fault("submit", FaultKind.SERVICE_NOT_AVAILABLE)
    stage.gateway.stops.at(At.APPLIED, "POST", "/v3/async/", break_database)
    await stage.start()
    job = await stage.order()
    await stage.gateway.wait_for(lambda: stage.database.down)
    await asyncio.sleep(0.05)

    stage.database.down = False

    await stage.until_state(job, JobState.DELIVERED, hurry=0.2)
    assert (stage.gateway.submits, len(stage.gateway.orders)) == (2, 1)


async def test_an_order_whose_lease_has_run_out_is_not_sent_and_not_unsure(stage: Stage) -> None:
    """The machine sleeps between the intent and the request, and nobody else has taken the job."""
    await stage.start()
    job = await stage.order(seen=False)
    submitting = 0

    async def sleep_long(step: str) -> None:
        nonlocal submitting
        if step == "write done" and (await stage.read(job)).state is JobState.SUBMITTING:
            submitting += 1
            stage.database.reached = _nothing
            stage.clock.jump(61)

    stage.database.reached = sleep_long
    await stage.see(job)

    done = await stage.until_state(job, JobState.DELIVERED, hurry=0.2)
    assert (submitting, done.attempt, len(stage.gateway.orders)) == (1, 2, 1)


async def _nothing(_: str) -> None:
    return None


async def test_a_job_that_somebody_else_has_taken_is_left_alone(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.RATE_LIMIT_EXCEEDED, retry_after=20)
    await stage.start()
    job = await stage.order()
    await stage.until(lambda: _refused_once(stage))
    await asyncio.sleep(0.02)

    await stage.steal(job)
    await stage.elapse(25)
    await asyncio.sleep(0.1)

    left = await stage.read(job)
    assert (left.state, await stage.lease_owner(job)) == (JobState.QUEUED, "another")
    assert stage.gateway.submits == 1


async def test_a_second_task_for_the_same_job_is_kept_in_the_books(stage: Stage) -> None:
    """Late evidence: the order was called unsure, and then its task becomes known."""
    stage.gateway.fault("submit", FaultKind.OK_EMPTY)
    await stage.start()
    job = await stage.order()
    await stage.until_state(job, JobState.UNSURE)
    task_id = stage.gateway.orders[0].task_id

    await stage.learn(job, task_id)

    done = await stage.until_state(job, JobState.DELIVERED)
    assert done.failure is None
    assert len(stage.gateway.orders) == 1
    assert await stage.settlement(job) is Settlement.CHARGED


async def test_a_gateway_that_fell_out_of_use_while_the_order_waited_for_its_turn_gets_none(stage: Stage) -> None:
    stage.gateway.fault("submit", FaultKind.FAILED_TO_AUTH, times=None)
    stage.pace = lambda: Pace(12, FastTimeline())
    await stage.start()

    jobs = [await stage.order() for _ in range(3)]

    for job in jobs:
        await stage.until_state(job, JobState.FAILED, hurry=15)
    assert stage.gateway.submits == 1


class FastTimeline:
    """Runs 50 times as fast as the loop, so that one turn in five seconds is one in 0.1 s."""

    def time(self) -> float:
        return asyncio.get_running_loop().time() * 50

    def call_later(self, delay: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(delay / 50, callback)
