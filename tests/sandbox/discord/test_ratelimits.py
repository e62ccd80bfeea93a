"""Rate limits as discord.py's buckets meet them."""

import time

import aiohttp

from sandbox.discord import Channel
from sandbox.discord.ratelimits import Rate
from tests.sandbox.discord.studio import Studio

SENDS = ("POST", "/channels/{channel_id}/messages")


async def test_a_client_that_reads_the_headers_is_never_refused(studio: Studio) -> None:
    studio.server.rate_limits.limit(*SENDS, Rate(2, 0.2))
    target = studio.messageable(studio.channel)
    began = time.monotonic()

    for number in range(4):
        await target.send(str(number))

    assert time.monotonic() - began >= 0.2
    assert studio.server.rate_limits.refused == 0


async def test_a_request_that_comes_too_early_is_repeated_by_the_client(studio: Studio) -> None:
    target = studio.messageable(studio.channel)
    await target.send("0")
    studio.server.rate_limits.limit(*SENDS, Rate(1, 0.4))
    await post(studio)

    sent = await target.send("1")

    assert studio.server.rate_limits.refused == 1
    assert sent.id in studio.channel.messages
    assert 429 in [exchange.status for exchange in studio.server.exchanges.recorded]


async def test_a_refusal_says_how_long_to_wait(studio: Studio) -> None:
    studio.server.rate_limits.limit(*SENDS, Rate(1, 30))
    await post(studio)

    status, headers, body = await post(studio)

    assert status == 429
    assert headers["Retry-After"] == "30"
    assert headers["Via"]
    assert headers["Content-Type"] == "application/json"
    assert headers["X-RateLimit-Remaining"] == "0"
    assert 29 < body["retry_after"] <= 30
    assert body["global"] is False


async def test_channels_have_buckets_of_their_own(studio: Studio) -> None:
    other = studio.guild.add_channel("other")
    studio.server.rate_limits.limit(*SENDS, Rate(1, 30))

    statuses = [(await post(studio, channel))[0] for channel in (studio.channel, other, other)]

    assert statuses == [200, 200, 429]


async def test_edits_of_messages_older_than_an_hour_are_limited_further(studio: Studio) -> None:
    studio.server.rate_limits.old_edits = Rate(1, 0.4)
    sent = await studio.messageable(studio.channel).send("x")
    studio.server.world.pass_time(3601)

    await sent.edit(content="y")
    await sent.edit(content="z")

    refusals = [exchange for exchange in studio.server.exchanges.recorded if exchange.status == 429]
    assert [exchange.response["code"] for exchange in refusals if isinstance(exchange.response, dict)] == [30046]
    assert studio.channel.history[0].text == "z"


async def test_the_limit_over_all_spares_interactions(studio: Studio) -> None:
    studio.server.rate_limits.over_all = Rate(1, 30)
    ada = studio.server.person(studio.ada)

    for _ in range(3):
        await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    await post(studio)
    _, _, body = await post(studio)

    assert body["global"] is True


async def test_realistic_limits_take_five_sends_in_five_seconds(studio: Studio) -> None:
    studio.server.rate_limits.be_realistic()

    statuses = [(await post(studio))[0] for _ in range(6)]

    assert statuses == [200] * 5 + [429]


async def post(studio: Studio, channel: Channel | None = None) -> tuple[int, dict[str, str], dict[str, float]]:
    """A send by a client that knows nothing of buckets."""
    url = f"{studio.server.api_url}/channels/{(channel or studio.channel).id}/messages"
    headers = {"Authorization": f"Bot {studio.server.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"content": "raw"}, headers=headers) as response,
    ):
        return response.status, dict(response.headers), await response.json()
