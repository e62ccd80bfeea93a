import asyncio
import json
from contextlib import suppress

import aiohttp
import pytest

from sandbox.gateway import FaultKind, GatewayServer, Where
from sandbox.gateway.faults import ALWAYS_ORDERED, FOREIGN, NEVER_ORDERED, OWN, VIDEO_ONLY
from sandbox.gateway.unreachable import refusing_url, silent_url
from tests.sandbox.gateway.caller import Caller, sora_body

# Kind, status, type of the body, reason in the gateway's own JSON, and whether an order stands.
ANSWERS = [
    ("invalid_request_body", 400, "application/json", "INVALID_REQUEST_BODY", False),
    ("invalid_image_format", 400, "application/json", "INVALID_IMAGE_FORMAT", False),
    ("illegal_prompt", 400, "application/json", "ILLEGAL_PROMPT", False),
    ("illegal_image_content", 400, "application/json", "ILLEGAL_IMAGE_CONTENT", False),
    ("not_enough_balance_400", 400, "application/json", "NOT_ENOUGH_BALANCE", False),
    ("balance_not_enough_402", 402, "application/json", "BILLING_BALANCE_NOT_ENOUGH", False),
    ("balance_not_enough_403", 403, "application/json", "BILLING_BALANCE_NOT_ENOUGH", False),
    ("failed_to_auth", 401, "application/json", "FAILED_TO_AUTH", False),
    ("invalid_api_key", 403, "application/json", "INVALID_API_KEY", False),
    ("access_deny", 403, "application/json", "ACCESS_DENY", False),
    ("model_not_found", 404, "application/json", "MODEL_NOT_FOUND", False),
    ("api_not_found", 404, "application/json", "API_NOT_FOUND", False),
    ("task_not_found", 404, "application/json", "TASK_NOT_FOUND", False),
    ("rate_limit_exceeded", 429, "application/json", "RATE_LIMIT_EXCEEDED", False),
    ("token_limit_exceeded", 429, "application/json", "TOKEN_LIMIT_EXCEEDED", False),
    ("service_not_available", 503, "application/json", "SERVICE_NOT_AVAILABLE", False),
    ("internal_server_error", 500, "application/json", "INTERNAL_SERVER_ERROR", True),
    ("payment_required_empty", 402, "text/plain", None, False),
    ("forbidden_html", 403, "text/html", None, False),
    ("not_found_html", 404, "text/html", None, False),
    ("service_unavailable_html", 503, "text/html", None, True),
    ("service_unavailable_foreign_json", 503, "application/json", None, True),
    ("internal_error_text", 500, "text/plain", None, True),
    ("bad_gateway", 502, "text/html", None, True),
    ("gateway_timeout", 504, "text/html", None, True),
    ("origin_timeout", 524, "text/html", None, True),
    ("moved_permanently", 301, "text/html", None, True),
    ("found", 302, "text/html", None, True),
    ("temporary_redirect", 307, "text/html", None, True),
    ("ok_html", 200, "text/html", None, True),
    ("ok_wrong_json", 200, "application/json", None, True),
    ("ok_json_list", 200, "application/json", None, True),
    ("ok_null_id", 200, "application/json", None, True),
    ("ok_cut_json", 200, "application/json", None, True),
    ("ok_empty", 200, "application/json", None, True),
    ("ok_text", 200, "text/plain", None, True),
]

# Kind, what aiohttp raises for it exactly, and whether an order stands.
SOCKETS: list[tuple[str, type[Exception], bool]] = [
    ("reset_before_reading", aiohttp.ClientOSError, False),
    ("close_before_reading", aiohttp.ServerDisconnectedError, False),
    ("reset_after_reading", aiohttp.ClientOSError, True),
    ("reset_after_order", aiohttp.ClientOSError, True),
    ("close_without_answer", aiohttp.ServerDisconnectedError, True),
    ("no_answer", aiohttp.SocketTimeoutError, True),
    ("garbage_status_line", aiohttp.ClientResponseError, True),
    ("bad_chunk", aiohttp.ClientResponseError, True),
    ("bad_gzip", aiohttp.ClientPayloadError, True),
    ("truncated_body", aiohttp.ClientPayloadError, True),
]

REPEATED = {aiohttp.ClientOSError, aiohttp.ServerDisconnectedError}
PATIENCE = {True: 0.1, False: 10.0}


