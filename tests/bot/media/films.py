"""Small real videos and pictures for the tests of media."""

import struct
import zlib
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av

FRAMES_PER_SECOND = 10


def make_film(
    path: Path,
    *,
    seconds: float = 2.0,
    container: str = "mp4",
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    sound: bool = False,
) -> Path:
    """Write a film of 64 × 48 pixels at 10 frames a second."""
    with av.open(str(path), "w", format=container, options=options or {}) as output:
        video = output.add_stream(codec, rate=FRAMES_PER_SECOND)
        assert isinstance(video, av.VideoStream)
        audio = output.add_stream("aac", rate=8000, layout="mono") if sound else None
        draw(output, video, seconds)
        if audio is not None:
            output.mux(audio.encode(silence(round(seconds * 8000))))
            output.mux(audio.encode(None))
    return path


def make_recording(path: Path, *, seconds: float) -> Path:
    """Write a WebM as a browser's recorder does: through a pipe, so that no length is in its header."""
    with path.open("wb") as file, av.open(Pipe(file), "w", format="webm", options={"live": "1"}) as output:
        video = output.add_stream("libvpx", rate=FRAMES_PER_SECOND)
        assert isinstance(video, av.VideoStream)
        draw(output, video, seconds)
    return path


class Pipe:
    """A file that can only be written on."""

    def __init__(self, file: BinaryIO) -> None:
        self.write = file.write


def draw(output: av.container.OutputContainer, video: av.VideoStream, seconds: float) -> None:
    """Encode grey frames that grow lighter."""
    video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
    for number in range(round(seconds * FRAMES_PER_SECOND)):
        frame = av.VideoFrame(64, 48, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([(number * 8) % 256]) * plane.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
        output.mux(video.encode(frame))
    output.mux(video.encode(None))


def make_sound(path: Path, *, container: str = "mp4") -> Path:
    """Write a second of silence without a picture; `mp4` gives it a video's brand."""
    with av.open(str(path), "w", format=container) as output:
        audio = output.add_stream("aac", rate=8000, layout="mono")
        output.mux(audio.encode(silence(8000)))
        output.mux(audio.encode(None))
    return path


def silence(samples: int) -> av.AudioFrame:
    """Mono samples of nothing."""
    frame = av.AudioFrame("fltp", "mono", samples)
    frame.sample_rate = 8000
    frame.pts = 0
    frame.planes[0].update(bytes(frame.planes[0].buffer_size))
    return frame


def png(width: int = 4, height: int = 3) -> bytes:
    """A complete grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\x00" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg(width: int = 64, height: int = 48) -> bytes:
    """A JPEG from a real encoder, in a JFIF-like frame with a comment before the picture."""
    codec = av.CodecContext.create("mjpeg", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = width, height, "yuvj420p"
    codec.time_base = Fraction(1, 25)
    frame = av.VideoFrame(width, height, "yuvj420p")
    for plane in frame.planes:
        plane.update(b"\x80" * plane.buffer_size)
    frame.pts = 0
    body = b"".join(bytes(packet) for packet in [*codec.encode(frame), *codec.encode(None)])
    comment = b"a comment"
    return body[:2] + b"\xff\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + body[2:]
