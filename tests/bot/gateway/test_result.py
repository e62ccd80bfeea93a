"""Reading a task: every variant of the answer, what is repeated and for how long."""

import asyncio
import json
import time

import pytest
from structlog.testing import LogCapture

from bot.domain.failure import FailureKind
from bot.gateway.client import GatewayClient, Limits
from bot.gateway.errors import BadKeyError, GatewayError, GatewayUnavailableError, TaskNotFoundError
from bot.gateway.verdict import failure_of
from bot.gateway.wire import TaskStatus
from sandbox.gateway import Fail, FaultKind, GatewayServer, Plan, SucceedWithoutVideo, UnknownStatus, Vanish
from sandbox.gateway.unreachable import refusing_url, silent_url
from tests.bot.gateway.conftest import FAST, HASTY, ORDER, SILENT, Connect, answer_with

K = FaultKind
REPEATED = [
    K.INTERNAL_SERVER_ERROR,
    K.SERVICE_NOT_AVAILABLE,
    K.SERVICE_UNAVAILABLE_HTML,
    K.SERVICE_UNAVAILABLE_FOREIGN_JSON,
    K.INTERNAL_ERROR_TEXT,
    K.BAD_GATEWAY,
    K.GATEWAY_TIMEOUT,
    K.ORIGIN_TIMEOUT,
    K.RATE_LIMIT_EXCEEDED,
    K.TOKEN_LIMIT_EXCEEDED,
    K.MOVED_PERMANENTLY,
    K.FOUND,
    K.TEMPORARY_REDIRECT,
    K.OK_HTML,
    K.OK_WRONG_JSON,
    K.OK_JSON_LIST,
    K.OK_NULL_ID,
    K.OK_CUT_JSON,
    K.OK_EMPTY,
    K.OK_TEXT,
    K.RESET_BEFORE_READING,
    K.CLOSE_BEFORE_READING,
    K.RESET_AFTER_READING,
    K.CLOSE_WITHOUT_ANSWER,
    K.NO_ANSWER,
    K.GARBAGE_STATUS_LINE,
    K.BAD_CHUNK,
    K.BAD_GZIP,
    K.TRUNCATED_BODY,
    K.SLOW_DRIP,
]
FINAL = [
    (K.TASK_NOT_FOUND, TaskNotFoundError),
    (K.FAILED_TO_AUTH, BadKeyError),
    (K.INVALID_API_KEY, BadKeyError),
    (K.ACCESS_DENY, BadKeyError),
    (K.INVALID_REQUEST_BODY, GatewayUnavailableError),
    (K.API_NOT_FOUND, GatewayUnavailableError),
    (K.FORBIDDEN_HTML, GatewayUnavailableError),
    (K.NOT_FOUND_HTML, GatewayUnavailableError),
]


async def order(server: GatewayServer, client: GatewayClient, plan: Plan) -> str:
    server.default_plan = plan
    return await client.submit(ORDER)


async def test_a_task_is_followed_from_the_queue_to_its_video(server: GatewayServer, client: GatewayClient) -> None:
    task_id = await order(server, client, Plan(manual=True, ttl=900, extra_keys=True, progress=(42, 80)))

    queued = await client.result(task_id)
    server.tasks[task_id].advance()
    rendering = await client.result(task_id)
    while server.tasks[task_id].ending is None:
        server.tasks[task_id].advance()
    done = await client.result(task_id)

    assert (queued.status, queued.progress_percent, queued.video_url) == (TaskStatus.QUEUED, None, None)
    assert (rendering.status, rendering.progress_percent) == (TaskStatus.PROCESSING, 42)
    assert rendering.eta_seconds is not None
    assert (done.status, done.progress_percent, done.eta_seconds) == (TaskStatus.SUCCEED, None, None)
    assert done.video_url is not None
    assert done.video_url.startswith(f"http://{client.host}/results/")
    assert done.video_ttl_seconds == 900


async def test_a_failed_task_tells_its_reason(server: GatewayServer, client: GatewayClient) -> None:
    failing = Plan(queued_seconds=0, processing_seconds=0, outcome=Fail("Blocked by our GUARDRAILS"))
    task_id = await order(server, client, failing)

    report = await client.result(task_id)

    assert report.status is TaskStatus.FAILED
    assert failure_of(report.reason) is FailureKind.MODERATION


@pytest.mark.parametrize("plan", [SucceedWithoutVideo(), SucceedWithoutVideo(empty_url=True)])
async def test_a_success_without_a_video_has_no_url(
    server: GatewayServer, client: GatewayClient, plan: SucceedWithoutVideo
) -> None:
    task_id = await order(server, client, Plan(queued_seconds=0, processing_seconds=0, outcome=plan, videos_key=False))

    report = await client.result(task_id)

    assert (report.status, report.video_url) == (TaskStatus.SUCCEED, None)


async def test_an_unknown_status_is_logged_once_for_each_word(
    server: GatewayServer, client: GatewayClient, log: LogCapture
) -> None:
    task_id = await order(
        server, client, Plan(queued_seconds=0, processing_seconds=0, outcome=UnknownStatus("TASK_STATUS_PAUSED"))
    )

    reports = [await client.result(task_id) for _ in range(3)]
    answer_with(server, "GET", 200, '{"task": {"status": "TASK_STATUS_RESTING"}}')
    reports.append(await client.result(task_id))

    assert {report.status for report in reports} == {TaskStatus.UNKNOWN}
    assert [entry["status"] for entry in log.entries] == ["TASK_STATUS_PAUSED", "TASK_STATUS_RESTING"]


