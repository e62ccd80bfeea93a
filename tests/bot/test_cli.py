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
        timeout=30,
        check=False,
    )


def test_the_version_is_that_of_the_project(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    done = bot("--version", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, f"Clapboard {project['version']}\n")


def test_help_names_the_commands(tmp_path: Path) -> None:
    done = bot("--help", cwd=tmp_path)

    assert done.returncode == 0
    for command in ("run", "migrate", "sync"):
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize("command", ["run", "migrate", "sync"])
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


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    done = bot("migrate", cwd=tmp_path, DISCORD_TOKEN=TOKEN, MYROUTER_API_KEY=KEY)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "clapboard.db").is_file()


def test_ctrl_c_while_starting_prints_no_traceback(tmp_path: Path) -> None:
    # A named pipe in the place of the file holds the start until the signal has come.
    pipe = tmp_path / ".env"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env={**MEASURED, "PATH": "", "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    with pipe.open("w"):
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "Traceback" not in told
