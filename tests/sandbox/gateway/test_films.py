"""The odd films that a gateway may deliver are as odd as they are said to be."""

import io
from fractions import Fraction
from itertools import pairwise

import av
import pytest

from sandbox.gateway import Damage, GatewayServer, Index, Plan, VideoShape
from sandbox.gateway.films import film
from tests.sandbox.gateway.caller import Caller

MEBIBYTE = 1 << 20


def stream(shape: VideoShape) -> tuple[str, str, int, int, int]:
    """Codec, pixel format, sides and number of frames."""
    with av.open(io.BytesIO(film(shape)), "r") as container:
        picture = container.streams.video[0]
        context = picture.codec_context
        frames = len(list(container.decode(picture)))
        return context.codec.canonical_name, context.pix_fmt or "", context.width, context.height, frames


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (VideoShape(seconds=1, encoder="libsvtav1", width=321, height=181), ("av1", "yuv420p", 321, 181, 12)),
        (VideoShape(seconds=1, encoder="libvpx-vp9", width=321, height=181), ("vp9", "yuv420p", 321, 181, 12)),
        (VideoShape(seconds=1, pixels="yuv420p10le"), ("h264", "yuv420p10le", 320, 180, 12)),
        (VideoShape(seconds=1, encoder="libx265", pixels="yuv420p10le"), ("hevc", "yuv420p10le", 320, 180, 12)),
        (VideoShape(seconds=1, encoder="mpeg4"), ("mpeg4", "yuv420p", 320, 180, 12)),
        (VideoShape(seconds=1, uneven=True), ("h264", "yuv420p", 320, 180, 7)),
    ],
    ids=["av1", "vp9", "10 bit", "hevc 10 bit", "mpeg-4 part 2", "uneven"],
)
def test_pictures_come_in_every_codec(shape: VideoShape, expected: tuple[str, str, int, int, int]) -> None:
    assert stream(shape) == expected


def test_frames_come_at_varying_distances() -> None:
    with av.open(io.BytesIO(film(VideoShape(seconds=1, uneven=True, sound=False))), "r") as container:
        shown = [frame.time for frame in container.decode(video=0)]

    distances = {round(12 * (later - earlier)) for earlier, later in pairwise(shown)}
    assert distances == {1, 2, 3}


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
def test_sound_comes_in_opus_and_in_every_layout(layout: str) -> None:
    shape = VideoShape(seconds=1, sound_encoder="libopus", sound_layout=layout)  # type: ignore[arg-type]

    with av.open(io.BytesIO(film(shape)), "r") as container:
        sound = container.streams.audio[0]
        assert (sound.codec_context.name, sound.layout.name) == ("opus", layout)
        assert any(bytes(plane).strip(b"\0") for frame in container.decode(sound) for plane in frame.planes)


def test_a_film_can_be_turned_and_stretched() -> None:
    with av.open(io.BytesIO(film(VideoShape(seconds=1, rotation=90, pixel_shape=Fraction(2)))), "r") as container:
        assert container.streams.video[0].sample_aspect_ratio == 2
        assert next(container.decode(video=0)).rotation == 90


def test_the_index_comes_first_or_last_or_in_pieces() -> None:
    places = {index: film(VideoShape(seconds=1, index=index)) for index in Index}

    assert places[Index.FIRST].index(b"moov") < places[Index.FIRST].index(b"mdat")
    assert places[Index.LAST].index(b"moov") > places[Index.LAST].index(b"mdat")
    assert b"moof" in places[Index.FRAGMENTS]
    assert all(b"moof" not in places[index] for index in (Index.FIRST, Index.LAST))


def test_a_large_film_is_large_by_its_pictures() -> None:
    shape = VideoShape(width=640, height=360, seconds=2, fps=24, noise_bytes=8 * MEBIBYTE)

    made = film(shape)

    assert len(made) == pytest.approx(8 * MEBIBYTE, rel=0.1)
    assert stream(shape) == ("h264", "yuv420p", 640, 360, 48)


@pytest.mark.parametrize("damage", Damage)
def test_a_broken_film_begins_well_and_cannot_be_decoded_to_its_end(damage: Damage) -> None:
    whole, broken = film(VideoShape(seconds=1)), film(VideoShape(seconds=1, damage=damage))

    assert whole.startswith(broken[: whole.index(b"mdat") - 8])
    with av.open(io.BytesIO(broken), "r") as container:
        assert container.duration == 1_000_000
        try:
            frames = len(list(container.decode(video=0)))
        except av.FFmpegError:
            frames = 0
        assert frames < 12


@pytest.mark.parametrize("wrong", [{"padding_bytes": 9}, {"damage": Damage.CUT}])
def test_what_is_done_to_an_mp4_is_not_done_to_a_webm(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="mp4"):
        VideoShape(container="webm", **wrong)  # type: ignore[arg-type]


async def test_a_webm_is_served_as_one(gateway: GatewayServer, caller: Caller) -> None:
    shape = VideoShape(seconds=1, encoder="libvpx-vp9", container="webm", sound_encoder="libopus")
    gateway.script(Plan(manual=True, video=shape))

    url = await caller.video_url()

    answered = await caller.get(url)
    assert url.partition("?")[0].endswith(".webm")
    assert answered.headers["Content-Type"] == "video/webm"
    with av.open(io.BytesIO(answered.body), "r", format="webm") as container:
        assert len(list(container.decode(video=0))) == 12
