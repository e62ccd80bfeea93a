from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.gateway import GatewayServer, Plan
from tests.sandbox.gateway.caller import Caller


@pytest.fixture
async def gateway() -> AsyncIterator[GatewayServer]:
    async with GatewayServer() as server:
        server.default_plan = Plan(manual=True)
        yield server


@pytest.fixture
async def caller(gateway: GatewayServer) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, gateway)
