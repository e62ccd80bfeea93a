"""Every row of the error table for orders, over real sockets."""

import asyncio
import json
import traceback
from decimal import Decimal

import pytest
from structlog.testing import LogCapture

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.wire import resolve
from bot.domain.failure import FailureKind
from bot.domain.request import CharacterClip, VideoRequest
from bot.gateway.client import GatewayClient, Limits
from bot.gateway.errors import (
    BadKeyError,
    GatewayError,
    GatewayUnavailableError,
    ModelRetiredError,
    ModerationError,
    NotCreatedError,
    OriginalLostError,
    OutOfCreditError,
    RealPersonError,
    RejectedError,
    UnknownOutcomeError,
)
from sandbox.gateway import FaultKind, GatewayServer, Plan
from sandbox.gateway.unreachable import refusing_url, silent_url
from tests.bot.gateway.conftest import FAST, HASTY, ORDER, SILENT, Connect, OrderOfTest, answer_with

K = FaultKind
SAID_NO = [
    (K.INVALID_REQUEST_BODY, RejectedError, FailureKind.REJECTED),
    (K.INVALID_IMAGE_FORMAT, RejectedError, FailureKind.REJECTED),
    (K.ILLEGAL_PROMPT, ModerationError, FailureKind.MODERATION),
    (K.ILLEGAL_IMAGE_CONTENT, ModerationError, FailureKind.MODERATION),
    (K.NOT_ENOUGH_BALANCE_400, OutOfCreditError, FailureKind.NO_CREDIT),
    (K.BALANCE_NOT_ENOUGH_402, OutOfCreditError, FailureKind.NO_CREDIT),
    (K.BALANCE_NOT_ENOUGH_403, OutOfCreditError, FailureKind.NO_CREDIT),
    (K.PAYMENT_REQUIRED_EMPTY, OutOfCreditError, FailureKind.NO_CREDIT),
    (K.FAILED_TO_AUTH, BadKeyError, FailureKind.BAD_KEY),
    (K.INVALID_API_KEY, BadKeyError, FailureKind.BAD_KEY),
    (K.ACCESS_DENY, BadKeyError, FailureKind.BAD_KEY),
    (K.MODEL_NOT_FOUND, ModelRetiredError, FailureKind.MODEL_RETIRED),
    (K.API_NOT_FOUND, ModelRetiredError, FailureKind.MODEL_RETIRED),
    (K.TASK_NOT_FOUND, OriginalLostError, FailureKind.ORIGINAL_LOST),
    (K.RATE_LIMIT_EXCEEDED, NotCreatedError, FailureKind.NEVER_SENT),
    (K.TOKEN_LIMIT_EXCEEDED, NotCreatedError, FailureKind.NEVER_SENT),
    (K.SERVICE_NOT_AVAILABLE, NotCreatedError, FailureKind.NEVER_SENT),
]
LEFT_OPEN = [
    K.INTERNAL_SERVER_ERROR,
    K.FORBIDDEN_HTML,
    K.NOT_FOUND_HTML,
    K.SERVICE_UNAVAILABLE_HTML,
    K.SERVICE_UNAVAILABLE_FOREIGN_JSON,
    K.INTERNAL_ERROR_TEXT,
    K.BAD_GATEWAY,
    K.GATEWAY_TIMEOUT,
    K.ORIGIN_TIMEOUT,
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
    K.RESET_AFTER_ORDER,
    K.CLOSE_WITHOUT_ANSWER,
    K.NO_ANSWER,
    K.GARBAGE_STATUS_LINE,
    K.BAD_CHUNK,
    K.BAD_GZIP,
    K.TRUNCATED_BODY,
    K.SLOW_DRIP,
]


async def fail(client: GatewayClient, order: OrderOfTest = ORDER) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        await client.submit(order)
    return caught.value


@pytest.mark.parametrize("field", ["task_id", "id"])
async def test_an_order_is_answered_by_its_task(server: GatewayServer, client: GatewayClient, field: str) -> None:
    server.default_plan = Plan(id_field=field)

    task_id = await client.submit(ORDER)

    assert [order.task_id for order in server.orders] == [task_id]
    assert server.orders[0].body == ORDER.body


