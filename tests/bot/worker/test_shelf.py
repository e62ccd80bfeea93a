"""The kept files: what nobody names goes, and the oldest goes first when there is too much."""

import hashlib
import os
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.character import Character
from bot.domain.inputs import Inputs
from bot.domain.job import JobState
from bot.media.kept import KeptFiles
from bot.store import characters, moves
from bot.store.rows import dump_inputs
from bot.worker.shelf import Shelf
from tests.bot.worker.stage import GUILD, MEMBER, Stage

SIZE = 100


class Shelves:
    """Kept files of 100 bytes each, all older than any order in the making."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.folder = stage.folder / "inputs"
        self.kept, self.results = KeptFiles(self.folder), KeptFiles(stage.folder / "results")

    async def put(self, text: str) -> str:
        """A file; its name."""
        source = self.stage.folder / text
        source.write_bytes(hashlib.sha256(text.encode()).digest()[:1] * SIZE)
        name = await self.kept.keep(source, ".png")
        os.utime(self.folder / name, (0, 0))
        return name

    async def named(self, text: str, state: JobState) -> str:
        """A file that a job names."""
        name, job = await self.put(text), await self.stage.order()
        async with self.stage.database.write() as tx:
            await moves.note_on(tx, job.id, inputs=dump_inputs(Inputs(picture=name)), state=state)
        return name

    async def character(self, text: str) -> str:
        """A file that a character names."""
        name, now = await self.put(text), self.stage.clock()
        one = Character("f0x0000000", MEMBER, GUILD, "Fox", name, Decimal(2), now, now)
        async with self.stage.database.write() as tx:
            assert await characters.add(tx, one)
        return name

    async def tidied(self, limit_bytes: int) -> set[str]:
        """What is left."""
        await Shelf(self.stage.database, self.kept, self.results, self.stage.clock, limit_bytes).tidy()
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def shelves(stage: Stage) -> Shelves:
    return Shelves(stage)


async def test_what_nobody_names_goes_after_an_hour(shelves: Shelves) -> None:
    job, character = await shelves.named("job", JobState.DELIVERED), await shelves.character("fox")
    young, _old = await shelves.put("young"), await shelves.put("old")
    moment = (shelves.stage.clock() - timedelta(minutes=59)).timestamp()
    os.utime(shelves.folder / young, (moment, moment))

    assert await shelves.tidied(1 << 20) == {job, character, young}


async def test_over_the_limit_the_oldest_inputs_of_ended_jobs_go_first(shelves: Shelves) -> None:
    character = await shelves.character("fox")
    _oldest, older, newest = [await shelves.named(text, JobState.DELIVERED) for text in ("oldest", "older", "newest")]

    assert await shelves.tidied(3 * SIZE) == {character, older, newest}
    assert await shelves.tidied(0) == {character}


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RENDERING, JobState.OVERDUE])
async def test_what_a_gateway_may_still_have_to_fetch_never_goes(shelves: Shelves, state: JobState) -> None:
    running = await shelves.named("running", state)
    await shelves.named("ended", JobState.FAILED)

    assert await shelves.tidied(0) == {running}
