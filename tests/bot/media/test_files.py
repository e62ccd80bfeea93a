"""Temporary files vanish with their context, and with their process at the next start."""

import subprocess
import sys
import textwrap
from pathlib import Path

from bot.media.files import sweep, temporary_file

HOLDER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from bot.media.files import temporary_file

    with temporary_file(Path(sys.argv[1])) as path:
        print(path, flush=True)
        sys.stdin.read()
    """
)


def test_a_temporary_file_is_empty_and_private_and_gone_afterwards(tmp_path: Path) -> None:
    with temporary_file(tmp_path / "a" / "b") as path:
        assert path.read_bytes() == b""
        assert path.stat().st_mode & 0o077 == 0

    assert not path.exists()


def test_a_temporary_file_may_be_moved_away(tmp_path: Path) -> None:
    with temporary_file(tmp_path) as path:
        path.rename(tmp_path / "kept")

    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]


def test_a_sweep_removes_what_a_dead_process_left_and_nothing_of_a_living_one(tmp_path: Path) -> None:
    (tmp_path / "somebody-elses.mp4").write_bytes(b"x")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        left = Path(holder.stdout.readline().strip())
        swept_while_alive = sweep(tmp_path)
        assert left.exists()
        holder.kill()
        holder.wait()

    assert left.exists()
    assert (swept_while_alive, sweep(tmp_path), sweep(tmp_path)) == (0, 1, 0)
    assert [entry.name for entry in tmp_path.iterdir()] == ["somebody-elses.mp4"]


def test_a_sweep_of_a_directory_that_is_not_there_finds_nothing(tmp_path: Path) -> None:
    assert sweep(tmp_path / "missing") == 0


def test_a_sweep_passes_over_what_vanishes_before_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "clapboard-x.part").symlink_to(tmp_path / "gone")

    assert sweep(tmp_path) == 0
