"""What people have to be told about a job, written down in the transaction that made it true."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class NoteKind(StrEnum):
    """What is to be told, or what is not to be told any more; the value is also the tag of the post's nonce.

    LOG is a private video's copy for moderators, CARD the card about every job in the log channel, COPY the copy in the
    announcement channel.
    """

    RESULT = "done"
    STATUS = "status"
    PING = "ping"
    LOG = "log"
    DIRECT = "told"
    TAKE_DOWN = "down"
    CARD = "card"
    COPY = "copy"


QUICK = timedelta(minutes=1)
"""An end within this time is told by the status message alone, a later one by a ping too."""


def kinds_of_end(elapsed: timedelta) -> tuple[NoteKind, ...]:
    """How somebody is told that there will be no video, so long after they asked for it."""
    return (NoteKind.STATUS,) if elapsed < QUICK else (NoteKind.STATUS, NoteKind.PING)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell; `attempts` counts the tries so far."""

    id: int
    job_id: str
    kind: NoteKind
    attempts: int
    created_at: datetime
