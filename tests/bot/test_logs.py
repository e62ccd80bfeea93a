"""Logs: readable by people and collectors, and no key, token or whole prompt in them."""

import json
import logging
import os
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TOKEN = "token-of-the-bot-0123456789"
KEY = "key-of-myrouter-0123456789"
MEASURED = {name: text for name, text in os.environ.items() if name.startswith("COVERAGE")}
"""Without these a process is not counted in the coverage of the suite."""
PROMPT = "a cat in a hat dances on the moon"
PROGRAM = """
import asyncio, logging, os, sys, threading, warnings
from pathlib import Path
import discord, sqlalchemy, structlog
from bot import logs
from bot.settings import Settings

settings = Settings.load(os.environ, Path.cwd())
logs.configure(settings)
token = settings.discord_token.get_secret_value()
key = settings.secrets[1]
log = structlog.get_logger("bot.test")
log.info("ordered", prompt=os.environ["PROMPT"], headers={"X-Key": key}, job="7q2m0x9dkt")
logging.getLogger("discord.http").warning("POST %s has returned 500", "/webhooks/1/aW50ZXI/messages")
logging.getLogger("discord.gateway").debug("debugging %s", token)
logging.getLogger("sqlalchemy.engine").info("INSERT %s", os.environ["PROMPT"])
logging.getLogger("aiohttp.client").error("Authorization: Bearer %s", key)
warnings.warn("careful with " + token)
try:
    raise ValueError("bad " + key)
except ValueError:
    log.exception("failed")
    logging.getLogger("asyncio").exception("Task failed")
thread = threading.Thread(target=lambda: int(token), name="side")
thread.start()
thread.join()
async def main():
    raise RuntimeError("lost " + token)
asyncio.run(main())
"""


@pytest.fixture
def stream() -> Iterator[StringIO]:
    """A stream to configure; the process gets its own logging back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    showwarning = warnings.showwarning
    try:
        yield StringIO()
    finally:
        root.handlers[:], root.level = before
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        logging.captureWarnings(False)
        warnings.showwarning = showwarning
        structlog.reset_defaults()
        for name in logs.LIBRARIES:
            logging.getLogger(name).setLevel(logging.NOTSET)


def configured(stream: StringIO, tmp_path: Path, **environ: str) -> structlog.stdlib.BoundLogger:
    settings = Settings.load({"DISCORD_TOKEN": TOKEN, "MYROUTER_API_KEY": KEY, **environ}, tmp_path)
    logs.configure(settings, stream)
    return structlog.stdlib.get_logger("bot.test")


def test_text_has_time_level_event_and_fields(stream: StringIO, tmp_path: Path) -> None:
    log = configured(stream, tmp_path)

    log.info("video ordered", job="7q2m0x9dkt", reason="two words", attempt=1, empty="")

    assert re.fullmatch(
        r"2\d{3}-\d\d-\d\dT[\d:.]+Z info     video ordered \[bot\.test\]"
        r' job=7q2m0x9dkt reason="two words" attempt=1 empty=""\n',
        stream.getvalue(),
    )


def test_json_is_one_object_a_line(stream: StringIO, tmp_path: Path) -> None:
    log = configured(stream, tmp_path, LOG_FORMAT="json")

    log.warning("späte Antwort", job="7q2m0x9dkt", where=("a", 1))
    logging.getLogger("discord.client").error("library %s", "speaks")

    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert list(first)[:4] == ["timestamp", "level", "event", "logger"]
    assert (first["level"], first["event"], first["where"]) == ("warning", "späte Antwort", ["a", 1])
    assert (second["level"], second["event"], second["logger"]) == ("error", "library speaks", "discord.client")


def test_nobody_can_write_a_line_of_their_own(stream: StringIO, tmp_path: Path) -> None:
    log = configured(stream, tmp_path)

    log.info("bad name\n2026-01-01 info forged", name="x\n2026-01-01 info forged")

    assert len(stream.getvalue().splitlines()) == 1


def test_a_prompt_is_only_recognisable_above_debug(stream: StringIO, tmp_path: Path) -> None:
    log = configured(stream, tmp_path)

    log.info("ordered", prompt=PROMPT, body={"prompt": PROMPT})

    assert "cat" not in stream.getvalue()
    assert stream.getvalue().count("33 characters") == 2


def test_debug_shows_prompts_but_no_keys(stream: StringIO, tmp_path: Path) -> None:
    log = configured(stream, tmp_path, LOG_LEVEL="DEBUG")

    log.debug("ordered", prompt=PROMPT, key=KEY)

    assert PROMPT in stream.getvalue()
    assert KEY not in stream.getvalue()


def test_what_is_below_the_level_is_not_logged(stream: StringIO, tmp_path: Path) -> None:
    log = configured(stream, tmp_path, LOG_LEVEL="ERROR")

    log.warning("ours")
    logging.getLogger("discord").warning("theirs")

    assert stream.getvalue() == ""


def test_libraries_do_not_write_their_payloads_at_debug(stream: StringIO, tmp_path: Path) -> None:
    configured(stream, tmp_path, LOG_LEVEL="DEBUG")

    logging.getLogger("discord.gateway").debug("payload")
    logging.getLogger("sqlalchemy.engine.Engine").info("statement")
    logging.getLogger("bot.worker").debug("ours")

    assert re.findall(r"payload|statement|ours", stream.getvalue()) == ["ours"]


def test_configuring_twice_writes_each_line_once(stream: StringIO, tmp_path: Path) -> None:
    configured(stream, tmp_path)
    log = configured(stream, tmp_path)

    log.info("once")

    assert stream.getvalue().count("once") == 1


def test_an_interrupt_is_no_uncaught_error(stream: StringIO, tmp_path: Path) -> None:
    configured(stream, tmp_path)

    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert stream.getvalue() == ""


def test_an_error_that_python_can_not_raise_is_logged(stream: StringIO, tmp_path: Path) -> None:
    class Unfinished:
        def __del__(self) -> None:
            raise ValueError(KEY)

    configured(stream, tmp_path)

    Unfinished()

    assert "uncaught error" in stream.getvalue()
    assert KEY not in stream.getvalue()


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_whole_process_never_shows_a_secret(log_format: str, tmp_path: Path) -> None:
    environ = {
        **MEASURED,
        "PATH": "",
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": TOKEN,
        "MYROUTER_API_KEY": KEY,
        "PROMPT": PROMPT,
        "LOG_FORMAT": log_format,
    }

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    told = done.stderr
    assert done.returncode == 1
    assert done.stdout == ""
    for secret in (TOKEN, KEY, "aW50ZXI", PROMPT, "debugging", "INSERT"):
        assert secret not in told
    for event in ("ordered", "has returned 500", "Bearer [redacted]", "careful with", "failed", "Task failed"):
        assert told.count(event) >= 1, event
    assert told.count("has returned 500") == 1
    assert told.count("uncaught error") == 2
    assert told.count("Traceback") == 4
    if log_format == "json":
        assert {json.loads(line)["level"] for line in told.splitlines()} == {"info", "warning", "error", "critical"}
