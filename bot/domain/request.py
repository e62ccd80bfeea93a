"""What a person asks for, in words that no model owns."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CharacterClip:
    """The seconds of a clip in which a character appears; `end - start` is 1 to 3 s."""

    url: str
    start: Decimal
    end: Decimal


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """A neutral request: `duration` in seconds, `aspect` such as `16:9`; None is *not asked for*.

    `parent_seconds`: how long the video is that `parent_task` made, as far as anybody knows.
    """

    prompt: str
    duration: int | None = None
    aspect: str | None = None
    resolution: str | None = None
    image: str | None = None
    last_image: str | None = None
    character: CharacterClip | None = None
    parent_task: str | None = None
    audio: bool | None = None
    seed: int | None = None
    watermark: bool | None = None
    negative: str | None = None
    parent_seconds: int | None = None

    @property
    def seconds(self) -> int | None:
        """How long the video will be, as far as anybody knows: what is only changed stays as long as it is."""
        return self.parent_seconds if self.duration is None else self.duration
