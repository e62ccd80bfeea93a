"""Real video files of any asked shape, plain or odd, small enough to make while a test waits."""

import math
import random
import tempfile
import threading
from array import array
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

import av

SOUND_RATE: Final = 44_100
SOUND_BLOCK: Final = 1_050  # ten periods of 420 Hz, so that every block is the same
PROCESS_LOCK: Final = threading.Lock()
OPUS_RATE: Final = 48_000
NOISE_BYTES: Final = 4 << 20

Encoder = Literal["libx264", "libx265", "libsvtav1", "libvpx-vp9", "mpeg4"]
OPTIONS: Final[dict[Encoder, dict[str, str]]] = {
    "libx264": {"preset": "ultrafast", "crf": "32"},
    "libx265": {"preset": "ultrafast", "crf": "32", "x265-params": "log-level=none"},
    "libsvtav1": {"preset": "8", "crf": "50"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "40", "b": "0"},
    "mpeg4": {},
}


class Index(StrEnum):
    """Where an mp4 says where its pictures are."""

    FIRST = "first"
    LAST = "last"
    FRAGMENTS = "fragments"
    """A piece of it before each piece of the film, as live recordings have it."""


class Damage(StrEnum):
    """What is wrong with a file."""

    CUT = "cut"
    """The second half is missing, though the index tells of all."""
    GARBLED = "garbled"
    """All is there, and the second half of the pictures and of the sound is random bytes."""
    HEAD_ONLY = "head only"
    """Nothing but the index."""


