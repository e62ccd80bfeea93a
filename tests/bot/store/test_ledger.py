"""The books: append-only, every sum explained by its entries, never below nothing."""

import asyncio
from datetime import timedelta
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.job import Job
from bot.domain.ledger import Settlement
from bot.policy import calendar
from bot.store import ledger
from bot.store.database import Database, Transaction
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, PRICE, add_reserved, job, rows

DAY = timedelta(days=1)
LONG_AGO = NOW - 99 * DAY


async def videos(tx: Transaction, user_id: int = ALICE, guild_id: int | None = GUILD) -> int:
    return await ledger.videos_since(tx, LONG_AGO, guild_id, user_id)


async def reserve(tx: Transaction, new: Job) -> None:
    accounts = await ledger.lock(tx, new.guild_id, new.author_id)
    await ledger.reserve(tx, new, accounts.member, new.created_at)


async def test_a_reservation_counts_for_the_member_the_server_and_the_process(database: Database) -> None:
    await add_reserved(database)
    await add_reserved(database, job(author_id=BOB))
    await add_reserved(database, job(guild_id=GUILD + 1))
    await add_reserved(database, job(guild_id=None))

    async with database.read() as tx:
        assert await videos(tx) == await videos(tx, BOB) == await videos(tx, guild_id=GUILD + 1) == 1
        assert await videos(tx, guild_id=None) == 1
        assert await videos(tx, BOB, None) == 0
        assert await ledger.spent_since(tx, LONG_AGO, GUILD) == 2 * PRICE
        assert await ledger.spent_since(tx, LONG_AGO, 0) == PRICE
        assert await ledger.spent_since(tx, LONG_AGO) == 4 * PRICE
        assert await ledger.spent_since(tx, LONG_AGO, GUILD + 2) == 0


async def test_a_sum_begins_at_its_moment(database: Database) -> None:
    await add_reserved(database)

    async with database.read() as tx:
        assert await ledger.spent_since(tx, NOW) == PRICE
        assert await ledger.spent_since(tx, NOW + timedelta(milliseconds=1)) == 0
        assert await ledger.videos_since(tx, NOW + timedelta(milliseconds=1), GUILD, ALICE) == 0


@pytest.mark.parametrize("zone", sorted(available_timezones()))
def test_every_day_of_every_zone_begins_with_a_slot_of_the_sums(zone: str) -> None:
    for month in range(1, 13):
        begins, ends = calendar.day(NOW.replace(month=month), zone)
        assert ledger._begins(ledger._slot(begins)) == begins
        assert ledger._begins(ledger._slot(ends)) == ends


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.lists(st.floats(-60, 60), max_size=8), since=st.floats(-60, 60))
async def test_a_sum_is_exact_wherever_in_a_slot_it_begins(
    database: Database, minutes: list[float], since: float
) -> None:
    begin = NOW + timedelta(milliseconds=round(since * 60_000))
    moments = [NOW + timedelta(milliseconds=round(each * 60_000)) for each in minutes]
    async with database.write() as tx:
        await tx.exec_driver_sql("DELETE FROM ledger")
        await tx.exec_driver_sql("DELETE FROM spend")
        for moment in moments:
            await reserve(tx, job(created_at=moment))

        expected = PRICE * sum(moment >= begin for moment in moments)
        assert await ledger.spent_since(tx, begin) == await ledger.spent_since(tx, begin, GUILD) == expected


async def test_a_refund_counts_at_the_day_of_its_reservation(database: Database) -> None:
    yesterday = await add_reserved(database, job(created_at=NOW - DAY))
    await add_reserved(database)
    async with database.write() as tx:
        assert await ledger.refund(tx, yesterday, NOW, "gave_up")

        assert await ledger.videos_since(tx, NOW - timedelta(hours=1), GUILD, ALICE) == 1
        assert await ledger.spent_since(tx, NOW - timedelta(hours=1)) == PRICE
        assert await videos(tx) == 1
        assert await ledger.settlement(tx, yesterday.id) is Settlement.REFUNDED


