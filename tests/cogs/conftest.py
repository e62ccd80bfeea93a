"""The club that the tests of commands are set in; its wire is held against Discord's description."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database
from sandbox.discord import DiscordServer
from tests.bot.store.files import database, path, template
from tests.cogs.club import Club, open_club
from tests.sandbox.discord.conftest import wire_faults

__all__ = ["database", "path", "template"]


@pytest.fixture
async def club(database: Database, tmp_path: Path) -> AsyncIterator[Club]:
    """A club whose server is set up: Makers may order everywhere."""
    async with open_club(DiscordServer(), database, tmp_path) as opened:
        await opened.settle_in()
        yield opened
    assert wire_faults(opened.server) == []
