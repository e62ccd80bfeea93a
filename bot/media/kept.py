"""Files that jobs and characters need again later: pictures and clips under names made of their content."""

import asyncio
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.media.containers import Container
from bot.media.errors import TemporaryFileError
from bot.media.files import sweep, temporary_file

_DIGITS = 32
SUFFIXES = {Container.MP4: ".mp4", Container.MOV: ".mov", Container.WEBM: ".webm", Container.MATROSKA: ".mkv"}
"""How the names of kept videos end."""
_SUFFIXES = (".png", ".jpg", *SUFFIXES.values())
_NAME = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|mp4|mov|webm|mkv)", re.ASCII)
_BLOCK_BYTES = 1 << 20


class KeptFiles:
    """A directory of files that are never changed; the same content is there once.

    Everything but `keep` blocks for as long as a few file operations take (`sweep`, `shrink` and `size_bytes` for one
    per file, so they belong in a thread). Several processes may share the directory: it is locked (`flock`) for the
    moment in which a file appears, is refreshed or goes, so that a sweep never takes what was kept again a moment ago.

    Args:
        directory: made when it is missing, for the bot's own user alone.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def keep(self, path: Path, suffix: str) -> str:
        """Copy a file that was judged, durably, and answer its name; a file kept before becomes as young as a new one.

        Args:
            path: the file, which stays where it is.
            suffix: `.png`, `.jpg`, or one of `SUFFIXES`.

        Raises:
            TemporaryFileError: the disk did not take it.
        """
        if suffix not in _SUFFIXES:
            msg = f"no suffix of kept files: {suffix}"
            raise ValueError(msg)
        return await asyncio.to_thread(self._keep, path, suffix)

    def path(self, name: str) -> Path | None:
        """Where a kept file is, or None when it is gone or the name is not one of ours."""
        if _NAME.fullmatch(name) is None:
            return None
        path = self._directory / name
        return path if path.is_file() else None

    def touch(self, name: str) -> bool:
        """Make a file as young as a new one, so that no sweep takes it until a row names it; False if it is gone."""
        path = self.path(name)
        if path is None:
            return False
        with self._locked():
            try:
                os.utime(path)
            except FileNotFoundError:
                return False
        return True

    def size_bytes(self) -> int:
        """What all files together take."""
        return sum(size for _, size in self._sizes())

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone already is no matter."""
        path = self.path(name)
        if path is not None:
            path.unlink(missing_ok=True)

    def sweep(self, named: AbstractSet[str], *, older_than: timedelta, now: datetime) -> int:
        """Remove files that are not in `named` and were kept or touched longer ago than `older_than`.

        What processes that are dead have left half-written goes too; the answer counts whole files.
        """
        sweep(self._directory)
        latest = (now - older_than).timestamp()
        return sum(self._remove_if_old(path, latest) for path in self._files() if path.name not in named)

    def shrink(self, candidates: Sequence[str], limit_bytes: int, *, older_than: timedelta, now: datetime) -> int:
        """Remove `candidates` in their order until all files together have at most `limit_bytes`; how many went.

        What was kept or touched within `older_than` stays: an order in the making may need it.
        """
        latest = (now - older_than).timestamp()
        sizes = dict(self._sizes())
        excess = sum(sizes.values()) - limit_bytes
        removed = 0
        for name in candidates:
            if excess <= 0:
                break
            if name in sizes and self._remove_if_old(self._directory / name, latest):
                excess -= sizes.pop(name)
                removed += 1
        return removed

    def _keep(self, path: Path, suffix: str) -> str:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with temporary_file(self._directory) as copy:
                name = _copy(path, copy)[:_DIGITS] + suffix
                # Written anew even if it is there: that makes it young, and whole if the disk had damaged it.
                with self._locked():
                    copy.rename(self._directory / name)
            _sync_directory(self._directory)
        except OSError as exc:
            raise TemporaryFileError from exc
        return name

    def _files(self) -> Iterator[Path]:
        try:
            entries = list(self._directory.iterdir())
        except FileNotFoundError:
            return
        yield from (path for path in entries if _NAME.fullmatch(path.name) is not None)

    def _sizes(self) -> Iterator[tuple[str, int]]:
        for path in self._files():
            with suppress(FileNotFoundError):
                yield path.name, path.stat().st_size

    def _remove_if_old(self, path: Path, latest: float) -> bool:
        with self._locked():
            try:
                if path.stat().st_mtime >= latest:
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self._directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _copy(source: Path, target: Path) -> str:
    """Copy and sync; the answer is the SHA-256 of the content in hex digits."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(_BLOCK_BYTES):
            digest.update(block)
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
