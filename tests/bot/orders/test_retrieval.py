"""Fetching a finished video once more: from its address, from a fresh one, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.film import Treatment
from bot.domain.job import Job, JobState
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient, Limits
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.media.download import Downloads
from bot.media.fit import Fitter
from bot.media.kept import KeptFiles
from bot.media.probe import Prober
from bot.media.rewrite import Rewriter
from bot.media.signed import SignedLinks
from bot.orders.errors import ConvertingError, OneAtATimeError, VideoLostError, VideoOutOfReachError
from bot.orders.retrieval import LINE, Retrieval
from bot.store.database import Database
from bot.worker.results import Results
from sandbox.gateway import GatewayServer, Plan, VideoShape
from sandbox.gateway.films import film
from tests.bot.gateway.conftest import ORDER
from tests.bot.store.records import NOW, SECOND, add, reread

HASTY = Limits(read_attempts=1, read_timeout_seconds=1, connect_timeout_seconds=1)
LIMIT = 1 << 20
PLAIN = VideoShape(seconds=1)
ODD = VideoShape(seconds=1, encoder="libx265")


@pytest.fixture
async def server() -> AsyncIterator[GatewayServer]:
    async with GatewayServer() as running:
        running.default_plan = Plan(queued_seconds=0, processing_seconds=0, video=PLAIN)
        yield running


@pytest.fixture
async def retrieval(server: GatewayServer, database: Database, tmp_path: Path) -> AsyncIterator[Retrieval]:
    async with GatewayHttp() as http:
        client = GatewayClient("myrouter", server.url, SecretStr(server.key), http, Pace(60_000), limits=HASTY)
        fitter = Fitter(tmp_path / "files", Prober(), reencodes=True)
        kept, links = KeptFiles(tmp_path / "results"), SignedLinks("https://videos.example.org", b"secret", lambda: NOW)
        results = Results(database, kept, links, lambda: NOW, 1 << 30, timedelta(days=90))
        yield Retrieval(database, Gateways([client]), Downloads(tmp_path / "files"), fitter, results, lambda: NOW)


async def finished(retrieval: Retrieval, **columns: object) -> Job:
    """A video that its gateway has, and the job that it was made for."""
    gateway = retrieval.gateways.get("myrouter")
    assert gateway is not None
    task_id = await gateway.submit(ORDER)
    address = (await gateway.result(task_id)).video_url
    known = {"gateway": "myrouter", "task_id": task_id, "result_url": address, "result_expires_at": NOW + SECOND}
    return await add(retrieval.database, None, **({"state": JobState.UNDELIVERED} | known | columns))


async def test_a_video_is_fetched_to_a_file_that_is_gone_afterwards(
    server: GatewayServer, retrieval: Retrieval, tmp_path: Path
) -> None:
    job = await finished(retrieval)

    async with retrieval.video(job, LIMIT) as video:
        assert video.path is not None
        assert video.path.stat().st_size == video.size_bytes > 0
        assert replace(video.job, film=None) == job

    assert list((tmp_path / "files").iterdir()) == []
    assert server.polls == 1


async def kept_film(retrieval: Retrieval, tmp_path: Path, *, until: datetime, shape: VideoShape = PLAIN) -> Job:
    """A video whose original was kept; its service has forgotten it."""
    path = tmp_path / "film.mp4"
    path.write_bytes(film(shape))
    name = await KeptFiles(tmp_path / "results").keep(path, ".mp4")
    gone = {"result_url": None, "task_id": None, "state": JobState.DELIVERED}
    return await finished(retrieval, kept_file=name, kept_until=until, **gone)


async def test_a_kept_original_is_given_by_its_own_address_or_as_a_file(retrieval: Retrieval, tmp_path: Path) -> None:
    job = await kept_film(retrieval, tmp_path, until=NOW + SECOND)

    async with retrieval.video(job, LIMIT) as small:
        given = (small.job.result_url or "", small.job.result_expires_at, small.size_bytes)
        assert small.path is not None
        assert small.path.read_bytes() == film(PLAIN)
    async with retrieval.video(job, 100) as large:
        assert large.path is None

    assert given == (large.job.result_url, NOW + SECOND, large.size_bytes)
    assert given[0].startswith("https://videos.example.org/files/")


async def test_a_kept_original_that_does_not_play_is_given_as_one_that_does(
    retrieval: Retrieval, tmp_path: Path
) -> None:
    job = await kept_film(retrieval, tmp_path, until=NOW + SECOND, shape=ODD)

    async with retrieval.video(job, LIMIT) as video:
        assert video.job.film is not None
        assert (video.job.film.video_codec, video.job.film.treatment) == ("h264", Treatment.REENCODED)
        assert video.path is not None
        assert video.path.stat().st_size == video.size_bytes
        assert (video.job.result_url or "").startswith("https://videos.example.org/files/")

    assert list((tmp_path / "files").iterdir()) == []
    assert len(list((tmp_path / "results").iterdir())) == 1


async def test_an_original_whose_time_is_over_is_given_no_more(retrieval: Retrieval, tmp_path: Path) -> None:
    job = await kept_film(retrieval, tmp_path, until=NOW)

    with pytest.raises(VideoLostError):
        async with retrieval.video(job, LIMIT):
            pass


async def test_an_original_that_is_missing_is_fetched_from_its_service(retrieval: Retrieval) -> None:
    job = await finished(retrieval, kept_file=f"{0:032}.mp4", kept_until=NOW + SECOND)

    async with retrieval.video(job, LIMIT) as video:
        assert (video.path is not None, video.job.result_url) == (True, job.result_url)


async def test_a_video_over_the_limit_is_an_address_with_its_end(retrieval: Retrieval) -> None:
    job = await finished(retrieval)

    async with retrieval.video(job, 100) as video:
        assert video.path is None
        assert video.size_bytes > 100
        assert (video.job.result_url, video.job.result_expires_at) == (job.result_url, NOW + SECOND)


@pytest.mark.parametrize("known", [None, NOW, NOW + SECOND])
async def test_an_address_that_has_run_out_is_asked_for_again_and_kept(
    server: GatewayServer, retrieval: Retrieval, known: object
) -> None:
    """Whether the bot knows that it has, or learns it from the refusal."""
    job = await finished(retrieval, result_expires_at=known)
    server.links.expire()

    async with retrieval.video(job, LIMIT) as video:
        assert video.path is not None

    written = await reread(retrieval.database, job.id)
    assert written.result_url not in {None, job.result_url}
    assert written.result_expires_at == NOW + timedelta(hours=1)
    assert server.polls == 2


async def test_a_video_that_its_service_has_forgotten_is_lost(server: GatewayServer, retrieval: Retrieval) -> None:
    job = await finished(retrieval, result_expires_at=NOW)
    server.tasks.clear()

    with pytest.raises(VideoLostError):
        async with retrieval.video(job, LIMIT):
            pass


async def test_a_video_whose_fresh_address_leads_nowhere_is_lost(server: GatewayServer, retrieval: Retrieval) -> None:
    job = await finished(retrieval)
    for task in server.tasks.values():
        task.plan = replace(task.plan, ttl="0")
    server.links.expire()

    with pytest.raises(VideoLostError):
        async with retrieval.video(job, LIMIT):
            pass


@pytest.mark.parametrize("changes", [{"gateway": "highway"}, {"task_id": None}])
async def test_a_video_without_a_gateway_to_ask_is_lost(retrieval: Retrieval, changes: dict[str, object]) -> None:
    job = await finished(retrieval, result_url=None, **changes)

    with pytest.raises(VideoLostError):
        async with retrieval.video(job, LIMIT):
            pass


@pytest.mark.parametrize("url_known", [True, False])
async def test_a_service_that_does_not_answer_may_be_asked_later(
    server: GatewayServer, retrieval: Retrieval, url_known: bool
) -> None:
    job = await finished(retrieval, **({} if url_known else {"result_url": None}))
    await server.stop()

    with pytest.raises(VideoOutOfReachError):
        async with retrieval.video(job, LIMIT):
            pass


async def test_an_address_that_is_not_public_is_never_opened(server: GatewayServer, retrieval: Retrieval) -> None:
    job = await finished(retrieval, result_url="http://127.0.0.1:9/secret.mp4")

    async with retrieval.video(job, LIMIT) as video:
        assert video.path is not None
        assert (video.job.result_url or "").startswith(server.url)


async def test_somebody_has_one_video_fetched_at_a_time(retrieval: Retrieval) -> None:
    job = await finished(retrieval)

    async with retrieval.video(job, LIMIT):
        with pytest.raises(OneAtATimeError):
            async with retrieval.video(job, LIMIT):
                pass

    async with retrieval.video(job, LIMIT) as video:
        assert video.path is not None


async def test_a_video_that_is_too_large_to_be_fetched_is_an_address(retrieval: Retrieval, tmp_path: Path) -> None:
    job = await finished(retrieval)
    narrow = replace(retrieval, downloads=Downloads(tmp_path / "files", max_bytes=100))

    async with narrow.video(job, LIMIT) as video:
        assert (video.path, video.job.result_url) == (None, job.result_url)


async def test_a_task_that_has_no_video_any_more_is_lost(server: GatewayServer, retrieval: Retrieval) -> None:
    job = await finished(retrieval, result_expires_at=NOW)
    for task in server.tasks.values():
        task.fail("withdrawn")

    with pytest.raises(VideoLostError):
        async with retrieval.video(job, LIMIT):
            pass


async def test_a_disk_without_room_for_what_is_changed_may_have_it_later(
    server: GatewayServer, retrieval: Retrieval, tmp_path: Path
) -> None:
    server.default_plan = replace(server.default_plan, video=ODD)
    job = await finished(retrieval)
    (tmp_path / "full").write_text("in the way")
    fitter = Fitter(tmp_path / "full", Prober(), reencodes=True)

    with pytest.raises(VideoOutOfReachError):
        async with replace(retrieval, fitter=fitter).video(job, LIMIT):
            pass


async def test_old_videos_that_have_to_be_changed_never_stand_in_line_for_long(
    server: GatewayServer, retrieval: Retrieval, tmp_path: Path
) -> None:
    usual = server.default_plan
    server.default_plan = replace(usual, video=ODD)
    jobs = [replace(await finished(retrieval), author_id=number) for number in range(LINE + 1)]
    server.default_plan = usual
    ordinary = replace(await finished(retrieval), author_id=LINE + 1)
    program = tmp_path / "program.py"
    program.write_text("import time; time.sleep(600)")
    fitter = Fitter(tmp_path / "files", Prober(), reencodes=True, rewriter=Rewriter(program=program))
    busy = replace(retrieval, fitter=fitter)

    async def look(job: Job) -> int:
        async with busy.video(job, LIMIT) as video:
            return video.size_bytes

    looking = [asyncio.create_task(look(job)) for job in jobs]
    async with asyncio.timeout(60):
        done, waiting = await asyncio.wait(looking, return_when=asyncio.FIRST_COMPLETED)
        assert await look(ordinary)

    assert [type(task.exception()) for task in done] == [ConvertingError]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert list((tmp_path / "files").iterdir()) == []
