"""The program that rewraps or encodes a video with PyAV, run as its own process by `bot.media.rewrite`.

It is run by `confined.py`, so it imports nothing of the bot. Its arguments are the source, its demuxer, the target and
a `Recipe` as JSON; its answer is one word on a line, see `bot.media.rewrite.Outcome`.
"""

import errno
import json
import math
import sys
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import TypedDict

import av
from av.audio.frame import AudioFrame
from av.codec.context import Flags
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.stream import Disposition, Stream
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

DEMUXERS = ("mov", "matroska")
"""The caller says which one, so that a file can't choose one that opens further files (playlists)."""

SAMPLES_PER_SECOND = 48_000
LONGER_SIDE = 1920
FASTEST = 60
MARK = "AI-generated video"

_WORDS = {errno.EFBIG: "too-large", errno.ENOSPC: "no-room", errno.EDQUOT: "no-room", errno.EROFS: "no-room"}
_ENCODER = {"preset": "veryfast", "profile": "high", "crf": "21", "bf": "0"}
"""Pictures in the order of their moments: players that don't know edit lists show them all, at the right time."""
_EARLY = Fraction(1, 4)
"""Of a sixtieth of a second, by which a picture may come before its time and count."""
_PRIMING_SECONDS = Fraction(1, 10)
"""An encoder of sound begins up to so much before its first picture, and players skip that."""

LABEL = "AIGC"
"""What GB 45438-2025 asks video services in China to write into their files; it stays true."""
_NOT_KEPT = frozenset({"major_brand", "minor_version", "compatible_brands", "encoder"})
"""What a container says of itself."""


class Recipe(TypedDict):
    """What to make: bits a second, `picture_bits` 0 for pictures that are copied; `threads` of each codec."""

    picture_bits: int
    sound_bits: int
    buffer_bits: int
    pixels: int
    copies_sound: bool
    threads: int


class Copy:
    """Writes packets of one stream as they are, `origin` earlier; as below, an empty packet comes last."""

    def __init__(self, output: OutputContainer, source: av.VideoStream | av.AudioStream, origin: Fraction) -> None:
        self._output = output
        self._stream = output.add_stream_from_template(source, opaque=True)
        self._origin = origin
        self._undated = list["av.Packet[Stream]"]()
        self.count = 0

    def take(self, packet: "av.Packet[Stream]") -> None:
        """Write the packet."""
        if packet.pts is not None and packet.dts is None:
            self._undated.append(packet)
            return
        for early, dts in zip(self._undated, _decoding_times(self._undated, packet.dts), strict=True):
            early.dts = dts
            self._write(early)
        self._undated.clear()
        self._write(packet)

    def _write(self, packet: "av.Packet[Stream]") -> None:
        if packet.pts is None or packet.dts is None or packet.time_base is None:
            return
        shift = round(self._origin / packet.time_base)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        packet.stream = self._stream
        self._output.mux(packet)
        self.count += 1


