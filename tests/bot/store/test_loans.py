"""Files lent to gateways: none is forgotten, and none is taken back while a gateway may fetch it."""

from datetime import timedelta

import pytest

from bot.domain.job import JobState, ReplyToken
from bot.store import loans
from bot.store.database import Database
from tests.bot.store.records import CHANNEL, NOW, SECOND, add, ask

TOKEN = ReplyToken("token", NOW + timedelta(minutes=14))


async def test_a_loan_is_known_before_and_after_it_is_posted(database: Database) -> None:
    async with database.write() as tx:
        first = await loans.begin(tx, "7q2m0x9dkt", CHANNEL, NOW)
        second = await loans.begin(tx, "7q2m0x9dkt", CHANNEL, NOW, reply=TOKEN)
        await loans.posted(tx, second, 99)

    before, after = await ask(database, lambda tx: loans.of_job(tx, "7q2m0x9dkt"))

    assert (before.id, before.message_id, before.reply) == (first, None, None)
    assert (after.message_id, after.reply) == (99, TOKEN)


@pytest.mark.parametrize("state", JobState)
async def test_only_what_no_gateway_may_fetch_any_more_is_needless(database: Database, state: JobState) -> None:
    job = await add(database, state=state)
    async with database.write() as tx:
        await loans.begin(tx, job.id, CHANNEL, NOW)

    found = await ask(database, lambda tx: loans.needless(tx, NOW + SECOND, limit=9))

    waiting = {JobState.AWAITING_APPROVAL, JobState.QUEUED, JobState.SUBMITTING, JobState.RENDERING}
    assert bool(found) is (state not in waiting)


async def test_the_loan_of_an_order_that_never_came_to_be_is_needless_after_a_while(database: Database) -> None:
    async with database.write() as tx:
        await loans.begin(tx, "0123456789", CHANNEL, NOW)

    assert await ask(database, lambda tx: loans.needless(tx, NOW, limit=9)) == []
    (needless,) = await ask(database, lambda tx: loans.needless(tx, NOW + SECOND, limit=9))
    async with database.write() as tx:
        await loans.end(tx, needless.id)
    assert await ask(database, lambda tx: loans.needless(tx, NOW + SECOND, limit=9)) == []
