"""The program that cuts seconds out of a film with PyAV, run as its own process by `bot.media.cut`.

It is run by `confined.py`, so it imports nothing of the bot. Its arguments are the source, its demuxer, the start and
the end in seconds, and the target; its answer is one word on a line, see `bot.media.cut.Outcome`.
"""

import errno
import math
import sys
from collections.abc import Iterator
from fractions import Fraction

import av
from av.audio.resampler import AudioResampler
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.frame import Frame
from av.stream import Stream
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

LONGER_SIDE = 1280
DEMUXERS = ("mov", "matroska")
"""The caller says which one, so that a file can't choose one that opens further files (playlists)."""

SAMPLES_PER_SECOND = 48_000
_SAMPLE_BYTES = 4
_CHUNK_SAMPLES = 1024
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
_REORDER_SECONDS = Fraction(1, 5)
"""Seeking goes by the order of decoding, in which the picture of a moment may be stored a few pictures later."""

_ENCODER = {"preset": "veryfast", "crf": "20", "bf": "0", "threads": "1", "maxrate": "8M", "bufsize": "8M"}
"""At most about 4 MB for three seconds of the worst noise, which every server's upload limit takes."""

_TURNS = {-90: ("transpose=clock",), 90: ("transpose=cclock",), 180: ("hflip", "vflip"), -180: ("hflip", "vflip")}
_SLOWEST, _FASTEST = 15, 30