class Pictures:
    """Encodes pictures at their own moments: square pixels, even sides, at most 60 a second."""

    def __init__(self, output: OutputContainer, source: av.VideoStream, origin: Fraction, recipe: Recipe) -> None:
        source.codec_context.thread_count = recipe["threads"]
        if source.codec_context.name == "libdav1d":  # else it holds several pictures at once: 130 MiB more for 4K
            source.codec_context.flags |= Flags.low_delay
        rate = source.average_rate or Fraction(30)
        even = min(rate, Fraction(FASTEST)).limit_denominator(1001)
        self._output = output
        self._stream = output.add_stream("libx264", rate=even, options=encoder_options(recipe))
        self._origin = origin
        self._pixels = recipe["pixels"]
        self._shape = source.sample_aspect_ratio or source.codec_context.sample_aspect_ratio or Fraction(1)
        self._is_fast = rate > FASTEST + 1
        self._last: Fraction | float = -math.inf
        self._scaler = VideoReformatter()
        self.count = 0

    def take(self, packet: "av.Packet[Stream]") -> None:
        """Encode what the packet makes visible."""
        for frame in _decoded(packet):
            if isinstance(frame, VideoFrame) and frame.pts is not None and frame.time_base is not None:
                self._draw(frame, frame.pts * frame.time_base - self._origin)
        if not packet.size:
            self._output.mux(self._stream.encode(None) if self.count else [])

    def _draw(self, frame: VideoFrame, moment: Fraction) -> None:
        if not self.count:
            self._open(frame)
        slot = math.floor(moment * FASTEST + _EARLY) if self._is_fast else moment
        if slot <= self._last:
            return
        self._last = slot
        drawn = self._scaler.reformat(
            frame,
            self._stream.width,
            self._stream.height,
            "yuv420p",
            dst_colorspace=None if frame.colorspace else Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC,
            threads=1,
        )
        drawn.pts = round(moment / self._stream.codec_context.time_base)
        drawn.pict_type = PictureType.NONE  # the source's would be forced on the encoder
        self._output.mux(self._stream.encode(drawn))
        self.count += 1

    def _open(self, frame: VideoFrame) -> None:
        assert frame.time_base is not None  # noqa: S101  looked at before
        stream, context = self._stream, self._stream.codec_context
        stream.width, stream.height = fitted(frame.width * self._shape, frame.height, self._pixels)
        stream.pix_fmt = "yuv420p"
        context.flags |= Flags.frame_duration
        context.time_base = frame.time_base
        # Told rather than converted: tone mapping of a phone's HDR takes 0.2 s a frame.
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        context.colorspace = frame.colorspace or Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        if frame.rotation:
            stream.set_display_rotation(frame.rotation)


class Sound:
    """Encodes sound as AAC from the first moment on; where there is none, it is silent."""

    def __init__(self, output: OutputContainer, source: av.AudioStream, origin: Fraction, bits: int) -> None:
        self._layout = "mono" if source.codec_context.layout.nb_channels == 1 else "stereo"
        self._output = output
        self._stream = output.add_stream("aac", rate=SAMPLES_PER_SECOND, layout=self._layout, bit_rate=bits)
        self._origin = origin
        self._graph: Graph | None = None

    def take(self, packet: "av.Packet[Stream]") -> None:
        """Encode what the packet makes audible."""
        for frame in _decoded(packet):
            if isinstance(frame, AudioFrame) and frame.pts is not None and frame.time_base is not None:
                if self._graph is None:
                    self._graph = self._evener(frame)
                frame.pts -= round(self._origin / frame.time_base)
                self._graph.push(frame)
                self._write()
        if not packet.size and self._graph is not None:
            self._graph.push(None)
            self._write()
            self._output.mux(self._stream.encode(None))

    def _write(self) -> None:
        assert self._graph is not None  # noqa: S101  there is one before anything is written
        try:
            while True:
                frame = self._graph.pull()
                if isinstance(frame, AudioFrame):
                    self._output.mux(self._stream.encode(frame))
        except (av.BlockingIOError, av.EOFError):
            return

    def _evener(self, first: AudioFrame) -> Graph:
        graph = Graph()
        graph.threads = 1
        source = graph.add_abuffer(
            sample_rate=first.sample_rate, format=first.format.name, layout=first.layout.name, time_base=first.time_base
        )
        even = graph.add("aresample", f"{SAMPLES_PER_SECOND}:async=1:first_pts=0")
        form = graph.add("aformat", f"sample_fmts=fltp:channel_layouts={self._layout}")
        graph.link_nodes(source, even, form, graph.add("abuffersink")).configure()
        return graph


