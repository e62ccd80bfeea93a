"""What is posted plays everywhere and fits, whatever the video service made."""

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import av
import pytest
from structlog.testing import capture_logs

from bot.domain.film import Treatment
from bot.media.budget import budget
from bot.media.containers import Container, sniff_file
from bot.media.download import VideoFile
from bot.media.errors import NotAVideoError, RewriteError, TemporaryFileError
from bot.media.fit import Fitted, Fitter
from bot.media.probe import Prober, probe
from bot.media.provenance import DIGITAL_SOURCE
from bot.media.rewrite import PROGRAM, Rewriter, Source
from tests.bot.media.films import make_film, make_noise, make_sound, with_two_sounds
from tests.bot.media.test_provenance import C2PA, box, boxes, source_type

LIMIT = 10 << 20
FIRST = {"movflags": "+faststart"}


def delivered(path: Path) -> VideoFile:
    container = sniff_file(path)
    assert container is not None
    return VideoFile(path, path.stat().st_size, container)


@asynccontextmanager
async def fitted(
    path: Path, limit_bytes: int = LIMIT, *, reencodes: bool = True, rewriter: Rewriter | None = None
) -> AsyncIterator[Fitted]:
    fitter = Fitter(path.parent / "files", Prober(), reencodes=reencodes, rewriter=rewriter)
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


async def test_what_holds_more_than_players_want_is_rewrapped_without_it(tmp_path: Path) -> None:
    async with fitted(with_two_sounds(tmp_path / "f")) as made:
        assert made.path is not None
        assert (await probe(made.path)).further_streams == 0
        assert made.film is not None
        assert made.film.treatment is Treatment.REWRAPPED


