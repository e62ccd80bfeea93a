"""The program that examines a file with PyAV, run as its own short-lived process by `bot.media.probe`.

It is run by `confined.py`, so it imports nothing of the bot and holds none of its secrets, and its resources are
limited. It answers with one line of JSON: a report, or `{"error": …}`.
"""

import json
import sys
import time
from fractions import Fraction
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

UNREADABLE = 3
"""The exit status for a file that can't be read; Python itself ends with 1 when the program is at fault."""

DEMUXERS = ("mov", "matroska")
"""The caller says which one, so that a file can't choose one that opens further files (playlists)."""


class Report(TypedDict):
    """What `bot.media.probe` reads; the duration is text in seconds with all its digits."""

    kind: str
    video_codec: str | None
    pixel_format: str | None
    width: int
    height: int
    duration_seconds: str | None
    fps: float | None
    audio_codec: str | None
    further_streams: int
    shows: bool
    whole: bool


LOOK_SECONDS = 4.0
"""Of processor time for looking through a file, so that hours of sound never end the probe. What comes later is taken
to be whole."""


def examine(path: str, demuxer: str) -> Report:
    """Read a file's streams without decoding more than libavformat does to find them.

    Raises:
        ValueError: the demuxer is not one of `DEMUXERS`.
        av.FFmpegError: the file can't be read.
    """
    import av  # noqa: PLC0415  the bot's own process imports this module, and must not import PyAV

    if demuxer not in DEMUXERS:
        msg = f"unknown demuxer {demuxer}"
        raise ValueError(msg)
    with av.open(f"file:{path}", format=demuxer, options={"protocol_whitelist": "file"}) as container:
        video = next((stream for stream in container.streams.video if not _is_cover(stream)), None)
        audio = next(iter(container.streams.audio), None)
        main = video or audio
        seconds = _duration(container, main) if main is not None else None
        sound = audio.index if audio and audio.codec_context.name == "aac" else None
        shows, whole = _look_through(path, demuxer, video.index, sound) if video else (False, True)
        return Report(
            kind="video" if video else "audio" if audio else "nothing",
            video_codec=video.codec_context.codec.canonical_name if video else None,
            pixel_format=video.codec_context.pix_fmt if video else None,
            width=video.codec_context.width if video else 0,
            height=video.codec_context.height if video else 0,
            duration_seconds=f"{float(seconds):.6f}" if seconds is not None else None,
            fps=float(video.average_rate) if video and video.average_rate else None,
            audio_codec=audio.codec_context.codec.canonical_name if audio else None,
            further_streams=sum(stream not in {video, audio} and not _is_cover(stream) for stream in container.streams),
            shows=shows,
            whole=whole,
        )


def main(arguments: list[str]) -> int:
    """Examine the file named by the first argument with the demuxer named by the second."""
    import av  # noqa: PLC0415  as above

    path, demuxer = arguments
    try:
        report: object = examine(path, demuxer)
        status = 0
    except (av.FFmpegError, ValueError) as exc:
        report = {"error": f"{type(exc).__name__}: {exc}"[:500]}
        status = UNREADABLE
    sys.stdout.write(json.dumps(report) + "\n")
    return status


def _look_through(path: str, demuxer: str, video: int, audio: int | None) -> tuple[bool, bool]:
    """Whether one picture can be decoded, and whether nothing is damaged that would end a browser's playing.

    That is H.264 that can't be taken apart, and AAC that can't be decoded; what is wrong within a picture is not seen.
    """
    import av  # noqa: PLC0415  as above
    from av.bitstream import BitStreamFilterContext  # noqa: PLC0415  as above

    shows, whole, begun = False, True, time.process_time()
    with av.open(f"file:{path}", format=demuxer, options={"protocol_whitelist": "file"}) as container:
        pictures = container.streams[video]
        pictures.codec_context.thread_count = 1  # each thread takes address space
        is_h264 = pictures.codec_context.name == "h264"
        parts = BitStreamFilterContext("h264_metadata", pictures) if is_h264 else None
        for packet in container.demux([container.streams[index] for index in (video, audio) if index is not None]):
            is_picture = packet.stream.index == video
            try:
                if not is_picture:
                    packet.decode()
                elif not shows:
                    shows = bool(packet.decode())
                if is_picture and packet.size and parts is not None:
                    parts.filter(packet)
            except av.InvalidDataError:
                whole = False
            except (av.FFmpegError, MemoryError):  # no fault of the file
                shows = True
            if shows and time.process_time() - begun > LOOK_SECONDS:
                break
    return shows, whole


def _is_cover(stream: "Stream") -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)


def _duration(container: "InputContainer", stream: "Stream") -> Fraction | None:
    if stream.duration and stream.time_base:
        return stream.duration * stream.time_base
    if container.duration:
        return Fraction(container.duration, 1_000_000)
    # A browser's recorder leaves the length out: it is where the last packet ends.
    ends = (packet.pts + (packet.duration or 0) for packet in container.demux(stream) if packet.pts is not None)
    end = max(ends, default=None)
    return end * stream.time_base if end and stream.time_base else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
