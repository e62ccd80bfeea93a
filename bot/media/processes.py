"""Runs a program of ours on a file as its own short-lived process, confined and without the bot's settings."""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.media.errors import ProbeError

_CONFINED = Path(__file__).with_name("confined.py")
_ANSWER_BYTES = 64 << 10
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "TZ")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use. `wall_seconds` ends it even when the bot has died and can't kill it any more."""

    cpu_seconds: int
    wall_seconds: int
    memory_bytes: int
    file_bytes: int = 0


async def run_confined(
    program: Path, arguments: tuple[str, ...], limits: Limits, *, wall_seconds: float
) -> tuple[int, bytes]:
    """The exit status and the first line of `program`; it is dead when this returns, raises or is cancelled.

    Raises:
        ProbeError: it could not be started, answered too much, or had not ended after `wall_seconds`.
    """
    try:
        async with asyncio.timeout(wall_seconds):
            return await _run(program, arguments, limits)
    except TimeoutError as exc:
        raise ProbeError(reason="timed out") from exc


async def _run(program: Path, arguments: tuple[str, ...], limits: Limits) -> tuple[int, bytes]:
    figures = (limits.cpu_seconds, limits.wall_seconds, limits.memory_bytes, limits.file_bytes)
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_CONFINED),
            *map(str, figures),
            str(program),
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            limit=_ANSWER_BYTES,
            # Ctrl-C in a terminal is for the bot, which finishes its steps.
            start_new_session=True,
        )
    except OSError as exc:
        raise ProbeError(reason="the child process could not be started") from exc
    try:
        assert process.stdout is not None  # noqa: S101  asked for above
        answer = await process.stdout.readline()
        return await process.wait(), answer
    except ValueError as exc:  # the line is over the limit
        raise ProbeError(reason="unreadable answer") from exc
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
