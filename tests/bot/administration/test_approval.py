"""Orders that wait for a manager: approved, declined, by one of two at the same moment, and with old files."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.administration.approval import Approval, InputsGoneError, NotWaitingError
from bot.domain.audit import Action
from bot.domain.errors import RefusalError
from bot.domain.failure import FailureKind
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.domain.request import VideoRequest
from bot.orders.lending import KeptFileGoneError, NotLentError
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError, ManagersOnlyError, ServerDeclinedError
from bot.policy.gate import Gate
from bot.store import acts, guilds, ledger, outbox
from bot.store.database import Database
from tests.bot.policy.askers import asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, add_reserved, ask, job, reread

MANAGER = asker(user_id=BOB, manages=True)
AUTHOR = asker()
DEADLINE = timedelta(minutes=60)


@dataclass
class Office:
    """The managers' room, and files that can be lent anew or not."""

    database: Database
    now: datetime = NOW + timedelta(hours=2)
    woken: list[str] = field(default_factory=list)
    files: RefusalError | None = None
    gate: Gate = field(default_factory=Gate)

    @property
    def approval(self) -> Approval:
        return Approval(self.database, lambda: self.now, self.woken.append, DEADLINE, self._renew, self.gate)

    async def serve(self, *, declined: bool) -> None:
        """The operator decides."""
        async with self.database.write() as tx:
            await guilds.save(tx, Guild(GUILD, approved=not declined, declined=declined), BOB)

    async def _renew(self, waiting: Job, author: Asker, choices: GuildChoices) -> VideoRequest:
        assert (author.user_id, choices.time_zone) == (waiting.author_id, "UTC")
        if self.files is not None:
            raise self.files
        return replace(waiting.request, image="https://lent.example/fresh.png")

    async def waiting(self, **changes: object) -> Job:
        return await add_reserved(self.database, job(**changes), state=JobState.AWAITING_APPROVAL, acknowledged_at=NOW)

    async def settlement(self, video: Job) -> Settlement:
        return await ask(self.database, lambda tx: ledger.settlement(tx, video.id))

    async def notes(self, video: Job) -> set[NoteKind]:
        return {note.kind for note in await ask(self.database, lambda tx: outbox.open_notes(tx, video.id))}

    async def acts(self) -> list[tuple[Action, int, int | None]]:
        found = await ask(self.database, lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=9))
        return [(act.action, act.actor_id, act.member_id) for act in found]


@pytest.fixture
async def office(database: Database) -> Office:
    async with database.write() as tx:
        await guilds.save(tx, Guild(GUILD, approved=True), BOB)
    return Office(database)


async def test_an_approved_order_is_in_line_with_a_fresh_deadline_and_fresh_addresses(office: Office) -> None:
    video = await office.waiting()

    approved = await office.approval.approve(MANAGER, video.id, AUTHOR)

    found = await reread(office.database, video.id)
    assert approved == found
    assert (found.state, found.deadline_at) == (JobState.QUEUED, office.now + DEADLINE)
    assert found.request.image == "https://lent.example/fresh.png"
    assert await office.settlement(video) is Settlement.RESERVED
    assert await office.notes(video) == {NoteKind.STATUS, NoteKind.CARD}
    assert await office.acts() == [(Action.APPROVE, BOB, ALICE)]
    assert office.woken == [video.id]


async def test_a_declined_order_costs_nothing_and_its_member_is_told(office: Office) -> None:
    video = await office.waiting()

    await office.approval.decline(MANAGER, video.id)

    found = await reread(office.database, video.id)
    assert (found.state, found.failure) == (JobState.CANCELLED, FailureKind.DECLINED)
    assert found.finished_at == office.now
    assert await office.settlement(video) is Settlement.REFUNDED
    assert await office.notes(video) == {NoteKind.STATUS, NoteKind.PING, NoteKind.CARD}
    assert await office.acts() == [(Action.DECLINE, BOB, ALICE)]
    assert office.woken == [video.id]


async def test_within_a_minute_a_declined_order_is_told_by_its_status_message_alone(office: Office) -> None:
    office.now = NOW + timedelta(seconds=30)
    video = await office.waiting()

    await office.approval.decline(MANAGER, video.id)

    assert await office.notes(video) == {NoteKind.STATUS, NoteKind.CARD}


async def test_of_two_managers_at_the_same_moment_one_wins_and_the_other_is_told(office: Office) -> None:
    video = await office.waiting()

    ends = await asyncio.gather(
        office.approval.approve(MANAGER, video.id, AUTHOR),
        office.approval.decline(replace(MANAGER, user_id=ALICE), video.id),
        office.approval.approve(replace(MANAGER, user_id=ALICE), video.id, AUTHOR),
        return_exceptions=True,
    )

    assert [isinstance(end, NotWaitingError) for end in ends].count(True) == 2
    assert len(await office.acts()) == 1
    won = (await office.acts())[0][0]
    state = (await reread(office.database, video.id)).state
    assert state is (JobState.QUEUED if won is Action.APPROVE else JobState.CANCELLED)