async def test_a_strict_gateway_takes_what_the_catalogue_makes(server: GatewayServer, client: GatewayClient) -> None:
    sora = Catalogue.load().default
    clip = CharacterClip("https://x.example/clip.mp4", Decimal("0.5"), Decimal("2.5"))
    request = VideoRequest("a cat", image="https://x.example/a.png", character=clip)

    first = await client.submit(resolve(sora, request))
    second = await client.submit(resolve(sora, VideoRequest("at night", parent_task=first)))

    assert [order.task_id for order in server.orders] == [first, second]


@pytest.mark.parametrize(("fault", "error", "kind"), SAID_NO)
async def test_a_gateway_that_says_no_is_understood_and_asked_once(
    server: GatewayServer,
    client: GatewayClient,
    fault: FaultKind,
    error: type[GatewayError],
    kind: FailureKind,
) -> None:
    server.fault("submit", fault)

    refusal = await fail(client)

    assert type(refusal) is error
    assert refusal.kind is kind
    assert server.submits == 1
    assert server.orders == []


@pytest.mark.parametrize("fault", LEFT_OPEN)
async def test_every_other_answer_leaves_the_outcome_open_and_is_never_repeated(
    server: GatewayServer, connect: Connect, fault: FaultKind
) -> None:
    server.fault("submit", fault, times=None)

    refusal = await fail(connect(limits=HASTY if fault in SILENT else FAST))

    assert type(refusal) is UnknownOutcomeError
    assert server.submits <= 1
    assert server.strays == []


def test_every_fault_of_an_order_has_its_row() -> None:
    rows = {row[0] for row in SAID_NO} | set(LEFT_OPEN)

    assert set(FaultKind) - rows == {K.ENDLESS, K.NO_CONTENT_LENGTH}


async def test_a_refused_connection_proves_that_nothing_was_sent(connect: Connect) -> None:
    with refusing_url() as url:
        refusal = await fail(connect(url))

    assert type(refusal) is NotCreatedError
    assert refusal.cause == "ClientConnectorError"


async def test_a_connection_that_never_stood_proves_that_nothing_was_sent(connect: Connect) -> None:
    with silent_url() as url:
        refusal = await fail(connect(url, limits=HASTY))

    assert type(refusal) is NotCreatedError
    assert refusal.cause == "ConnectionTimeoutError"


async def test_a_failed_tls_handshake_proves_that_nothing_was_sent(server: GatewayServer, connect: Connect) -> None:
    refusal = await fail(connect(server.url.replace("http:", "https:"), limits=Limits()))

    assert type(refusal) is NotCreatedError
    assert refusal.cause == "ClientConnectorSSLError"
    assert server.submits == 0


async def test_a_name_that_does_not_resolve_proves_that_nothing_was_sent(connect: Connect) -> None:
    refusal = await fail(connect("http://nowhere.invalid", limits=Limits()))

    assert type(refusal) is NotCreatedError


async def test_a_cancelled_order_passes_the_cancellation_on(server: GatewayServer, connect: Connect) -> None:
    server.fault("submit", K.NO_ANSWER)
    task = asyncio.create_task(connect(limits=Limits()).submit(ORDER))
    await server.wait_for(lambda: server.submits == 1)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_each_order_has_a_fresh_connection(server: GatewayServer, client: GatewayClient) -> None:
    for _ in range(3):
        await client.submit(ORDER)

    assert all(order.headers.get("Connection", "").lower() == "close" for order in server.orders)
    assert len(server.orders) == 3


