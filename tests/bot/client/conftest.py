"""The herald that these tests tell with."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.client.bot import ClapboardBot
from bot.client.delivery import ChannelHerald
from tests.bot.client.herald import VIDEO, Post
from tests.bot.client.jobs import Choices, PlainCards
from tests.bot.client.stage import open_stage


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    video = tmp_path / "result.part"
    video.write_bytes(VIDEO)
    bot, choices = ClapboardBot(), Choices()
    async with open_stage(bot) as stage:
        yield Post(stage, ChannelHerald(bot, PlainCards(), choices, lambda: datetime.now(UTC)), choices, video)
