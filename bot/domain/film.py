"""What a finished video's file is, as far as it was looked at."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class Treatment(StrEnum):
    """What was done to a file before it was posted."""

    UNTOUCHED = "untouched"
    REWRAPPED = "rewrapped"
    """The same pictures and sound in another order or container; nothing was lost."""
    REENCODED = "reencoded"


@dataclass(frozen=True, slots=True)
class Film:
    """A video's file as it is posted: the size in bytes, sides in pixels, `seconds` to the microsecond.

    Codecs and the format of pixels are ffmpeg's names (`h264`, `yuv420p`, `aac`); `fps` is the average. None is
    *unknown*, for `audio_codec` *silent*. `shrunk`: it was encoded again because it was over an upload limit.
    """

    size_bytes: int
    width: int
    height: int
    video_codec: str | None = None
    audio_codec: str | None = None
    seconds: Decimal | None = None
    fps: float | None = None
    treatment: Treatment = Treatment.UNTOUCHED
    pixel_format: str | None = None
    shrunk: bool = False

    @property
    def plays_everywhere(self) -> bool:
        """Whether every client of Discord shows the pictures; yes where they are not known."""
        return self.video_codec in {None, "h264"} and self.pixel_format in {None, "yuv420p", "yuvj420p"}

    def because(self, *, was_over: bool) -> "Film":
        """The film with why it was encoded again, if it was: `was_over` an upload limit, or not for every player."""
        return replace(self, shrunk=was_over) if self.treatment is Treatment.REENCODED else self
