"""The database file: where it is, who may own it, and what file systems it must not be on."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import ClapboardError
from bot.domain.sentence import N_

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "glusterfs", "lustre"})


class DatabaseFileError(ClapboardError):
    """The database file can't be used; the program ends."""


class DatabaseInUseError(DatabaseFileError):
    """Another process owns the file."""

    message = N_("{path} is in use by another Clapboard. One process owns a SQLite file; stop the other one first.")


class NetworkFileSystemError(DatabaseFileError):
    """SQLite's locks can't be trusted there."""

    message = N_("{path} is on a network file system ({kind}), where SQLite can lose data. Use a local disk.")


class NewerDatabaseError(DatabaseFileError):
    """The file was written by a later version of the program."""

    message = N_("{path} was written by a newer Clapboard. Install that version, or go back to a backup of before.")


class MigrationError(DatabaseFileError):
    """The schema could not be brought up to date; the log has the reason."""

    message = N_("{path} could not be brought up to date. The lines above say why; nothing was changed.")


def database_path(url: str) -> Path:
    """The file that `sqlite:///…` names, absolute."""
    return Path(url.removeprefix("sqlite:///")).absolute()


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The kind of file system that a path is on; None where the system doesn't tell (macOS)."""
    if not mounts.exists():
        return None
    lines = [line.split() for line in mounts.read_text(errors="replace").splitlines()]
    points = [(fields[1], fields[2]) for fields in lines if len(fields) > 2]
    holding = [(point, kind) for point, kind in points if path.is_relative_to(point)]
    return max(holding, key=lambda pair: len(pair[0]), default=("", None))[1]


@contextmanager
def owned(path: Path) -> Iterator[None]:
    """Own a database file for the time of the block, by a lock file beside it.

    Raises DatabaseInUseError and NetworkFileSystemError. The lock goes with the process, however it ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = file_system(path)
    if kind in _NETWORK:
        raise NetworkFileSystemError(path=str(path), kind=kind)
    lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise DatabaseInUseError(path=str(path)) from None
    finally:
        os.close(lock)
