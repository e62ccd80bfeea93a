"""What people have to be told about a job, written down in the transaction that made it true."""

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell; `attempts` counts the tries so far."""

    id: int
    job_id: str
    kind: NoteKind
    attempts: int
    created_at: datetime
