"""What is remembered of how requests ended, over real sockets and under a clock that jumps."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.gateway.client import GatewayClient
from bot.gateway.errors import GatewayError, GatewayUnavailableError, RejectedError
from bot.gateway.health import NEWEST, WITHIN, Health
from sandbox.gateway import FaultKind, GatewayServer
from tests.bot.gateway.conftest import ORDER, answer_with

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


async def refused(client: GatewayClient, kind: FaultKind, server: GatewayServer) -> None:
    server.fault("submit", kind)
    with pytest.raises(GatewayError):
        await client.submit(ORDER)


async def test_orders_and_polls_are_counted_when_they_end(client: GatewayClient) -> None:
    before = client.health.lately
    await client.result(await client.submit(ORDER))

    lately = client.health.lately

    assert (before.count, before.last_success) == (0, None)
    assert (lately.count, lately.failed) == (2, 0)
    assert lately.last_success is not None


async def test_each_attempt_of_a_poll_counts(client: GatewayClient, server: GatewayServer) -> None:
    task_id = await client.submit(ORDER)
    answer_with(server, "GET", 502, "bad gateway", times=2)

    await client.result(task_id)

    assert (client.health.lately.count, client.health.lately.failed) == (4, 2)


@pytest.mark.parametrize(
    ("kind", "failed"),
    [
        (FaultKind.RATE_LIMIT_EXCEEDED, 1),
        (FaultKind.INTERNAL_SERVER_ERROR, 1),
        (FaultKind.INVALID_API_KEY, 1),
        (FaultKind.BALANCE_NOT_ENOUGH_402, 1),
        (FaultKind.ILLEGAL_PROMPT, 0),
        (FaultKind.INVALID_REQUEST_BODY, 0),
        (FaultKind.MODEL_NOT_FOUND, 0),
    ],
)
async def test_a_gateway_that_says_no_to_an_order_works_and_has_not_succeeded(
    client: GatewayClient, server: GatewayServer, kind: FaultKind, failed: int
) -> None:
    await refused(client, kind, server)

    lately = client.health.lately

    assert (lately.count, lately.failed, lately.last_success) == (1, failed, None)


async def test_a_connection_that_breaks_is_a_failure(client: GatewayClient, server: GatewayServer) -> None:
    await refused(client, FaultKind.RESET_AFTER_ORDER, server)

    assert client.health.lately.failed == 1


def test_old_requests_are_left_out_and_the_last_success_is_remembered() -> None:
    clock = Clock()
    health = Health(clock)
    health.note()
    clock.now += WITHIN + SECOND
    health.note(GatewayUnavailableError())

    lately = health.lately

    assert (lately.count, lately.failed, lately.last_success) == (1, 1, NOON)


def test_only_the_newest_are_remembered() -> None:
    health = Health(Clock())
    for _ in range(NEWEST):
        health.note(GatewayUnavailableError())
    for _ in range(NEWEST - 1):
        health.note(RejectedError())

    assert (health.lately.count, health.lately.failed) == (NEWEST, 1)