def test_every_fault_is_in_a_table_here() -> None:
    told = {FaultKind(row[0]) for row in ANSWERS} | {FaultKind(row[0]) for row in SOCKETS}

    assert told == set(FaultKind) - VIDEO_ONLY - {FaultKind.SLOW_DRIP}
    assert {FaultKind(row[0]) for row in ANSWERS} == set(OWN) | set(FOREIGN)


@pytest.mark.parametrize(("kind", "status", "content_type", "reason", "ordered"), ANSWERS)
async def test_a_bad_answer_to_an_order(
    gateway: GatewayServer,
    caller: Caller,
    kind: str,
    status: int,
    content_type: str,
    reason: str | None,
    ordered: bool,
) -> None:
    fault = gateway.fault("submit", kind)

    answered = await caller.submit()

    assert (answered.status, answered.headers["Content-Type"].split(";")[0]) == (status, content_type)
    assert reason is None or answered.reason == reason
    assert fault.creates_order is ordered
    assert [order.task_id for order in gateway.orders] == fault.task_ids
    assert (len(fault.task_ids), fault.hits, gateway.submits) == (int(ordered), 1, 1)
    assert (await caller.submit()).status == 200


@pytest.mark.parametrize(("kind", "status"), [(row[0], row[1]) for row in ANSWERS])
async def test_a_bad_answer_to_a_poll(gateway: GatewayServer, caller: Caller, kind: str, status: int) -> None:
    task_id = await caller.order()
    gateway.fault("poll", kind)

    answered = [await caller.poll(task_id) for _ in range(2)]

    assert [one.status for one in answered] == [status, 200]
    assert gateway.polls == 2


@pytest.mark.parametrize(("kind", "error", "ordered"), SOCKETS)
async def test_a_broken_socket_under_an_order(
    gateway: GatewayServer, caller: Caller, kind: str, error: type[Exception], ordered: bool
) -> None:
    fault = gateway.fault("submit", kind)
    caller.patience_seconds = PATIENCE[kind == "no_answer"]

    with pytest.raises(error) as raised:
        await caller.submit()

    caller.patience_seconds = 10
    assert raised.type is error
    await gateway.wait_for(lambda: len(fault.task_ids) == int(ordered))
    assert [order.task_id for order in gateway.orders] == fault.task_ids
    assert gateway.submits == (0 if kind.endswith("before_reading") else 1)
    assert (await caller.submit()).status == 200


@pytest.mark.parametrize(("kind", "error"), [(row[0], row[1]) for row in SOCKETS])
async def test_a_broken_socket_under_a_poll(
    gateway: GatewayServer, caller: Caller, kind: str, error: type[Exception]
) -> None:
    task_id = await caller.order()
    # Twice: aiohttp repeats a GET once by itself when its connection broke.
    fault = gateway.fault("poll", kind, times=2)
    caller.patience_seconds = PATIENCE[kind == "no_answer"]

    with pytest.raises(error) as raised:
        await caller.poll(task_id)

    caller.patience_seconds = 10
    gateway.faults.disarm(fault)
    assert raised.type is error
    assert fault.hits == (2 if error in REPEATED else 1)
    assert (await caller.poll(task_id)).status == 200


async def test_garbage_looks_like_a_rejection_but_the_order_stands(gateway: GatewayServer, caller: Caller) -> None:
    gateway.fault("submit", FaultKind.GARBAGE_STATUS_LINE)

    with pytest.raises(aiohttp.ClientResponseError) as raised:
        await caller.submit()

    assert raised.value.status == 400
    assert len(gateway.orders) == 1


async def test_resets_are_resets(gateway: GatewayServer, caller: Caller) -> None:
    for kind in (FaultKind.RESET_BEFORE_READING, FaultKind.RESET_AFTER_READING, FaultKind.RESET_AFTER_ORDER):
        gateway.fault("submit", kind)

        with pytest.raises(aiohttp.ClientOSError) as raised:
            await caller.submit()

        assert raised.value.errno == 104


async def test_a_slow_answer_arrives_whole_or_outlasts_the_client(gateway: GatewayServer, caller: Caller) -> None:
    gateway.fault("submit", "slow_drip", interval_seconds=0.001)
    patient = await caller.submit()
    gateway.fault("submit", "slow_drip", interval_seconds=1)
    caller.patience_seconds = 0.1
    with pytest.raises(aiohttp.SocketTimeoutError):
        await caller.submit()

    assert patient.data == {"task_id": gateway.orders[0].task_id}
    assert len(gateway.orders) == 2