class Pictures:
    """Writes frames at an even rate: each moment shows the last frame before it, and the last frame is held."""

    def __init__(self, output: OutputContainer, source: av.VideoStream, span: Fraction) -> None:
        self._rate = _even_rate(source.average_rate)
        self._output = output
        self._stream = output.add_stream("libx264", rate=self._rate, options=_ENCODER)
        self._shape = source.sample_aspect_ratio or source.codec_context.sample_aspect_ratio or Fraction(1)
        self._left = math.ceil(span * self._rate)
        self._next = 0
        self._held: av.VideoFrame | None = None
        self._size = (0, 0)
        self._scaler = VideoReformatter()
        self._turner: Graph | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every moment has its frame."""
        return self._left == 0

    def take(self, frame: Frame, origin: Fraction) -> None:
        """Take a frame of the source, whose clock shows `origin` where the cut begins."""
        if not isinstance(frame, av.VideoFrame) or frame.pts is None or frame.time_base is None:
            return
        if self._held is None:
            self._open(frame)
            self._held = frame
        moment = frame.pts * frame.time_base - origin
        self._fill(math.ceil(moment * self._rate) - self._next)
        self._held = frame

    def finish(self) -> None:
        """Hold the last frame to the end.

        Raises:
            ValueError: there was none.
        """
        if self._held is None:
            raise ValueError("no pictures")
        self._fill(self._left)
        self._output.mux(self._stream.encode(None))

    def _open(self, frame: av.VideoFrame) -> None:
        width, height = _fitted(frame.width * self._shape, frame.height)
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        # Told rather than converted: tone mapping of a phone's HDR takes 0.2 s a frame.
        context = self._stream.codec_context
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        context.colorspace = frame.colorspace or Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        if frame.rotation in _TURNS:
            self._turner = _turner(width, height, _TURNS[frame.rotation])
            if abs(frame.rotation) == 90:
                self._stream.width, self._stream.height = height, width
        self._size = width, height

    def _fill(self, count: int) -> None:
        count = min(count, self._left)
        if count <= 0 or self._held is None:
            return
        frame = self._drawn(self._held)
        for _ in range(count):
            frame.pts, frame.time_base = self._next, 1 / self._rate
            frame.pict_type = PictureType.NONE  # the source's would be forced on the encoder
            self._output.mux(self._stream.encode(frame))
            self._next += 1
            self._left -= 1

    def _drawn(self, frame: av.VideoFrame) -> av.VideoFrame:
        width, height = self._size
        drawn = self._scaler.reformat(
            frame,
            width,
            height,
            "yuv420p",
            dst_colorspace=None if frame.colorspace else Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC,
            threads=1,
        )
        if self._turner is None:
            return drawn
        drawn.pts = None
        self._turner.vpush(drawn)
        return self._turner.vpull()


class Sound:
    """Lays decoded sound on a tape of silence, each piece at its moment, and writes the tape."""

    def __init__(self, output: OutputContainer, span: Fraction) -> None:
        self._output = output
        self._stream = output.add_stream("aac", rate=SAMPLES_PER_SECOND, layout="stereo")
        self._samples = math.ceil(span * SAMPLES_PER_SECOND)
        self._tapes = [bytearray(self._samples * _SAMPLE_BYTES) for _ in range(2)]
        self._resampler = AudioResampler(format="fltp", layout="stereo", rate=SAMPLES_PER_SECOND)
        self.is_complete = False

    def take(self, frame: Frame, origin: Fraction) -> None:
        """Take a frame of the source, whose clock shows `origin` where the cut begins."""
        if not isinstance(frame, av.AudioFrame):
            return
        for piece in self._resampler.resample(frame):
            if piece.pts is None or piece.time_base is None:
                continue
            position = round((piece.pts * piece.time_base - origin) * SAMPLES_PER_SECOND)
            first, last = max(0, -position), min(piece.samples, self._samples - position)
            if first < last:
                place = slice((position + first) * _SAMPLE_BYTES, (position + last) * _SAMPLE_BYTES)
                for tape, plane in zip(self._tapes, piece.planes, strict=True):
                    tape[place] = bytes(plane)[first * _SAMPLE_BYTES : last * _SAMPLE_BYTES]
            self.is_complete = position + piece.samples >= self._samples

    def finish(self) -> None:
        """Write the tape."""
        for start in range(0, self._samples, _CHUNK_SAMPLES):
            frame = av.AudioFrame("fltp", "stereo", min(_CHUNK_SAMPLES, self._samples - start))
            frame.sample_rate, frame.pts = SAMPLES_PER_SECOND, start
            for tape, plane in zip(self._tapes, frame.planes, strict=True):
                piece = tape[start * _SAMPLE_BYTES : (start + frame.samples) * _SAMPLE_BYTES]
                plane.update(bytes(piece).ljust(plane.buffer_size, b"\0"))
            self._output.mux(self._stream.encode(frame))
        self._output.mux(self._stream.encode(None))


def cut(source: InputContainer, start: Fraction, end: Fraction, target: OutputContainer) -> None:
    """Write the seconds from `start` to `end`, which count from the first picture.

    Raises:
        ValueError: there are no pictures.
        av.FFmpegError: the source can't be decoded, or the target can't be written.
    """
    video = next((stream for stream in source.streams.video if not _is_cover(stream)), None)
    if video is None or video.time_base is None:
        raise ValueError("no pictures")
    audio = next((stream for stream in source.streams.audio if stream.codec_context is not None), None)
    origin = start + (video.start_time or 0) * video.time_base
    video.codec_context.thread_count = 1  # each thread takes address space
    pictures = Pictures(target, video, end - start)
    sound = Sound(target, end - start) if audio is not None else None
    _go_to(source, video, origin)
    takers: dict[int, Pictures | Sound] = {video.index: pictures}
    if audio is not None and sound is not None:
        takers[audio.index] = sound
    for packet in source.demux(*(source.streams[index] for index in takers)):
        taker = takers[packet.stream.index]
        if not taker.is_complete:
            for frame in _decoded(packet):
                taker.take(frame, origin)
        elif all(taker.is_complete for taker in takers.values()):
            break
    pictures.finish()
    if sound is not None:
        sound.finish()


def main(arguments: list[str]) -> str:
    """Cut, and say how it went in a word."""
    path, demuxer, start, end, target = arguments
    try:
        if demuxer not in DEMUXERS:
            return "unreadable"
        with (
            av.open(f"file:{path}", format=demuxer, options={"protocol_whitelist": "file"}) as source,
            av.open(f"file:{target}", "w", format="mp4", options={"movflags": "+faststart"}) as output,
        ):
            cut(source, Fraction(start), Fraction(end), output)
    except (MemoryError, av.ExternalError):  # the latter is x264's word for it: it is given nothing odd
        return "too-large"
    except av.FFmpegError as exc:
        return "no-room" if exc.errno in _NO_ROOM else "unreadable"
    except ValueError:
        return "unreadable"
    return "done"


def _decoded(packet: "av.Packet[Stream]") -> Iterator[Frame]:
    try:
        yield from (frame for frame in packet.decode() if isinstance(frame, Frame))
    except av.InvalidDataError:  # players pass over a damaged picture too
        return


def _go_to(source: InputContainer, video: av.VideoStream, moment: Fraction) -> None:
    """Go to a key picture before `moment` where the file's index knows one; else everything before is decoded."""
    assert video.time_base is not None  # noqa: S101  looked at before
    if moment <= _REORDER_SECONDS:
        return
    try:
        source.seek(int((moment - _REORDER_SECONDS) / video.time_base), stream=video)
    except av.FFmpegError:
        return  # the reader stands at the beginning still


def _is_cover(stream: av.VideoStream) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)


def _even_rate(rate: Fraction | None) -> Fraction:
    """The source's pictures a second, doubled or halved until they are between 15 and 30."""
    even = Fraction(rate) if rate else Fraction(_FASTEST)
    while even < _SLOWEST:
        even *= 2
    while even > _FASTEST:
        even /= 2
    return even.limit_denominator(1001)


def _fitted(width: Fraction, height: int) -> tuple[int, int]:
    longer = width if width > height else Fraction(height)
    scale = min(Fraction(1), LONGER_SIDE / longer)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _turner(width: int, height: int, turns: tuple[str, ...]) -> Graph:
    graph = Graph()
    graph.threads = 1
    form, tick = av.VideoFormat("yuv420p"), Fraction(1, 1000)
    nodes = [graph.add_buffer(width=width, height=height, format=form, time_base=tick)]
    for turn in turns:
        name, _, argument = turn.partition("=")
        nodes.append(graph.add(name, argument or None))
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    return graph


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
