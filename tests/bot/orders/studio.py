"""One member's orders, everything that can happen to them, and what the books have to say then."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.administration.approval import Approval
from bot.administration.moderation import Moderation
from bot.administration.settling import Settling
from bot.domain.errors import ClapboardError
from bot.domain.failure import FailureKind
from bot.domain.guild import GuildChoices
from bot.domain.ids import new_job_id
from bot.domain.job import MOVES, Job, JobState, MessagePlace, TaskRef
from bot.domain.request import VideoRequest
from bot.domain.tier import NO_LIMIT, Tier
from bot.policy.asker import Asker
from bot.policy.gate import Gate
from bot.policy.limits import Budgets
from bot.store import jobs, ledger, moves
from bot.store.database import Database, Transaction
from bot.worker.endings import Endings
from tests.bot.orders.desk import DRAFT, MEMBER, Desk, receipt
from tests.bot.policy.askers import asker
from tests.bot.store.records import BOB, GUILD, NOW, PRICE, rows

LONG_AGO = NOW - timedelta(days=99)
ROOMY = Budgets(NO_LIMIT, NO_LIMIT)
FREE = {GUILD: Tier(NO_LIMIT, NO_LIMIT)}


class CrashError(Exception):
    """The process ends before its transaction is committed."""


class CrashingDatabase(Database):
    """The real database, in which the next transaction can be made to end before its commit."""

    crashes = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with super().write() as tx:
            yield tx
            if self.crashes:
                self.crashes = False
                raise CrashError


MANAGER = asker(user_id=BOB, manages=True)


def _nothing(_job_id: str) -> None:
    """Nobody has to be woken."""


async def _as_it_is(job: Job, _author: Asker, _choices: GuildChoices) -> VideoRequest:
    return job.request


@dataclass
class Studio:
    """One member's orders, and everything that can happen to them."""

    database: CrashingDatabase
    desk: Desk
    bills_failed: bool
    bills_unsure: bool
    made: list[str] = field(default_factory=list)
    given_back: set[str] = field(default_factory=set)
    """The jobs whose member got the price back before their end was known."""
    unbilled: set[str] = field(default_factory=set)
    """Those of which a gateway bills nothing until the video is there after all."""
    gifts: int = 0

    @property
    def endings(self) -> Endings:
        return Endings(self.database, self.desk.clock, self.bills_failed, self.bills_unsure)

    @property
    def settling(self) -> Settling:
        return Settling(self.database, self.desk.clock, _nothing, self.bills_unsure)

    @property
    def approval(self) -> Approval:
        return Approval(self.database, self.desk.clock, _nothing, timedelta(hours=1), _as_it_is, Gate())

    async def job(self, number: int) -> Job | None:
        if not self.made:
            return None
        async with self.database.read() as tx:
            return await jobs.get(tx, self.made[number % len(self.made)])

    async def order(self, number: int) -> None:
        orders = self.desk.with_terms(budgets=ROOMY)
        quote = await orders.quote(MEMBER, replace(DRAFT, prompt=f"cat {len(self.made)} {number}"))
        accepted = await orders.accept(quote, receipt())
        self.made.append(accepted.id)
        await orders.acknowledge(accepted.id, MessagePlace(1, 2))

    async def submit(self, number: int) -> None:
        await self._move(number, JobState.SUBMITTING)

    async def requeue(self, number: int) -> None:
        await self._move(number, JobState.QUEUED)

    async def render(self, number: int) -> None:
        job = await self.job(number)
        if job is not None:
            async with self.database.write() as tx:
                await moves.learn_task(tx, job.id, TaskRef("myrouter", f"task {job.id}"), NOW)

    async def finish(self, number: int) -> None:
        job = await self.job(number)
        if job is None or job.state not in {JobState.RENDERING, JobState.OVERDUE}:
            return
        async with self.database.write() as tx:
            if await moves.intend(tx, job, JobState.RENDERED, late=job.state is JobState.OVERDUE) is not None:
                await ledger.commit(tx, job, NOW)

    async def fail_unsent(self, number: int) -> None:
        job = await self.job(number)
        if job is not None and job.state in {JobState.QUEUED, JobState.SUBMITTING}:
            await self.endings.fail(job, FailureKind.NEVER_SENT, None, ordered=False)

    async def fail(self, number: int) -> None:
        job = await self.job(number)
        if job is not None and job.state in {JobState.RENDERING, JobState.OVERDUE}:
            await self.endings.fail(job, FailureKind.SERVICE, None, ordered=True)

    async def lose(self, number: int) -> None:
        job = await self.job(number)
        if job is not None and job.state is JobState.SUBMITTING:
            await self.endings.unsure(job, "no answer")

    async def overdue(self, number: int) -> None:
        await self._end(number, JobState.OVERDUE, self.endings.overdue)

    async def expire(self, number: int) -> None:
        await self._end(number, JobState.EXPIRED, self.endings.expire)

    async def cancel(self, number: int) -> None:
        job = await self.job(number)
        if job is not None:
            await self.desk.following.cancel(MEMBER, job.id)

    async def ask(self, number: int) -> None:
        """An order that waits for a manager."""
        before = len(self.made)
        await self.order(number)
        for id_ in self.made[before:]:
            async with self.database.write() as tx:
                await moves.note_on(tx, id_, state=JobState.AWAITING_APPROVAL)

    async def approve(self, number: int) -> None:
        job = await self.job(number)
        if job is not None:
            await self.approval.approve(MANAGER, job.id, MEMBER)

    async def decline(self, number: int) -> None:
        job = await self.job(number)
        if job is not None:
            await self.approval.decline(MANAGER, job.id)

    async def wait_out(self, number: int) -> None:
        job = await self.job(number)
        if job is not None and job.state is JobState.AWAITING_APPROVAL:
            await self.endings.cancel(job, "not approved in time", FailureKind.NOT_APPROVED)

    async def remove(self, number: int) -> None:
        job = await self.job(number)
        if job is not None:
            await Moderation(self.database, self.desk.clock, _nothing).remove(MANAGER, job.id)

    async def refund(self, number: int) -> None:
        job = await self.job(number)
        if job is not None:
            await self.settling.refund(MANAGER, job.id)
            self.given_back.add(job.id)

    async def settle(self, number: int) -> None:
        job = await self.job(number)
        if job is not None:
            async with self.database.write() as tx:
                await self.settling.settle(MANAGER, job.id)(tx)

    async def give(self, number: int) -> None:
        async with self.database.write() as tx:
            gift = ledger.Gift(new_job_id(), GUILD, MEMBER.user_id, BOB, 1 + number, number * PRICE, "a prize")
            await ledger.grant(tx, gift, NOW)
        self.gifts += 1 + number

    async def _move(self, number: int, target: JobState) -> None:
        job = await self.job(number)
        if job is not None and target in MOVES[job.state]:
            async with self.database.write() as tx:
                await moves.intend(tx, job, target)

    async def _end(self, number: int, target: JobState, end: Callable[[Job], Awaitable[Job | None]]) -> None:
        job = await self.job(number)
        if job is not None and target in MOVES[job.state]:
            await end(job)

    async def step(self, name: str, number: int, manner: str) -> None:
        """Do one thing: once, again as if nobody knew of the first time, or with a crash before its commit."""
        self.database.crashes = manner.startswith("crash")
        for _ in range(1 if manner in {"once", "crash"} else 2):
            with suppress(ClapboardError, CrashError):
                await getattr(self, name)(number)
        self.database.crashes = False
        for id_ in self.made:
            async with self.database.read() as tx:
                job = await jobs.get(tx, id_)
            assert job is not None
            if job.state is JobState.UNSURE and not self.bills_unsure:
                self.unbilled.add(id_)
            if job.state in {JobState.OVERDUE, JobState.DROPPED} or id_ in self.unbilled:
                self.given_back.add(id_)

    async def check(self) -> None:
        """The sum of the books is that of a recount from the jobs, which know nothing of entries."""
        async with self.database.read() as tx:
            found = [job for job in [await jobs.get(tx, id_) for id_ in self.made] if job is not None]
            spent = await ledger.spent_since(tx, LONG_AGO)
            of_server = await ledger.spent_since(tx, LONG_AGO, GUILD)
            videos = await ledger.videos_since(tx, LONG_AGO, GUILD, MEMBER.user_id)
        assert spent == of_server == sum(job.price * self.is_carried(job) for job in found) >= 0
        assert videos + self.gifts == sum(self.counts(job) for job in found)
        assert await rows(self.database, _SLOTS) == await rows(self.database, _RECOUNTED)
        ((least,),) = await rows(self.database, _LEAST)
        assert least is None or int(str(least)) >= 0

    def is_carried(self, job: Job) -> bool:
        """Whether the server pays for a job, by how far it has come."""
        if job.state is JobState.FAILED:
            return self.bills_failed and job.task is not None
        if job.state in {JobState.EXPIRED, JobState.CANCELLED}:
            return False
        return job.state is JobState.RENDERED or job.id not in self.unbilled

    def counts(self, job: Job) -> bool:
        """Whether a job counts for its member."""
        return self.is_carried(job) and job.id not in self.given_back


_LEAST = """SELECT min(total) FROM (
    SELECT sum(amount) total FROM ledger WHERE kind NOT IN ('grant', 'contra') GROUP BY job_id
)"""
_SLOTS = "SELECT guild_id, slot, amount FROM spend WHERE amount != 0 ORDER BY 1, 2"
_RECOUNTED = """SELECT guild_id, counts_at / 900000, sum(amount) FROM ledger
    GROUP BY 1, 2 HAVING sum(amount) != 0 ORDER BY 1, 2"""
