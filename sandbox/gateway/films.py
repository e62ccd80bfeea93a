"""Real mp4 files of any asked shape, small enough to make while a test waits."""

import math
import re
import tempfile
import threading
from array import array
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import av
from pydantic import JsonValue

SOUND_RATE: Final = 44_100
SOUND_BLOCK: Final = 1_050  # ten periods of 420 Hz, so that every block is the same
LONG_SIDE: Final = 320
PROCESS_LOCK: Final = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoShape:
    """What a film looks like; `padding_bytes` makes the file larger without making it longer."""

    width: int = 320
    height: int = 180
    seconds: float = 10
    fps: int = 12
    encoder: Literal["libx264", "libx265"] = "libx264"
    sound: bool = True
    padding_bytes: int = 0

    def __post_init__(self) -> None:
        if 0 < self.padding_bytes < 8:
            raise ValueError("padding is a box of at least 8 bytes")


def asked_shape(body: dict[str, JsonValue]) -> VideoShape:
    """The shape that an order asks for: its seconds and its aspect ratio, in a small picture."""
    flat = body | {key: value for part in body.values() if isinstance(part, dict) for key, value in part.items()}
    seconds = flat.get("duration", flat.get("duration_seconds", 10))
    shape = VideoShape(seconds=float(seconds) if isinstance(seconds, int | float | str) else 10)
    ratio = flat.get("size", flat.get("aspect_ratio", flat.get("ratio")))
    sides = re.fullmatch(r"(\d+)[x*:](\d+)", ratio) if isinstance(ratio, str) else None
    if sides is None:
        return shape
    width, height = int(sides[1]), int(sides[2])
    scale = LONG_SIDE / max(width, height)
    # yuv420p needs even sides.
    return replace(shape, width=round(width * scale / 2) * 2, height=round(height * scale / 2) * 2)


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
        path = Path(folder) / "film.mp4"
        with av.open(path, "w", options={"movflags": "+faststart"}) as container:
            _draw(container, shape)
        return path.read_bytes()


def _draw(container: av.container.OutputContainer, shape: VideoShape) -> None:
    options = {"preset": "ultrafast", "crf": "32"}
    if shape.encoder == "libx265":
        options["x265-params"] = "log-level=none"
    picture = container.add_stream(shape.encoder, rate=shape.fps, options=options)
    picture.width, picture.height, picture.pix_fmt = shape.width, shape.height, "yuv420p"
    sound = container.add_stream("aac", rate=SOUND_RATE, layout="mono") if shape.sound else None
    for number in range(round(shape.seconds * shape.fps)):
        container.mux(picture.encode(_frame(shape, number)))
    container.mux(picture.encode())
    if sound is None:
        return
    for start in range(0, round(shape.seconds * SOUND_RATE), SOUND_BLOCK):
        container.mux(sound.encode(_tone(start, min(SOUND_BLOCK, round(shape.seconds * SOUND_RATE) - start))))
    container.mux(sound.encode())


def _frame(shape: VideoShape, number: int) -> av.VideoFrame:
    frame = av.VideoFrame(shape.width, shape.height, "yuv420p")
    ramp = bytes(range(256)) * (shape.width // 256 + 3)
    for index, plane in enumerate(frame.planes):
        step = 5 if index == 0 else index
        rows = (ramp[(number * step + row) % 256 :][: plane.line_size] for row in range(plane.height))
        plane.update(b"".join(rows).ljust(plane.buffer_size, b"\0"))
    frame.pts, frame.time_base = number, Fraction(1, shape.fps)
    return frame


def _tone(start: int, samples: int) -> av.AudioFrame:
    frame = av.AudioFrame("fltp", "mono", samples)
    frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
    wave = array("f", (0.2 * math.sin(2 * math.pi * 420 * at / SOUND_RATE) for at in range(samples)))
    plane = frame.planes[0]
    plane.update(wave.tobytes().ljust(plane.buffer_size, b"\0"))
    return frame
