"""Originals of videos that are posted as a link of the bot's own: kept, served, and gone with their post."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import LogCapture
from yarl import URL

from bot.domain.job import Job, JobState
from bot.domain.outbox import NoteKind
from bot.media.signed import SignedLinks
from bot.orders.account_erasure import Erasing
from bot.orders.history import History
from bot.worker.herald import Place, TryAgainError
from bot.worker.outcome import Watch
from bot.worker.results import KEPT_FOR, Results
from tests.bot.worker.fitting import QuickFitter
from tests.bot.worker.stage import AT_ONCE, MEMBER, SMALL, Stage

PUBLIC = "https://videos.example.org"
SOON, LATER = 1800, 7200
SIZE = 20_000


@pytest.fixture(autouse=True)
def film(stage: Stage) -> None:
    """Too large, and can't be made smaller; the service's link ends soon."""
    delivers(stage, ttl=SOON)
    stage.fitter = fitter = QuickFitter(stage.folder / "files")
    fitter.least_bytes = SIZE
    stage.results = offering(stage)


def delivers(stage: Stage, *, ttl: int) -> None:
    stage.gateway.default_plan = replace(AT_ONCE, ttl=ttl, video=replace(SMALL, padding_bytes=SIZE))


def offering(stage: Stage) -> Results:
    """What a process has that knows the same token."""
    return replace(stage.results, links=SignedLinks(PUBLIC, b"secret" * 6, stage.clock))


async def posted(stage: Stage) -> Job:
    """A video that was posted as a link."""
    if not stage.workers:
        await stage.start()
    job = await stage.order(size_limit=10_000)
    done = await stage.until_state(job, JobState.DELIVERED, hurry=0.1)
    assert [post.size_bytes for post in stage.herald.of(job)] == [None]
    await stage.until_free(job)
    return done


def address(stage: Stage, job: Job) -> str:
    """What the post leads to."""
    return stage.herald.of(job)[0].url or ""


async def served(stage: Stage, job: Job) -> Path | None:
    """The file behind that, as the web server finds it."""
    name = (stage.results.links or pytest.fail()).open(URL(address(stage, job)).parts[2])
    return None if name is None else await stage.results.path(name)


def files(stage: Stage) -> list[Path]:
    folder = stage.folder / "results"
    return list(folder.iterdir()) if folder.exists() else []


def grow_old(stage: Stage) -> None:
    """As after some minutes."""
    for path in files(stage):
        os.utime(path, (0, 0))


async def test_a_link_that_ends_soon_is_replaced_by_one_of_our_own(stage: Stage) -> None:
    job = await posted(stage)

    assert address(stage, job).startswith(f"{PUBLIC}/files/")
    assert address(stage, job).endswith(f"/clapboard-{job.id}.mp4")
    path = await served(stage, job)
    assert path is not None
    assert (job.film and job.film.size_bytes) == path.stat().st_size > SIZE
    assert job.kept_until is not None
    assert abs(job.kept_until - stage.clock() - KEPT_FOR) < timedelta(minutes=1)
    assert stage.files() == []


async def test_a_link_of_our_own_ends_with_the_record_of_its_video(stage: Stage) -> None:
    stage.results = replace(stage.results, jobs_for=timedelta(days=3))

    job = await posted(stage)

    assert stage.results.given(job).result_expires_at == job.created_at + timedelta(days=3)


async def test_a_link_too_long_to_be_posted_is_replaced_by_one_of_our_own(stage: Stage) -> None:
    job = await stage.order()
    video = None

    assert await stage.results.original(replace(job, result_url="x" * 1001), video) == {
        "kept_file": None,
        "kept_until": None,
    }
    job = replace(await posted(stage), result_url="x" * 1001, result_expires_at=None, kept_file=None)
    async with stage.worker.deliver.carrier.fetched(await stage.read(job), Watch()) as carried:
        assert (await stage.results.original(job, carried.video))["kept_file"] is not None
        short = replace(job, result_url="x" * 1000)
        assert (await stage.results.original(short, carried.video))["kept_file"] is None


async def test_a_link_that_lasts_is_handed_on_and_nothing_is_kept(stage: Stage) -> None:
    delivers(stage, ttl=LATER)

    job = await posted(stage)

    assert (address(stage, job), job.kept_file, files(stage)) == (job.result_url, None, [])


async def test_without_a_public_address_the_services_link_has_to_do(stage: Stage) -> None:
    stage.results = replace(stage.results, links=None)

    job = await posted(stage)

    assert (address(stage, job), job.kept_file, files(stage)) == (job.result_url, None, [])


async def test_what_there_is_no_room_for_is_not_kept(stage: Stage, log: LogCapture) -> None:
    stage.results = replace(stage.results, limit_bytes=2 * SIZE)

    job = await posted(stage)

    assert (address(stage, job), job.kept_file, files(stage)) == (job.result_url, None, [])
    assert [entry["job"] for entry in log.entries if entry["event"] == "no room for a large video"] == [job.id]


async def test_another_process_serves_it_too(stage: Stage) -> None:
    job = await posted(stage)

    stage.results = offering(stage)

    assert await served(stage, job) is not None


@pytest.mark.parametrize("how", ["delete", "remove", "erase", "expire"])
async def test_it_is_gone_with_its_post(stage: Stage, how: str) -> None:
    job, other = await posted(stage), await posted(stage)
    assert files(stage)
    if how == "delete":
        await stage.delete(job)
    elif how == "remove":
        await stage.remove(job)
    elif how == "erase":
        await Erasing(stage.database, stage.clock, stage.worker.scheduler.wake).everything_of(MEMBER)
    else:
        stage.clock.jump(KEPT_FOR.total_seconds())

    assert await served(stage, job) is None
    # The same bytes are one file, as long as one of them is offered.
    is_shared = how in {"delete", "remove"}
    assert (await served(stage, other) is not None) == is_shared
    grow_old(stage)
    await stage.results.tidy()
    assert bool(files(stage)) == is_shared


async def test_it_is_gone_with_an_erasure_although_something_is_still_to_be_told(stage: Stage) -> None:
    job = await posted(stage)
    stage.herald.trouble("show_status", TryAgainError(3600))
    await stage.note(job, NoteKind.STATUS)

    async def put_off() -> bool:
        return [note.attempts for note in await stage.notes(job)] == [1]

    await stage.until(put_off)
    await Erasing(stage.database, stage.clock, lambda _: None).everything_of(MEMBER)

    assert (await stage.read(job)).kept_file is None
    assert await served(stage, job) is None


async def test_a_post_that_somebody_deleted_by_hand_ends_nothing(stage: Stage) -> None:
    job = await posted(stage)
    await History(stage.database).gone(job, job.message or pytest.fail())

    assert await served(stage, job) is not None
    grow_old(stage)
    await stage.results.tidy()
    assert (await stage.results.offered(await stage.read(job)) or pytest.fail())[0].result_url == address(stage, job)


async def test_what_could_be_posted_nowhere_is_kept_for_its_author(stage: Stage) -> None:
    stage.herald.closed = set(Place)
    await stage.start()
    job = await stage.until_state(await stage.order(size_limit=10_000), JobState.UNDELIVERED, hurry=0.1)
    grow_old(stage)

    await stage.results.tidy()

    given, path = await stage.results.offered(job) or pytest.fail()
    assert (given.result_url or "").startswith(f"{PUBLIC}/files/")
    assert path.stat().st_size > SIZE


async def test_whose_post_was_deleted_is_not_offered_again(stage: Stage) -> None:
    job = await posted(stage)
    await stage.delete(job)

    assert await stage.results.offered(await stage.read(job)) is None


async def test_what_stands_is_not_swept_however_old_its_file(stage: Stage) -> None:
    job = await posted(stage)
    grow_old(stage)

    await stage.results.tidy()

    assert await served(stage, job) is not None


async def test_what_was_kept_a_moment_ago_is_not_swept_before_its_job_names_it(stage: Stage) -> None:
    job = await posted(stage)
    await stage.delete(job)

    await stage.results.tidy()

    assert (len(files(stage)), await served(stage, job)) == (1, None)


async def test_a_place_that_takes_the_file_needs_no_link(stage: Stage) -> None:
    stage.herald.closed = {Place.CHANNEL}
    stage.herald.known_limits = {Place.PARENT: 10 * SIZE}
    await stage.start()

    job = await stage.until_state(await stage.order(size_limit=10_000), JobState.DELIVERED, hurry=0.1)

    assert job.kept_file is None
    assert stage.herald.of(job)[0].size_bytes


@pytest.mark.parametrize("name", ["clapboard-0000000000.mp4", "clapboard-.mp4", "../clapboard-0000000000.mp4", ""])
async def test_no_other_name_leads_to_a_file(stage: Stage, name: str) -> None:
    await posted(stage)

    assert await stage.results.path(name) is None
