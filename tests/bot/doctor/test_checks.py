"""Checks that no real machine can be brought to fail: little memory, a full disk, a check that breaks or hangs."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import SecretStr

from bot.doctor import machine, program
from bot.doctor.finding import Finding, Standing, passed
from bot.doctor.program import Check
from bot.settings import Reencode, Settings

GIB = 1 << 30


class Usage(NamedTuple):
    """What `shutil.disk_usage` answers."""

    total: int
    used: int
    free: int


def settings(folder: Path, reencode: Reencode = Reencode.AUTO) -> Settings:
    secret = SecretStr("a-secret-of-the-test")
    return Settings(
        discord_token=secret,
        myrouter_api_key=secret,
        data_dir=folder,
        database_url=f"sqlite:///{folder}/clapboard.db",
        reencode=reencode,
    )


@pytest.mark.parametrize(
    ("reencode", "memory", "standing", "words"),
    [
        (Reencode.OFF, GIB // 2, Standing.PASS, "no video is encoded again"),
        (Reencode.AUTO, GIB // 2, Standing.HINT, "537 MB, REENCODE=auto: too little to encode a video again"),
        (Reencode.AUTO, 2 * GIB, Standing.PASS, "2.1 GB, REENCODE=auto: enough"),
        (Reencode.ON, GIB // 2, Standing.HINT, "If it is killed, set REENCODE=off."),
        (Reencode.ON, 16 * GIB, Standing.PASS, "17 GB, REENCODE=on: enough"),
    ],
)
def test_memory_is_held_against_what_encoding_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reencode: Reencode, memory: int, standing: Standing, words: str
) -> None:
    monkeypatch.setattr(machine, "memory_bytes", lambda: memory)

    (finding,) = machine.memory(settings(tmp_path, reencode))

    assert finding.standing is standing
    assert words in finding.text


@pytest.mark.parametrize(
    ("free", "standing"),
    [(machine.LEAST_FREE_BYTES - 1, Standing.FAIL), (GIB, Standing.HINT), (3 * GIB, Standing.PASS)],
)
def test_free_space_is_held_against_one_long_video_and_what_may_be_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, standing: Standing
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 * GIB, 0, free))

    # The database and the data lie on one disk, so there is one line.
    (finding,) = machine.disk(settings(tmp_path / "not" / "there"))

    assert finding.standing is standing
    assert finding.text.split(" free at ")[1].startswith(str(tmp_path))


def test_what_may_not_even_be_looked_at_is_not_there(tmp_path: Path) -> None:
    # Root may look everywhere, so it is a name that no file can have.
    path = tmp_path / ("x" * 300) / "data"

    assert not machine.exists(path)
    assert machine.parent(path) == tmp_path


async def _breaks() -> AsyncIterator[Finding]:
    yield passed("this far")
    raise RuntimeError("a fault of ours")


async def _hangs() -> AsyncIterator[Finding]:
    yield passed("this far")
    await asyncio.Event().wait()


async def test_a_check_that_breaks_fails_and_keeps_what_it_found() -> None:
    found = await program._within_time(Check("it", _breaks()))

    assert [finding.standing for finding in found] == [Standing.PASS, Standing.FAIL]
    assert found[1].text == "could not be checked (RuntimeError); the lines above say why."


async def test_a_check_that_hangs_fails_after_its_time() -> None:
    found = await program._within_time(Check("it", _hangs()), 0.01)

    assert [finding.text for finding in found] == ["this far", "no answer within 0 s."]