async def test_a_flood_of_unknown_statuses_does_not_fill_the_log(
    server: GatewayServer, client: GatewayClient, log: LogCapture
) -> None:
    for number in range(60):
        answer_with(server, "GET", 200, json.dumps({"task": {"status": f"STATUS_{number}"}}))
        await client.result("t")

    assert len(log.entries) == 50


@pytest.mark.parametrize("fault", REPEATED)
async def test_a_read_that_failed_for_now_is_repeated(
    server: GatewayServer, connect: Connect, log: LogCapture, fault: FaultKind
) -> None:
    client = connect(limits=HASTY if fault in SILENT else FAST)
    task_id = await order(server, client, Plan(queued_seconds=60))
    armed = server.fault("poll", fault, times=1)

    report = await client.result(task_id)

    assert report.status is TaskStatus.QUEUED
    assert armed.hits == 1


@pytest.mark.parametrize(("fault", "error"), FINAL)
async def test_a_refusal_that_lasts_is_not_repeated(
    server: GatewayServer, client: GatewayClient, fault: FaultKind, error: type[GatewayError]
) -> None:
    server.fault("poll", fault, times=None)

    with pytest.raises(GatewayError) as caught:
        await client.result("t")

    assert type(caught.value) is error
    assert server.polls == 1


async def test_a_task_that_vanished_is_lost(server: GatewayServer, client: GatewayClient) -> None:
    task_id = await order(server, client, Plan(queued_seconds=0, processing_seconds=0, outcome=Vanish()))

    with pytest.raises(TaskNotFoundError) as caught:
        await client.result(task_id)

    assert caught.value.kind is FailureKind.LOST


async def test_an_answer_about_another_task_is_not_believed(
    server: GatewayServer, client: GatewayClient, log: LogCapture
) -> None:
    mine = await order(server, client, Plan(queued_seconds=60))
    answer = {"task": {"task_id": "somebody-elses", "status": "TASK_STATUS_SUCCEED"}}
    videos = {"videos": [{"video_url": "https://example.com/private.mp4"}]}
    answer_with(server, "GET", 200, json.dumps(answer | videos), times=3)

    with pytest.raises(GatewayUnavailableError) as caught:
        await client.result(mine)

    assert caught.value.cause == "OtherTask"


async def test_an_outage_ends_after_the_last_attempt(
    server: GatewayServer, client: GatewayClient, log: LogCapture
) -> None:
    server.fault("poll", K.BAD_GATEWAY, times=None)

    with pytest.raises(GatewayUnavailableError) as caught:
        await client.result("t")

    assert server.polls == 3
    assert caught.value.cause == "HTTP 502"


async def test_a_short_wait_that_the_gateway_asks_for_is_kept(
    server: GatewayServer, client: GatewayClient, log: LogCapture
) -> None:
    task_id = await order(server, client, Plan(queued_seconds=60))
    server.fault("poll", K.RATE_LIMIT_EXCEEDED, retry_after="0.3")
    begun = time.monotonic()

    await client.result(task_id)

    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize("kind", [K.RATE_LIMIT_EXCEEDED, K.SERVICE_UNAVAILABLE_HTML])
async def test_a_long_wait_that_the_gateway_asks_for_is_left_to_the_scheduler(
    server: GatewayServer, client: GatewayClient, kind: FaultKind
) -> None:
    server.fault("poll", kind, times=None, retry_after=90)

    with pytest.raises(GatewayUnavailableError) as caught:
        await client.result("t")

    assert caught.value.retry_after_seconds == 90
    assert server.polls == 1


async def test_a_gateway_that_cannot_be_reached_is_unavailable(connect: Connect, log: LogCapture) -> None:
    for address in (refusing_url, silent_url):
        with address() as url, pytest.raises(GatewayUnavailableError):
            await connect(url, limits=HASTY).result("t")


async def test_a_cancelled_read_passes_the_cancellation_on(server: GatewayServer, connect: Connect) -> None:
    client = connect(limits=Limits())
    task_id = await order(server, client, Plan())
    server.fault("poll", K.NO_ANSWER)
    task = asyncio.create_task(client.result(task_id))
    await server.wait_for(lambda: server.polls == 1)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("violates our Content Policies", FailureKind.MODERATION),
        ("Guardrail", FailureKind.MODERATION),
        ("resembles third-party content", FailureKind.MODERATION),
        ("too much similarity", FailureKind.MODERATION),
        ("CONTENT_VIOLATION", FailureKind.MODERATION),
        ("moderation_blocked", FailureKind.MODERATION),
        ("prohibited words", FailureKind.MODERATION),
        ("depicts photorealistic people", FailureKind.REAL_PERSON),
        ("a real person in the clip", FailureKind.REAL_PERSON),
        ("heavy_load", FailureKind.BUSY),
        ("under Heavy Load", FailureKind.BUSY),
        ("overloaded", FailureKind.BUSY),
        ("sentinel_block", FailureKind.BUSY),
        ("no available channel", FailureKind.BUSY),
        ("unable to process", FailureKind.BUSY),
        ("internal error", FailureKind.SERVICE),
        ("", FailureKind.SERVICE),
    ],
)
def test_a_reason_is_understood_by_its_words(reason: str, kind: FailureKind) -> None:
    assert failure_of(reason) is kind
