"""The tour's lines are what people see in Discord, and Ctrl-C ends it quietly."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from sandbox.narrator import as_seen

ROOT = Path(__file__).parents[2]


def test_a_message_is_told_without_markup_and_links_to_messages_as_words() -> None:
    text = (
        "## Saved\n**Queued · #1**\n-# 10 s · `x5k6`\nIn line: https://discord.com/channels/1/2/3 A prompt # 2 -# kept"
    )

    assert as_seen(text) == ("Saved\nQueued · #1\n10 s · x5k6\nIn line: [link to the message] A prompt # 2 -# kept")


def test_a_moment_that_is_told_by_its_distance_is_told_so() -> None:
    tomorrow = round(time.time()) + 86_400

    assert as_seen(f"again <t:{tomorrow}:R>") == "again in 1 day"


def test_masked_links_and_moments_are_told_as_people_see_them() -> None:
    text = "-# Remix of [x5k6](https://discord.com/channels/1/2/3) · saved <t:1795238914:d>"

    assert as_seen(text) == "Remix of x5k6 [linked] · saved 21 November 2026"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
async def tour(tmp_path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A tour with a bot, both of which have ended afterwards whatever happens."""
    tour = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "demo"),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    yield tour
    with suppress(ProcessLookupError):
        os.killpg(tour.pid, signal.SIGKILL)
    await tour.communicate()


async def test_ctrl_c_ends_the_tour_and_its_bot_with_one_line_and_status_130(tour: asyncio.subprocess.Process) -> None:
    assert tour.stdout is not None
    bot = None
    async with asyncio.timeout(90):
        while bot is None:
            line = await tour.stdout.readline()
            assert line
            bot = re.search(rb"process (\d+), connected", line)
        tour.send_signal(signal.SIGINT)
        _, told = await tour.communicate()

    assert (tour.returncode, told.decode().strip()) == (130, "Stopped; the bot and the servers have ended.")
    assert not is_alive(int(bot[1]))
