"""The player of these tests tells what plays in a browser from what does not."""

from pathlib import Path

import pytest

from sandbox.gateway import Damage, Index, VideoShape
from sandbox.gateway.films import film
from tests import player as playing
from tests.player import NO_CHROMIUM, Player, find_chromium, open_player

SHORT = VideoShape(seconds=2)
DARK, LIGHT = 10, 80
"""What the black quarter of a film of the sandbox is surely below, and the others above."""


@pytest.mark.parametrize(
    "shape",
    [
        SHORT,
        VideoShape(seconds=2, index=Index.LAST),
        VideoShape(seconds=2, index=Index.FRAGMENTS),
        VideoShape(seconds=2, encoder="libvpx-vp9", container="webm", sound_encoder="libopus"),
        VideoShape(seconds=2, encoder="libsvtav1", sound_layout="5.1"),
    ],
    ids=["plain", "index last", "fragments", "webm", "av1"],
)
async def test_a_film_that_a_browser_knows_is_played_to_its_end(player: Player, shape: VideoShape) -> None:
    played = await player.play(film(shape))

    assert played.error == ""
    assert played.seconds == pytest.approx(2, abs=0.1)
    assert (played.width, played.height, played.frames, played.corrupted) == (320, 180, 24, 0)
    assert played.sound_bytes > 10_000
    assert played.loudness == pytest.approx(0.14, abs=0.02)
    assert played.brightness[0] < DARK
    assert min(played.brightness[1:]) > LIGHT


async def test_what_is_silent_is_told_from_what_is_heard(player: Player) -> None:
    played = await player.play(film(VideoShape(seconds=2, sound=False)))

    assert (played.error, played.frames, played.sound_bytes, played.loudness) == ("", 24, 0, 0)


async def test_a_turned_film_is_shown_turned(player: Player) -> None:
    played = await player.play(film(VideoShape(seconds=2, rotation=90)))

    assert (played.width, played.height) == (180, 320)
    assert played.brightness[2] < DARK
    assert min(*played.brightness[:2], played.brightness[3]) > LIGHT


@pytest.mark.parametrize(
    ("shape", "error"),
    [
        (VideoShape(seconds=2, encoder="libx265"), "no picture"),
        (VideoShape(seconds=2, encoder="mpeg4"), "no picture"),
        (VideoShape(seconds=2, encoder="mpeg4", sound=False), "error 4"),
        (VideoShape(seconds=2, damage=Damage.CUT), "error 3"),
        (VideoShape(seconds=2, damage=Damage.GARBLED), "error 3"),
        (VideoShape(seconds=2, damage=Damage.HEAD_ONLY), "no picture"),
    ],
    ids=["hevc", "mpeg-4 part 2", "mpeg-4 part 2, silent", "cut", "garbled", "head only"],
)
async def test_a_film_that_a_browser_cannot_play_is_an_error(player: Player, shape: VideoShape, error: str) -> None:
    assert error in (await player.play(film(shape))).error


async def test_what_is_no_film_is_an_error(player: Player) -> None:
    assert "error 4" in (await player.play(b"no film" * 1000)).error


async def test_a_browser_that_opens_no_page_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(playing, "find_chromium", lambda: "/bin/true")

    with pytest.raises(RuntimeError, match="not opened"):
        async with open_player(tmp_path):
            pass


@pytest.mark.parametrize(("ci", "ending"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_browser_ci_fails_and_others_read_why(
    monkeypatch: pytest.MonkeyPatch, ci: str, ending: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)

    with pytest.raises(ending, match=NO_CHROMIUM):
        find_chromium()
