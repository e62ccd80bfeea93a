"""Temporary files in a directory of our own, gone with their context and swept after a crash."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.media.errors import TemporaryFileError

_PREFIX = "clapboard-"
_SUFFIX = ".part"


@contextmanager
def temporary_file(directory: Path) -> Iterator[Path]:
    """An empty file in `directory` (made when missing) that is removed when the context ends, however it ends.

    It is locked (`flock`) for as long as it lives, so that `sweep` in another process leaves it alone.

    Raises:
        TemporaryFileError: the file can't be made.
    """
    try:
        descriptor, path = _create(directory)
    except OSError as exc:
        raise TemporaryFileError from exc
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def sweep(directory: Path) -> int:
    """Remove the temporary files of processes that are dead; the answer is how many there were."""
    swept = 0
    for path in directory.glob(f"{_PREFIX}*{_SUFFIX}"):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:  # its owner was done with it in this moment
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
            swept += 1
        except BlockingIOError:  # alive
            continue
        finally:
            os.close(descriptor)
    return swept


def _create(directory: Path) -> tuple[int, Path]:
    directory.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=directory)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor, Path(name)
        os.close(descriptor)  # swept between its birth and its lock