def make(source: InputContainer, target: OutputContainer, recipe: Recipe) -> bool:
    """Write the first pictures and the first sound of `source`; whether there was a picture.

    Raises:
        av.FFmpegError: the source can't be read, or the target can't be written.
    """
    cover = Disposition.attached_pic
    video = next((stream for stream in source.streams.video if not stream.disposition & cover), None)
    if video is None:
        return False
    audio = next((stream for stream in source.streams.audio if stream.codec_context is not None), None)
    origin = _origin(video, audio)
    pictures = Pictures(target, video, origin, recipe) if recipe["picture_bits"] else Copy(target, video, origin)
    tracks: dict[int, Copy | Pictures | Sound] = {video.index: pictures}
    if audio is not None and _can_stay(audio, recipe):
        tracks[audio.index] = Copy(target, audio, origin)
    elif audio is not None:
        tracks[audio.index] = Sound(target, audio, origin, recipe["sound_bits"])
    target.metadata.update(_notes(source.metadata))
    # Pictures are the size of the first one that can be decoded, and the target's header has to tell that.
    early = deque["av.Packet[Stream]"]()
    for packet in source.demux(*(source.streams[index] for index in tracks)):
        if packet.stream.index == video.index:
            pictures.take(packet)
        else:
            early.append(packet)
        while early and pictures.count:
            tracks[early[0].stream.index].take(early.popleft())
    return pictures.count > 0


def main(arguments: list[str]) -> str:
    """Make it, and say how it went in a word."""
    path, demuxer, target, text = arguments
    if demuxer not in DEMUXERS:
        return "failed"
    try:
        with (
            av.open(f"file:{path}", format=demuxer, options={"protocol_whitelist": "file"}) as source,
            av.open(f"file:{target}", "w", format="mp4", options={"movflags": _flags(source)}) as output,
        ):
            found = make(source, output, json.loads(text))
    except (MemoryError, av.ExternalError):  # the latter is x264's word for it: it is given nothing odd
        return "no-memory"
    except av.FFmpegError as exc:
        return _WORDS.get(exc.errno or 0, "failed")
    return "done" if found else "nothing"


def encoder_options(recipe: Recipe) -> dict[str, str]:
    """What x264 is told, beyond sizes and times."""
    told = {"maxrate": recipe["picture_bits"], "bufsize": recipe["buffer_bits"], "threads": recipe["threads"]}
    return _ENCODER | {name: str(figure) for name, figure in told.items()}


def fitted(width: Fraction, height: int, pixels: int) -> tuple[int, int]:
    """Even sides of the same shape, at most `LONGER_SIDE` long and at most about `pixels` in all."""
    scale = min(1.0, float(LONGER_SIDE / max(width, Fraction(height))), math.sqrt(pixels / (width * height)))
    return max(2, round(float(width) * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _origin(video: av.VideoStream, audio: av.AudioStream | None) -> Fraction:
    """The moment of the source's clock at which the target begins."""
    is_later = audio is not None and _start(audio) < _start(video) - _PRIMING_SECONDS
    return _start(audio if audio is not None and is_later else video)


def _decoding_times(packets: "list[av.Packet[Stream]]", following: int | None) -> list[int]:
    """When each is decoded, which Matroska does not tell of the first ones; `following`: of the packet after them."""
    end = following if following is not None else min((packet.pts or 0 for packet in packets), default=0)
    step = max(1, packets[0].duration or 1) if packets else 1
    return [end - step * left for left in range(len(packets), 0, -1)]


def _start(stream: av.VideoStream | av.AudioStream) -> Fraction:
    return (stream.start_time or 0) * (stream.time_base or Fraction(1))


def _can_stay(audio: av.AudioStream, recipe: Recipe) -> bool:
    is_small = 0 < (audio.codec_context.bit_rate or 0) <= recipe["sound_bits"] or not recipe["picture_bits"]
    return audio.codec_context.name == "aac" and recipe["copies_sound"] and is_small


def _flags(source: InputContainer) -> str:
    # Names of one's own need another list than the usual one, so that is only used where it has to be.
    return "+faststart+use_metadata_tags" if LABEL in source.metadata else "+faststart"


def _notes(found: dict[str, str]) -> dict[str, str]:
    kept = {name: text for name, text in found.items() if name not in _NOT_KEPT}
    return {"comment": MARK} | kept | {"description": MARK}


def _decoded(packet: "av.Packet[Stream]") -> Iterator[object]:
    try:
        yield from packet.decode()
    except av.InvalidDataError:  # players pass over a damaged picture too
        return


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
