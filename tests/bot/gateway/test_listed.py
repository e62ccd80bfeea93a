"""The public list of models, whose form nobody has written down."""

import pytest
from aiohttp import web

from bot.gateway.errors import GatewayUnavailableError
from bot.gateway.http import GatewayHttp
from bot.gateway.listed import unlisted
from sandbox.gateway import GatewayServer
from sandbox.gateway.unreachable import refusing_url
from sandbox.stops import Stage

SORA, REMIX = "sora-2-video-reverse", "sora-2-remix-reverse"


def answer(server: GatewayServer, text: str, status: int = 200) -> None:
    """Let the next answer be this."""

    async def reply(_: web.Request) -> web.StreamResponse:
        return web.Response(text=text, status=status)

    server.stops.at(Stage.RECEIVED, "GET", "/v3/admin/", reply)


async def test_what_the_gateway_lists_is_found_without_a_key(server: GatewayServer) -> None:
    server.books.unlisted.add(REMIX)

    async with GatewayHttp() as http:
        assert await unlisted(http, server.url, [SORA, REMIX]) == [REMIX]


@pytest.mark.parametrize(
    "text",
    [
        f'["{SORA}", "other"]',
        f'{{"data": {{"{SORA}": {{"title": "Sora"}}}}}}',
        f'{{"code": 0, "models": [{{"id": 7, "api": {{"url": "https://api.example/v3/async/{SORA}"}}}}]}}',
    ],
)
async def test_an_endpoint_is_found_in_whatever_form_the_list_has(server: GatewayServer, text: str) -> None:
    answer(server, text)

    async with GatewayHttp() as http:
        assert await unlisted(http, server.url, [SORA, REMIX]) == [REMIX]


async def test_an_endpoint_whose_name_only_begins_like_ours_is_another_one(server: GatewayServer) -> None:
    answer(server, f'["{SORA}-pro"]')

    async with GatewayHttp() as http:
        assert await unlisted(http, server.url, [SORA]) == [SORA]


@pytest.mark.parametrize(
    ("text", "status"), [("<html>", 200), ("", 200), ("[]", 200), ("7", 200), ('["x"]', 404), ("[" * 100_000, 200)]
)
async def test_what_is_no_list_is_told_as_such(server: GatewayServer, text: str, status: int) -> None:
    answer(server, text, status)

    async with GatewayHttp() as http:
        with pytest.raises(GatewayUnavailableError):
            await unlisted(http, server.url, [SORA])


async def test_a_gateway_that_cannot_be_reached_has_no_list() -> None:
    with refusing_url() as nowhere:
        async with GatewayHttp() as http:
            with pytest.raises(GatewayUnavailableError):
                await unlisted(http, nowhere, [SORA])