@pytest.mark.parametrize("kind", [K.RATE_LIMIT_EXCEEDED, K.SERVICE_NOT_AVAILABLE])
async def test_the_wait_that_a_gateway_asks_for_is_told(
    server: GatewayServer, client: GatewayClient, kind: FaultKind
) -> None:
    server.fault("submit", kind, retry_after=17)

    refusal = await fail(client)

    assert refusal.retry_after_seconds == 17


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('{"code":400,"reason":"INVALID_IMAGE","message":"contains Photorealistic People"}', RealPersonError),
        ('{"code":400,"reason":"X","message":"no","metadata":{"details":"GUARDRAIL hit"}}', ModerationError),
        ('{"code":"INVALID_SIZE","message":"bad size"}', RejectedError),
        ('{"code":400,"reason":"RATE_LIMIT_EXCEEDED"}', NotCreatedError),
        ('{"error":"bad request"}', UnknownOutcomeError),
        ("[]", UnknownOutcomeError),
    ],
)
async def test_a_400_is_read_by_its_words(
    server: GatewayServer, client: GatewayClient, body: str, error: type[GatewayError]
) -> None:
    answer_with(server, "POST", 400, body)

    assert type(await fail(client)) is error


async def test_a_401_of_the_gateway_is_a_bad_key_whatever_its_word(
    server: GatewayServer, client: GatewayClient
) -> None:
    answer_with(server, "POST", 401, '{"code":401,"reason":"UNAUTHORIZED","message":"who?"}')

    assert type(await fail(client)) is BadKeyError


async def test_a_408_is_no_refusal(server: GatewayServer, client: GatewayClient) -> None:
    answer_with(server, "POST", 408, '{"code":408,"reason":"TIMEOUT","message":"timed out"}')

    assert type(await fail(client)) is UnknownOutcomeError


async def test_an_error_with_an_id_of_its_own_is_no_task(server: GatewayServer, client: GatewayClient) -> None:
    answer_with(server, "POST", 200, '{"id":"req-1","code":500,"reason":"INTERNAL_SERVER_ERROR"}')

    assert type(await fail(client)) is UnknownOutcomeError


async def test_an_endless_answer_is_cut_off(server: GatewayServer, connect: Connect) -> None:
    answer_with(server, "POST", 200, b"{" + b" " * 3_000_000)

    refusal = await fail(connect(limits=Limits()))

    assert type(refusal) is UnknownOutcomeError
    assert len(refusal.detail) == 500


async def test_the_key_is_in_no_error_log_or_repr(connect: Connect, log: LogCapture) -> None:
    key = "sk_" + "s3cr3t" * 8
    async with GatewayServer(keys=(key,)) as server:
        client = connect(server.url, key)
        task_id = await client.submit(ORDER)
        echo = {"code": 401, "reason": "FAILED_TO_AUTH", "message": "x" * 440 + f" no such key {key}"}
        answer_with(server, "POST", 401, json.dumps(echo))
        refusals = [await fail(client)]
        for fault in (K.GARBAGE_STATUS_LINE, K.RESET_AFTER_READING, K.BAD_GZIP, K.BAD_CHUNK):
            server.fault("submit", fault)
            server.fault("poll", fault, times=None)
            refusals.append(await fail(client))
            with pytest.raises(GatewayUnavailableError) as caught:
                await client.result(task_id)
            refusals.append(caught.value)
            server.faults.armed.clear()
        status = json.dumps({"task": {"status": f"STATUS_{key}"}})
        answer_with(server, "GET", 200, status)
        await client.result(task_id)

    texts = [f"{client!r} {client!s} {log.entries!r}"]
    for refusal in refusals:
        texts += [repr(refusal), str(refusal), refusal.detail, repr(vars(refusal))]
        texts += traceback.format_exception(refusal)
        texts += [repr(cause) for cause in (refusal.__cause__, refusal.__context__)]
    assert key[:12] not in "".join(texts)
    assert {entry["event"] for entry in log.entries} == {"gateway.unknown_status", "stamina.retry_scheduled"}


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel"])
def test_a_key_that_cannot_be_a_header_is_refused_before_anything_is_ordered(connect: Connect, key: str) -> None:
    with pytest.raises(ValueError, match="myrouter") as caught:
        connect(key=key)

    assert key not in str(caught.value)


def test_orders_have_less_time_than_a_lease() -> None:
    assert Limits().order_timeout_seconds < 60
    assert Limits().connect_timeout_seconds < Limits().order_timeout_seconds
