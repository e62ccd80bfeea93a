"""The books over whole lives of orders: whatever happens, in whatever order, they say what the jobs say."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.ids import new_job_id
from bot.domain.job import JobState
from tests.bot.orders.desk import CHOICES, Desk
from tests.bot.orders.studio import FREE, CrashingDatabase, Studio

STEPS = [
    "order", "order", "submit", "requeue", "render", "finish", "fail_unsent", "fail", "lose", "overdue", "expire",
    "cancel", "give", "ask", "approve", "decline", "wait_out", "remove", "refund", "settle",
]  # fmt: skip
MANNERS = ["once", "once", "once", "twice", "crash", "crash, then again"]
STEP = st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.sampled_from(MANNERS))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(life=st.lists(STEP, min_size=5, max_size=30), bills_failed=st.booleans(), bills_unsure=st.booleans())
async def test_the_books_say_what_the_jobs_say_whatever_happens(
    template: Path, tmp_path: Path, life: list[tuple[str, int, str]], bills_failed: bool, bills_unsure: bool
) -> None:
    path = tmp_path / f"{new_job_id()}.db"
    async with CrashingDatabase(Path(copy(template, path))) as database:
        studio = Studio(database, Desk(database, tmp_path), bills_failed, bills_unsure)
        await studio.desk.set_up(replace(CHOICES, tiers=FREE))

        for name, number, manner in life:
            await studio.step(name, number, manner)
            await studio.check()
    path.unlink()


WALKS = [
    "order submit render finish",
    "order submit requeue submit render fail",
    "order cancel",
    "order fail_unsent",
    "order submit lose render finish",
    "order submit lose render fail",
    "order submit render overdue finish",
    "order submit render overdue fail",
    "order submit render overdue expire",
    "order submit lose render overdue finish",
    "order submit lose render overdue expire",
    "ask approve submit render finish",
    "ask decline",
    "ask wait_out",
    "ask cancel",
    "ask remove",
    "order remove",
    "order submit render remove finish",
    "order submit render finish refund",
    "order submit render refund finish",
    "order submit render refund fail",
    "order submit render refund overdue expire",
    "order submit render fail refund",
    "order submit lose refund render",
    "order submit lose settle render",
    "order submit lose remove settle",
]


@pytest.mark.parametrize(("bills_failed", "bills_unsure"), list(product((False, True), repeat=2)))
async def test_every_way_that_an_order_can_go_is_walked_and_told_by_the_books(
    template: Path, tmp_path: Path, bills_failed: bool, bills_unsure: bool
) -> None:
    ends = set()
    async with CrashingDatabase(Path(copy(template, tmp_path / "walks.db"))) as database:
        studio = Studio(database, Desk(database, tmp_path), bills_failed, bills_unsure)
        await studio.desk.set_up(replace(CHOICES, tiers=FREE))
        for number, walk in enumerate(WALKS):
            for name in walk.split():
                await studio.step(name, number, "crash, then again")
                await studio.check()
            job = await studio.job(number)
            assert job is not None
            ends.add(job.state)
    ended = {JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED, JobState.DROPPED}
    assert ends == {JobState.RENDERED, *ended}
