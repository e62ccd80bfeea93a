"""What the gateways decline counts for its author as what the server's words decline does."""

from dataclasses import dataclass

import pytest

from bot.domain.block import BY_THE_BOT, Block
from bot.domain.failure import FailureKind
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import Job, JobState
from bot.domain.notice import NoticeKind
from bot.policy import declines
from bot.policy.calendar import day
from bot.store import blocks, guilds, notices
from bot.store.database import Database
from bot.worker.endings import Endings
from tests.bot.store.files import database, path, template
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, add_reserved, ask, job

__all__ = ["database", "path", "template"]

_, TOMORROW = day(NOW, "UTC")


@dataclass
class Service:
    """Jobs that the gateways decline."""

    database: Database

    def __post_init__(self) -> None:
        self.endings = Endings(self.database, lambda: NOW, charge_failed=False, charge_unsure=True)

    async def fail(self, kind: FailureKind, *, ordered: bool = True, guild_id: int | None = GUILD) -> Job:
        state = JobState.RENDERING if ordered else JobState.SUBMITTING
        made = await add_reserved(self.database, job(guild_id=guild_id), state=state)
        await self.endings.fail(made, kind, "no", ordered=ordered)
        return made

    async def block(self) -> Block | None:
        return await ask(self.database, lambda tx: blocks.active(tx, GUILD, ALICE, NOW))

    async def told(self) -> list[NoticeKind]:
        return [each.kind for each in await ask(self.database, lambda tx: notices.due(tx, NOW, limit=9))]


@pytest.fixture
async def service(database: Database) -> Service:
    async with database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(), approved=True), BOB)
    return Service(database)


async def test_five_that_the_gateways_declined_pause_their_author(service: Service) -> None:
    await service.fail(FailureKind.MODERATION)
    await service.fail(FailureKind.REAL_PERSON)
    await service.fail(FailureKind.MODERATION, ordered=False)
    await service.fail(FailureKind.REAL_PERSON, ordered=False)
    assert await service.block() is None

    await service.fail(FailureKind.MODERATION)

    assert await service.block() == Block(GUILD, ALICE, BY_THE_BOT, TOMORROW, "5 declined prompts")
    assert await service.told() == [NoticeKind.DECLINED_PROMPTS]


async def test_a_failure_that_is_learned_of_twice_counts_once(service: Service) -> None:
    made = await service.fail(FailureKind.MODERATION)
    for _ in range(2 * declines.MOST):
        await service.endings.fail(made, FailureKind.MODERATION, "no", ordered=True)

    assert await service.block() is None


@pytest.mark.parametrize("kind", sorted(set(FailureKind) - declines.DECLINES))
async def test_other_failures_are_nobodys_fault(service: Service, kind: FailureKind) -> None:
    for _ in range(declines.MOST):
        await service.fail(kind)

    assert await service.block() is None


async def test_where_no_server_pays_nothing_is_counted(service: Service) -> None:
    for _ in range(declines.MOST):
        await service.fail(FailureKind.MODERATION, guild_id=None)

    assert await service.told() == []
