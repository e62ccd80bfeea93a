"""Where the database file is, who may own it, and what it must not be on."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from bot.domain.sentence import Sentence
from bot.store.file import (
    DatabaseFileError,
    DatabaseInUseError,
    DatabaseIsDirectoryError,
    NetworkFileSystemError,
    NotADatabaseError,
    database_path,
    file_system,
    owned,
)

OWNER = """
import sys, time
from pathlib import Path
from bot.store.file import owned
with owned(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(60)
"""


@contextmanager
def owner(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the file."""
    with subprocess.Popen([sys.executable, "-c", OWNER, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        try:
            yield process
        finally:
            process.kill()


def mounts(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "mounts"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_a_second_process_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"
    with owner(path) as process:
        with pytest.raises(DatabaseInUseError) as refusal, owned(path):
            pytest.fail("two owners")
        assert refusal.value.sentence.params == {"path": str(path)}

        process.kill()
        process.wait()

        with owned(path):
            pass


def test_a_second_owner_in_the_same_process_is_refused_and_the_first_keeps_the_file(tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"
    with owned(path):
        with pytest.raises(DatabaseInUseError), owned(path):
            pytest.fail("two owners")
        with pytest.raises(DatabaseInUseError), owned(path):
            pytest.fail("the refusal freed the lock")
    with owned(path):
        pass


def test_another_name_of_the_same_file_has_the_same_owner(tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"
    path.touch()
    alias = tmp_path / "alias.db"
    alias.symlink_to(path)

    with owned(path), pytest.raises(DatabaseInUseError), owned(alias):
        pytest.fail("two owners of one file")


def test_the_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "clapboard.db"

    with owned(path):
        assert path.parent.is_dir()


def test_an_error_inside_the_block_is_not_taken_for_another_owner(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError, match="mine"), owned(tmp_path / "clapboard.db"):
        raise BlockingIOError("mine")


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    path = tmp_path / "data" / "clapboard.db"

    with pytest.raises(DatabaseFileError) as refusal, owned(path):
        pytest.fail("owned nothing")

    assert "{path}" in str(refusal.value.sentence.id)
    assert refusal.value.sentence.params["path"] == str(path)
    assert refusal.value.sentence.params["reason"]


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"
    path.mkdir()

    with pytest.raises(DatabaseIsDirectoryError) as refusal, owned(path):
        pytest.fail("owned a directory")

    assert refusal.value.sentence == Sentence("{path} is a directory.", {"path": str(path)})
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["x", "a text, longer than what a database begins with", "SQLite format 4\0"])
def test_another_kind_of_file_is_no_database_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clapboard.db"
    path.write_text(text)

    with pytest.raises(NotADatabaseError) as refusal, owned(path):
        pytest.fail("owned a text")

    assert refusal.value.sentence == Sentence("{path} is not a SQLite database.", {"path": str(path)})
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == text


def test_a_database_and_an_empty_file_can_be_owned(tmp_path: Path) -> None:
    for name in ("empty.db", "real.db"):
        (tmp_path / name).touch()
    with closing(sqlite3.connect(tmp_path / "real.db")) as connection:
        connection.execute("CREATE TABLE t (x)")

    for name in ("empty.db", "real.db"):
        with owned(tmp_path / name):
            assert (tmp_path / name).is_file()


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "fuse.rclone", "davfs"])
def test_a_network_file_system_is_refused(tmp_path: Path, kind: str) -> None:
    table = mounts(tmp_path, "/dev/sda / ext4 rw 0 0", f"server:/x {tmp_path} {kind} rw 0 0")

    with pytest.raises(NetworkFileSystemError) as refusal, owned(tmp_path / "clapboard.db", table):
        pytest.fail("owned a file that SQLite can't lock")

    assert refusal.value.sentence.params == {"path": str(tmp_path / "clapboard.db"), "kind": kind}


def test_a_local_file_system_is_fine_though_a_neighbour_is_not(tmp_path: Path) -> None:
    table = mounts(tmp_path, "/dev/sda / ext4 rw 0 0", f"server:/x {tmp_path}/clap nfs rw 0 0")

    with owned(tmp_path / "clapboard.db", table):
        assert file_system(tmp_path / "clapboard.db", table) == "ext4"


def test_what_is_mounted_over_a_mount_counts(tmp_path: Path) -> None:
    table = mounts(tmp_path, "/dev/sda / ext4 rw 0 0", f"auto {tmp_path} autofs rw 0 0", f"s:/x {tmp_path} nfs4 rw 0 0")

    assert file_system(tmp_path / "clapboard.db", table) == "nfs4"


def test_a_mount_with_a_space_in_its_name_is_recognised(tmp_path: Path) -> None:
    folder = tmp_path / "my videos"
    folder.mkdir()
    escaped = str(folder).replace(" ", "\\040")
    table = mounts(tmp_path, "/dev/sda / ext4 rw 0 0", f"server:/x {escaped} nfs rw 0 0")

    assert file_system(folder / "clapboard.db", table) == "nfs"


def test_a_link_to_a_network_file_system_is_recognised(tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (tmp_path / "data").symlink_to(far)
    table = mounts(tmp_path, "/dev/sda / ext4 rw 0 0", f"server:/x {far} nfs rw 0 0")

    assert file_system(tmp_path / "data" / "clapboard.db", table) == "nfs"


def test_a_system_that_does_not_tell_its_mounts_is_believed(tmp_path: Path) -> None:
    assert file_system(tmp_path, tmp_path / "no such table") is None
    assert file_system(tmp_path, mounts(tmp_path, "nonsense")) is None


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/clapboard.db", "data/clapboard.db"),
        ("sqlite:////var/lib/clapboard.db", "/var/lib/clapboard.db"),
    ],
)
def test_the_path_is_the_part_behind_the_slashes(url: str, path: str) -> None:
    assert database_path(url) == Path.cwd() / path


def test_the_lock_is_not_handed_on_to_programs_that_are_started(tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"
    with owned(path):
        child = subprocess.Popen(
            [sys.executable, "-c", "print(1, flush=True); input()"], close_fds=False, stdin=PIPE, stdout=PIPE
        )
    with child:
        assert child.stdout is not None
        # By now it has begun: what closes at its start is closed.
        assert child.stdout.readline() == b"1\n"
        with owned(path):
            assert child.poll() is None
        child.kill()


def test_only_the_owner_can_open_the_lock_file(tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"

    with owned(path):
        mode = (tmp_path / "clapboard.db.lock").stat().st_mode

    assert mode & 0o077 == 0
