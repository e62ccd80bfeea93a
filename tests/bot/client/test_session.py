"""Why a connection ended, and how long shards have been away."""

from dataclasses import dataclass

import aiohttp
import discord
import pytest

from bot.client.session import GatewayAwayError, ShardWatch, session_error


@dataclass
class HandClock:
    """Seconds that pass when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def test_a_shard_that_never_connected_is_away_since_the_beginning(clock: HandClock) -> None:
    watch = ShardWatch(clock)
    clock.now += 50
    watch.begin()
    clock.now += 7

    assert watch.away_seconds([0]) == 7


def test_a_connected_shard_is_not_away(clock: HandClock) -> None:
    watch = ShardWatch(clock)
    watch.connected(0)
    clock.now += 7

    assert watch.away_seconds([0]) == 0


def test_a_lost_shard_counts_from_its_first_loss_until_it_is_back(clock: HandClock) -> None:
    watch = ShardWatch(clock)
    watch.connected(0)
    watch.lost(0)
    clock.now += 3
    watch.lost(0)
    clock.now += 4

    assert watch.away_seconds([0]) == 7
    watch.connected(0)
    assert watch.away_seconds([0]) == 0


def test_shards_that_wait_for_their_turn_count_from_the_newest_first_connection(clock: HandClock) -> None:
    watch = ShardWatch(clock)
    clock.now += 5
    watch.connected(0)
    clock.now += 2

    assert watch.away_seconds(range(2)) == 2


def test_a_shard_that_comes_and_goes_does_not_hide_one_that_never_came(clock: HandClock) -> None:
    watch = ShardWatch(clock)
    watch.connected(0)
    for _ in range(5):
        watch.lost(0)
        clock.now += 2
        watch.connected(0)

    assert watch.away_seconds(range(2)) == 10


def test_the_time_away_is_told_in_minutes() -> None:
    assert "10 min" in str(GatewayAwayError(605))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (discord.LoginFailure("no"), "DISCORD_TOKEN"),
        (discord.PrivilegedIntentsRequired(None), "PrivilegedIntentsRequired"),
        (aiohttp.ClientConnectionError("secret"), "can't be reached (ClientConnectionError)"),
        (TimeoutError(), "can't be reached (TimeoutError)"),
    ],
)
def test_every_end_of_a_connection_is_told_in_one_sentence(error: Exception, told: str) -> None:
    sentence = str(session_error(error))

    assert told in sentence
    assert "secret" not in sentence
    assert "\n" not in sentence
