"""Starts the program with a listener on the database engine that kills the process at a chosen commit.

The file that `KILL_FILE` names, once it is there, says at which: `before` or `after` the commit of the transaction in
which a regular expression, the rest of the file, is first found in a statement and its parameters.
"""

import os
import re
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from bot.__main__ import cli

ORDERS = Path(os.environ["KILL_FILE"])
_seen: dict[str, str] = {}


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@event.listens_for(Engine, "before_cursor_execute")
def _look(_c: Connection, _cursor: object, statement: str, parameters: object, _context: object, _many: bool) -> None:
    if not ORDERS.exists():
        return
    when, wanted = ORDERS.read_text().split(maxsplit=1)
    if re.search(wanted, f"{statement} {parameters}", re.DOTALL):
        _seen["statement"] = when


@event.listens_for(Engine, "commit")
def _commit(_connection: Connection) -> None:
    if "statement" in _seen:
        if _seen["statement"] == "before":
            _die()
        _seen["commit"] = "done"


@event.listens_for(Pool, "checkin")
def _checkin(_connection: Any, _record: Any) -> None:
    if "commit" in _seen:
        _die()


if __name__ == "__main__":
    cli(prog_name="python -m bot")