MOVFLAGS: Final = {
    Index.FIRST: {"movflags": "+faststart"},
    Index.LAST: {},
    Index.FRAGMENTS: {"movflags": "+frag_keyframe+empty_moov+default_base_moof"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoShape:
    """What a film looks like, and what its file is like.

    `rotation`: degrees by which a player turns it, counterclockwise. `pixel_shape`: a pixel's width by its height.
    `uneven`: frames come at varying distances. `noise_bytes`: the pictures are noise that takes about as many bytes.
    `padding_bytes`: what makes the file larger without making it longer.
    """

    width: int = 320
    height: int = 180
    seconds: float = 10
    fps: int = 12
    encoder: Encoder = "libx264"
    pixels: Literal["yuv420p", "yuv420p10le"] = "yuv420p"
    pixel_shape: Fraction = Fraction(1)
    rotation: int = 0
    uneven: bool = False
    noise_bytes: int = 0
    sound: bool = True
    sound_encoder: Literal["aac", "libopus"] = "aac"
    sound_layout: Literal["mono", "stereo", "5.1"] = "mono"
    container: Literal["mp4", "webm"] = "mp4"
    index: Index = Index.FIRST
    damage: Damage | None = None
    padding_bytes: int = 0

    def __post_init__(self) -> None:
        if 0 < self.padding_bytes < 8:
            raise ValueError("padding is a box of at least 8 bytes")
        if self.noise_bytes and self.encoder != "libx264":
            raise ValueError("noise is encoded with libx264")
        if self.container == "webm" and (self.padding_bytes or self.damage):
            raise ValueError("padding and damage are for mp4")

    @property
    def content_type(self) -> str:
        """What a store says that the file is."""
        return f"video/{self.container}"

    @property
    def moments(self) -> list[int]:
        """When its frames are shown, counted in `fps`; without gaps unless it is uneven."""
        numbers = range(round(self.seconds * self.fps))
        return [number for number in numbers if not self.uneven or number % 7 not in {2, 3, 5}]


def film(shape: VideoShape) -> bytes:
    """The bytes of a film without its padding; blocks while it is made, once per shape."""
    with PROCESS_LOCK:
        return _make(replace(shape, padding_bytes=0))


def free_box_header(size: int) -> bytes:
    """The head of an mp4 box that players skip; `size` (at least 8) counts the head too."""
    return size.to_bytes(4, "big") + b"free"


@lru_cache(maxsize=64)
def _make(shape: VideoShape) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        # Putting the index first needs a second pass over a real file.
        path = Path(folder) / "film"
        options = MOVFLAGS[shape.index] if shape.container == "mp4" else {}
        with av.open(path, "w", format=shape.container, options=options) as container:
            _draw(container, shape)
        return _damaged(path.read_bytes(), shape.damage)


def _damaged(content: bytes, damage: Damage | None) -> bytes:
    if damage is None:
        return content
    pictures = content.index(b"mdat") + 4
    middle = (pictures + len(content)) // 2
    match damage:
        case Damage.CUT:
            return content[:middle]
        case Damage.GARBLED:
            return content[:middle] + random.Random(middle).randbytes(len(content) - middle)
        case Damage.HEAD_ONLY:
            return content[: pictures - 8]


def _options(shape: VideoShape) -> dict[str, str]:
    if not shape.noise_bytes:
        return OPTIONS[shape.encoder]
    rate = round(shape.noise_bytes * 8 / shape.seconds)
    return {"preset": "ultrafast", "b": f"{rate}", "maxrate": f"{rate}", "bufsize": f"{rate // 8}"}


def _draw(container: av.container.OutputContainer, shape: VideoShape) -> None:
    picture = container.add_stream(shape.encoder, rate=shape.fps, options=_options(shape))
    picture.width, picture.height, picture.pix_fmt = shape.width, shape.height, shape.pixels
    picture.codec_context.sample_aspect_ratio = shape.pixel_shape
    if shape.rotation:
        picture.set_display_rotation(shape.rotation)
    rate = OPUS_RATE if shape.sound_encoder == "libopus" else SOUND_RATE
    sound = container.add_stream(shape.sound_encoder, rate=rate, layout=shape.sound_layout) if shape.sound else None
    for number in shape.moments:
        frame = _noise(shape, number) if shape.noise_bytes else _frame(shape, number)
        if shape.pixels != "yuv420p":
            frame = frame.reformat(format=shape.pixels)
        frame.pts, frame.time_base = number, Fraction(1, shape.fps)
        container.mux(picture.encode(frame))
    container.mux(picture.encode())
    if sound is None:
        return
    for start in range(0, round(shape.seconds * SOUND_RATE), SOUND_BLOCK):
        container.mux(sound.encode(_tone(start, min(SOUND_BLOCK, round(shape.seconds * SOUND_RATE) - start))))
    container.mux(sound.encode())


def _frame(shape: VideoShape, number: int) -> av.VideoFrame:
    """A ramp that moves; the upper left quarter is black, so that it is seen how a picture is turned."""
    frame = av.VideoFrame(shape.width, shape.height, "yuv420p")
    ramp = bytes(range(256)) * (shape.width // 256 + 3)
    for index, plane in enumerate(frame.planes):
        step = 5 if index == 0 else index
        rows = [ramp[(number * step + row) % 256 :][: plane.line_size] for row in range(plane.height)]
        black = bytes([16 if index == 0 else 128]) * (plane.width // 2)
        upper = [black + row[len(black) :] for row in rows[: plane.height // 2]]
        plane.update(b"".join(upper + rows[len(upper) :]).ljust(plane.buffer_size, b"\0"))
    return frame


def _noise(shape: VideoShape, number: int) -> av.VideoFrame:
    frame = av.VideoFrame(shape.width, shape.height, "yuv420p")
    for index, plane in enumerate(frame.planes):
        start = (number * 3 + index) * 65_537 % (len(_random()) - plane.buffer_size)
        plane.update(_random()[start : start + plane.buffer_size])
    return frame


@cache
def _random() -> bytes:
    return random.Random(0).randbytes(NOISE_BYTES)


def _tone(start: int, samples: int) -> av.AudioFrame:
    frame = av.AudioFrame("fltp", "mono", samples)
    frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
    wave = array("f", (0.2 * math.sin(2 * math.pi * 420 * at / SOUND_RATE) for at in range(samples)))
    plane = frame.planes[0]
    plane.update(wave.tobytes().ljust(plane.buffer_size, b"\0"))
    return frame
