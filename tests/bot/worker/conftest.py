"""A migrated database, local gateways, and the stage on which the worker is played."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
import structlog
from structlog.testing import LogCapture

from bot.catalogue.catalogue import Catalogue
from bot.gateway.http import GatewayHttp
from bot.store.migrate import migrate
from sandbox.gateway import GatewayServer
from tests.bot.worker.herald import MemoryHerald
from tests.bot.worker.stage import AT_ONCE, JumpingClock, Stage, WatchedDatabase
from tests.bot.worker.web_house import House


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as the newest migration leaves it."""
    path = tmp_path_factory.mktemp("migrated") / "clapboard.db"
    asyncio.run(migrate(path))
    return path


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
async def stage(tmp_path: Path, migrated: Path, catalogue: Catalogue) -> AsyncIterator[Stage]:
    path = tmp_path / "clapboard.db"
    shutil.copyfile(migrated, path)
    clock = JumpingClock()
    async with GatewayServer() as server, GatewayHttp() as http, WatchedDatabase(path) as database:
        server.default_plan = AT_ONCE
        herald = MemoryHerald(clock)
        stage = Stage(tmp_path, database, clock, herald, {"myrouter": server}, http, catalogue)
        yield stage
        for worker in stage.workers:
            await worker.kill()


@pytest.fixture
async def highway(stage: Stage) -> AsyncIterator[GatewayServer]:
    """A second gateway, to be asked after the first."""
    async with GatewayServer() as server:
        server.default_plan = AT_ONCE
        stage.servers["highway"] = server
        yield server


@pytest.fixture(autouse=True)
def log() -> Iterator[LogCapture]:
    """What is logged, instead of printing it, which is dear where tracebacks are drawn."""
    capture = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[capture])
    yield capture
    structlog.configure(processors=before)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack, aiohttp.ClientSession() as client:
        yield House(tmp_path, client, stack)
