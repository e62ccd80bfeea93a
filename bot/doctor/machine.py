"""The machine: folders, the disk, memory."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.finding import Finding, failed, hint, passed
from bot.media.machine import ENOUGH_BYTES, memory_bytes
from bot.settings import Reencode, Settings

KILOBYTE, MEGABYTE, GIGABYTE = 1_000, 1_000_000, 1_000_000_000
LEAST_FREE_BYTES = 600 * MEGABYTE
"""One video on its way takes up to 512 MiB."""

WITHOUT = "large ones come as links and unusual ones as they are"
"""What becomes of videos where none is encoded again."""


def data_folder(settings: Settings) -> Iterator[Finding]:
    """Whether files can be kept; a file without a name is made where there is a folder, and gone at once."""
    folder = settings.data_dir.absolute()
    there = [each for each in (folder, folder / "tmp", folder / "inputs") if exists(each)]
    for each in there:
        try:
            with tempfile.TemporaryFile(dir=each):
                pass
        except OSError as error:
            reason = error.strerror or type(error).__name__
            yield failed(f"DATA_DIR: {each} can't be written to: {reason}. Let the bot's user write there.")
            return
    if there:
        yield passed(f"{folder} can be written to")
    elif may_write(parent(folder)):
        yield hint(f"DATA_DIR: {folder} does not exist yet; run makes it.")
    else:
        yield failed(f"DATA_DIR: {folder} can't be made: {parent(folder)} can't be written to. Choose another folder.")


def disk(settings: Settings) -> Iterator[Finding]:
    """Free space where the database and the files lie."""
    places = {parent(path.absolute()) for path in (settings.database_path.parent, settings.data_dir)}
    by_disk = {place.stat().st_dev: place for place in sorted(places)}
    for place in by_disk.values():
        free = shutil.disk_usage(place).free
        told = f"{size(free)} free at {place}"
        if free < LEAST_FREE_BYTES:
            yield failed(f"{told}: not enough for one long video. Make room.")
        elif free < settings.data_max_gb * GIGABYTE:
            yield hint(f"{told}: less than the {settings.data_max_gb} GB that DATA_MAX_GB may take.")
        else:
            yield passed(told)


def memory(settings: Settings) -> Iterator[Finding]:
    """Whether there is enough memory for encoding videos again, if that is wanted."""
    has = memory_bytes()
    told = f"{size(has)}, REENCODE={settings.reencode}"
    is_enough = has >= ENOUGH_BYTES
    if settings.reencode is Reencode.OFF:
        yield passed(f"{told}: no video is encoded again; {WITHOUT}")
    elif is_enough:
        yield passed(f"{told}: enough to encode a video again")
    elif settings.reencode is Reencode.AUTO:
        yield hint(f"{told}: too little to encode a video again, so {WITHOUT}.")
    else:
        yield hint(f"{told}: encoding takes up to 400 MB beside the bot's 150. If it is killed, set REENCODE=off.")


def parent(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(each for each in (path, *path.parents) if exists(each))


def exists(path: Path) -> bool:
    """Whether there is something; no where this user may not even look."""
    try:
        return path.exists()
    except OSError:
        return False


def may_write(path: Path) -> bool:
    """Whether this user may write there, as far as the system tells without trying."""
    return os.access(path, os.W_OK)


def size(count: int) -> str:
    """A number of bytes as people say it."""
    if count >= GIGABYTE:
        return f"{count / GIGABYTE:.{0 if count >= 10 * GIGABYTE else 1}f} GB"
    return f"{count / MEGABYTE:.0f} MB" if count >= MEGABYTE else f"{count / KILOBYTE:.0f} KB"
