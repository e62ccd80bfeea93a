"""The chosen seconds of a clip become a film of their own, whatever the clip was made of."""

import asyncio
import textwrap
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.reformatter import Colorspace

from bot.media import cutting_child
from bot.media.cut import Cutter
from bot.media.errors import ClipTooDetailedError, ProbeError, TemporaryFileError, UnreadableFileError
from bot.media.probe import probe
from tests.bot.media.films import make_film, make_recording, make_sound, png

D = Decimal


def lightness(path: Path) -> list[tuple[int, ...]]:
    """The light of each frame of a film: upper left, upper right, lower left, lower right."""
    with av.open(str(path)) as film:
        return [corners(frame) for frame in film.decode(video=0)]


def corners(frame: av.VideoFrame) -> tuple[int, ...]:
    plane = frame.planes[0]
    light, left, top = bytes(plane), frame.width // 4, frame.height // 4
    places = ((left, top), (3 * left, top), (left, 3 * top), (3 * left, 3 * top))
    return tuple(light[y * plane.line_size + x] for x, y in places)


def is_near(light: int, tenths: int) -> bool:
    return abs(light - 8 * tenths) <= 4


def program(tmp_path: Path, source: str) -> Path:
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(source))
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


def cut_here(source: Path, start: str, end: str, target: Path, demuxer: str = "mov") -> None:
    """Cut in this process."""
    assert cutting_child.main([str(source), demuxer, start, end, str(target)]) == "done"


@pytest.mark.parametrize(
    ("container", "codec", "pixels", "sound"),
    [
        ("mp4", "libx264", "yuv420p", True),
        ("mov", "libx264", "yuv444p", False),
        ("mp4", "libx264", "yuvj420p", False),
        ("matroska", "libx265", "yuv420p10le", True),
        ("webm", "libvpx-vp9", "yuv420p", False),
    ],
)
async def test_a_clip_of_any_kind_becomes_what_everybody_plays(
    tmp_path: Path, target: Path, container: str, codec: str, pixels: str, sound: bool
) -> None:
    film = make_film(tmp_path / "f", seconds=3, container=container, codec=codec, pixels=pixels, sound=sound)

    await Cutter().cut(film, D("1.2"), D("2.7"), target)

    found = await probe(target)
    assert (found.video_codec, found.pixel_format, found.faststart) == ("h264", "yuv420p", True)
    assert (found.width, found.height) == (64, 48)
    assert found.audio_codec == ("aac" if sound else None)
    assert found.duration_seconds is not None
    assert D("1.5") <= found.duration_seconds <= D("1.6")
    light = lightness(target)
    assert is_near(light[0][0], 12)
    assert is_near(light[-1][0], 26)


def test_a_recording_of_a_screen_in_rgb_becomes_what_everybody_plays(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=1, codec="libx264rgb", pixels="bgr24")

    cut_here(film, "0", "1", target)

    with av.open(str(target)) as cut:
        frame = next(cut.decode(video=0))
    assert (frame.format.name, frame.colorspace) == ("yuv420p", Colorspace.ITU709)


async def test_a_recording_without_an_index_is_cut_at_the_right_moment(tmp_path: Path, target: Path) -> None:
    film = make_recording(tmp_path / "f", seconds=3)

    await Cutter().cut(film, D("1.5"), D("2.5"), target)

    light = lightness(target)
    assert is_near(light[0][0], 15)
    assert is_near(light[-1][0], 24)


@pytest.mark.parametrize("container", ["mp4", "matroska"])
async def test_a_cut_may_begin_between_key_pictures_deep_in_a_film(
    tmp_path: Path, target: Path, container: str
) -> None:
    film = make_film(tmp_path / "f", seconds=3, container=container, keys=5)

    await Cutter().cut(film, D("1.8"), D("2.8"), target)

    light = lightness(target)
    assert is_near(light[0][0], 18)
    assert is_near(light[-1][0], 27)


async def test_a_film_that_begins_later_than_its_clock_is_cut_from_its_first_picture(
    tmp_path: Path, target: Path
) -> None:
    film = make_film(tmp_path / "f", moments=range(20, 40), container="matroska", sound=True)

    await Cutter().cut(film, D("0.5"), D("1.5"), target)

    light = lightness(target)
    assert is_near(light[0][0], 25 % 32)
    assert is_near(light[-1][0], 34 % 32)


async def test_a_fast_film_is_cut_at_half_its_rate(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=1, rate=60)

    cut_here(film, "0", "1", target)

    found = await probe(target)
    assert found.fps == 30
    assert found.duration_seconds == 1


def test_a_film_of_key_pictures_alone_becomes_a_usual_one(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=1, keys=1)

    cut_here(film, "0", "1", target)

    with av.open(str(target)) as cut:
        assert sum(packet.is_keyframe for packet in cut.demux(video=0) if packet.size) < 5


@pytest.mark.parametrize(
    ("start", "end"), [("0", "1"), ("0.333", "1.777"), ("1.4", "2.4"), ("0.001", "2.4"), ("0.25", "1.251")]
)
async def test_a_cut_is_never_shorter_than_asked_and_hardly_longer(
    tmp_path: Path, target: Path, start: str, end: str
) -> None:
    film = make_film(tmp_path / "f", seconds=2.4)

    cut_here(film, start, end, target)

    found = await probe(target)
    assert found.duration_seconds is not None
    assert D(0) <= found.duration_seconds - (D(end) - D(start)) <= D("0.1")


