"""What managers give back, give on top and settle; who may, and what the books say then."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.administration.settling import (
    MOST_AMOUNT,
    MOST_VIDEOS,
    GiftSizeError,
    NothingGivenError,
    NothingToRefundError,
    NotOrderedYetError,
    NotUnsureError,
    Settling,
)
from bot.domain.audit import Action
from bot.domain.failure import FailureKind
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import ENDED, Job, JobState, TaskRef
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.orders.account import Account
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError, ManagersOnlyError
from bot.store import acts, guilds, ledger, moves, outbox, personal
from bot.store.database import Database
from tests.bot.policy.askers import MOD_ROLE, asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, PRICE, add_reserved, ask, job, reread

MANAGER = asker(user_id=BOB, manages=True)
OUTSIDERS = [
    asker(user_id=BOB),
    asker(user_id=BOB, moderates=True),
    asker(user_id=BOB, role_ids=frozenset({MOD_ROLE})),
    asker(user_id=BOB, guild_id=None, manages=True),
]
YESTERDAY = NOW - timedelta(days=1)


@dataclass
class Office:
    """The managers' room."""

    database: Database
    charge_unsure: bool = True
    woken: list[str] = field(default_factory=list)

    @property
    def settling(self) -> Settling:
        return Settling(self.database, lambda: NOW, self.woken.append, self.charge_unsure)

    async def settlement(self, video: Job) -> Settlement:
        return await ask(self.database, lambda tx: ledger.settlement(tx, video.id))

    async def member(self) -> tuple[int, int]:
        """Videos and units that count for Alice."""
        async with self.database.read() as tx:
            counted = await personal.sums(tx, ALICE, YESTERDAY, GUILD)
            return counted.videos - counted.given_videos, counted.amount - counted.given_amount

    async def spent(self) -> tuple[int, int]:
        """Units that the server and the process carry."""
        async with self.database.read() as tx:
            return await ledger.spent_since(tx, YESTERDAY, GUILD), await ledger.spent_since(tx, YESTERDAY)

    async def notes(self, video: Job) -> set[NoteKind]:
        return {note.kind for note in await ask(self.database, lambda tx: outbox.open_notes(tx, video.id))}

    async def acts(self) -> list[tuple[Action, int, int | None, str | None, str]]:
        found = await ask(self.database, lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=9))
        return [(act.action, act.actor_id, act.member_id, act.job_id, act.reason) for act in found]

    async def video(self, state: JobState, *, charged: bool = False) -> Job:
        """A job whose price was reserved, or charged."""
        written = await add_reserved(self.database, state=state)
        if charged:
            async with self.database.write() as tx:
                await ledger.commit(tx, written, NOW)
        return written


@pytest.fixture
async def office(database: Database) -> Office:
    async with database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(moderator_role_id=MOD_ROLE), approved=True), BOB)
    return Office(database)


@pytest.mark.parametrize("state", [JobState.DELIVERED, JobState.UNDELIVERED, JobState.FAILED])
async def test_a_refund_gives_the_member_everything_back_and_server_and_process_go_on_carrying_it(
    office: Office, state: JobState
) -> None:
    video = await office.video(state, charged=True)

    await office.settling.refund(MANAGER, video.id, "it was black")

    assert (await reread(office.database, video.id)).state is state
    assert await office.settlement(video) is Settlement.REFUNDED
    assert await office.member() == (0, 0)
    assert await office.spent() == (PRICE, PRICE)
    assert await office.acts() == [(Action.REFUND, BOB, ALICE, video.id, "it was black")]
    assert office.woken == [video.id]


@pytest.mark.parametrize("state", [JobState.RENDERING, JobState.RENDERED, JobState.DELIVERING])
async def test_one_that_is_on_its_way_can_be_refunded_and_is_not_charged_when_it_comes(
    office: Office, state: JobState
) -> None:
    video = await office.video(state)

    await office.settling.refund(MANAGER, video.id)
    async with office.database.write() as tx:
        await ledger.commit(tx, video, NOW)

    assert await office.member() == (0, 0)
    assert await office.spent() == (PRICE, PRICE)


