"""What the server records of its traffic, and how tests stop it."""

import pytest
from aiohttp import ClientError, web

from sandbox.discord import Person
from sandbox.discord.exchanges import Exchange
from sandbox.stops import Stage
from tests.sandbox.discord.studio import Studio


async def test_every_request_is_recorded_with_the_servers_own_answer(studio: Studio, ada: Person) -> None:
    seen: list[Exchange] = []
    studio.server.exchanges.observers.append(seen.append)

    await ada.invoke("say", {"text": "x"}, channel=studio.channel)

    [exchange] = seen
    assert exchange.template == "/interactions/{interaction_id}/{interaction_token}/callback"
    assert exchange.query == {"with_response": "1"}
    assert isinstance(exchange.body, dict)
    assert exchange.body["data"]["content"] == "x (calm)"
    assert exchange.status == 200
    assert isinstance(exchange.response, dict)
    assert exchange.response["resource"]["message"]["content"] == "x (calm)"


async def test_the_form_of_an_upload_is_recorded_without_its_bytes(studio: Studio, ada: Person) -> None:
    await ada.invoke("card", channel=studio.channel)

    exchange = studio.server.exchanges.recorded[-1]
    assert exchange.files == ["card.png"]
    assert isinstance(exchange.body, dict)
    assert exchange.body["data"]["attachments"][0]["filename"] == "card.png"


async def test_a_post_can_be_lost_before_it_is_applied(studio: Studio) -> None:
    studio.server.stops.at(Stage.RECEIVED, "POST", "/api/v10/channels/", lose)

    with pytest.raises(ClientError):
        await studio.messageable(studio.channel).send("x")

    assert studio.channel.history == []
    assert studio.server.exchanges.recorded[-1].status == 0


async def test_an_answer_can_be_lost_after_it_was_applied(studio: Studio) -> None:
    studio.server.stops.at(Stage.APPLIED, "POST", "/api/v10/channels/", lose)

    with pytest.raises(ClientError):
        await studio.messageable(studio.channel).send("x")

    assert [message.text for message in studio.channel.history] == ["x"]
    assert studio.server.exchanges.recorded[-1].status == 200


async def lose(request: web.Request) -> web.StreamResponse:
    """Cut the connection; the answer goes nowhere."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
