"""The seconds of a clip that a member chooses, and how they are written for a gateway."""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from bot.media.errors import ClipRangeError, ClipSpanError, RangeFormatError

SHORTEST_SECONDS = Decimal(1)
LONGEST_SECONDS = Decimal(3)
"""Both by the gateways' rule `1 <= end - start <= 3` (video-api.md, `character_timestamps`)."""

_MOMENT = r"(?:(\d{1,3}):)?(\d{1,6}(?:\.\d{1,6})?)\s*s?"
_RANGE = re.compile(rf"{_MOMENT}(?:\s*[-‐‑‒–—−]\s*{_MOMENT})?", re.ASCII | re.IGNORECASE)
_MILLISECOND = Decimal("0.001")
_SHOWN = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class ClipRange:
    """A wish in seconds: from `start` to `end`; an `end` of None is three seconds on, or the clip's end before."""

    start: Decimal = Decimal(0)
    end: Decimal | None = None

    def fit(self, length: Decimal | None) -> tuple[Decimal, Decimal]:
        """The start and end in seconds, to the millisecond: 1 to 3 s that lie inside a clip of `length` seconds.

        A length of None is a clip that nobody has seen (a link): only the span is judged.

        Raises:
            ClipRangeError: they do not; its `length` is what is told to the member.
            ClipSpanError: the same for a clip of unknown length.
        """
        start = self.start.quantize(_MILLISECOND, ROUND_DOWN)
        if self.end is not None:
            end = self.end.quantize(_MILLISECOND, ROUND_DOWN)
        elif length is None:
            end = start + LONGEST_SECONDS
        else:
            end = min(start + LONGEST_SECONDS, length.quantize(_MILLISECOND, ROUND_DOWN))
        span_is_right = start >= 0 and SHORTEST_SECONDS <= end - start <= LONGEST_SECONDS
        if length is None and not span_is_right:
            raise ClipSpanError
        if length is not None and not (span_is_right and end <= length):
            raise ClipRangeError(length=in_seconds(length.quantize(_SHOWN, ROUND_DOWN)))
        return start, end


def parse_range(text: str | None) -> ClipRange:
    """Read a member's `clip_range`: `4.5`, `4.5-7`, `4.5–7 s`, `0:04-0:07`; None or blank is the beginning.

    Raises:
        RangeFormatError: it is none of these.
    """
    if text is None or not text.strip():
        return ClipRange()
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise RangeFormatError
    from_minutes, from_seconds, to_minutes, to_seconds = found.groups()
    return ClipRange(
        start=_moment(from_minutes, from_seconds),
        end=None if to_seconds is None else _moment(to_minutes, to_seconds),
    )


def timestamps(start: Decimal, end: Decimal) -> str:
    """Both ends in seconds as `character_timestamps` wants them: `1,3`, `0.5,2.5`."""
    return f"{in_seconds(start)},{in_seconds(end)}"


def in_seconds(moment: Decimal) -> str:
    """A number of seconds in plain digits without trailing zeros: `3`, `0.5`."""
    plain = f"{moment:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _moment(minutes: str | None, seconds: str) -> Decimal:
    return 60 * Decimal(minutes or 0) + Decimal(seconds)
