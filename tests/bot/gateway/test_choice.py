"""Which gateways get orders after what they said."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.domain.failure import FailureKind
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)
SORA = "sora-2-video-reverse"


class MovableClock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def gateways(clock: MovableClock) -> AsyncIterator[Gateways]:
    async with GatewayHttp() as http:
        yield Gateways(
            [
                GatewayClient("highway", "https://b.example/", SecretStr("key-b"), http, Pace(60)),
                GatewayClient("myrouter", "http://127.0.0.1:81", SecretStr("key-a"), http, Pace(60)),
            ],
            clock,
        )


def usable(gateways: Gateways, slug: str = SORA) -> list[str]:
    return [client.name for client in gateways.for_order(slug)]


def test_gateways_are_used_in_order_of_preference(gateways: Gateways) -> None:
    assert usable(gateways) == ["highway", "myrouter"]
    assert [client.host for client in gateways.all] == ["b.example:443", "127.0.0.1:81"]


def test_a_gateway_is_found_by_name_also_when_it_is_out_of_use(gateways: Gateways) -> None:
    gateways.mark_bad_key("highway")

    found = gateways.get("highway")

    assert found is not None
    assert found.name == "highway"
    assert gateways.get("other") is None


def test_a_bad_key_takes_a_gateway_out_of_use(gateways: Gateways) -> None:
    gateways.mark_bad_key("highway")

    assert usable(gateways) == ["myrouter"]
    assert gateways.obstacle("highway", SORA) is FailureKind.BAD_KEY
    assert gateways.obstacle("other", SORA) is FailureKind.BAD_KEY


def test_a_retired_model_is_retired_on_that_gateway_only(gateways: Gateways) -> None:
    gateways.mark_retired("highway", SORA)

    assert usable(gateways) == ["myrouter"]
    assert usable(gateways, "kling-v3.0-std-t2v") == ["highway", "myrouter"]
    assert gateways.obstacle("highway", SORA) is FailureKind.MODEL_RETIRED


def test_a_model_that_is_offered_again_is_as_if_nothing_had_been_said(gateways: Gateways) -> None:
    gateways.mark_retired("highway", SORA)

    gateways.mark_offered("highway", SORA)
    gateways.mark_offered("myrouter", SORA)

    assert usable(gateways) == ["highway", "myrouter"]
    assert not gateways.has_retired(SORA)
    assert gateways.mark_retired("highway", SORA)


def test_what_a_gateway_without_a_setting_has_said_is_no_reason_to_call_a_model_retired(gateways: Gateways) -> None:
    gateways.mark_retired("elsewhere", SORA)

    assert not gateways.has_retired(SORA)


def test_an_empty_account_pauses_orders_until_its_time(gateways: Gateways, clock: MovableClock) -> None:
    gateways.mark_out_of_credit("highway", LATER)

    paused = usable(gateways)
    obstacle = gateways.obstacle("highway", SORA)
    clock.now = LATER

    assert paused == ["myrouter"]
    assert obstacle is FailureKind.NO_CREDIT
    assert usable(gateways) == ["highway", "myrouter"]


def test_the_first_word_of_an_empty_account_is_doubted_once(gateways: Gateways, clock: MovableClock) -> None:
    first = gateways.doubt_credit("highway", NOON + timedelta(seconds=30))
    during = usable(gateways)
    clock.now = NOON + timedelta(seconds=30)
    after = usable(gateways)
    second = gateways.doubt_credit("highway", LATER)

    assert (first, second) == (True, False)
    assert during == ["myrouter"]
    assert after == ["highway", "myrouter"]


def test_an_accepted_order_ends_the_doubt(gateways: Gateways) -> None:
    gateways.doubt_credit("highway", LATER)

    gateways.mark_accepted("highway")

    assert usable(gateways) == ["highway", "myrouter"]
    assert gateways.doubt_credit("highway", LATER)


def test_a_confirmed_empty_account_is_not_doubted_again(gateways: Gateways) -> None:
    gateways.mark_out_of_credit("highway", NOON)

    assert not gateways.doubt_credit("highway", LATER)


def test_the_condition_of_a_gateway_says_what_is_against_it(gateways: Gateways, clock: MovableClock) -> None:
    gateways.mark_bad_key("highway")
    gateways.mark_out_of_credit("myrouter", LATER)
    gateways.mark_retired("myrouter", SORA)

    highway, myrouter = gateways.conditions
    clock.now = LATER
    _, later = gateways.conditions

    assert (highway.name, highway.refuses_key, highway.paused_until, highway.retired) == (
        "highway",
        True,
        None,
        frozenset(),
    )
    assert (myrouter.refuses_key, myrouter.paused_until, myrouter.retired) == (False, LATER, frozenset({SORA}))
    assert later.paused_until is None
