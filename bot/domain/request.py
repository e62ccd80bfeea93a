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
    """A neutral request: `duration` in seconds, `aspect` such as `16:9`; None is *not asked for*."""

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
