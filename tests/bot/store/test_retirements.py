"""What gateways are written down to know no more."""

from datetime import timedelta

from bot.domain.retirement import Retirement
from bot.store import retirements
from bot.store.database import Database
from tests.bot.store.records import NOW, ask

GONE = Retirement("myrouter", "wan2.6-t2v", NOW)


async def test_one_that_stands_there_keeps_its_time(database: Database) -> None:
    later = Retirement(GONE.gateway, GONE.slug, NOW + timedelta(hours=1))
    async with database.write() as tx:
        added = [await retirements.add(tx, each) for each in (GONE, later)]

    assert added == [True, False]
    assert await ask(database, retirements.known) == [GONE]


async def test_the_end_of_one_is_the_end_of_no_other(database: Database) -> None:
    others = [Retirement("highway", GONE.slug, NOW), Retirement(GONE.gateway, "wan2.6-i2v", NOW)]
    async with database.write() as tx:
        for each in (GONE, *others):
            await retirements.add(tx, each)
        ended = [await retirements.end(tx, GONE.gateway, GONE.slug) for _ in range(2)]

    assert ended == [True, False]
    assert await ask(database, retirements.known) == others