@pytest.mark.parametrize("state", sorted(set(JobState) - {JobState.AWAITING_APPROVAL}))
async def test_what_does_not_wait_is_neither_approved_nor_declined(office: Office, state: JobState) -> None:
    video = await add_reserved(office.database, state=state)

    for attempt in (
        office.approval.approve(MANAGER, video.id, AUTHOR),
        office.approval.decline(MANAGER, video.id),
        office.approval.waiting(MANAGER, video.id),
    ):
        with pytest.raises(NotWaitingError):
            await attempt

    assert await reread(office.database, video.id) == video


async def test_after_a_day_it_is_too_late_also_before_the_worker_has_looked(office: Office) -> None:
    video = await office.waiting()
    office.now = NOW + timedelta(hours=24)

    with pytest.raises(NotWaitingError):
        await office.approval.approve(MANAGER, video.id, AUTHOR)


async def test_an_order_whose_files_are_gone_is_cancelled_for_nothing_rather_than_paid_for(office: Office) -> None:
    video = await office.waiting()
    office.files = KeptFileGoneError()

    with pytest.raises(InputsGoneError):
        await office.approval.approve(MANAGER, video.id, AUTHOR)

    found = await reread(office.database, video.id)
    assert (found.state, found.failure) == (JobState.CANCELLED, FailureKind.INPUTS_GONE)
    assert await office.settlement(video) is Settlement.REFUNDED
    assert await office.notes(video) == {NoteKind.STATUS, NoteKind.PING, NoteKind.CARD}


async def test_an_order_whose_files_discord_does_not_take_just_now_waits_on(office: Office) -> None:
    video = await office.waiting()
    office.files = NotLentError()

    with pytest.raises(NotLentError):
        await office.approval.approve(MANAGER, video.id, AUTHOR)

    assert await reread(office.database, video.id) == video
    office.files = None
    assert (await office.approval.approve(MANAGER, video.id, AUTHOR)).state is JobState.QUEUED


async def test_where_the_operator_does_not_pay_any_more_nothing_is_let_through(office: Office) -> None:
    video = await office.waiting()
    await office.serve(declined=True)

    with pytest.raises(ServerDeclinedError):
        await office.approval.approve(MANAGER, video.id, AUTHOR)

    assert await reread(office.database, video.id) == video
    office.gate = Gate(frozenset({GUILD}))
    assert (await office.approval.approve(MANAGER, video.id, AUTHOR)).state is JobState.QUEUED


async def test_what_waits_where_the_operator_does_not_pay_any_more_can_be_declined(office: Office) -> None:
    video = await office.waiting()
    await office.serve(declined=True)

    assert (await office.approval.decline(MANAGER, video.id)).state is JobState.CANCELLED


async def test_an_operator_who_turns_a_server_away_is_heeded_while_files_are_handed_over(office: Office) -> None:
    video = await office.waiting()

    async def turn_away(waiting: Job, _author: Asker, _choices: GuildChoices) -> VideoRequest:
        await office.serve(declined=True)
        return waiting.request

    with pytest.raises(ServerDeclinedError):
        await replace(office.approval, renew=turn_away).approve(MANAGER, video.id, AUTHOR)

    assert await reread(office.database, video.id) == video


@pytest.mark.parametrize(
    "outsider",
    [asker(user_id=BOB), asker(user_id=BOB, moderates=True), asker(), asker(guild_id=None, manages=True)],
)
async def test_nobody_but_a_manager_approves_or_declines(office: Office, outsider: Asker) -> None:
    video = await office.waiting()

    for attempt in (
        office.approval.approve(outsider, video.id, AUTHOR),
        office.approval.decline(outsider, video.id),
        office.approval.waiting(outsider, video.id),
    ):
        with pytest.raises(ManagersOnlyError):
            await attempt

    assert await reread(office.database, video.id) == video


async def test_an_order_of_another_server_is_not_found(office: Office) -> None:
    video = await office.waiting(guild_id=GUILD + 1)

    for attempt in (
        office.approval.approve(MANAGER, video.id, AUTHOR),
        office.approval.decline(MANAGER, video.id),
        office.approval.waiting(MANAGER, "nosuchjob0"),
    ):
        with pytest.raises(JobGoneError):
            await attempt

    assert (await reread(office.database, video.id)).state is JobState.AWAITING_APPROVAL
