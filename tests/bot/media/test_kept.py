"""Kept files are there once, for as long as somebody names them."""

import fcntl
import hashlib
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

import pytest

from bot.media.errors import TemporaryFileError
from bot.media.kept import KeptFiles

HOUR = timedelta(hours=1)
CONTENT = b"a picture"
NAME = hashlib.sha256(CONTENT).hexdigest()[:32] + ".png"


class Shelf:
    """A directory of kept files, and the sources of what is kept there."""

    def __init__(self, tmp_path: Path) -> None:
        self.directory = tmp_path / "data" / "inputs"
        self.kept = KeptFiles(self.directory)
        self._source = tmp_path / "source"

    async def keep(self, content: bytes, suffix: str = ".png") -> str:
        self._source.write_bytes(content)
        return await self.kept.keep(self._source, suffix)

    async def keep_old(self, content: bytes) -> str:
        name = await self.keep(content)
        self.age(name)
        return name

    def age(self, name: str) -> None:
        """Make a file two hours old."""
        moment = time() - 2 * 3600
        os.utime(self.directory / name, (moment, moment))

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.directory.iterdir()}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def now() -> datetime:
    return datetime.now(UTC)


async def test_a_kept_file_is_named_by_its_content_and_private(shelf: Shelf) -> None:
    name = await shelf.keep(CONTENT)

    path = shelf.kept.path(name)
    assert name == NAME
    assert path is not None
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o777 == 0o600
    assert shelf.directory.stat().st_mode & 0o777 == 0o700
    assert shelf.names == {NAME}


async def test_the_same_content_is_kept_once(shelf: Shelf) -> None:
    names = [await shelf.keep(CONTENT), await shelf.keep(CONTENT), await shelf.keep(b"another")]

    assert names[0] == names[1] != names[2]
    assert shelf.names == set(names)


async def test_keeping_again_makes_a_file_young_and_mends_it(shelf: Shelf) -> None:
    name = await shelf.keep(CONTENT)
    (shelf.directory / name).write_bytes(b"damaged")
    shelf.age(name)

    await shelf.keep(CONTENT)

    assert (shelf.directory / name).read_bytes() == CONTENT
    assert shelf.kept.sweep(set(), older_than=HOUR, now=now()) == 0


@pytest.mark.parametrize("suffix", ["", ".exe", "png", ".png/../x"])
async def test_only_pictures_and_clips_are_kept(shelf: Shelf, suffix: str) -> None:
    with pytest.raises(ValueError, match="no suffix"):
        await shelf.keep(CONTENT, suffix)


async def test_a_directory_that_can_not_be_made_is_told_as_no_room(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(CONTENT)

    with pytest.raises(TemporaryFileError):
        await KeptFiles(source / "inputs").keep(source, ".png")


FULL = textwrap.dedent(
    """
    import asyncio, resource, sys
    from pathlib import Path
    from bot.media.errors import TemporaryFileError
    from bot.media.kept import KeptFiles

    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        asyncio.run(KeptFiles(Path(sys.argv[1])).keep(Path(sys.argv[2]), ".png"))
    except TemporaryFileError:
        print("no room")
    """
)


def test_a_disk_that_takes_half_of_a_file_keeps_nothing_of_it(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(2000))
    arguments = [sys.executable, "-c", FULL, str(tmp_path / "inputs"), str(source)]

    # An empty environment keeps the measuring of coverage away: it could not write its file.
    answer = subprocess.run(arguments, capture_output=True, text=True, check=True, env={})

    assert answer.stdout == "no room\n"
    assert list((tmp_path / "inputs").iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "0" * 32 + ".png",
        "../source",
        "/etc/passwd",
        f"../inputs/{NAME}",
        f"./{NAME}",
        NAME + "\n",
        NAME.upper(),
        NAME.replace(".png", ".part"),
    ],
)
async def test_a_name_that_is_gone_or_not_ours_leads_nowhere(shelf: Shelf, name: str) -> None:
    await shelf.keep(CONTENT)

    shelf.kept.remove(name)

    assert shelf.kept.path(name) is None
    assert not shelf.kept.touch(name)
    assert shelf.names == {NAME}


async def test_a_removed_file_is_gone(shelf: Shelf) -> None:
    name = await shelf.keep(CONTENT)

    shelf.kept.remove(name)
    shelf.kept.remove(name)

    assert shelf.kept.path(name) is None


async def test_a_sweep_takes_what_is_old_and_nobody_names(shelf: Shelf) -> None:
    named, old = await shelf.keep_old(b"named"), await shelf.keep_old(b"old")
    young = await shelf.keep(b"young")
    foreign, half = shelf.directory / "readme", shelf.directory / "clapboard-x.part"
    for path in (foreign, half):
        path.write_bytes(b"x")
        shelf.age(path.name)

    swept = shelf.kept.sweep({named}, older_than=HOUR, now=now())

    assert swept == 1
    assert shelf.kept.path(old) is None
    assert shelf.names == {named, young, foreign.name}


async def test_a_touched_file_is_safe_from_the_next_sweep(shelf: Shelf) -> None:
    name = await shelf.keep_old(CONTENT)

    touched = shelf.kept.touch(name)

    assert touched
    assert shelf.kept.sweep(set(), older_than=HOUR, now=now()) == 0
    assert shelf.kept.sweep(set(), older_than=HOUR, now=now() + 2 * HOUR) == 1


async def test_a_sweep_looks_at_a_files_age_when_no_other_process_can_change_it(shelf: Shelf) -> None:
    name = await shelf.keep_old(CONTENT)
    descriptor = os.open(shelf.directory, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)

    with ThreadPoolExecutor(1) as threads:
        swept = threads.submit(shelf.kept.sweep, set[str](), older_than=HOUR, now=now())
        with pytest.raises(TimeoutError):
            swept.result(0.1)
        os.utime(shelf.directory / name)
        os.close(descriptor)

    assert swept.result() == 0


def test_where_nothing_was_kept_nothing_is_swept_or_shrunk(shelf: Shelf) -> None:
    assert shelf.kept.sweep(set(), older_than=HOUR, now=now()) == 0
    assert shelf.kept.shrink([NAME], 0, older_than=HOUR, now=now()) == 0


@pytest.mark.parametrize(("limit", "left"), [(40, "abcd"), (39, "bcd"), (30, "bcd"), (15, "cd"), (0, "cd")])
async def test_files_are_given_up_in_the_given_order_until_the_rest_fits(shelf: Shelf, limit: int, left: str) -> None:
    names = {letter: await shelf.keep(letter.encode() * 10) for letter in "abcd"}
    gone = "0" * 32 + ".png"

    later = now() + 2 * HOUR
    removed = shelf.kept.shrink([gone, names["a"], names["a"], names["b"]], limit, older_than=HOUR, now=later)

    assert {letter for letter, name in names.items() if shelf.kept.path(name) is not None} == set(left)
    assert removed == 4 - len(left)


async def test_what_was_touched_for_an_order_in_the_making_is_not_given_up(shelf: Shelf) -> None:
    name = await shelf.keep(b"a")

    assert shelf.kept.shrink([name], 0, older_than=HOUR, now=now()) == 0
    assert shelf.kept.path(name) is not None