async def test_sound_of_another_kind_becomes_aac_and_the_pictures_stay(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", options=FIRST, sound=True, sound_codec="libopus")

    async with fitted(film) as made:
        assert made.path is not None
        assert await plays(made.path)
        assert made.film is not None
        assert (made.film.treatment, made.film.audio_codec) == (Treatment.REWRAPPED, "aac")


@pytest.mark.parametrize(("limit", "seconds"), [(150_000, 2), (300_000, 4), (900_000, 2), (900_000, 4)])
async def test_a_video_over_the_limit_is_made_to_fit(tmp_path: Path, limit: int, seconds: int) -> None:
    film = make_noise(tmp_path / "f", seconds=seconds, sound=True)
    assert film.stat().st_size > limit

    async with fitted(film, limit) as made:
        assert made.path is not None
        assert await plays(made.path)
        assert 0.3 * limit < made.size_bytes <= limit
        assert made.film is not None
        assert (made.film.treatment, made.film.audio_codec) == (Treatment.REENCODED, "aac")
        assert made.film.seconds == seconds


@pytest.mark.parametrize(("limit", "seconds"), [(150_000, 2), (300_000, 4), (600_000, 2)])
async def test_the_first_try_fits_whatever_is_shown(tmp_path: Path, limit: int, seconds: int) -> None:
    film, target = make_noise(tmp_path / "f", seconds=seconds, sound=True), tmp_path / "t"
    most = budget(limit, seconds, 10, sound=True)

    assert await Rewriter().rewrite(Source(film, Container.MP4), target, most, most_bytes=LIMIT)

    assert target.stat().st_size + 1024 < limit


AT_LAST = """
import json, pathlib, runpy, sys
tries = pathlib.Path({tries!r})
with tries.open("a") as file:
    file.write(sys.argv[-1] + "\\n")
if len(tries.read_text().splitlines()) == 1:
    print("too-large")
else:
    runpy.run_path({program!r}, run_name="__main__")
"""


async def test_what_did_not_fit_is_tried_once_more_with_less(tmp_path: Path) -> None:
    film, program, tries = make_noise(tmp_path / "f"), tmp_path / "program.py", tmp_path / "tries"
    program.write_text(AT_LAST.format(tries=str(tries), program=str(PROGRAM)))

    async with fitted(film, 300_000, rewriter=Rewriter(program=program)) as made:
        assert made.film is not None
        assert made.film.treatment is Treatment.REENCODED

    first, second = (json.loads(line)["picture_bits"] for line in tries.read_text().splitlines())
    assert second < 0.8 * first


async def test_a_video_is_never_made_worse_than_anybody_wants_to_see(tmp_path: Path) -> None:
    film = make_noise(tmp_path / "f")

    async with fitted(film, 40_000) as made:
        assert (made.path, made.size_bytes) == (None, film.stat().st_size)
        assert made.film is not None
        assert (made.film.treatment, made.film.size_bytes) == (Treatment.UNTOUCHED, film.stat().st_size)


async def test_where_a_link_is_wanted_nothing_is_made(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", codec="libx265", seconds=0.5)

    async with fitted(film, 0, rewriter=Rewriter(program=tmp_path / "not-there")) as made:
        assert made.path is None


async def test_where_encoding_is_off_what_fits_is_passed_on_as_it_is(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", codec="libx265", seconds=0.5)

    async with fitted(film, reencodes=False) as made:
        assert made.path == film
    async with fitted(film, 1000, reencodes=False) as made:
        assert made.path is None


async def test_where_encoding_is_off_boxes_are_put_right_all_the_same(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5)

    async with fitted(film, reencodes=False) as made:
        assert made.film is not None
        assert made.film.treatment is Treatment.REWRAPPED


async def test_a_changed_video_keeps_its_makers_notes_or_says_itself_what_it_is(tmp_path: Path) -> None:
    rewrapped, encoded = make_film(tmp_path / "r", seconds=0.5), make_film(tmp_path / "e", codec="libx265", seconds=0.5)
    for film in (rewrapped, encoded):
        film.write_bytes(film.read_bytes() + box(C2PA, b"signed"))

    async with fitted(rewrapped) as made:
        assert made.path is not None
        assert boxes(made.path) == {C2PA: b"signed"}
        assert made.size_bytes == made.path.stat().st_size
    async with fitted(encoded) as made:
        assert made.path is not None
        assert C2PA not in boxes(made.path)
        assert source_type(made.path) == DIGITAL_SOURCE


FAULTS = {
    "killed": "import os; os.kill(os.getpid(), 9)",
    "failed": "raise SystemExit(1)",
    "hang": "import time; time.sleep(60)",
    "no memory": "print('no-memory')",
    "no room": "print('no-room')",
    "nonsense": "print('what')",
    "nothing made": "print('done')",
}


@pytest.mark.parametrize("source", FAULTS.values(), ids=FAULTS)
async def test_what_can_not_be_changed_is_passed_on_if_it_fits(tmp_path: Path, source: str) -> None:
    film = make_film(tmp_path / "f", seconds=0.5)
    program = tmp_path / "program.py"
    program.write_text(source)

    for limit, path in ((LIMIT, film), (film.stat().st_size - 1, None)):
        with capture_logs() as logs:
            rewriter = Rewriter(program=program, wall_seconds=1)
            async with fitted(film, limit, rewriter=rewriter) as made:
                assert (made.path, made.size_bytes) == (path, film.stat().st_size)
        # A film of half a second can't be made to fit in a byte less than it has, so nothing is tried.
        assert [entry["log_level"] for entry in logs] == (["warning"] if path else [])
        assert all(entry["error"] for entry in logs)


async def test_what_turns_out_larger_than_the_limit_is_encoded_or_left(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5)
    program = tmp_path / "program.py"
    program.write_text("print('too-large')")

    async with fitted(film, film.stat().st_size, rewriter=Rewriter(program=program)) as made:
        assert made.path == film


async def test_what_was_made_and_does_not_play_either_is_not_posted(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5, codec="mpeg4")
    program = tmp_path / "program.py"
    program.write_text("import shutil, sys; shutil.copy(sys.argv[1], sys.argv[3]); print('done')")

    async with fitted(film, rewriter=Rewriter(program=program)) as made:
        assert made.path == film
        assert made.film is not None
        assert made.film.treatment is Treatment.UNTOUCHED


async def test_what_is_over_the_limit_with_the_note_of_its_origin_is_not_posted(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5)
    limit = film.stat().st_size + 200  # the note alone is larger

    async with fitted(film, limit, reencodes=False) as made:
        assert made.path == film
        assert made.size_bytes <= limit


COPIES_NOTHING = f"""
import json, runpy, sys
if json.loads(sys.argv[4])["picture_bits"]:
    runpy.run_path({str(PROGRAM)!r}, run_name="__main__")
else:
    print("failed")
"""


async def test_what_can_not_be_rewrapped_is_encoded_again(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5)
    program = tmp_path / "program.py"
    program.write_text(COPIES_NOTHING)

    async with fitted(film, rewriter=Rewriter(program=program)) as made:
        assert made.film is not None
        assert made.film.treatment is Treatment.REENCODED


async def test_a_file_that_grows_too_large_is_not_finished(tmp_path: Path) -> None:
    film = make_noise(tmp_path / "f")
    source = Source(film, Container.MP4)

    assert not await Rewriter().rewrite(source, tmp_path / "t", None, most_bytes=100_000)


async def test_a_video_in_which_nothing_can_be_decoded_is_not_posted(tmp_path: Path) -> None:
    film = make_noise(tmp_path / "f")
    whole = film.read_bytes()
    start = whole.index(b"mdat") + 4
    film.write_bytes(whole[:start] + bytes(len(whole) - start))

    with pytest.raises(NotAVideoError):
        async with fitted(film):
            pass


@pytest.mark.parametrize("kind", ["picture", "sound"])
async def test_what_would_end_a_browsers_playing_is_encoded_again(tmp_path: Path, kind: str) -> None:
    film = make_film(tmp_path / "f", options=FIRST, sound=True, loud_from=0)
    damage(film, kind)
    assert not (await probe(film)).whole

    async with fitted(film) as made:
        assert made.path is not None
        assert (await probe(made.path)).whole
        assert made.film is not None
        assert made.film.treatment is Treatment.REENCODED


def damage(film: Path, kind: str) -> None:
    """Overwrite a packet in the middle."""
    with av.open(str(film)) as source:
        stream = source.streams.video[0] if kind == "picture" else source.streams.audio[0]
        places = [(packet.pos, packet.size) for packet in source.demux(stream) if packet.pos is not None]
    place, size = places[len(places) // 2]
    content = bytearray(film.read_bytes())
    content[place : place + size] = bytes(size) if kind == "picture" else random.Random(1).randbytes(size)
    film.write_bytes(content)


async def test_where_no_file_can_be_made_that_is_told(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5)
    (tmp_path / "files").write_text("in the way")

    with pytest.raises(TemporaryFileError):
        async with fitted(film):
            pass


async def test_text_is_no_video(tmp_path: Path) -> None:
    film = tmp_path / "f"
    film.write_text("Not found. " * 100)

    with pytest.raises(NotAVideoError):
        async with Fitter(tmp_path, Prober(), reencodes=True).fitted(VideoFile(film, 1100, Container.MP4), LIMIT):
            pass


ALONE = """
import os, sys, time
mark = os.path.join(os.path.dirname(sys.argv[0]), "mark")
os.mkdir(mark)  # fails where another one is at it
time.sleep(0.1)
os.rmdir(mark)
print("no-room")
"""


async def test_one_video_is_converted_at_a_time(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5)
    program = tmp_path / "program.py"
    program.write_text(ALONE)
    rewriter = Rewriter(program=program)

    async def convert() -> None:
        with pytest.raises(RewriteError) as error:
            await rewriter.rewrite(Source(film, Container.MP4), tmp_path / "t", None, most_bytes=LIMIT)
        assert error.value.sentence.params == {"reason": "no-room"}

    await asyncio.gather(convert(), convert(), convert())


async def test_a_conversion_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5)
    program, started = tmp_path / "program.py", tmp_path / "started"
    program.write_text(f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    fitter = Fitter(tmp_path / "files", Prober(), reencodes=True, rewriter=Rewriter(program=program))

    async def convert() -> None:
        async with fitter.fitted(delivered(film), LIMIT):
            pass

    task = asyncio.create_task(convert())
    async with asyncio.timeout(60):
        while not started.exists() or not started.read_text():  # noqa: ASYNC110  another process makes it
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
    assert not list((tmp_path / "files").iterdir())


async def test_what_was_made_is_gone_afterwards(tmp_path: Path) -> None:
    async with fitted(make_film(tmp_path / "f", seconds=0.5)) as made:
        assert made.path is not None

    assert not made.path.exists()


async def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(NotAVideoError):
        async with fitted(make_sound(tmp_path / "f")):
            pass