async def test_nothing_is_refunded_twice(office: Office) -> None:
    video = await office.video(JobState.DELIVERED, charged=True)
    await office.settling.refund(MANAGER, video.id)

    with pytest.raises(NothingToRefundError):
        await office.settling.refund(MANAGER, video.id)

    assert await office.spent() == (PRICE, PRICE)
    assert len(await office.acts()) == 1


async def test_what_failed_and_was_given_back_already_is_not_carried_by_anybody_after_another_refund(
    office: Office,
) -> None:
    video = await office.video(JobState.FAILED)
    async with office.database.write() as tx:
        await ledger.refund(tx, video, NOW, FailureKind.SERVICE)

    with pytest.raises(NothingToRefundError):
        await office.settling.refund(MANAGER, video.id)

    assert await office.spent() == (0, 0)


@pytest.mark.parametrize("state", [JobState.AWAITING_APPROVAL, JobState.QUEUED, JobState.SUBMITTING])
async def test_what_is_not_ordered_is_cancelled_instead(office: Office, state: JobState) -> None:
    video = await office.video(state)

    with pytest.raises(NotOrderedYetError):
        await office.settling.refund(MANAGER, video.id)

    assert await office.settlement(video) is Settlement.RESERVED


@pytest.mark.parametrize(("bills", "carried"), [(True, PRICE), (False, 0)])
async def test_an_order_of_unknown_outcome_is_closed_by_its_refund(office: Office, bills: bool, carried: int) -> None:
    office.charge_unsure = bills
    video = await office.video(JobState.UNSURE)

    closed = await office.settling.refund(MANAGER, video.id)

    assert closed == await reread(office.database, video.id)
    assert (closed.state, closed.failure, closed.finished_at) == (JobState.DROPPED, FailureKind.SETTLED, NOW)
    assert await office.settlement(video) is Settlement.REFUNDED
    assert await office.member() == (0, 0)
    assert await office.spent() == (carried, carried)
    # Its author was told, with a ping, that nobody knows what it costs.
    assert await office.notes(video) == {NoteKind.STATUS, NoteKind.PING, NoteKind.CARD}


async def test_an_order_of_unknown_outcome_that_was_given_back_already_can_still_be_closed(office: Office) -> None:
    office.charge_unsure = False
    video = await office.video(JobState.UNSURE)
    async with office.database.write() as tx:
        await ledger.refund(tx, video, NOW, FailureKind.UNSURE)

    assert (await office.settling.refund(MANAGER, video.id)).state is JobState.DROPPED
    assert await office.spent() == (0, 0)


async def test_a_task_that_is_learned_of_after_the_order_was_settled_is_kept_and_moves_nothing(office: Office) -> None:
    video = await office.video(JobState.UNSURE)
    await office.settling.refund(MANAGER, video.id)

    async with office.database.write() as tx:
        learned = await moves.learn_task(tx, video.id, TaskRef("myrouter", "t-1"), NOW)

    assert learned is None
    assert (await reread(office.database, video.id)).state is JobState.DROPPED
    assert await office.spent() == (PRICE, PRICE)


async def test_a_refund_of_something_posted_leaves_its_status_message_alone(office: Office) -> None:
    delivered, failed = [await office.video(state, charged=True) for state in (JobState.DELIVERED, JobState.FAILED)]

    for video in (delivered, failed):
        await office.settling.refund(MANAGER, video.id)

    assert await office.notes(delivered) == {NoteKind.CARD}
    assert await office.notes(failed) == {NoteKind.STATUS, NoteKind.CARD}


async def test_ordering_again_settles_in_the_transaction_that_orders_or_not_at_all(office: Office) -> None:
    video = await office.video(JobState.UNSURE)
    settle = office.settling.settle(MANAGER, video.id)

    with pytest.raises(NothingGivenError):
        async with office.database.write() as tx:
            await settle(tx)
            raise NothingGivenError
    unchanged = await reread(office.database, video.id)
    async with office.database.write() as tx:
        await settle(tx)

    assert unchanged == video
    assert (await reread(office.database, video.id)).state is JobState.DROPPED
    assert await office.acts() == [(Action.RETRY, BOB, ALICE, video.id, "")]


