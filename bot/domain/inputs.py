"""What an order was given besides words: our own copies, which outlive Discord's links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

ERASED = "erased"
"""Stands for a file whose owner wanted it erased, in the jobs of those to whom it was lent."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Names of kept files (see `bot.media.kept`); `clip_seconds` is the length chosen of the clip, 1 to 3 s.

    A saved character is named by its id instead of a clip: whether it may be used is decided anew each time.
    `owners`: whose each file is, where that is not the author of the job.
    """

    picture: str | None = None
    last_picture: str | None = None
    clip: str | None = None
    clip_seconds: Decimal | None = None
    character_id: str | None = None
    owners: Mapping[str, int] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the kept files."""
        return tuple(name for name in (self.picture, self.last_picture, self.clip) if name is not None)


NO_INPUTS = Inputs()
