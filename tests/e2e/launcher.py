"""Starts the program with a listener on the database engine that kills the process at a chosen commit.

`KILL_AT` is a regular expression over a statement and its parameters; `KILL_WHEN` is `before` or `after` the commit of
the transaction in which it was first seen.
"""

import os
import re
import signal
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from bot.__main__ import cli

WANTED = re.compile(os.environ["KILL_AT"], re.DOTALL)
WHEN = os.environ["KILL_WHEN"]
_seen: set[str] = set()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@event.listens_for(Engine, "before_cursor_execute")
def _look(_c: Connection, _cursor: object, statement: str, parameters: object, _context: object, _many: bool) -> None:
    if WANTED.search(f"{statement} {parameters}"):
        _seen.add("statement")


@event.listens_for(Engine, "commit")
def _commit(_connection: Connection) -> None:
    if "statement" in _seen:
        if WHEN == "before":
            _die()
        _seen.add("commit")


@event.listens_for(Pool, "checkin")
def _checkin(_connection: Any, _record: Any) -> None:
    if "commit" in _seen:
        _die()


if __name__ == "__main__":
    cli(prog_name="python -m bot")
