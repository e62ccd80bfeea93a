"""Notices: what was told is gone, and its id with it."""

from bot.domain.notice import NoticeKind
from bot.store import notices
from bot.store.database import Database
from tests.bot.store.records import GUILD, NOW


async def noted(database: Database) -> int:
    async with database.write() as tx:
        await notices.put(tx, GUILD, NoticeKind.CHANGED, {}, NOW)
    async with database.read() as tx:
        (notice,) = await notices.due(tx, NOW, limit=9)
    return notice.id


async def test_an_id_is_never_given_twice_because_a_nonce_is_made_of_it(database: Database) -> None:
    ids = []
    for _ in range(3):
        ids.append(await noted(database))
        async with database.write() as tx:
            await notices.done(tx, ids[-1])

    assert len(set(ids)) == 3
