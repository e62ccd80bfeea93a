"""The database file, looked at read-only and without its lock."""

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.finding import Finding, failed, hint, passed
from bot.doctor.machine import exists, may_write, parent, size
from bot.listing.rates import ENGLISH
from bot.settings import Settings
from bot.store.file import DatabaseFileError, NewerDatabaseError, check_place
from bot.store.inspection import Inspection, inspect
from bot.store.migrate import HEAD

SECONDS = 15.0
"""For the quick check; it reads some hundred megabytes in this time."""


def records(settings: Settings) -> Iterator[Finding]:
    """Whether the database file can be used, is of this version and whole."""
    path = settings.database_path.absolute()
    try:
        check_place(path)
    except DatabaseFileError as error:
        yield failed(ENGLISH.text(error.sentence))
        return
    if not may_write(parent(path)) or not may_write(parent(path.parent)):
        yield failed(f"{path} can't be written to. Let the bot's user write there, also in the folder.")
    elif not exists(path):
        yield hint(f"{path} does not exist yet; run makes it.")
    else:
        yield _told(path, inspect(path, SECONDS))


def _told(path: Path, seen: Inspection) -> Finding:
    told = f"{path}, {size(path.stat().st_size)}, version {seen.revision or 'none'}"
    if seen.damage is not None:
        return failed(f"{path} is damaged ({seen.damage}). Stop the bot and go back to a backup.")
    if seen.is_locked:
        return hint(f"{path} is locked by another program, so it can't be looked at. Try again when that has ended.")
    if seen.is_newer:
        return failed(ENGLISH.text(NewerDatabaseError(path=str(path)).sentence))
    if seen.is_old:
        return hint(f"{told}: run brings it up to {HEAD}. Copy it first if you may want to go back.")
    if not seen.is_complete:
        return hint(f"{told}: too large to be read through in {SECONDS:.0f} s; so far nothing is wrong.")
    return passed(f"{told}: no fault found")
