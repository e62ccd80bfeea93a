"""What is posted plays everywhere and fits, whatever the video service made."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.film import Treatment
from bot.media.containers import sniff_file
from bot.media.download import VideoFile
from bot.media.errors import NotAVideoError
from bot.media.fit import Fitted, Fitter
from bot.media.probe import Prober, probe
from tests.bot.media.films import make_film, make_sound

LIMIT = 10 << 20
FIRST = {"movflags": "+faststart"}


def delivered(path: Path) -> VideoFile:
    container = sniff_file(path)
    assert container is not None
    return VideoFile(path, path.stat().st_size, container)


@asynccontextmanager
async def fitted(path: Path, limit_bytes: int = LIMIT, *, reencodes: bool = True) -> AsyncIterator[Fitted]:
    fitter = Fitter(path.parent / "files", Prober(), reencodes=reencodes)
    async with fitter.fitted(delivered(path), limit_bytes) as made:
        yield made


async def plays(path: Path) -> bool:
    found = await probe(path)
    pictures = (found.video_codec, found.pixel_format, found.faststart, found.fragmented)
    return pictures == ("h264", "yuv420p", True, False) and found.audio_codec in {None, "aac"}


@pytest.mark.parametrize("sound", [True, False], ids=["sound", "silent"])
async def test_what_plays_everywhere_is_passed_on_untouched(tmp_path: Path, sound: bool) -> None:
    film = make_film(tmp_path / "f", options=FIRST, sound=sound)

    async with fitted(film) as made:
        assert made.path == film
        assert made.film is not None
        assert made.film.treatment is Treatment.UNTOUCHED


@pytest.mark.parametrize(
    ("container", "options"),
    [
        ("mp4", {}),
        ("mp4", {"movflags": "frag_keyframe+empty_moov"}),
        ("mov", FIRST),
        ("matroska", {}),
    ],
    ids=["index last", "fragmented", "MOV", "Matroska"],
)
async def test_the_right_pictures_in_the_wrong_box_are_rewrapped(
    tmp_path: Path, container: str, options: dict[str, str]
) -> None:
    film = make_film(tmp_path / "f", container=container, options=options, sound=True)

    async with fitted(film) as made:
        assert made.path is not None
        assert await plays(made.path)
        assert made.film is not None
        assert made.film.treatment is Treatment.REWRAPPED
        assert made.size_bytes == made.film.size_bytes == made.path.stat().st_size


@pytest.mark.parametrize(
    ("container", "codec", "pixels", "size"),
    [
        ("mp4", "libx265", "yuv420p", (64, 48)),
        ("mp4", "libsvtav1", "yuv420p", (128, 96)),
        ("webm", "libvpx-vp9", "yuv420p", (321, 181)),
        ("webm", "libvpx", "yuv420p", (64, 48)),
        ("mp4", "mpeg4", "yuv420p", (64, 48)),
        ("mp4", "libx264", "yuv420p10le", (64, 48)),
        ("mp4", "libx264", "yuv444p", (64, 48)),
    ],
)
async def test_pictures_that_do_not_play_everywhere_are_encoded_again(
    tmp_path: Path, container: str, codec: str, pixels: str, size: tuple[int, int]
) -> None:
    film = make_film(tmp_path / "f", seconds=1, container=container, codec=codec, pixels=pixels, size=size)

    async with fitted(film) as made:
        assert made.path is not None
        assert await plays(made.path)
        assert made.film is not None
        assert made.film.treatment is Treatment.REENCODED
        assert (made.film.width % 2, made.film.height % 2) == (0, 0)
        assert made.film.seconds == 1


async def test_what_was_made_is_gone_afterwards(tmp_path: Path) -> None:
    async with fitted(make_film(tmp_path / "f", seconds=0.5)) as made:
        assert made.path is not None

    assert not made.path.exists()


async def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(NotAVideoError):
        async with fitted(make_sound(tmp_path / "f")):
            pass
