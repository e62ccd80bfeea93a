"""Files are examined by a child process that can do no harm."""

import asyncio
import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from bot.media import child
from bot.media.containers import Container
from bot.media.errors import ProbeError, UnreadableFileError
from bot.media.probe import Kind, Prober, probe
from sandbox.gateway import Damage, Index, VideoShape
from sandbox.gateway.films import film as made
from tests.bot.media.films import make_film, make_recording, make_sound


def has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make_film(tmp_path / "film.mp4")


@pytest.fixture
def damaged(film: Path) -> Path:
    film.write_bytes(film.read_bytes()[:40] + b"x" * 2000)
    return film


def program(tmp_path: Path, source: str) -> Path:
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(source))
    return path


async def test_an_mp4_is_described_by_the_child(tmp_path: Path) -> None:
    path = make_film(tmp_path / "f", options={"movflags": "+faststart"}, sound=True)

    found = await probe(path)

    assert (found.kind, found.container, found.faststart) == (Kind.VIDEO, Container.MP4, True)
    assert (found.video_codec, found.pixel_format, found.audio_codec) == ("h264", "yuv420p", "aac")
    assert (found.width, found.height, found.fps) == (64, 48, 10.0)
    assert found.duration_seconds == Decimal(2)


async def test_an_mp4_with_its_index_at_the_end_is_not_faststart(film: Path) -> None:
    found = await Prober().probe(film)

    assert not found.faststart
    assert found.audio_codec is None


async def test_a_webm_from_a_browsers_recorder_has_the_length_of_its_packets(tmp_path: Path) -> None:
    path = make_recording(tmp_path / "live.webm", seconds=4)

    found = await probe(path)

    assert (found.container, found.video_codec, found.faststart) == (Container.WEBM, "vp8", True)
    assert found.duration_seconds is not None
    assert abs(found.duration_seconds - 4) <= Decimal("0.1")


async def test_sound_in_a_videos_container_is_no_video(tmp_path: Path) -> None:
    found = await probe(make_sound(tmp_path / "sound.mp4"))

    assert (found.kind, found.audio_codec, found.video_codec) == (Kind.AUDIO, "aac", None)


async def test_a_file_that_is_no_video_needs_no_child(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"#EXTM3U\nfile:///etc/passwd")

    with pytest.raises(UnreadableFileError):
        await probe(path, program=tmp_path / "not-there")


async def test_a_damaged_file_is_unreadable(damaged: Path) -> None:
    with pytest.raises(UnreadableFileError):
        await probe(damaged)


async def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await probe(tmp_path / "missing")


@pytest.mark.parametrize(
    "source",
    [
        "import os; os.kill(os.getpid(), 11)",
        "import os; os._exit(4)",
        "import not_installed",
        "print('no json')",
        "print('{}')",
        "print('x' * 1_000_000)",
        "import time; time.sleep(60)",
    ],
    ids=["crash", "exit", "fault", "text", "empty report", "flood", "hang"],
)
async def test_a_child_that_misbehaves_is_gone_and_told(film: Path, tmp_path: Path, source: str) -> None:
    with pytest.raises(ProbeError) as error:
        await probe(film, wall_seconds=0.5, program=program(tmp_path, source))

    assert type(error.value) is ProbeError
    assert not has_children()


