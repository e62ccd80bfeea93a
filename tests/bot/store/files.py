"""Database files for tests: migrated once, copied for each test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.migrations.__main__ import main as upgrade


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that nobody opens."""
    path = tmp_path_factory.mktemp("template") / "clapboard.db"
    assert upgrade(path) == 0
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    """A migrated file of the test's own."""
    return Path(shutil.copy(template, tmp_path / "clapboard.db"))


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    """An open database of the test's own."""
    async with Database(path) as opened:
        yield opened
