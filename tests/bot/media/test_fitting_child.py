"""What the child makes shows the same pictures at the same moments with the same sound."""

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc

from bot.media import fitting_child
from bot.media.fitting_child import MARK, Pictures, Recipe, fitted
from bot.media.rewrite import Outcome
from tests.bot.media.films import draw, make_film, make_noise, make_recording, make_sound, with_two_sounds

ENCODE = Recipe(
    picture_bits=4_000_000, sound_bits=128_000, buffer_bits=4_000_000, pixels=1 << 30, copies_sound=True, threads=1
)
COPY = Recipe(picture_bits=0, sound_bits=128_000, buffer_bits=0, pixels=0, copies_sound=True, threads=1)

BT2020 = 9
"""Of ITU-T H.273, which PyAV has no name for."""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


def make(source: Path, target: Path, recipe: Recipe = ENCODE, demuxer: str = "mov") -> None:
    """Run the program in this process."""
    assert fitting_child.main([str(source), demuxer, str(target), json.dumps(recipe)]) == "done"


def moments(path: Path) -> list[float]:
    with av.open(str(path)) as film:
        return [round(frame.time or 0, 3) for frame in film.decode(video=0)]


def length(path: Path) -> float:
    with av.open(str(path)) as film:
        return (film.duration or 0) / 1_000_000


def first(path: Path) -> av.VideoFrame:
    with av.open(str(path)) as film:
        return next(film.decode(video=0))


def loud_from(path: Path) -> float:
    """The moment at which the sound begins to be loud."""
    with av.open(str(path)) as film:
        return next(
            frame.time or 0
            for frame in film.decode(audio=0)
            if max(memoryview(bytes(frame.planes[0])).cast("f")[: frame.samples]) > 0.2
        )


VARIABLE = [0, 1, 2, 5, 9, 10, 15, 19]


@pytest.mark.parametrize("recipe", [ENCODE, COPY], ids=["encoded", "copied"])
@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_each_picture_keeps_its_moment(tmp_path: Path, target: Path, recipe: Recipe, container: str) -> None:
    film = make_film(tmp_path / "f", moments=VARIABLE, container=container, sound=True)

    make(film, target, recipe, "mov" if container == "mp4" else "matroska")

    assert moments(target) == [number / 10 for number in VARIABLE]
    assert abs(length(target) - 2) < 0.13


