"""Accepting: the limit and the reservation are one transaction, whoever comes at the same time."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import ClapboardError, StoreUnavailableError
from bot.domain.job import Job, JobState, MessagePlace, ReplyToken
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.orders.errors import AlreadyOrderedError, SameAgainError
from bot.orders.place import Orders
from bot.policy.asker import Asker
from bot.policy.errors import (
    AtOnceError,
    BlockedWordError,
    DailyLimitError,
    GuildBudgetError,
    NoRoleError,
    ProcessBudgetError,
)
from bot.policy.limits import Budgets
from bot.store import leases, ledger, moves, outbox
from bot.store.database import Database
from bot.store.leases import Lease
from tests.bot.orders.desk import CHOICES, DRAFT, MEMBER, Desk, receipt
from tests.bot.policy.askers import OTHER_ROLE
from tests.bot.store.records import CHANNEL, GUILD, NOW, PRICE, SECOND, add_reserved, job, reread, rows

A_DAY = 3
MANY = 50
PLACE = MessagePlace(CHANNEL, 4711)


async def accept_all(pairs: list[tuple[Orders, Asker]]) -> Counter[str]:
    """Everybody at once; how it ended for how many."""

    async def one(number: int, orders: Orders, who: Asker) -> Job:
        quote = await orders.quote(who, replace(DRAFT, prompt=f"cat {number}"))
        return await orders.accept(quote, receipt())

    ends = await asyncio.gather(*(one(number, *pair) for number, pair in enumerate(pairs)), return_exceptions=True)
    return Counter(type(end).__name__ for end in ends)


async def deliver(database: Database, accepted: Job) -> None:
    async with database.write() as tx:
        await moves.note_on(tx, accepted.id, state=JobState.DELIVERED)


async def claimable(desk: Desk) -> list[str]:
    async with desk.database.write() as tx:
        return [found.id for found in await leases.claim(tx, Lease("w", NOW), desk.now, limit=9, room=9)]


async def settlement(desk: Desk, job_id: str) -> Settlement:
    async with desk.database.read() as tx:
        return await ledger.settlement(tx, job_id)


async def test_an_accepted_job_is_what_was_quoted_with_its_price_reserved(desk: Desk) -> None:
    quote = await desk.quote()
    reply = ReplyToken("token", NOW + timedelta(minutes=15))
    came = receipt(received_at=NOW - SECOND, reply=reply, is_answer=True, status=PLACE)

    accepted = await desk.orders.accept(quote, came)

    assert accepted == Job(
        id=came.job_id,
        state=JobState.QUEUED,
        fence=0,
        guild_id=GUILD,
        channel_id=CHANNEL,
        author_id=MEMBER.user_id,
        locale="en-US",
        model_id="sora-2",
        request=quote.request,
        private=False,
        price=PRICE,
        size_limit=10 << 20,
        created_at=NOW - SECOND,
        deadline_at=NOW + timedelta(hours=1),
        status=PLACE,
        reply=reply,
        server_id=GUILD,
        videos_a_day=3,
    )
    assert await reread(desk.database, accepted.id) == accepted
    assert await settlement(desk, accepted.id) is Settlement.RESERVED
    assert await rows(desk.database, "SELECT amount, videos FROM ledger") == [(PRICE, 1)]
    assert await claimable(desk) == []


async def test_the_same_wish_within_ten_seconds_leads_to_the_running_video(desk: Desk) -> None:
    running = await desk.accept()

    with pytest.raises(SameAgainError) as refused:
        await desk.accept()

    assert refused.value.sentence.params == {"video": f"`{running.id}`"}
    desk.now += timedelta(seconds=11)
    with pytest.raises(AtOnceError):
        await desk.accept()


async def test_the_same_wish_is_known_however_long_its_files_were_looked_at(desk: Desk) -> None:
    quote = await desk.quote()
    twice = [receipt(received_at=NOW), receipt(received_at=NOW + SECOND)]
    desk.now += timedelta(minutes=1)
    running = await desk.orders.accept(quote, twice[0])

    with pytest.raises(SameAgainError) as refused:
        await desk.orders.accept(quote, twice[1])

    assert refused.value.sentence.params == {"video": f"`{running.id}`"}


async def test_the_same_wish_of_a_minute_ago_is_a_new_one_whichever_is_looked_at_first(desk: Desk) -> None:
    quote, desk.now = await desk.quote(), NOW + timedelta(minutes=1)
    await desk.orders.accept(quote, receipt(received_at=desk.now))

    with pytest.raises(AtOnceError):
        await desk.orders.accept(quote, receipt(received_at=NOW))


async def test_the_same_wish_is_a_new_one_once_the_video_has_ended(desk: Desk) -> None:
    await deliver(desk.database, await desk.accept())

    assert (await desk.accept()).state is JobState.QUEUED


async def test_fifty_at_once_of_one_member_give_one(desk: Desk) -> None:
    ends = await accept_all([(desk.orders, MEMBER)] * MANY)

    assert ends == {"Job": 1, "AtOnceError": MANY - 1}
    assert await rows(desk.database, "SELECT count(*), (SELECT count(*) FROM ledger) FROM jobs") == [(1, 1)]


async def test_fifty_at_once_against_the_last_video_of_the_day_give_one(desk: Desk) -> None:
    for _ in range(A_DAY - 1):
        await deliver(desk.database, await desk.accept())

    ends = await accept_all([(desk.orders, MEMBER)] * MANY)

    assert ends["Job"] == 1
    assert sum(ends.values()) == MANY
    assert await rows(desk.database, "SELECT count(*) FROM jobs") == [(A_DAY,)]


async def test_three_a_day_and_no_fourth(desk: Desk) -> None:
    for _ in range(A_DAY):
        await deliver(desk.database, await desk.accept())

    with pytest.raises(DailyLimitError):
        await desk.accept()


@pytest.mark.parametrize(
    ("budgets", "refusal"),
    [(Budgets(3 * PRICE, 10**9), GuildBudgetError), (Budgets(10**9, 3 * PRICE), ProcessBudgetError)],
)
async def test_fifty_members_at_once_against_a_budget_for_three_give_three(
    desk: Desk, budgets: Budgets, refusal: type[ClapboardError]
) -> None:
    orders = desk.with_terms(budgets=budgets)
    members = [replace(MEMBER, user_id=MEMBER.user_id + number) for number in range(MANY)]

    ends = await accept_all([(orders, who) for who in members])

    assert ends == {"Job": 3, refusal.__name__: MANY - 3}
    assert await rows(desk.database, "SELECT sum(amount) FROM ledger") == [(3 * PRICE,)]


async def test_two_processes_at_once_count_against_the_same_budget(desk: Desk, path: Path) -> None:
    async with Database(path) as second:
        other = Desk(second, desk.directory)
        both = [one.with_terms(budgets=Budgets(10**9, 3 * PRICE)) for one in (desk, other)]
        members = [replace(MEMBER, user_id=MEMBER.user_id + number) for number in range(MANY)]

        ends = await accept_all([(both[number % 2], who) for number, who in enumerate(members)])

    assert ends == {"Job": 3, "ProcessBudgetError": MANY - 3}


async def test_two_processes_at_once_give_one_member_one_video(desk: Desk, path: Path) -> None:
    async with Database(path) as second:
        other = Desk(second, desk.directory)

        ends = await accept_all([(desk.orders, MEMBER), (other.orders, MEMBER)] * (MANY // 2))

    assert ends == {"Job": 1, "AtOnceError": MANY - 1}


async def test_the_same_interaction_makes_one_job_and_the_second_is_told_so(desk: Desk) -> None:
    quote, came = await desk.quote(), receipt()
    first = await desk.orders.accept(quote, came)
    before = await desk.contents()

    with pytest.raises(AlreadyOrderedError):
        await desk.orders.accept(quote, replace(came, job_id="0000000000"))
    await deliver(desk.database, first)
    with pytest.raises(AlreadyOrderedError):
        await desk.orders.accept(quote, replace(came, job_id="0000000001"))

    after = await desk.contents()
    assert after["ledger"] == before["ledger"]
    assert len(await rows(desk.database, "SELECT id FROM jobs")) == 1


async def test_the_same_interaction_many_times_at_once_makes_one_job(desk: Desk) -> None:
    quote, came = await desk.quote(), receipt()

    ends = await asyncio.gather(
        *(desk.orders.accept(quote, replace(came, job_id=f"{number:010d}")) for number in range(10)),
        return_exceptions=True,
    )

    assert Counter(type(end).__name__ for end in ends) == {"Job": 1, "AlreadyOrderedError": 9}


async def test_what_changed_since_the_quote_is_refused_and_writes_nothing(desk: Desk) -> None:
    quote = await desk.quote()

    await desk.set_up(replace(CHOICES, role_ids=frozenset({OTHER_ROLE})))
    before = await desk.contents()
    with pytest.raises(NoRoleError):
        await desk.orders.accept(quote, receipt())
    assert await desk.contents() == before

    await desk.set_up(replace(CHOICES, words=("cat",)))
    before = await desk.contents()
    with pytest.raises(BlockedWordError):
        await desk.orders.accept(quote, receipt())
    assert await desk.contents() == before

    await desk.set_up()
    await add_reserved(desk.database, job(created_at=NOW))
    before = await desk.contents()
    with pytest.raises(AtOnceError):
        await desk.orders.accept(quote, receipt())
    assert await desk.contents() == before


async def test_words_that_were_blocked_meanwhile_are_looked_for_in_what_shall_not_be_seen_too(desk: Desk) -> None:
    quote = await desk.quote()
    await desk.set_up(replace(CHOICES, words=("dog",)))

    with pytest.raises(BlockedWordError):
        await desk.orders.accept(replace(quote, request=replace(quote.request, negative="a dog")), receipt())


async def test_a_database_that_went_away_takes_no_order(desk: Desk) -> None:
    quote = await desk.quote()
    desk.database.path.rename(desk.database.path.with_name("moved.db"))

    with pytest.raises(StoreUnavailableError):
        await desk.orders.accept(quote, receipt())


async def test_an_order_that_was_seen_is_worked_on(desk: Desk) -> None:
    accepted = await desk.accept()

    await desk.orders.acknowledge(accepted.id, PLACE)

    seen = await reread(desk.database, accepted.id)
    assert (seen.acknowledged_at, seen.status) == (NOW, PLACE)
    assert desk.woken == [accepted.id]
    assert await claimable(desk) == [accepted.id]


async def test_an_order_that_was_cancelled_before_it_was_seen_still_has_its_status_message_told(desk: Desk) -> None:
    accepted = await desk.accept()
    await desk.following.cancel(MEMBER, accepted.id)
    async with desk.database.write() as tx:
        for note in await outbox.open_notes(tx, accepted.id):
            await outbox.done(tx, note, NOW)

    await desk.orders.acknowledge(accepted.id, PLACE)

    found = await reread(desk.database, accepted.id)
    assert (found.state, found.status, found.acknowledged_at) == (JobState.CANCELLED, PLACE, None)
    async with desk.database.read() as tx:
        assert [note.kind for note in await outbox.open_notes(tx, accepted.id)] == [NoteKind.STATUS, NoteKind.CARD]


async def test_an_order_that_is_gone_can_be_acknowledged_without_harm(desk: Desk) -> None:
    before = await desk.contents()

    await desk.orders.acknowledge("nosuchjob0", PLACE)
    await desk.orders.acknowledge("nosuchjob0", None)

    assert await desk.contents() == before


async def test_an_order_that_could_not_be_shown_is_taken_back_and_costs_nothing(desk: Desk) -> None:
    accepted = await desk.accept()

    await desk.orders.withdraw(accepted)
    await desk.orders.withdraw(accepted)

    found = await reread(desk.database, accepted.id)
    assert (found.state, found.finished_at) == (JobState.CANCELLED, NOW)
    assert await settlement(desk, accepted.id) is Settlement.REFUNDED
    assert await rows(desk.database, "SELECT sum(amount), sum(videos), count(*) FROM ledger") == [(0, 0, 2)]
    await desk.accept()


async def test_an_order_that_is_at_work_already_is_not_taken_back(desk: Desk) -> None:
    accepted = await desk.accept()
    await desk.orders.acknowledge(accepted.id, PLACE)
    assert await claimable(desk) == [accepted.id]

    await desk.orders.withdraw(accepted)

    assert (await reread(desk.database, accepted.id)).state is JobState.QUEUED
    assert await settlement(desk, accepted.id) is Settlement.RESERVED


async def test_the_first_use_is_told_once(desk: Desk) -> None:
    assert [await desk.orders.is_first_use(MEMBER.user_id) for _ in range(3)] == [True, False, False]
