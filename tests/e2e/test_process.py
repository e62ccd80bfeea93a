"""The program as its operator meets it: how it ends, what it refuses to start with, what a stop and a start keep."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.discord import wait_until
from sandbox.program import Program
from sandbox.stage import Stage
from sandbox.stops import Stage as Reached
from tests.e2e.books import states
from tests.e2e.conftest import approved
from tests.e2e.scene import Scene

WRONG_TOKEN = "a-token-that-nobody-knows-0123456789"
SHORT_KEY = "sk_7x"
RECORDS = (
    "My records can't be reached right now, so I don't take orders. Nothing was charged. "
    "Please try again in a few minutes."
)
PRICE = 1500


async def _end(program: Program, command: str = "run", **settings: str) -> tuple[int, list[str]]:
    """Run a command that ends by itself; its exit status and what it printed."""
    await program.start(command, **settings)
    status = await program.wait()
    return status, program.told().splitlines()


async def test_faults_in_the_settings_end_the_program_with_a_line_each(stage: Stage) -> None:
    faults = {
        "MYROUTER_API_KEY": SHORT_KEY,
        "GATEWAYS": "myrouter,nowhere",
        "MAX_RENDERING": "many",
        "HTTP_LISTEN": "x",
    }

    status, told = await _end(stage.program, **faults)

    assert status == 2
    assert [line.split(":")[0] for line in told] == ["GATEWAYS", "MYROUTER_API_KEY", "MAX_RENDERING", "HTTP_LISTEN"]
    assert all("Example: " in line for line in told)
    assert not any(secret in line for line in told for secret in (SHORT_KEY, stage.discord.token, stage.highway.key))


async def test_a_token_that_discord_does_not_know_ends_the_program_in_one_sentence(stage: Stage) -> None:
    status, told = await _end(stage.program, DISCORD_TOKEN=WRONG_TOKEN)

    assert status == 1
    assert told[-1].startswith("Discord does not accept DISCORD_TOKEN: ")
    assert not any(word in line for line in told for word in ("Traceback", WRONG_TOKEN))


async def test_a_server_for_commands_that_the_bot_is_not_in_ends_the_program_in_one_sentence(stage: Stage) -> None:
    status, told = await _end(stage.program, DISCORD_GUILD_ID="123456789012345678")

    assert status == 1
    assert told[-1] == "DISCORD_GUILD_ID: the bot is not in that server."
    assert not any(word in line for line in told for word in ("Traceback", "WARNING", "ERROR", "not registered"))


async def test_an_address_that_is_taken_ends_the_program_in_one_sentence(stage: Stage) -> None:
    taken = stage.gateway.url.removeprefix("http://")

    status, told = await _end(stage.program, HTTP_LISTEN=taken)

    assert status == 1
    assert told[-1].startswith(f"HTTP_LISTEN: {taken} can't be used: ")
    assert "Traceback" not in "".join(told)


async def test_a_newer_database_is_refused_and_left_alone(stage: Stage) -> None:
    assert (await _end(stage.program, "migrate"))[0] == 0
    path = stage.folder / "clapboard.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_of_tomorrow'")
    before = path.read_bytes()

    status, told = await _end(stage.program)

    assert status == 1
    assert told == [f"{path} was written by a newer Clapboard. Install that version, or go back to a backup of before."]
    assert path.read_bytes() == before


async def test_a_second_process_on_the_same_database_is_refused(scene: Scene, tmp_path: Path) -> None:
    stage = scene.stage
    second = Program(tmp_path, stage.settings() | {"DATA_DIR": str(tmp_path), "SECRETS_DIR": str(tmp_path)})

    status, told = await _end(second)

    assert status == 1
    (sentence,) = told
    assert sentence == (
        f"{stage.folder}/clapboard.db is in use by another Clapboard. "
        "One process owns a SQLite file; stop the other one first."
    )
    await scene.order()
    await scene.result()


async def test_an_order_in_flight_is_awaited_when_the_program_is_stopped(alone: Scene) -> None:
    stage, settings = alone.stage, approved(alone.stage)
    arrived = asyncio.Event()

    async def take_time(_: web.Request) -> None:
        arrived.set()
        await asyncio.sleep(2)

    stage.gateway.stops.at(Reached.RECEIVED, "POST", "/v3/async/", take_time)
    await stage.open(**settings)
    await alone.order()
    await arrived.wait()

    assert await stage.program.stop() == 0

    await stage.gone()
    assert alone.states == ["rendering"]
    await stage.open(**settings)
    await alone.result()
    await alone.becomes("delivered")
    assert (len(alone.orders), stage.gateway.submits, alone.entries) == (1, 1, ["reserve", "commit"])


async def test_an_order_that_waits_is_placed_by_the_next_process(alone: Scene) -> None:
    stage, settings = alone.stage, approved(alone.stage)
    await stage.open(**settings, GATEWAYS="highway", HIGHWAY_URL="http://127.0.0.1:9")
    answer = await alone.order()
    await wait_until(lambda: "order refused" in stage.program.told())
    assert await stage.program.stop() == 0
    await stage.gone()

    await stage.open(**settings)

    await alone.result()
    await wait_until(lambda: answer.reply.deleted)
    assert (len(alone.orders), alone.spent) == (1, PRICE)


async def test_an_answer_in_flight_is_awaited_when_the_program_is_stopped(alone: Scene) -> None:
    stage, settings = alone.stage, approved(alone.stage)
    arrived = asyncio.Event()

    async def take_time(_: web.Request) -> None:
        arrived.set()
        await asyncio.sleep(0.5)

    stage.discord.stops.at(Reached.APPLIED, "POST", "/api/v10/interactions/", take_time)
    await stage.open(**settings)
    order = asyncio.create_task(alone.order())
    await arrived.wait()

    assert await stage.program.stop() == 0

    status = (await order).reply
    await stage.gone()
    assert alone.states == ["queued"]
    await stage.open(**settings)
    await alone.result()
    await wait_until(lambda: status.deleted)
    assert (len(alone.orders), alone.spent) == (1, PRICE)


@pytest.mark.parametrize("replaced", [True, False], ids=["replaced", "removed"])
async def test_without_its_database_the_program_takes_no_orders(alone: Scene, replaced: bool) -> None:
    path = alone.stage.folder / "clapboard.db"
    await alone.stage.open(**approved(alone.stage))
    copy = path.with_suffix(".copy")
    shutil.copy(path, copy)
    if replaced:
        copy.replace(path)
    else:
        path.unlink()

    answer = await alone.order()

    assert (answer.text, answer.ephemeral) == (RECORDS, True)
    assert states(alone.stage) == []
    assert (alone.orders, alone.club.videos.history) == ([], [])