def test_the_last_picture_is_shown_for_as_long_as_before(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", codec="libx265", seconds=2)

    make(film, target)

    assert length(target) == 2
    assert moments(target) == moments(film)


@pytest.mark.parametrize("rate", [90, 120, 240])
def test_at_most_sixty_pictures_are_shown_in_a_second(tmp_path: Path, target: Path, rate: int) -> None:
    film = make_film(tmp_path / "f", seconds=1, rate=rate)

    make(film, target)

    shown = moments(target)
    assert 58 <= len(shown) <= 61
    assert 0.94 <= shown[-1] < 1
    assert max(after - before for before, after in pairwise(shown)) < 0.03


def test_sixty_pictures_a_second_stay_sixty(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=1, rate=60, container="matroska", codec="libx265")

    make(film, target, demuxer="matroska")

    assert moments(target) == moments(film)


@pytest.mark.parametrize("recipe", [ENCODE, COPY], ids=["encoded", "copied"])
@pytest.mark.parametrize("rotation", [90, -90, 180])
def test_a_film_that_lies_on_its_side_is_still_turned(
    tmp_path: Path, target: Path, recipe: Recipe, rotation: int
) -> None:
    film = make_film(tmp_path / "f", seconds=0.5, rotation=rotation)

    make(film, target, recipe)

    assert abs(first(target).rotation) == abs(first(film).rotation) == abs(rotation)
    assert first(target).rotation == first(film).rotation


def test_wide_pixels_become_square_ones(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5, codec="mpeg4", shape=Fraction(2))

    make(film, target)

    frame = first(target)
    assert (frame.width, frame.height) == (128, 48)


def test_wide_pixels_that_are_copied_stay_wide(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5, shape=Fraction(2))

    make(film, target, COPY)

    with av.open(str(target)) as made:
        assert made.streams.video[0].sample_aspect_ratio == 2


@pytest.mark.parametrize(
    ("width", "height", "pixels", "expected"),
    [
        (321, 181, 1 << 30, (320, 180)),
        (3840, 2160, 1 << 30, (1920, 1080)),
        (2160, 3840, 1 << 30, (1080, 1920)),
        (1920, 1080, 640 * 360, (640, 360)),
        (64, 48, 640 * 360, (64, 48)),
        (1, 999, 1 << 30, (2, 1000)),
    ],
)
def test_pictures_have_even_sides_and_no_more_pixels_than_told(
    width: int, height: int, pixels: int, expected: tuple[int, int]
) -> None:
    assert fitted(Fraction(width), height, pixels) == expected


def test_colours_are_told_as_before(tmp_path: Path, target: Path) -> None:
    film = tmp_path / "f"
    with av.open(str(film), "w", format="mp4") as output:
        video = output.add_stream("libx265", rate=10, options={"x265-params": "log-level=none"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p10le"
        context = video.codec_context
        context.color_primaries, context.color_trc = ColorPrimaries.BT2020, ColorTrc.SMPTE2084
        context.colorspace, context.color_range = BT2020, ColorRange.MPEG
        draw(output, video, range(5))

    make(film, target)

    frame = first(target)
    assert (frame.color_primaries, frame.color_trc) == (ColorPrimaries.BT2020, ColorTrc.SMPTE2084)
    assert (frame.colorspace, frame.color_range) == (BT2020, ColorRange.MPEG)


@pytest.mark.parametrize("recipe", [ENCODE, COPY], ids=["encoded", "copied"])
@pytest.mark.parametrize("codec", ["aac", "libopus"])
def test_the_sound_stays_with_its_picture(tmp_path: Path, target: Path, recipe: Recipe, codec: str) -> None:
    film = make_film(tmp_path / "f", sound=True, sound_codec=codec, loud_from=1)

    make(film, target, recipe)

    with av.open(str(target)) as made:
        assert made.streams.audio[0].codec_context.name == "aac"
    assert abs(loud_from(target) - 1) < 0.13  # a block of the sound at 8 kHz
    assert moments(target)[0] == 0


def test_sound_that_begins_before_its_pictures_keeps_its_distance(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", moments=range(20, 40), container="matroska", sound=True, loud_from=1)

    make(film, target, ENCODE, "matroska")

    assert moments(target)[0] == 2
    assert abs(loud_from(target) - 1) < 0.13


def test_a_clock_that_begins_late_is_set_to_zero(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", moments=range(20, 40), container="matroska")

    make(film, target, ENCODE, "matroska")

    assert moments(target)[0] == 0


def test_what_a_browser_recorded_is_encoded(tmp_path: Path, target: Path) -> None:
    film = make_recording(tmp_path / "f", seconds=1)

    make(film, target, ENCODE, "matroska")

    assert len(moments(target)) == 10


def test_the_first_sound_is_kept_and_no_other(tmp_path: Path, target: Path) -> None:
    make(with_two_sounds(tmp_path / "f"), target, COPY)

    with av.open(str(target)) as made:
        assert [stream.type for stream in made.streams] == ["video", "audio"]


def test_sound_is_copied_where_there_is_room_for_it(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", codec="libx265", sound=True, loud_from=0)
    thrifty = Recipe(**{**ENCODE, "sound_bits": 1_000})

    make(film, target, ENCODE)
    with av.open(str(target)) as made:
        assert made.streams.audio[0].codec_context.sample_rate == 8000
    make(film, target, thrifty)
    with av.open(str(target)) as made:
        assert made.streams.audio[0].codec_context.sample_rate == 48_000


def test_a_damaged_picture_is_passed_over(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", codec="libx265", size=(640, 480), options={"movflags": "+faststart"})
    content = bytearray(film.read_bytes())
    content[-400:-300] = bytes(100)
    film.write_bytes(content)

    make(film, target)

    assert 10 <= len(moments(target)) <= 20


def test_a_film_that_was_cut_short_shows_what_there_is(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", codec="libvpx-vp9", container="webm", seconds=4, keys=5)
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])

    make(film, target, ENCODE, "matroska")

    assert 5 <= len(moments(target)) < 40


def test_of_av1_no_picture_is_held_back_while_others_are_decoded(tmp_path: Path, target: Path) -> None:
    film = make_film(tmp_path / "f", codec="libsvtav1", size=(128, 96))

    with av.open(str(film)) as source, av.open(str(target), "w", format="mp4") as output:
        video = source.streams.video[0]
        pictures = Pictures(output, video, Fraction(0), ENCODE | {"threads": 2})
        pictures.take(next(iter(source.demux([video]))))

        assert pictures.count == 1


def test_labels_stay_and_what_made_it_is_said(tmp_path: Path, target: Path) -> None:
    film = tmp_path / "f"
    with av.open(str(film), "w", format="mp4", options={"movflags": "use_metadata_tags"}) as output:
        output.metadata.update({"AIGC": '{"Label":"1"}', "title": "A cat"})
        video = output.add_stream("libx265", rate=10, options={"x265-params": "log-level=none"})
        video.width, video.height = 64, 48
        draw(output, video, range(5))

    make(film, target)

    with av.open(str(target)) as made:
        assert made.metadata["AIGC"] == '{"Label":"1"}'
        assert made.metadata["title"] == "A cat"
        assert made.metadata["comment"] == made.metadata["description"] == MARK


@pytest.mark.parametrize("content", [b"", b"x"], ids=["zeros", "text"])
def test_a_file_of_which_nothing_can_be_decoded_is_nothing(tmp_path: Path, target: Path, content: bytes) -> None:
    film = make_film(tmp_path / "f", codec="libx265", options={"movflags": "+faststart"})
    whole = film.read_bytes()
    start = whole.index(b"mdat") + 4
    film.write_bytes(whole[:start] + (content or b"\0") * (len(whole) - start))

    assert fitting_child.main([str(film), "mov", str(target), json.dumps(ENCODE)]) == Outcome.NOTHING


def test_sound_alone_is_nothing(tmp_path: Path, target: Path) -> None:
    film = make_sound(tmp_path / "f")

    assert fitting_child.main([str(film), "mov", str(target), json.dumps(ENCODE)]) == Outcome.NOTHING


@pytest.mark.parametrize("demuxer", ["matroska", "concat"])
def test_the_child_reads_a_file_as_what_it_was_told_or_not_at_all(tmp_path: Path, target: Path, demuxer: str) -> None:
    film = make_film(tmp_path / "f")

    assert fitting_child.main([str(film), demuxer, str(target), json.dumps(ENCODE)]) == Outcome.FAILED


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("recipe", [ENCODE, COPY], ids=["encoded", "copied"])
def test_a_full_disk_is_told(tmp_path: Path, recipe: Recipe) -> None:
    film = make_noise(tmp_path / "f", seconds=0.5)

    assert fitting_child.main([str(film), "mov", "/dev/full", json.dumps(recipe)]) == Outcome.NO_ROOM
