"""How many bits a second a video may have so that its file stays below a limit."""

from dataclasses import dataclass

LEAST_PICTURE_BITS = 200_000
"""A second. Below that H.264 shows blocks rather than people even at 360 lines: a link to the video is better."""

LEAST_PIXELS = 640 * 360
"""Pictures are not made smaller than that: where they would be too coarse, so be it until `LEAST_PICTURE_BITS`."""

BITS_PER_PIXEL = 0.05
"""Below that, fewer pixels look better than coarser ones (x264 at `veryfast`, pictures that move)."""

NORMAL_PICTURE_BITS = 16_000_000
"""A second, where the limit leaves more: what a quality factor of 21 hardly ever wants for 1080p."""

FASTEST = 60
"""Pictures a second; no client shows more."""

_SOUND_BITS = (128_000, 96_000, 64_000)
_SOUND_SHARE = 0.1
_SOUND_EXCESS = 1.1
"""What the encoder of sound may take beyond what it was told."""

_HEAD_BYTES = 16 << 10
"""Of a file's boxes, the note of its origin included."""
_PICTURE_BYTES = 28
"""Of the index for each picture."""
_SOUND_BYTES = 12 * 48
"""Of the index for a second of sound."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bits a second for pictures and sound, the bits that a player holds back, and the most pixels of a picture."""

    picture_bits: int
    sound_bits: int
    buffer_bits: int
    pixels: int


def budget(limit_bytes: int, seconds: float, fps: float | None, *, sound: bool) -> Budget | None:
    """The most that a file of `limit_bytes` can hold; None where that is less than anybody wants to see.

    Pictures are encoded against a buffer that is filled at an even rate: n seconds take at most what flows in and what
    the buffer held at the start, so that the size is known before.
    """
    if seconds <= 0:  # a file may say anything of itself
        return None
    rate = min(fps or FASTEST, FASTEST)
    index = _HEAD_BYTES + seconds * (rate * _PICTURE_BYTES + (_SOUND_BYTES if sound else 0))
    bits = 8 * (limit_bytes - index)
    sound_bits = _sound_bits(bits / seconds) if sound else 0
    held_seconds = min(2.0, max(0.1, seconds / 10))
    most = int((bits - sound_bits * _SOUND_EXCESS * seconds) / (seconds + held_seconds))
    if most < LEAST_PICTURE_BITS:
        return None
    picture_bits = min(most, NORMAL_PICTURE_BITS)
    pixels = max(LEAST_PIXELS, int(picture_bits / (rate * BITS_PER_PIXEL)))
    return Budget(picture_bits, sound_bits, int(picture_bits * held_seconds), pixels)


def _sound_bits(bits: float) -> int:
    return next((wanted for wanted in _SOUND_BITS if wanted <= bits * _SOUND_SHARE), _SOUND_BITS[-1])