async def test_a_refund_is_made_once_and_only_of_what_was_reserved(database: Database) -> None:
    reserved = await add_reserved(database)
    stranger = job()
    async with database.write() as tx:
        assert await ledger.refund(tx, reserved, NOW, "cancelled", actor_id=BOB)
        assert not await ledger.refund(tx, reserved, NOW, "cancelled again")
        assert not await ledger.refund(tx, stranger, NOW, "nothing")

        assert await ledger.spent_since(tx, LONG_AGO) == 0
        assert await ledger.settlement(tx, stranger.id) is Settlement.NONE
    assert await rows(database, "SELECT actor_id, reason FROM ledger WHERE kind = 'refund'") == [(BOB, "cancelled")]


async def test_a_commit_leaves_the_reservation_standing_and_is_made_once(database: Database) -> None:
    reserved = await add_reserved(database)
    async with database.write() as tx:
        assert await ledger.settlement(tx, reserved.id) is Settlement.RESERVED
        assert await ledger.commit(tx, reserved, NOW + DAY)
        assert not await ledger.commit(tx, reserved, NOW + DAY)

        assert await ledger.settlement(tx, reserved.id) is Settlement.CHARGED
        assert await ledger.spent_since(tx, LONG_AGO) == PRICE
        assert await ledger.spent_since(tx, NOW + timedelta(hours=1)) == 0
        assert await videos(tx) == 1


async def test_a_late_video_is_booked_to_the_server_and_not_to_the_member(database: Database) -> None:
    reserved = await add_reserved(database)
    async with database.write() as tx:
        await ledger.refund(tx, reserved, NOW, "gave_up")

        assert await ledger.commit(tx, reserved, NOW + DAY)
        assert not await ledger.commit(tx, reserved, NOW + 2 * DAY)

        assert await ledger.settlement(tx, reserved.id) is Settlement.SERVER
        assert await videos(tx) == 0
        assert await ledger.spent_since(tx, NOW + DAY, GUILD) == PRICE
        assert await ledger.spent_since(tx, LONG_AGO) == PRICE


async def test_an_overdue_order_is_given_back_to_the_member_and_carried_by_the_server(database: Database) -> None:
    reserved = await add_reserved(database)
    async with database.write() as tx:
        await ledger.hold(tx, reserved, NOW + DAY, "gave_up")
        await ledger.hold(tx, reserved, NOW + DAY, "gave_up")

        assert await ledger.settlement(tx, reserved.id) is Settlement.REFUNDED
        assert await videos(tx) == 0
        assert await ledger.spent_since(tx, LONG_AGO, GUILD) == PRICE
        assert await ledger.spent_since(tx, NOW + DAY) == 0

        assert await ledger.commit(tx, reserved, NOW + DAY)
        assert await ledger.settlement(tx, reserved.id) is Settlement.SERVER
        assert await ledger.spent_since(tx, LONG_AGO, GUILD) == PRICE


async def test_an_overdue_order_that_comes_to_nothing_costs_nobody(database: Database) -> None:
    reserved = await add_reserved(database)
    never_overdue = await add_reserved(database)
    async with database.write() as tx:
        await ledger.hold(tx, reserved, NOW, "gave_up")
        for _ in range(2):
            await ledger.release(tx, reserved, NOW, "expired")
            await ledger.release(tx, never_overdue, NOW, "expired")

        assert await ledger.settlement(tx, reserved.id) is Settlement.REFUNDED
        assert await ledger.spent_since(tx, LONG_AGO) == PRICE


async def test_what_was_charged_and_given_back_is_refunded(database: Database) -> None:
    reserved = await add_reserved(database)
    async with database.write() as tx:
        await ledger.commit(tx, reserved, NOW)
        await ledger.refund(tx, reserved, NOW, "a manager's refund")

        assert await ledger.settlement(tx, reserved.id) is Settlement.REFUNDED
        assert await ledger.spent_since(tx, LONG_AGO) == 0


