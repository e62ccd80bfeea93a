"""Small real videos and pictures for the tests of media."""

import random
import struct
import zlib
from collections.abc import Sequence
from fractions import Fraction
from math import inf
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
    sound_codec: str = "aac",
    size: tuple[int, int] = (64, 48),
    pixels: str = "yuv420p",
    rotation: int = 0,
    shape: Fraction = Fraction(1),
    moments: Sequence[int] | None = None,
    loud_from: float = inf,
    rate: int = FRAMES_PER_SECOND,
    keys: int | None = None,
) -> Path:
    """Write a film of 64 × 48 pixels at 10 frames a second, unless told.

    `rotation` is what a player turns it by, counterclockwise; `shape` is a pixel's width by its height; `moments`
    are the numbers of the frames instead of all; the sound is silent until `loud_from`; every `keys`th frame is a
    key frame.
    """
    with av.open(str(path), "w", format=container, options=options or {}) as output:
        video = output.add_stream(codec, rate=rate)
        assert isinstance(video, av.VideoStream)
        audio = output.add_stream(sound_codec, rate=8000, layout="mono") if sound else None
        assert audio is None or isinstance(audio, av.AudioStream)
        video.width, video.height, video.pix_fmt = *size, pixels
        video.codec_context.sample_aspect_ratio = shape
        if rotation:
            video.set_display_rotation(rotation)
        if keys is not None:
            video.codec_context.gop_size = keys
        draw(output, video, range(round(seconds * rate)) if moments is None else moments, rate)
        if audio is not None:
            output.mux(audio.encode(silence(round(seconds * 8000), loud_from)))
            output.mux(audio.encode(None))
    return path


def make_noise(path: Path, *, seconds: float = 2.0, size: tuple[int, int] = (320, 240), sound: bool = False) -> Path:
    """Write the worst that there is for an encoder, with its index first: about 500 kB a second at this size."""
    drawn = random.Random(1)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as output:
        video = output.add_stream("libx264", rate=FRAMES_PER_SECOND, options={"crf": "30", "preset": "ultrafast"})
        audio = output.add_stream("aac", rate=8000, layout="mono") if sound else None
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        for number in range(round(seconds * FRAMES_PER_SECOND)):
            frame = av.VideoFrame(*size, "yuv420p")
            for plane in frame.planes:
                plane.update(drawn.randbytes(plane.buffer_size))
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
        if audio is not None:
            output.mux(audio.encode(silence(round(seconds * 8000))))
            output.mux(audio.encode(None))
    return path


def with_two_sounds(path: Path) -> Path:
    """Write a film of which the sound is there twice, with its index first."""
    single = make_film(path.with_suffix(".single"), sound=True)
    with (
        av.open(str(single)) as source,
        av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as output,
    ):
        video = output.add_stream_from_template(source.streams.video[0])
        sounds = [output.add_stream_from_template(source.streams.audio[0]) for _ in range(2)]
        for packet in source.demux():
            for stream in [video] if packet.stream.type == "video" else sounds:
                if packet.dts is not None:
                    packet.stream = stream
                    output.mux(packet)
    return path


def make_recording(path: Path, *, seconds: float) -> Path:
    """Write a WebM as a browser's recorder does: through a pipe, so that no length is in its header."""
    with path.open("wb") as file, av.open(Pipe(file), "w", format="webm", options={"live": "1"}) as output:
        video = output.add_stream("libvpx", rate=FRAMES_PER_SECOND)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        draw(output, video, range(round(seconds * FRAMES_PER_SECOND)))
    return path


class Pipe:
    """A file that can only be written on."""

    def __init__(self, file: BinaryIO) -> None:
        self.write = file.write


def draw(
    output: av.container.OutputContainer, video: av.VideoStream, moments: Sequence[int], rate: int = FRAMES_PER_SECOND
) -> None:
    """Encode frames that grow lighter by 8 each; the lower half is black."""
    for number in moments:
        frame = av.VideoFrame(video.width, video.height, "yuv420p")
        for plane in frame.planes:
            half = plane.line_size * (plane.height // 2)
            plane.update((bytes([(number * 8) % 256]) * half).ljust(plane.buffer_size, b"\0"))
        if video.pix_fmt != "yuv420p":
            frame = frame.reformat(format=video.pix_fmt)
        frame.pts, frame.time_base = number, Fraction(1, rate)
        output.mux(video.encode(frame))
    output.mux(video.encode(None))


def make_sound(path: Path, *, container: str = "mp4") -> Path:
    """Write a second of silence without a picture; `mp4` gives it a video's brand."""
    with av.open(str(path), "w", format=container) as output:
        audio = output.add_stream("aac", rate=8000, layout="mono")
        output.mux(audio.encode(silence(8000)))
        output.mux(audio.encode(None))
    return path


def silence(samples: int, loud_from: float = inf) -> av.AudioFrame:
    """Mono samples of nothing; from that second on, of a tone of 1 kHz."""
    frame = av.AudioFrame("fltp", "mono", samples)
    frame.sample_rate = 8000
    frame.pts = 0
    quiet = min(samples, round(min(loud_from, samples) * 8000))
    tone = struct.pack("<8f", *([0.5] * 4 + [-0.5] * 4)) * ((samples - quiet) // 8)
    frame.planes[0].update((bytes(4 * quiet) + tone).ljust(frame.planes[0].buffer_size, b"\0"))
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
