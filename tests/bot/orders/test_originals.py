"""Which videos can be remixed: those that a gateway made, whose model remixes, and that are no remixes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.errors import RefusalError
from bot.domain.job import Job, JobState, TaskRef
from bot.orders.errors import NoRemixError, NotFinishedError, RemixOfRemixError
from bot.orders.reuse import can_be_remixed, require_original
from tests.bot.orders.desk import Desk
from tests.bot.store.records import ALICE, BOB, NOW, add, job

CATALOGUE = Catalogue.load()
MADE = replace(job(), state=JobState.DELIVERED, task=TaskRef("myrouter", "t-1"))
REMIX = replace(MADE, remix_of="a1b2c3d4e5", request=replace(MADE.request, parent_task="t-0"))


def test_a_finished_video_can_be_remixed() -> None:
    require_original(MADE, CATALOGUE)

    assert can_be_remixed(MADE, CATALOGUE)


@pytest.mark.parametrize(
    ("video", "refusal"),
    [
        (replace(MADE, state=JobState.RENDERING), NotFinishedError),
        (replace(MADE, state=JobState.FAILED), NotFinishedError),
        (replace(MADE, task=None), NotFinishedError),
        (replace(MADE, model_id="gone-1"), NoRemixError),
        (REMIX, RemixOfRemixError),
    ],
)
def test_everything_else_is_refused_with_the_reason(video: Job, refusal: type[RefusalError]) -> None:
    with pytest.raises(refusal):
        require_original(video, CATALOGUE)


@pytest.mark.parametrize("video", [replace(MADE, task=None), replace(MADE, model_id="gone-1"), REMIX])
def test_what_no_gateway_would_change_offers_no_remix(video: Job) -> None:
    assert not can_be_remixed(video, CATALOGUE)


async def test_ones_own_originals_are_found_newest_first(desk: Desk) -> None:
    async def made(number: int, **changes: object) -> str:
        values: dict[str, object] = {"state": JobState.DELIVERED, "gateway": "myrouter", "task_id": f"t-{number}"}
        at = NOW + timedelta(seconds=number)
        base = job(created_at=at, author_id=changes.pop("author_id", ALICE), remix_of=changes.pop("remix_of", None))
        return (await add(desk.database, base, **(values | changes))).id

    first, second = await made(1), await made(2)
    await made(3, author_id=BOB)
    await made(4, state=JobState.RENDERING)
    await made(5, task_id=None)
    await made(6, model_id="gone-1")
    await made(7, remix_of=first)
    await made(8, removed_at=NOW)

    found = await desk.reuse.originals(ALICE, "", CATALOGUE)

    assert [one.id for one in found] == [second, first]
    assert [one.id for one in await desk.reuse.originals(ALICE, first, CATALOGUE)] == [first]
