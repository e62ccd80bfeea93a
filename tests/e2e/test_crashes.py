"""SIGKILL at every boundary of the job's table, then a start: no job lost, no order twice, no post twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from sandbox.club import Club
from sandbox.discord import Upload, wait_until
from sandbox.gateway.tasks import Order
from sandbox.stage import Stage
from sandbox.stops import Stage as Reached
from tests.bot.media.films import png
from tests.e2e.conftest import PLENTY, check_exchanges, prepare
from tests.e2e.scene import PATIENCE_SECONDS, Scene

LAUNCHER = ("-m", "tests.e2e.launcher")
PICTURE = Upload("cat.png", png(), "image/png")
PRICE = 1500


@dataclass(frozen=True, slots=True)
class End:
    """What has to be true in the end: the job's state, orders at the gateway, posts of the video, units spent."""

    state: str
    orders: int
    posts: int
    spent: int


NOTHING = End("none", 0, 0, 0)
TAKEN_BACK = End("cancelled", 0, 0, 0)
DELIVERED = End("delivered", 1, 1, PRICE)
UNSURE_UNSENT = End("unsure", 0, 0, PRICE)
UNSURE_ORDERED = End("unsure", 1, 0, PRICE)

COMMITS = [
    ("INSERT INTO jobs", "before", NOTHING),
    ("INSERT INTO jobs", "after", TAKEN_BACK),
    ("UPDATE jobs SET acknowledged_at=", "before", TAKEN_BACK),
    ("UPDATE jobs SET acknowledged_at=", "after", DELIVERED),
    ("UPDATE jobs SET .*'submitting'", "before", DELIVERED),
    ("UPDATE jobs SET .*'submitting'", "after", UNSURE_UNSENT),
    ("INSERT INTO tasks", "before", UNSURE_ORDERED),
    ("INSERT INTO tasks", "after", DELIVERED),
    ("UPDATE jobs SET .*'rendered'", "before", DELIVERED),
    ("UPDATE jobs SET .*'rendered'", "after", DELIVERED),
    ("UPDATE jobs SET .*'delivering'", "before", DELIVERED),
    ("UPDATE jobs SET .*'delivering'", "after", DELIVERED),
    ("UPDATE jobs SET .*message_channel_id=", "before", DELIVERED),
    ("UPDATE jobs SET .*message_channel_id=", "after", DELIVERED),
]

CALLBACK = r"/api/v10/interactions/\d+/[^/]+/callback"
MESSAGES = r"/api/v10/channels/\d+/messages$"
STATUS_EDIT = r"/api/v10/(webhooks|channels)/.*/messages/"
REQUESTS = [
    ("discord", Reached.RECEIVED, "POST", CALLBACK, TAKEN_BACK),
    ("discord", Reached.APPLIED, "POST", CALLBACK, TAKEN_BACK),
    ("gateway", Reached.RECEIVED, "POST", "/v3/async/", UNSURE_UNSENT),
    ("gateway", Reached.APPLIED, "POST", "/v3/async/", UNSURE_ORDERED),
    ("gateway", Reached.RECEIVED, "GET", "/v3/async/task-result", DELIVERED),
    ("gateway", Reached.APPLIED, "GET", "/v3/async/task-result", DELIVERED),
    ("gateway", Reached.RECEIVED, "GET", "/results/", DELIVERED),
    ("gateway", Reached.ANSWERED, "GET", "/results/", DELIVERED),
    ("discord", Reached.RECEIVED, "POST", MESSAGES, DELIVERED),
    ("discord", Reached.APPLIED, "POST", MESSAGES, DELIVERED),
    ("discord", Reached.RECEIVED, "DELETE", STATUS_EDIT, DELIVERED),
    ("discord", Reached.APPLIED, "DELETE", STATUS_EDIT, DELIVERED),
]


@dataclass
class House:
    """One stage for all deaths, each in a server of its own: the start after one is the life before the next."""

    stage: Stage
    ends: list[tuple[Scene, End]] = field(default_factory=list)

    @property
    def orders(self) -> Path:
        """Where the launcher reads at which commit to die."""
        return self.stage.folder / "kill-at"

    async def start(self) -> None:
        """Start the program, which dies only when it is told to."""
        self.orders.unlink(missing_ok=True)
        await self.stage.open(**PLENTY, KILL_FILE=str(self.orders))

    async def scene(self) -> Scene:
        """A new server, which its owner has set up."""
        for server in (self.stage.discord, self.stage.gateway):
            server.stops.armed.clear()
        if not self.stage.program.is_running:
            await self.start()
        scene = Scene(self.stage, Club.found(self.stage.discord))
        await scene.club.set_up()
        return scene

    async def assert_ends(self, scene: Scene, end: End) -> None:
        """Start the program again and wait for the end."""
        await self.start()
        await scene.becomes(*([] if end is NOTHING else [end.state]))
        await wait_until(lambda: _is_told(scene, end), PATIENCE_SECONDS)
        self.ends.append((scene, end))
        _assert_is(scene, end)


