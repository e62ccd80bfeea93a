"""What a server's log channel is told of a job, beside the job itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.audit import Act
from bot.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Record:
    """How a job stands, what was done about it, and the language of its server."""

    standing: Standing
    acts: Sequence[Act] = ()
    locale: str = "en-US"