async def test_a_picture_that_stands_for_long_is_held(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", moments=[0, 1, 2, 15, 28])

    cut_here(film, "0.3", "1.3", target)

    found = await probe(target)
    assert found.duration_seconds == 1
    assert all(is_near(light[0], 2) for light in lightness(target))


async def test_the_last_picture_is_held_where_the_film_ends_before_the_range(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=2)

    cut_here(film, "1.5", "3", target)

    found = await probe(target)
    assert found.duration_seconds == D("1.5")
    assert is_near(lightness(target)[-1][0], 19)


@pytest.mark.parametrize(
    ("size", "shape", "expected"),
    [
        ((1500, 500), Fraction(1), (1280, 426)),
        ((300, 1920), Fraction(1), (200, 1280)),
        ((64, 48), Fraction(2), (128, 48)),
    ],
)
async def test_a_cut_has_at_most_1280_pixels_and_square_ones(
    tmp_path: Path, target: Path, size: tuple[int, int], shape: Fraction, expected: tuple[int, int]
) -> None:
    film = make_film(tmp_path / "f", seconds=1, size=size, shape=shape)

    cut_here(film, "0", "1", target)

    found = await probe(target)
    assert (found.width, found.height) == expected


async def test_odd_sizes_become_even(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=1, container="webm", codec="libvpx-vp9", size=(65, 47))

    cut_here(film, "0", "1", target, "matroska")

    found = await probe(target)
    assert (found.width % 2, found.height % 2) == (0, 0)


@pytest.mark.parametrize(
    ("rotation", "size", "light"),
    [
        (90, (48, 64), (True, False, True, False)),
        (-90, (48, 64), (False, True, False, True)),
        (180, (64, 48), (False, False, True, True)),
    ],
)
async def test_a_film_that_lies_on_its_side_is_turned_upright(
    tmp_path: Path, target: Path, rotation: int, size: tuple[int, int], light: tuple[bool, ...]
) -> None:
    film = make_film(tmp_path / "f", seconds=2, rotation=rotation)

    cut_here(film, "0.9", "1.9", target)

    found = await probe(target)
    assert (found.width, found.height) == size
    assert tuple(corner > 100 for corner in lightness(target)[-1]) == light
    with av.open(str(target)) as cut:
        assert next(cut.decode(video=0)).rotation == 0


def test_the_sound_stays_with_its_picture(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=3, sound=True, loud_from=1.5)

    cut_here(film, "1", "2.5", target)

    with av.open(str(target)) as cut:
        samples = [
            (float(frame.pts * frame.time_base), max(memoryview(frame.planes[0]).cast("f")))
            for frame in cut.decode(audio=0)
            if frame.pts is not None and frame.time_base is not None
        ]
    loud = [moment for moment, light in samples if light > 0.2]
    assert abs(min(loud) - 0.5) < 0.05
    assert samples[-1][0] < 1.6


def test_a_film_with_a_damaged_picture_is_cut_all_the_same(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=2, size=(640, 480), options={"movflags": "+faststart"})
    content = bytearray(film.read_bytes())
    content[-400:-300] = bytes(100)
    film.write_bytes(content)

    cut_here(film, "0", "2", target)

    assert len(lightness(target)) == 40


@pytest.mark.parametrize("content", [b"", b"#EXTM3U\nfile:///etc/passwd", png()])
async def test_what_is_no_video_is_unreadable_without_a_child(tmp_path: Path, target: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)

    with pytest.raises(UnreadableFileError):
        await Cutter(program=tmp_path / "not-there").cut(tmp_path / "f", D(0), D(1), target)


async def test_sound_alone_can_not_be_cut(tmp_path: Path, target: Path) -> None:
    with pytest.raises(UnreadableFileError):
        await Cutter().cut(make_sound(tmp_path / "f"), D(0), D(1), target)


def test_the_child_reads_a_file_as_what_it_was_told_or_not_at_all(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f")

    assert cutting_child.main([str(film), "matroska", "0", "1", str(target)]) == "unreadable"


def test_the_child_opens_no_files_that_a_file_names(tmp_path: Path, target: Path) -> None:
    make_film(tmp_path / "f")
    playlist = tmp_path / "list"
    playlist.write_text("ffconcat version 1.0\nfile f\n")

    assert cutting_child.main([str(playlist), "concat", "0", "1", str(target)]) == "unreadable"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_not_the_films_fault(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f")

    assert cutting_child.main([str(film), "mov", "0", "1", "/dev/full"]) == "no-room"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("print('too-large')", ClipTooDetailedError),
        ("print('no-room')", TemporaryFileError),
        ("print('unreadable')", UnreadableFileError),
        ("print('what')", ProbeError),
        ("print('done'); raise SystemExit(1)", ProbeError),
        ("import os; os.kill(os.getpid(), 9)", ProbeError),
        ("import time; time.sleep(60)", ProbeError),
    ],
    ids=["too large", "no room", "unreadable", "nonsense", "failed", "killed", "hang"],
)
async def test_each_way_to_fail_has_its_error(
    tmp_path: Path, target: Path, source: str, error: type[Exception]
) -> None:
    cutter = Cutter(wall_seconds=0.5, program=program(tmp_path, source))

    with pytest.raises(error) as raised:
        await cutter.cut(make_film(tmp_path / "f", seconds=0.1), D(0), D(1), target)

    assert type(raised.value) is error


ALONE = """
import os, sys, time
mark = sys.argv[-1]
os.mkdir(mark)  # fails where another one is at it
time.sleep(0.1)
os.rmdir(mark)
print("done")
"""


async def test_cuts_wait_for_each_other(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.1)
    cutter = Cutter(program=program(tmp_path, ALONE))

    outcomes = await asyncio.gather(*(cutter.cut(film, D(0), D(1), target) for _ in range(3)))

    assert outcomes == [None] * 3
