"""The database file: where it is, who may own it, and what file systems it must not be on."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import ClapboardError
from bot.domain.sentence import N_

MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone",
    "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs",
})  # fmt: skip
_MAGIC = b"SQLite format 3\0"
_ESCAPED = re.compile(r"\\([0-7]{3})")


class DatabaseFileError(ClapboardError):
    """The database file can't be used; the program ends."""


class DatabaseInUseError(DatabaseFileError):
    """Another process owns the file."""

    message = N_("{path} is in use by another Clapboard. One process owns a SQLite file; stop the other one first.")


class NetworkFileSystemError(DatabaseFileError):
    """SQLite's locks can't be trusted there."""

    message = N_("{path} is on a network file system ({kind}), where SQLite can lose data. Use a local disk.")


class UnwritableDatabaseError(DatabaseFileError):
    """The system does not let the program make or open the file's lock."""

    message = N_("{path} can't be used: {reason}. Choose another place, or let this user write there.")


class DatabaseIsDirectoryError(DatabaseFileError):
    """There is a directory in the place of the file."""

    message = N_("{path} is a directory.")


class NotADatabaseError(DatabaseFileError):
    """There is another kind of file in its place."""

    message = N_("{path} is not a SQLite database.")


class NewerDatabaseError(DatabaseFileError):
    """The file was written by a later version of the program."""

    message = N_("{path} was written by a newer Clapboard. Install that version, or go back to a backup of before.")


class MigrationError(DatabaseFileError):
    """The schema could not be brought up to date; the log has the reason."""

    message = N_("{path} could not be brought up to date. The lines above say why; nothing was changed.")


def database_path(url: str) -> Path:
    """The file that `sqlite:///…` names, absolute."""
    return Path(url.removeprefix("sqlite:///")).absolute()


def file_system(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of file system that a path is on; None where the system doesn't tell (macOS)."""
    if not mounts.exists():
        return None
    lines = [line.split() for line in mounts.read_text(errors="replace").splitlines()]
    points = [(_unescape(fields[1]), fields[2]) for fields in lines if len(fields) > 2]
    target = path.resolve()
    # Later lines are mounted over earlier ones: an automount's point is there twice.
    holding = [
        (len(point), number, kind) for number, (point, kind) in enumerate(points) if target.is_relative_to(point)
    ]
    return max(holding)[2] if holding else None


def _unescape(point: str) -> str:
    """A mount point as it is; the table writes spaces and the like in octal."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), point)


def check_place(path: Path, mounts: Path = MOUNTS) -> None:
    """Whether a database file can be where it is, as far as that shows without owning it.

    Raises NetworkFileSystemError, UnwritableDatabaseError, DatabaseIsDirectoryError and NotADatabaseError.
    """
    kind = file_system(path, mounts)
    if kind in _NETWORK:
        raise NetworkFileSystemError(path=str(path), kind=kind)
    try:
        _check_kind(path)
    except OSError as error:
        raise UnwritableDatabaseError(path=str(path), reason=error.strerror) from error


@contextmanager
def owned(path: Path, mounts: Path = MOUNTS) -> Iterator[None]:
    """Own a database file for the time of the block, by a lock file beside it.

    Raises DatabaseInUseError, NetworkFileSystemError, UnwritableDatabaseError, DatabaseIsDirectoryError and
    NotADatabaseError. The lock goes with the process, however it ends.
    """
    check_place(path, mounts)
    try:
        lock = _open_lock(path)
    except OSError as error:
        raise UnwritableDatabaseError(path=str(path), reason=error.strerror) from error
    try:
        _take(lock, path)
        yield
    finally:
        os.close(lock)


def _check_kind(path: Path) -> None:
    """A file that is missing or empty becomes a database; anything else has to be one."""
    if path.is_dir():
        raise DatabaseIsDirectoryError(path=str(path))
    if path.is_file():
        with path.open("rb") as file:
            begin = file.read(len(_MAGIC))
        if begin not in {b"", _MAGIC}:
            raise NotADatabaseError(path=str(path))


def _open_lock(path: Path) -> int:
    """The lock file of the file itself, whatever links lead to it."""
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    return os.open(target.with_name(target.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _take(lock: int, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DatabaseInUseError(path=str(path)) from None