async def test_a_cancelled_probe_kills_its_child(film: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    hanging = program(tmp_path, f"import time; open({str(started)!r}, 'w').close(); time.sleep(60)")
    task = asyncio.create_task(probe(film, program=hanging))
    async with asyncio.timeout(50):
        while not started.exists():  # noqa: ASYNC110  another process makes it
            await asyncio.sleep(0.005)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not has_children()


BOT = """
import asyncio, sys
from pathlib import Path
from bot.media.processes import Limits, run_confined

asyncio.run(run_confined(Path(sys.argv[1]), (), Limits(60, 60, 512 << 20, 1000), wall_seconds=60))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process can be told to end with its parent")
def test_the_child_ends_with_a_bot_that_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "told"
    writing = f"import os, time; open({str(told)!r}, 'w').write(f'{{os.getpid()}} '); time.sleep(60)"
    bot = subprocess.Popen([sys.executable, "-c", BOT, str(program(tmp_path, writing))])
    wait_until(lambda: told.exists() and " " in told.read_text())

    bot.kill()
    bot.wait()

    wait_until(lambda: not is_alive(int(told.read_text())))


def is_alive(process: int) -> bool:
    """Whether it runs; one that nobody has reaped yet does not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 50
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


async def test_the_child_sees_no_secret(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hush-hush")
    telling = program(tmp_path, "import os, sys; print('told:', os.environ.get('DISCORD_TOKEN')); sys.exit(3)")

    with pytest.raises(UnreadableFileError) as error:
        await probe(film, program=telling)

    assert error.value.sentence.params == {"reason": "told: None\n"}


async def test_probes_wait_for_each_other(film: Path) -> None:
    prober = Prober(at_once=1)

    found = await asyncio.gather(prober.probe(film), prober.probe(film))

    assert found[0] == found[1]


LIMITED = """
import os, resource
from bot.media.confined import limit_resources

before = os.nice(0)
limit_resources(10, 20, 512 << 20, 0)
for which in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
    print(*resource.getrlimit(which))
print(os.nice(0) > before)
try:
    bytearray(1 << 30)
except MemoryError:
    print("no memory")
"""


def test_the_child_gives_up_its_resources_for_good() -> None:
    # An empty environment keeps the measuring of coverage away: it could not write its file.
    answer = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True, env={})

    memory = 512 << 20
    assert answer.stdout.split("\n") == ["10 10", f"{memory} {memory}", "0 0", "0 0", "True", "no memory", ""]


def test_the_bots_own_process_never_imports_pyav() -> None:
    source = "import sys, bot.media.attachments, bot.media.download, bot.media.fit; print('av' in sys.modules)"

    answer = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)

    assert answer.stdout == "False\n"


def test_the_childs_answer_is_a_line_of_json(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = child.main([str(film), "mov"])

    report = json.loads(capsys.readouterr().out)
    assert (status, report["kind"], report["duration_seconds"]) == (0, "video", "2.000000")


@pytest.mark.parametrize(
    ("demuxer", "error"),
    [("hls", "ValueError"), ("concat", "ValueError"), ("matroska", "InvalidDataError")],
)
def test_the_child_reads_a_file_as_what_it_was_told_or_not_at_all(
    film: Path, capsys: pytest.CaptureFixture[str], demuxer: str, error: str
) -> None:
    status = child.main([str(film), demuxer])

    assert status == child.UNREADABLE
    assert json.loads(capsys.readouterr().out)["error"].startswith(error)


def test_the_child_describes_sound_alone_and_a_recorders_file(tmp_path: Path) -> None:
    path = make_recording(tmp_path / "live.webm", seconds=1)

    recorded = child.examine(str(path), "matroska")
    sound = child.examine(str(make_sound(tmp_path / "sound.mp4")), "mov")

    assert recorded["duration_seconds"] is not None
    assert sound["kind"] == "audio"


@pytest.mark.parametrize(
    ("shape", "whole"),
    [
        (VideoShape(seconds=1), True),
        (VideoShape(seconds=1, encoder="libx265", sound_encoder="libopus"), True),
        (VideoShape(seconds=1, encoder="libvpx-vp9", container="webm", sound_encoder="libopus"), True),
        (VideoShape(seconds=1, index=Index.FRAGMENTS), True),
        (VideoShape(seconds=1, damage=Damage.GARBLED), False),
        (VideoShape(seconds=1, damage=Damage.GARBLED, sound=False), False),
        (VideoShape(seconds=1, damage=Damage.CUT), False),
        (VideoShape(seconds=1, encoder="libx265", damage=Damage.GARBLED), False),
    ],
    ids=["plain", "hevc", "webm", "fragments", "garbled", "garbled, silent", "cut", "garbled sound"],
)
async def test_damage_that_ends_a_browsers_playing_is_found(tmp_path: Path, shape: VideoShape, whole: bool) -> None:
    path = tmp_path / "f"
    path.write_bytes(made(shape))

    assert (await probe(path)).whole is whole


@pytest.mark.parametrize(("encoder", "codec"), [("libsvtav1", "av1"), ("libvpx-vp9", "vp9"), ("libx265", "hevc")])
async def test_a_codec_is_named_and_not_its_decoder(
    tmp_path: Path, encoder: Literal["libsvtav1", "libvpx-vp9", "libx265"], codec: str
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(made(VideoShape(seconds=1, encoder=encoder, sound_encoder="libopus")))

    found = await probe(path)

    assert (found.video_codec, found.audio_codec) == (codec, "opus")


def test_looking_through_a_file_ends_however_much_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(made(VideoShape(seconds=2, damage=Damage.GARBLED)))

    found = child.examine(str(path), "mov")
    monkeypatch.setattr(child, "LOOK_SECONDS", 0.0)
    hasty = child.examine(str(path), "mov")

    assert (found["whole"], hasty["whole"]) == (False, True)
