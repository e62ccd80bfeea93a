"""The child process that runs the migrations on one database file."""

import os
import sqlite3
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.store.migrate import NEWER


def main(path: Path) -> int:
    """Upgrade a file to the newest schema; 3 if it is newer than that. A new file is for its owner's eyes only."""
    os.umask(0o077)
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: object) -> None:
        # The driver would run each table outside any transaction; a migration is to happen whole or not at all.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        if present is not None and present not in known:
            return NEWER
        connection.rollback()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()
    return 0


def run(path: Path) -> int:
    """`main` with a line instead of a traceback for what an operator can mend."""
    try:
        return main(path)
    except DBAPIError as error:
        # Around what the driver says, the library writes its own class, the statement and an address.
        sys.stderr.write(f"{path}: {error.orig}\n")
        return 1
    except (SQLAlchemyError, sqlite3.Error, CommandError, OSError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
