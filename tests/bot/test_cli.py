"""The command line as its own process: help, version, faults, Ctrl-C."""

import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "token-of-the-bot-0123456789"
KEY = "key-of-myrouter-0123456789"
MEASURED = {name: text for name, text in os.environ.items() if name.startswith("COVERAGE")}
"""Without these a process is not counted in the coverage of the suite."""


def bot(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**MEASURED, "PATH": "", "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_the_version_is_that_of_the_project(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    done = bot("--version", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, f"Clapboard {project['version']}\n")


def test_help_names_the_commands(tmp_path: Path) -> None:
    done = bot("--help", cwd=tmp_path)

    assert done.returncode == 0
    for command in ("run", "migrate", "sync", "doctor", "models"):
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize("command", ["run", "doctor", "migrate", "sync"])
def test_faults_end_each_command_with_a_line_each_and_status_2(command: str, tmp_path: Path) -> None:
    done = bot(command, cwd=tmp_path, MYROUTER_API_KEY="short", HTTP_LISTEN="here")

    assert done.returncode == 2
    assert done.stdout == ""
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "DISCORD_TOKEN",
        "MYROUTER_API_KEY",
        "HTTP_LISTEN",
    ]


def test_a_misspelt_name_in_the_file_is_told_beside_the_faults(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DISCORD_TOKN={TOKEN}\nMYROUTER_API_KEY={KEY}\n")

    done = bot("run", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == ".env: DISCORD_TOKN is not a setting. Is DISCORD_TOKEN meant?"
    assert TOKEN not in done.stderr
    assert KEY not in done.stderr


def test_a_malformed_line_of_the_file_is_told_once_and_ends_it_with_status_2(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\nMYROUTER_API_KEY={KEY}\nLOG_LEVEL INFO\n")

    done = bot("run", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (2, ".env line 3: expected NAME=value. Example: LOG_LEVEL=INFO\n")


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    done = bot("migrate", cwd=tmp_path, DISCORD_TOKEN=TOKEN, MYROUTER_API_KEY=KEY)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "clapboard.db").is_file()


@pytest.mark.parametrize("folder", ["/proc/nope", "{tmp_path}/a_file"])
def test_a_data_folder_that_cannot_be_written_ends_the_start_with_a_line(folder: str, tmp_path: Path) -> None:
    (tmp_path / "a_file").touch()
    folder = folder.format(tmp_path=tmp_path)
    database = f"sqlite:///{tmp_path}/clapboard.db"

    done = bot(
        "run", cwd=tmp_path, DISCORD_TOKEN=TOKEN, MYROUTER_API_KEY=KEY, DATA_DIR=folder, DATABASE_URL=database,
        DISCORD_API_URL="http://127.0.0.1:9/api/v10",
    )  # fmt: skip

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"DATA_DIR: {folder} can't be written to. ")
    assert (tmp_path / "a_file").stat().st_size == 0


@pytest.mark.parametrize("what", ["is a directory", "is not a SQLite database"])
def test_a_database_that_is_none_ends_each_start_with_a_line(what: str, tmp_path: Path) -> None:
    path = tmp_path / "clapboard.db"
    if "directory" in what:
        path.mkdir()
    else:
        path.write_text("a shopping list")

    done = bot("migrate", cwd=tmp_path, DISCORD_TOKEN=TOKEN, MYROUTER_API_KEY=KEY, DATABASE_URL=f"sqlite:///{path}")

    assert (done.returncode, done.stderr) == (1, f"{path} {what}.\n")


def test_ctrl_c_while_starting_prints_no_traceback(tmp_path: Path) -> None:
    # A named pipe in the place of the file holds the start until the signal has come.
    pipe = tmp_path / ".env"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env={**MEASURED, "PATH": "", "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            # Its end wakes a reader whom the signal has met on the way to the pipe.
            with pipe.open("w"):
                process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=90)
        finally:
            process.kill()

    assert process.returncode == 130
    assert "Traceback" not in told