@pytest.mark.parametrize("state", sorted(set(JobState) - {JobState.UNSURE}))
async def test_only_what_nobody_can_tell_of_is_ordered_again(office: Office, state: JobState) -> None:
    video = await office.video(state)

    with pytest.raises(NotUnsureError):
        await office.settling.unsure(MANAGER, video.id)
    with pytest.raises(NotUnsureError):
        async with office.database.write() as tx:
            await office.settling.settle(MANAGER, video.id)(tx)


async def test_a_gift_counts_for_the_member_and_changes_nothing_about_what_the_server_has_spent(
    office: Office,
) -> None:
    await office.video(JobState.DELIVERED, charged=True)

    await office.settling.grant(MANAGER, ALICE, 2, 5000, "for the contest")

    assert await office.member() == (1 - 2, PRICE - 5000)
    assert await office.spent() == (PRICE, PRICE)
    assert await office.acts() == [(Action.GRANT, BOB, ALICE, None, "for the contest")]
    usage = await Account(office.database, lambda: NOW, office.woken.append).usage(asker())
    assert (usage.videos_today, usage.a_day, usage.given_today) == (1, 3 + 2, 2)
    assert (usage.videos_this_month, usage.given_this_month) == (1, 5000)


@pytest.mark.parametrize(
    ("videos", "amount", "error"),
    [
        (0, 0, NothingGivenError),
        (-1, 5, GiftSizeError),
        (1, -5, GiftSizeError),
        (MOST_VIDEOS + 1, 0, GiftSizeError),
        (0, MOST_AMOUNT + 1, GiftSizeError),
    ],
)
async def test_a_gift_is_something_and_not_too_much(
    office: Office, videos: int, amount: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await office.settling.grant(MANAGER, ALICE, videos, amount)

    assert await office.member() == (0, 0)
    assert await office.acts() == []


@pytest.mark.parametrize("outsider", OUTSIDERS)
async def test_nobody_but_a_manager_settles_anything(office: Office, outsider: Asker) -> None:
    video, settling = await office.video(JobState.UNSURE), office.settling

    for attempt in (
        settling.refund(outsider, video.id),
        settling.refundable(outsider, video.id),
        settling.unsure(outsider, video.id),
        settling.grant(outsider, ALICE, 1, 0),
        settling.videos(outsider, "", ENDED),
    ):
        with pytest.raises(ManagersOnlyError):
            await attempt
    with pytest.raises(ManagersOnlyError):
        async with office.database.write() as tx:
            await settling.settle(outsider, video.id)(tx)

    assert await reread(office.database, video.id) == video
    assert await office.acts() == []


@pytest.mark.parametrize("guild_id", [GUILD + 1, None])
async def test_a_video_of_another_server_is_none_of_a_managers_business(office: Office, guild_id: int | None) -> None:
    foreign = await add_reserved(office.database, job(guild_id=guild_id), state=JobState.UNSURE)

    for video_id in (foreign.id, "nosuchjob0"):
        for attempt in (office.settling.refund(MANAGER, video_id), office.settling.unsure(MANAGER, video_id)):
            with pytest.raises(JobGoneError):
                await attempt

    assert await reread(office.database, foreign.id) == foreign


async def test_the_servers_videos_are_offered_by_state_and_words(office: Office) -> None:
    unsure = await office.video(JobState.UNSURE)
    await office.video(JobState.DELIVERED)
    await add_reserved(office.database, job(guild_id=GUILD + 1), state=JobState.UNSURE)

    found = await office.settling.videos(MANAGER, "CAT", {JobState.UNSURE})

    assert [each.id for each in found] == [unsure.id]
    assert await office.settling.videos(replace(MANAGER, user_id=ALICE), "dog", {JobState.UNSURE}) == []
