"""The stage for tests of the whole program, checked against Discord's own description of its API where there is one."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.job import ENDED, JobState
from sandbox.club import Club
from sandbox.discord import wait_until
from sandbox.gateway.plans import NeverFinish
from sandbox.stage import Stage
from tests.bot.store.files import template
from tests.e2e import books
from tests.e2e.scene import PATIENCE_SECONDS, QUICK, Scene
from tests.player import Player, open_player
from tests.sandbox.discord.conftest import wire_faults

__all__ = ["template"]

HERE = Path(__file__).parent
AT_REST = frozenset({*ENDED, JobState.UNSURE})
PLENTY = {"GUILD_BUDGET_USD_PER_MONTH": "1000", "BUDGET_USD_PER_DAY": "100000"}
INVALID_FORM_BODY = 50035


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all tests here: while another one ran, nobody would answer the shared program."""
    for item in items:
        if item.path.parent == HERE and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)


def prepare(stage: Stage, template: Path | None = None) -> Stage:
    """A quick gateway, and a database that needs no migration: the first start of `shared` makes its own."""
    stage.gateway.default_plan = QUICK
    stage.highway.default_plan = QUICK
    # How soon an answer comes is for the benchmarks to tell: here a machine may be busy with other tests.
    stage.discord.interactions.answer_within_seconds = PATIENCE_SECONDS
    if template is not None:
        stage.folder.mkdir(parents=True)
        shutil.copy(template, stage.folder / "clapboard.db")
    return stage


def check_exchanges(stage: Stage) -> None:
    """Fail if a request of the bot, or an answer of the local Discord, is not as Discord describes it."""
    assert wire_faults(stage.discord) == []
    answers = [exchange.response for exchange in stage.discord.exchanges.recorded]
    malformed = [item for item in answers if isinstance(item, dict) and item.get("code") == INVALID_FORM_BODY]
    assert malformed == []


@pytest_asyncio.fixture(loop_scope="package")
async def stage(tmp_path: Path, template: Path) -> AsyncIterator[Stage]:
    """A stage of its own, the bot not started yet."""
    async with prepare(Stage(tmp_path / "bot"), template) as stage:
        yield stage
        check_exchanges(stage)


@pytest.fixture
def alone(stage: Stage) -> Scene:
    """The club of a stage of its own."""
    return Scene(stage, stage.club)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One running program for many tests, each of which has a server of its own."""
    async with prepare(Stage(tmp_path_factory.mktemp("shared") / "bot")) as stage:
        await stage.open(**PLENTY)
        yield stage
        assert await stage.program.stop() == 0
        assert "Traceback" not in stage.program.told()
        assert list(stage.folder.glob("tmp/*")) == []


@pytest_asyncio.fixture(loop_scope="package")
async def opening(shared: Stage) -> AsyncIterator[Scene]:
    """A new server of the bot's owner in the shared world, before anything is set up there."""
    scene = Scene(shared, Club.found(shared.discord))
    yield scene
    await _come_to_rest(scene)
    try:
        check_exchanges(shared)
    finally:
        shared.discord.exchanges.recorded.clear()


@pytest_asyncio.fixture(loop_scope="package")
async def scene(opening: Scene) -> Scene:
    """A new server in the shared world, which its owner has set up."""
    await opening.club.set_up()
    return opening


@pytest.fixture
def fetching(scene: Scene) -> Iterator[Scene]:
    """A gateway that fetches what it is given, as the real ones do."""
    scene.stage.gateway.fetch_inputs = True
    yield scene
    scene.stage.gateway.fetch_inputs = False


@pytest_asyncio.fixture(loop_scope="package")
async def without_clips(opening: Scene) -> AsyncIterator[Scene]:
    """The same, in a server that has chosen no clip channel."""
    await opening.club.set_up(clips=False)
    opening.stage.gateway.fetch_inputs = True
    yield opening
    opening.stage.gateway.fetch_inputs = False


async def _come_to_rest(scene: Scene) -> None:
    """End what the test left running, and take its faults away."""
    gateway = scene.stage.gateway
    gateway.faults.armed.clear()
    gateway.books.scripts.clear()
    for server in (gateway, scene.stage.discord):
        server.stops.armed.clear()
    await wait_until(lambda: not {"queued", "submitting"} & set(scene.states), PATIENCE_SECONDS)
    for order in scene.orders:
        if order.task.ending is None or isinstance(order.task.ending, NeverFinish):
            order.task.finish()
    await wait_until(lambda: AT_REST.issuperset(scene.states), PATIENCE_SECONDS)
    await wait_until(lambda: not books.untold(scene.stage, scene.club.guild), PATIENCE_SECONDS)


def approved(stage: Stage, **settings: str) -> dict[str, str]:
    """Settings under which the role Makers may order without a setup."""
    return {"ALLOWED_GUILDS": str(stage.guild.id), "DEFAULT_ROLES": str(stage.makers.id), **settings}


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def player(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Player]:
    """One browser for all tests that play what was posted."""
    async with open_player(tmp_path_factory.mktemp("player")) as player:
        yield player
