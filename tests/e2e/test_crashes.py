"""SIGKILL at every boundary of the job's table, then a start: no job lost, no order twice, no post twice."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from sandbox.discord import DidNotRespondError, Upload, wait_until
from sandbox.stage import Stage
from sandbox.stops import Stage as Reached
from tests.bot.media.films import png
from tests.e2e.books import entries, spent, states
from tests.e2e.conftest import approved, check_exchanges, prepare

LAUNCHER = ("-m", "tests.e2e.launcher")
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


@pytest_asyncio.fixture(loop_scope="package")
async def killed(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage whose program can be told to die at a commit."""
    async with prepare(Stage(tmp_path / "bot", launch=LAUNCHER)) as stage:
        yield stage
        check_exchanges(stage)


async def _order_until_it_dies(stage: Stage) -> None:
    person = stage.discord.person(stage.mia)
    with suppress(DidNotRespondError):
        await person.invoke("video", {"prompt": "a paper boat"}, channel=stage.videos)
    await stage.gone()


def _posts(stage: Stage) -> int:
    return sum(bool(message.attachments) and not message.deleted for message in stage.videos.history)


async def _assert_ends(stage: Stage, end: End) -> None:
    """Start the program again and wait for the end; then nothing more may come."""
    await stage.open(**approved(stage, KILL_AT="(?!)", KILL_WHEN="after"))
    if end is NOTHING:
        assert states(stage) == []
    else:
        await wait_until(lambda: states(stage) == [end.state], 20)
    await wait_until(lambda: _is_told(stage, end), 10)
    assert await stage.program.stop() == 0
    assert (len(stage.gateway.orders), _posts(stage), spent(stage)) == (end.orders, end.posts, end.spent)
    assert entries(stage).count("reserve") <= 1
    assert list(stage.folder.glob("tmp/*")) == []


def _is_told(stage: Stage, end: End) -> bool:
    """A delivered job's status message is gone, any other one says what happened."""
    told: dict[str, Callable[[str], bool]] = {
        "cancelled": lambda text: "Cancelled, not charged" in text,
        "unsure": lambda text: "can't tell whether it was ordered" in text,
    }
    statuses = [message for message in stage.videos.history if message.is_v2 and not message.deleted]
    if end.state == "delivered":
        return statuses == []
    return all(told[end.state](message.text) for message in statuses)


@pytest.mark.parametrize(("statement", "when", "end"), COMMITS, ids=lambda value: str(value)[:40])
async def test_a_process_killed_around_a_commit_loses_nothing_and_pays_once(
    killed: Stage, statement: str, when: str, end: End
) -> None:
    await killed.open(**approved(killed, KILL_AT=statement, KILL_WHEN=when))

    await _order_until_it_dies(killed)

    await _assert_ends(killed, end)


async def test_a_process_killed_between_the_status_of_an_order_with_a_picture_and_its_record_tells_the_truth(
    stage: Stage,
) -> None:
    await stage.open(**approved(stage))

    async def kill(_: web.Request) -> None:
        stage.program.kill()

    stage.discord.stops.at(Reached.APPLIED, "POST", MESSAGES, kill)
    person = stage.discord.person(stage.mia)
    picture = Upload("cat.png", png(), "image/png")

    await person.invoke("video", {"prompt": "a paper boat", "image": picture}, channel=stage.videos)
    await stage.gone()

    [status] = stage.videos.history
    assert "Queued" in status.text
    await _assert_ends(stage, TAKEN_BACK)
    assert "Cancelled, not charged" in status.text


@pytest.mark.parametrize(("server", "reached", "method", "path", "end"), REQUESTS, ids=lambda value: str(value)[:40])
async def test_a_process_killed_around_a_request_loses_nothing_and_pays_once(
    stage: Stage, server: str, reached: Reached, method: str, path: str, end: End
) -> None:
    await stage.open(**approved(stage))

    async def kill(_: web.Request) -> web.Response | None:
        stage.program.kill()
        # Received and never looked at, or applied and its answer lost.
        return web.Response(status=500) if reached is Reached.RECEIVED else None

    stops = stage.discord.stops if server == "discord" else stage.gateway.stops
    stops.at(reached, method, path, kill)

    await _order_until_it_dies(stage)

    await _assert_ends(stage, end)
