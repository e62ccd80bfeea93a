"""What an order was given besides words: our own copies, which outlive Discord's links."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Inputs:
    """Names of kept files (see `bot.media.kept`); `clip_seconds` is the length chosen of the clip, 1 to 3 s.

    A saved character is named by its id instead of a clip: whether it may be used is decided anew each time.
    `lent_by`: whose files they are where that is not the author of the job.
    """

    picture: str | None = None
    last_picture: str | None = None
    clip: str | None = None
    clip_seconds: Decimal | None = None
    character_id: str | None = None
    lent_by: int | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the kept files."""
        return tuple(name for name in (self.picture, self.last_picture, self.clip) if name is not None)


NO_INPUTS = Inputs()
