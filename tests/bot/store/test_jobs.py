"""Jobs: what was written is what is read, however odd; and the questions that the program asks of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.failure import FailureKind
from bot.domain.inputs import Inputs
from bot.domain.job import ENDED, Job, JobState, MessagePlace, ReplyToken, TaskRef
from bot.domain.outbox import NoteKind
from bot.domain.request import CharacterClip, VideoRequest
from bot.domain.standing import RenderTime
from bot.store import jobs, ledger, moves, outbox
from bot.store.database import Database
from bot.store.rows import dump_request, load_request
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, PRICE, SECOND, add, add_reserved, job, reread, rows

# Everything that Python calls text: also halves of emoji, which a payload can hold and UTF-8 can't.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=40)
SECONDS = st.decimals(0, 999, places=3, allow_nan=False)
REQUESTS = st.builds(
    VideoRequest,
    prompt=TEXTS,
    duration=st.none() | st.integers(1, 60),
    aspect=st.none() | TEXTS,
    resolution=st.none() | TEXTS,
    image=st.none() | TEXTS,
    last_image=st.none() | TEXTS,
    character=st.none() | st.builds(CharacterClip, url=TEXTS, start=SECONDS, end=SECONDS),
    parent_task=st.none() | TEXTS,
    audio=st.none() | st.booleans(),
    seed=st.none() | st.integers(-(2**63), 2**63),
    watermark=st.none() | st.booleans(),
    negative=st.none() | TEXTS,
)


@asynccontextmanager
async def emptied(path: Path) -> AsyncIterator[Database]:
    async with Database(path) as database:
        yield database
        async with database.write() as tx:
            await tx.exec_driver_sql("DELETE FROM jobs")


@settings(max_examples=50)
@given(request=REQUESTS)
def test_a_request_comes_back_as_it_was(request: VideoRequest) -> None:
    text = dump_request(request)

    assert load_request(text) == request
    assert text.isascii()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=REQUESTS)
async def test_a_job_comes_back_from_the_file_as_it_was(path: Path, request: VideoRequest) -> None:
    async with emptied(path) as database:
        new = job(request=request)

        await add(database, new)

        assert await reread(database, new.id) == new


async def test_the_exact_seconds_of_a_clip_come_back(database: Database) -> None:
    clip = CharacterClip("https://x.example/c.mp4", Decimal("0.100"), Decimal("3.1"))
    new = job(request=VideoRequest("naïve 🎬\x00\ud83c ", character=clip))

    await add(database, new)

    found = (await reread(database, new.id)).request
    assert found == new.request
    assert found.character is not None
    assert str(found.character.start) == "0.100"


async def test_every_field_of_a_job_has_its_column(database: Database) -> None:
    kept = Inputs("a.png", "b.png", "c.mp4", Decimal("2.5"), "f0x0000000")
    new = job(
        private=True,
        status=MessagePlace(5, 6),
        reply=ReplyToken("token", NOW + timedelta(minutes=15)),
        server_id=GUILD + 1,
        remix_of="0123456789",
        repeats="9876543210",
        inputs=kept,
        spoiler=True,
    )
    written = await add(
        database,
        new,
        state=JobState.FAILED,
        fence=3,
        acknowledged_at=NOW,
        attempt=2,
        gateway="highway",
        task_id="t-1",
        submit_started_at=NOW + SECOND,
        ordered_at=NOW + 2 * SECOND,
        finished_at=NOW + 3 * SECOND,
        result_url="https://v.example/v.mp4?sig=%2F",
        result_expires_at=NOW + 4 * SECOND,
        deliver_first_at=NOW + 5 * SECOND,
        message_channel_id=7,
        message_id=8,
        dont_post=True,
        late=True,
        failure=FailureKind.BUSY,
        failure_detail="heavy_load",
        removed_at=NOW + 6 * SECOND,
    )

    assert written == Job(
        id=new.id,
        state=JobState.FAILED,
        fence=3,
        guild_id=GUILD,
        channel_id=new.channel_id,
        author_id=ALICE,
        locale="en-US",
        model_id="sora-2",
        request=new.request,
        private=True,
        price=PRICE,
        size_limit=10 << 20,
        created_at=NOW,
        deadline_at=NOW + timedelta(hours=1),
        acknowledged_at=NOW,
        status=MessagePlace(5, 6),
        reply=ReplyToken("token", NOW + timedelta(minutes=15)),
        attempt=2,
        gateway="highway",
        task=TaskRef("highway", "t-1"),
        submit_started_at=NOW + SECOND,
        ordered_at=NOW + 2 * SECOND,
        finished_at=NOW + 3 * SECOND,
        result_url="https://v.example/v.mp4?sig=%2F",
        result_expires_at=NOW + 4 * SECOND,
        deliver_first_at=NOW + 5 * SECOND,
        message=MessagePlace(7, 8),
        dont_post=True,
        late=True,
        failure=FailureKind.BUSY,
        failure_detail="heavy_load",
        server_id=GUILD + 1,
        remix_of="0123456789",
        repeats="9876543210",
        inputs=kept,
        spoiler=True,
        removed_at=NOW + 6 * SECOND,
    )
    assert await reread(database, new.id) == written


async def test_the_same_interaction_makes_no_second_job(database: Database) -> None:
    first, second = job(), job()
    async with database.write() as tx:
        added = [await jobs.add(tx, first, 77), await jobs.add(tx, second, 77)]
        known = [await jobs.is_known(tx, 77), await jobs.is_known(tx, 78)]
        missing = await jobs.get(tx, second.id)

    assert added == [True, False]
    assert known == [True, False]
    assert missing is None


async def test_a_persons_queue_has_what_has_not_ended_oldest_first(database: Database) -> None:
    old = await add(database, job(created_at=NOW - SECOND), state=JobState.UNSURE)
    new = await add(database, job(created_at=NOW))
    await add(database, job(author_id=BOB))
    for state in ENDED:
        await add(database, state=state)

    async with database.read() as tx:
        every = await jobs.of_author(tx, ALICE, limit=25)
        first = await jobs.of_author(tx, ALICE, limit=1)

    assert [found.id for found in every] == [old.id, new.id]
    assert [found.id for found in first] == [old.id]


async def test_at_work_counts_one_persons_jobs_in_one_place(database: Database) -> None:
    mine = [
        await add(database, job(created_at=NOW + n * SECOND), state=state)
        for n, state in enumerate(
            [JobState.QUEUED, JobState.SUBMITTING, JobState.RENDERING, JobState.AWAITING_APPROVAL]
        )
    ]
    direct = await add(database, job(guild_id=None))
    await add(database, job(author_id=BOB))
    await add(database, job(guild_id=GUILD + 1))
    for state in set(JobState) - {found.state for found in mine}:
        await add(database, state=state)

    async with database.read() as tx:
        here = await jobs.at_work(tx, ALICE, GUILD)
        there = await jobs.at_work(tx, ALICE, None)

    assert [found.id for found in here] == [found.id for found in mine]
    assert [found.id for found in there] == [direct.id]


async def test_the_place_in_line_counts_who_waits_before(database: Database) -> None:
    await add(database, job(created_at=NOW - 9 * SECOND), state=JobState.RENDERING)
    line = [await add(database, job(created_at=NOW + n * SECOND)) for n in range(3)]

    async with database.read() as tx:
        places = [await jobs.place_in_line(tx, waiting) for waiting in line]

    assert places == [1, 2, 3]


async def test_those_who_came_in_the_same_moment_have_different_places(database: Database) -> None:
    line = [await add(database) for _ in range(3)]

    async with database.read() as tx:
        places = [await jobs.place_in_line(tx, waiting) for waiting in line]

    assert sorted(places) == [1, 2, 3]


async def test_rendering_counts_what_is_out_at_the_gateways_or_on_its_way(database: Database) -> None:
    for state in JobState:
        await add(database, state=state)

    async with database.read() as tx:
        assert await jobs.rendering(tx) == 2


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], None),
        ([60, 70], None),
        ([60, 70, 80], RenderTime(70, 80)),
        (list(range(100, 0, -1)), RenderTime(26, 46)),
        ([5] * 45 + [500] * 5, RenderTime(5, 500)),
    ],
)
async def test_the_usual_time_is_that_of_the_newest_videos(
    database: Database, seconds: list[int], expected: RenderTime | None
) -> None:
    async with database.write() as tx:
        for number, took in enumerate(seconds):
            done = job(created_at=NOW + number * SECOND)
            await jobs.add(tx, done, 10_000 + number)
            end = NOW + number * SECOND + took * SECOND
            state = JobState.DELIVERED if number % 2 else JobState.UNDELIVERED
            await moves.note_on(tx, done.id, state=state, ordered_at=NOW + number * SECOND, finished_at=end)
        found = await jobs.usual_time(tx, "sora-2")
        other = await jobs.usual_time(tx, "kling-3")

    assert found == expected
    assert other is None


async def test_what_failed_or_was_never_ordered_says_nothing_of_the_usual_time(database: Database) -> None:
    for _ in range(3):
        await add(database, state=JobState.FAILED, ordered_at=NOW, finished_at=NOW + SECOND)
        await add(database, state=JobState.DELIVERED, finished_at=NOW + SECOND)
        await add(database, state=JobState.RENDERED, ordered_at=NOW, finished_at=NOW + SECOND)

    async with database.read() as tx:
        assert await jobs.usual_time(tx, "sora-2") is None


async def test_old_jobs_are_forgotten_with_what_they_asked_for_and_the_books_stay(database: Database) -> None:
    old = NOW - timedelta(days=91)
    gone = [await add_reserved(database, job(created_at=old), state=state) for state in (*ENDED, JobState.UNSURE)]
    kept = [await add_reserved(database, job(created_at=old), state=JobState.OVERDUE), await add_reserved(database)]
    async with database.write() as tx:
        for number, found in enumerate([*gone, *kept]):
            await moves.learn_task(tx, found.id, TaskRef("myrouter", f"t-{number}"), old)
            await moves.note_on(tx, found.id, state=found.state)
            await outbox.put(tx, found.id, old, NoteKind.STATUS)
        before = await ledger.spent_since(tx, old)

        forgotten = await jobs.forget(tx, NOW - timedelta(days=90))

        after = await ledger.spent_since(tx, old)
        left = [await jobs.get(tx, found.id) for found in [*gone, *kept]]
    assert forgotten == len(gone)
    assert [found and found.id for found in left] == [*[None] * len(gone), *[found.id for found in kept]]
    assert after == before == PRICE * (len(gone) + 2)
    assert await rows(database, "SELECT job_id FROM tasks ORDER BY job_id") == [(found.id,) for found in kept]
    assert await rows(database, "SELECT DISTINCT job_id FROM outbox ORDER BY 1") == [(found.id,) for found in kept]