def _assert_is(scene: Scene, end: End) -> None:
    posts = sum(bool(message.attachments) and not message.deleted for message in scene.club.videos.history)
    assert scene.states == ([] if end is NOTHING else [end.state])
    assert (len(_orders(scene)), posts, scene.spent) == (end.orders, end.posts, end.spent)
    assert scene.entries.count("reserve") <= 1


def _orders(scene: Scene) -> list[Order]:
    """Those of this server: prompts are called after it."""
    return [order for order in scene.orders if order.body["prompt"] == _prompt(scene)]


def _prompt(scene: Scene) -> str:
    return f"a boat of {scene.club.guild.id}"


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def house(tmp_path_factory: pytest.TempPathFactory, template: Path) -> AsyncIterator[House]:
    """In the end nothing more may have come of any of the deaths."""
    async with prepare(Stage(tmp_path_factory.mktemp("deaths") / "bot", launch=LAUNCHER), template) as stage:
        house = House(stage)
        yield house
        assert await stage.program.stop() == 0
        for scene, end in house.ends:
            _assert_is(scene, end)
        assert list(stage.folder.glob("tmp/*")) == []
        check_exchanges(stage)


async def _order_until_it_dies(scene: Scene) -> None:
    # Some deaths come before the answer, for which nobody has to wait then.
    ordering = asyncio.create_task(scene.mia.invoke("video", {"prompt": _prompt(scene)}, channel=scene.club.videos))
    await scene.stage.gone()
    ordering.cancel()
    await asyncio.gather(ordering, return_exceptions=True)


def _is_told(scene: Scene, end: End) -> bool:
    """A delivered job's status message is gone, any other one says what happened."""
    told: dict[str, Callable[[str], bool]] = {
        "cancelled": lambda text: "Cancelled, not charged" in text,
        "unsure": lambda text: "can't tell whether it was ordered" in text,
    }
    statuses = [message for message in scene.club.videos.history if message.is_v2 and not message.deleted]
    if end.state == "delivered":
        return statuses == []
    return all(told[end.state](message.text) for message in statuses)


@pytest.mark.parametrize(("statement", "when", "end"), COMMITS, ids=lambda value: str(value)[:40])
async def test_a_process_killed_around_a_commit_loses_nothing_and_pays_once(
    house: House, statement: str, when: str, end: End
) -> None:
    scene = await house.scene()
    house.orders.write_text(f"{when} {statement}")

    await _order_until_it_dies(scene)

    await house.assert_ends(scene, end)


async def test_a_process_killed_between_the_status_of_an_order_with_a_picture_and_its_record_tells_the_truth(
    house: House,
) -> None:
    scene = await house.scene()

    async def kill(_: web.Request) -> None:
        scene.stage.program.kill()

    scene.stage.discord.stops.at(Reached.APPLIED, "POST", MESSAGES, kill)

    await scene.mia.invoke("video", {"prompt": _prompt(scene), "image": PICTURE}, channel=scene.club.videos)
    await scene.stage.gone()

    [status] = scene.club.videos.history
    assert "Queued" in status.text
    await house.assert_ends(scene, TAKEN_BACK)
    assert "Cancelled, not charged" in status.text


@pytest.mark.parametrize(("server", "reached", "method", "path", "end"), REQUESTS, ids=lambda value: str(value)[:40])
async def test_a_process_killed_around_a_request_loses_nothing_and_pays_once(
    house: House, server: str, reached: Reached, method: str, path: str, end: End
) -> None:
    scene = await house.scene()

    async def kill(_: web.Request) -> web.Response | None:
        scene.stage.program.kill()
        # Received and never looked at, or applied and its answer lost.
        return web.Response(status=500) if reached is Reached.RECEIVED else None

    stops = scene.stage.discord.stops if server == "discord" else scene.stage.gateway.stops
    stops.at(reached, method, path, kill)

    await _order_until_it_dies(scene)

    await house.assert_ends(scene, end)
