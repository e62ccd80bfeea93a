"""A desk with a migrated database for each test."""

from pathlib import Path

import pytest

from bot.store.database import Database
from tests.bot.media.conftest import serve
from tests.bot.orders.desk import Desk
from tests.bot.store.files import database, path, template

__all__ = ["database", "desk", "path", "serve", "template"]


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Desk:
    """A desk in a server that is set up."""
    made = Desk(database, tmp_path / "tmp")
    await made.set_up()
    return made