async def test_what_nobody_had_reserved_is_booked_to_the_server(database: Database) -> None:
    stranger = job()
    async with database.write() as tx:
        assert await ledger.commit(tx, stranger, NOW)

        assert await ledger.settlement(tx, stranger.id) is Settlement.SERVER
        assert await videos(tx) == 0
        assert await ledger.spent_since(tx, LONG_AGO, GUILD) == PRICE


async def test_a_free_video_settles_with_the_same_words(database: Database) -> None:
    free = await add_reserved(database, job(price=0))
    async with database.write() as tx:
        await ledger.refund(tx, free, NOW, "gave_up")
        await ledger.commit(tx, free, NOW)

        assert await ledger.settlement(tx, free.id) is Settlement.SERVER


async def test_accounts_are_opened_once_whoever_comes_first(path: Path) -> None:
    async with Database(path) as one, Database(path) as other:

        async def lock(database: Database) -> ledger.Accounts:
            async with database.write() as tx:
                return await ledger.lock(tx, GUILD, ALICE)

        found = await asyncio.gather(*(lock(database) for database in (one, other) * 4))

        assert len(set(found)) == 1
        assert await rows(one, "SELECT kind, guild_id, user_id FROM accounts ORDER BY id") == [
            ("process", 0, 0),
            ("guild", GUILD, 0),
            ("member", GUILD, ALICE),
        ]


class Book:
    """What the entries of one job should add up to."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.sum = 0
        self.member = 0

    def write(self, kind: str) -> None:
        reserved, refunded = "reserve" in self.kinds, "refund" in self.kinds
        if kind in self.kinds or (kind == "refund" and not reserved):
            return
        if kind == "reserve":
            self.sum, self.member = PRICE, 1
        elif kind == "refund":
            self.sum, self.member = self.sum - PRICE, 0
        elif refunded:
            self.sum += PRICE
        self.kinds.append(kind)

    @property
    def settlement(self) -> Settlement:
        match "reserve" in self.kinds, self.kinds[1:]:
            case False, _:
                return Settlement.NONE
            case _, []:
                return Settlement.RESERVED
            case _, ["refund", "commit"]:
                return Settlement.SERVER
            case _, [*rest] if "refund" in rest:
                return Settlement.REFUNDED
        return Settlement.CHARGED


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["reserve", "commit", "refund"])), max_size=14)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_the_sum_is_that_of_the_entries_and_never_below_nothing(
    database: Database, steps: list[tuple[int, str]]
) -> None:
    made = [job() for _ in range(3)]
    books = [Book() for _ in range(3)]
    async with database.write() as tx:
        await tx.exec_driver_sql("DELETE FROM ledger")
        await tx.exec_driver_sql("DELETE FROM spend")
        for number, step in steps:
            # The store's own rule: a job is accepted, and so reserved, before anything else.
            if step != "commit" or books[number].kinds:
                books[number].write(step)
                await WRITE[step](tx, made[number])

            spent = await ledger.spent_since(tx, LONG_AGO)
            assert spent == sum(book.sum for book in books) >= 0
            assert await videos(tx) == sum(book.member for book in books) >= 0
        found = [await ledger.settlement(tx, one.id) for one in made]
    amounts = await rows(database, "SELECT min(total) FROM (SELECT sum(amount) total FROM ledger GROUP BY job_id)")
    assert found == [book.settlement for book in books]
    assert amounts[0][0] is None or int(str(amounts[0][0])) >= 0


async def commit(tx: Transaction, one: Job) -> None:
    await ledger.commit(tx, one, NOW + DAY)


async def refund(tx: Transaction, one: Job) -> None:
    await ledger.refund(tx, one, NOW + DAY, "why")


WRITE = {"reserve": reserve, "commit": commit, "refund": refund}


@pytest.mark.parametrize("kind", ["reserve", "commit", "refund"])
async def test_an_entry_names_what_it_is_for(database: Database, kind: str) -> None:
    one = await add_reserved(database)
    async with database.write() as tx:
        await WRITE[kind](tx, one)

    found = await rows(database, f"SELECT job_id, guild_id, kind FROM ledger WHERE kind = '{kind}'")

    assert found == [(one.id, GUILD, kind)]