@pytest.mark.parametrize("kind", ["no_answer", "bad_gateway", "reset_after_reading", "truncated_body"])
async def test_an_unclear_fault_can_also_leave_no_order(gateway: GatewayServer, caller: Caller, kind: str) -> None:
    gateway.fault("submit", kind, creates_order=False)
    caller.patience_seconds = 0.1

    with suppress(aiohttp.ClientError, TimeoutError):
        await caller.submit()

    assert (gateway.orders, gateway.submits) == ([], 1)


def test_a_fault_that_cannot_happen_is_not_armed() -> None:
    server = GatewayServer()
    for kind in NEVER_ORDERED:
        with pytest.raises(ValueError, match="creates_order"):
            server.fault("submit", kind, creates_order=True)
    for kind in ALWAYS_ORDERED:
        with pytest.raises(ValueError, match="creates_order"):
            server.fault("submit", kind, creates_order=False)
    with pytest.raises(ValueError, match="creates_order"):
        server.fault("poll", "bad_gateway", creates_order=True)
    with pytest.raises(ValueError, match="videos"):
        server.fault("poll", "endless")
    with pytest.raises(ValueError, match="prompt"):
        server.fault("submit", "reset_before_reading", only="fox")
    assert server.faults.armed == []


@pytest.mark.parametrize(("retry_after", "header"), [(7, "7"), ("Wed, 21 Oct 2026 07:28:00 GMT",) * 2])
@pytest.mark.parametrize("where", [Where.SUBMIT, Where.POLL])
async def test_a_limit_may_say_when_to_come_again(
    gateway: GatewayServer, caller: Caller, where: Where, retry_after: str | int, header: str
) -> None:
    task_id = await caller.order()
    gateway.fault(where, "rate_limit_exceeded", retry_after=retry_after)

    answered = await (caller.submit() if where is Where.SUBMIT else caller.poll(task_id))

    assert answered.headers["Retry-After"] == header


async def test_a_limit_without_a_time_has_no_header(gateway: GatewayServer, caller: Caller) -> None:
    gateway.fault("submit", "rate_limit_exceeded")

    assert "Retry-After" not in (await caller.submit()).headers


async def test_who_follows_a_redirect_is_noticed(gateway: GatewayServer, caller: Caller) -> None:
    gateway.fault("submit", "temporary_redirect")

    answered = await caller.submit()
    before = list(gateway.strays)
    await caller.send("POST", answered.headers["Location"], data=b"{}")

    assert before == []
    assert gateway.strays == ["POST /redirected/v3/async/sora-2-video-reverse"]


async def test_faults_choose_their_requests(gateway: GatewayServer, caller: Caller) -> None:
    fault = gateway.fault("submit", "illegal_prompt", only="owl", times=None, skip=1)

    prompts = ("owl", "fox", "owl", "owl")
    seen = [(await caller.submit(sora_body(prompt=prompt))).status for prompt in prompts]
    gateway.faults.disarm(fault)
    seen.append((await caller.submit(sora_body(prompt="owl"))).status)

    assert seen == [200, 200, 400, 400, 200]
    assert fault.hits == 2


async def test_a_poll_fault_may_be_for_one_task(gateway: GatewayServer, caller: Caller) -> None:
    first, second = await caller.order(), await caller.order()
    gateway.fault("poll", "bad_gateway", only=second, times=2)

    seen = [(await caller.poll(task_id)).status for task_id in (first, second, second, second)]

    assert seen == [200, 502, 502, 200]


async def test_nobody_listens_at_a_refusing_address(caller: Caller) -> None:
    with refusing_url() as url, pytest.raises(aiohttp.ClientConnectorError):
        await caller.send("POST", url, data=b"{}")


async def test_a_silent_address_times_out_before_anything_is_sent(caller: Caller) -> None:
    timeout = aiohttp.ClientTimeout(sock_connect=0.1)
    with silent_url() as url, pytest.raises(aiohttp.ConnectionTimeoutError):
        await caller.session.post(url, data=b"{}", timeout=timeout)


async def test_tls_to_the_plain_port_is_refused_before_anything_is_sent(gateway: GatewayServer, caller: Caller) -> None:
    with pytest.raises(aiohttp.ClientConnectorError):
        await caller.send("POST", gateway.url.replace("http", "https", 1), data=json.dumps({}).encode())

    assert gateway.submits == 0


async def test_a_gateway_stops_at_once_although_somebody_waits_for_its_answer(
    gateway: GatewayServer, caller: Caller
) -> None:
    gateway.fault("submit", "no_answer")
    waiting = asyncio.create_task(caller.submit())
    await gateway.wait_for(lambda: len(gateway.orders) == 1)

    async with asyncio.timeout(30):
        await gateway.stop()

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await waiting
