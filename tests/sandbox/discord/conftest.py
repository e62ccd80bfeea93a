"""The studio that most of these tests are set in; whatever went over its wire is held against Discord's description."""

from collections.abc import AsyncIterator

import pytest

from sandbox.discord import DiscordServer, Person
from tests import openapi
from tests.sandbox.discord.studio import Studio, open_studio


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    async with open_studio(DiscordServer()) as opened:
        yield opened
    assert wire_faults(opened.server) == []


@pytest.fixture
def ada(studio: Studio) -> Person:
    return studio.server.person(studio.ada)


def wire_faults(server: DiscordServer) -> list[str]:
    """What Discord's description says against the answers, and against the requests that were not refused."""
    if not openapi.is_configured():
        return []
    found: list[str] = []
    for exchange in server.exchanges.recorded:
        if exchange.status < 300:
            found += openapi.faults(exchange)
        else:
            description = openapi.described()
            found += description.check_response(exchange.method, exchange.path, exchange.status, exchange.response)
    return found
