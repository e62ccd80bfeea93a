"""The real worker between a real database file, local gateways and a Discord in memory, under a clock that jumps."""

import asyncio
import gc
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Column, Connection, event, exc, func, select, update

from bot.administration.moderation import Moderation
from bot.catalogue.catalogue import Catalogue
from bot.domain.clock import utc_now
from bot.domain.guild import Guild, GuildChoices
from bot.domain.ids import new_job_id
from bot.domain.job import Job, JobState, MessagePlace, ReplyToken, TaskRef
from bot.domain.ledger import Settlement
from bot.domain.loan import Loan
from bot.domain.outbox import Note, NoteKind
from bot.domain.request import VideoRequest
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.client import Limits as GatewayLimits
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.media.download import Downloads
from bot.media.fit import Fitter
from bot.media.kept import KeptFiles
from bot.media.transport import Timeouts
from bot.orders.follow import Following
from bot.policy.asker import Asker
from bot.policy.limits import Budgets
from bot.store import guilds, jobs, leases, ledger, moves, outbox, tables
from bot.store.database import Database, Transaction
from bot.worker.advance import Advance
from bot.worker.budgets import BudgetWatch
from bot.worker.carry import Carrier
from bot.worker.deliver import Deliver
from bot.worker.endings import Endings
from bot.worker.erasure import Erasure
from bot.worker.made import MadeFiles
from bot.worker.poll import Poll
from bot.worker.results import Results
from bot.worker.returns import Returns
from bot.worker.scheduler import Limits, Rhythm, Scheduler
from bot.worker.shelf import Shelf
from bot.worker.submit import Submit
from bot.worker.tell import Tell
from bot.worker.upkeep import Upkeep
from sandbox.gateway import GatewayServer, Plan, VideoShape
from tests.bot.worker.fitting import QuickFitter
from tests.bot.worker.herald import MemoryHerald

GUILD, CHANNEL, MEMBER = 100, 200, 300
PRICE = 1500
ROOMY = Budgets(10**9, 10**9)
SMALL = VideoShape(width=64, height=48, seconds=0.5, sound=False)
AT_ONCE = Plan(queued_seconds=0, processing_seconds=0, video=SMALL)
"""A task that is done at the first question."""
BY_HAND = Plan(manual=True, video=SMALL, queued_seconds=10, processing_seconds=100)
PATIENT = GatewayLimits(order_timeout_seconds=60, read_timeout_seconds=60, connect_timeout_seconds=60, read_attempts=1)
HASTY = replace(PATIENT, order_timeout_seconds=0.4, read_timeout_seconds=0.4)
"""For what never answers."""
AMPLE = Timeouts(total_seconds=60, idle_seconds=60, connect_seconds=60)
BRIEF = Rhythm(stop_seconds=0.2, order_seconds=4)
WAIT_SECONDS = 60
"""Ends what hangs: many times what anything takes here, on a machine that stands still for a while too."""
TURNS = 100
"""How often the clock that hurries looks whether the worker is at something, which may hang by intention."""
_interactions = count(1)


class JumpingClock:
    """Runs as the real one does, and jumps ahead when it is told to."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self._ahead

    def jump(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


async def _nothing(_: str) -> None:
    return None


class WatchedDatabase(Database):
    """The real database, which tells when it is about to commit and has committed, and can be made to fail."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.down = False
        self.reads = 0
        self.writes = 0
        self.reached: Callable[[str], Awaitable[None]] = _nothing
        for engine in (self.reader, self.writer):
            event.listen(engine.sync_engine, "begin", self._begin)

    def _begin(self, _: Connection) -> None:
        if self.down:
            raise exc.OperationalError("BEGIN", None, sqlite3.OperationalError("disk I/O error"))

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with super().write() as tx:
            yield tx
            await self.reached("write asked")
        self.writes += 1
        await self.reached("write done")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        self.reads += 1
        async with super().read() as tx:
            yield tx


@dataclass(slots=True)
class Bills:
    """What the gateways bill."""

    failed: bool = False
    unsure: bool = True


class Worker:
    """One life of the worker."""

    def __init__(
        self, stage: "Stage", database: Database, herald: MemoryHerald, http: GatewayHttp, owner: str, **limits: int
    ) -> None:
        clock, bills = stage.clock, stage.bills
        clients = [
            GatewayClient(name, server.url, SecretStr(server.key), http, stage.pace(),
                          limits=stage.patience, clock=clock)
            for name, server in stage.servers.items()
        ]  # fmt: skip
        self.gateways = Gateways(clients, clock)
        self.owner = owner
        self._path = database.path
        endings = Endings(database, clock, bills.failed, bills.unsure)
        downloads = Downloads(stage.folder / "files", max_bytes=stage.max_bytes, timeouts=stage.timeouts)
        self.made = MadeFiles(clock, every_seconds=0.02)
        carrier = Carrier(self.gateways, downloads, stage.fitter, self.made, asyncio.Semaphore(stage.line))
        self.deliver = Deliver(database, self.gateways, carrier, herald, endings, stage.results, clock)
        self.tell = Tell(database, herald, self.deliver, clock)
        submit = Submit(database, stage.catalogue, self.gateways, endings, clock, owner, stage.deadline)
        self.taken_back: list[Loan] = []
        returns = Returns(database, self.take_back, clock)
        interval = stage.interval_seconds
        poll = Poll(database, self.gateways, endings, self.tell.show, clock, interval, returns.of_job)
        self.advance = Advance(database, submit, poll, self.tell, endings, clock)
        self.scheduler = Scheduler(
            database, self.advance, clock, owner, Limits(**({"max_rendering": 20} | limits)), rhythm=stage.rhythm
        )
        self.blanked: list[MessagePlace] = []
        self.cannot_blank: list[Exception] = []
        erasure = Erasure(database, self.blank, clock)
        shelf = Shelf(database, KeptFiles(stage.folder / "inputs"), stage.results.kept, clock, stage.kept_bytes)
        budgets = BudgetWatch(database, stage.budgets, clock)
        self.upkeep = Upkeep(
            database, self.gateways, endings, clock, stage.retention, self.scheduler.wake, returns, shelf,
            stage.results, erasure, budgets, lambda: stage.servers_known, every_seconds=0.02,
        )  # fmt: skip
        self.stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def take_back(self, loan: Loan) -> None:
        """Where nobody is told, taking back is remembering."""
        self.taken_back.append(loan)

    async def blank(self, place: MessagePlace) -> None:
        """Remember what was emptied, unless it can't be."""
        if self.cannot_blank:
            raise self.cannot_blank.pop()
        self.blanked.append(place)

    async def start(self, *, upkeep: bool = False) -> None:
        await self.upkeep.start()
        self._tasks.append(asyncio.create_task(self.scheduler.run(self.stopping)))
        self._tasks.append(asyncio.create_task(self.made.run(self.stopping)))
        if upkeep:
            self._tasks.append(asyncio.create_task(self.upkeep.run(self.stopping)))

    async def stop(self) -> None:
        self.stopping.set()
        tasks, self._tasks = self._tasks, []
        await asyncio.gather(*tasks)
        await self.made.clear()

    async def kill(self) -> None:
        """End it as far as it goes inside one process: whoever calls this has taken its database away."""
        tasks, self._tasks = self._tasks, []
        # One after the other: a second cancellation would catch a connection that is still cleaning up.
        for group in (tuple(self.scheduler._running), tasks):
            for task in group:
                task.cancel()
            await asyncio.gather(*group, return_exceptions=True)
        # A real death leaves its files unlocked, and the next start sweeps them.
        await self.made.clear()
        _free(self._path)


def _free(path: Path) -> None:
    """Drop what a cancelled write leaves behind in a process that lives on.

    Its connection was closed, but SQLite keeps it, and its lock, until the last cursor is gone; the cursor hangs in
    the traceback of the cancellation. A real death takes all of it along.
    """
    probe = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        probe.execute("BEGIN IMMEDIATE")
        probe.execute("ROLLBACK")
    except sqlite3.OperationalError:
        gc.collect()
    finally:
        probe.close()


@dataclass(slots=True)
class Stage:
    """Everything around the worker, and what a test may ask of it."""

    folder: Path
    database: WatchedDatabase
    clock: JumpingClock
    herald: MemoryHerald
    servers: dict[str, GatewayServer]
    http: GatewayHttp
    catalogue: Catalogue
    bills: Bills = field(default_factory=Bills)
    patience: GatewayLimits = PATIENT
    timeouts: Timeouts = AMPLE
    rhythm: Rhythm = BRIEF
    deadline: timedelta = timedelta(minutes=60)
    retention: timedelta = timedelta(days=90)
    budgets: Budgets = ROOMY
    interval_seconds: float = 0.02
    max_bytes: int = 1 << 20
    kept_bytes: int = 1 << 20
    line: int = 16
    servers_known: bool = True
    pace: Callable[[], Pace] = lambda: Pace(60_000)
    fitter: Fitter = field(init=False)
    results: Results = field(init=False)
    workers: list[Worker] = field(default_factory=list)
    _elapsed_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._elapsed_at = self.clock()
        # A child process takes longer than the moment that the jumping clock waits for.
        self.fitter = QuickFitter(self.folder / "files")
        kept = KeptFiles(self.folder / "results")
        self.results = Results(self.database, kept, None, self.clock, self.kept_bytes, self.retention)

    @property
    def gateway(self) -> GatewayServer:
        return self.servers["myrouter"]

    @property
    def worker(self) -> Worker:
        return self.workers[-1]

    def build(self, owner: str = "first", **limits: int) -> Worker:
        worker = Worker(self, self.database, self.herald, self.http, owner, **limits)
        self.workers.append(worker)
        return worker

    async def start(self, owner: str = "first", *, upkeep: bool = False, **limits: int) -> Worker:
        worker = self.build(owner, **limits)
        await worker.start(upkeep=upkeep)
        return worker

    async def order(
        self,
        prompt: str = "a fox in snow",
        *,
        private: bool = False,
        seen: bool = True,
        size_limit: int = 10 << 20,
        model_id: str = "sora-2",
        patience: timedelta | None = None,
        reply_seconds: float | None = None,
        guild_id: int | None = GUILD,
    ) -> Job:
        """Accept a job, reserve its price, and let its member see the status message.

        `reply_seconds`: how long its interaction's token lives, if it has one.
        """
        now = self.clock()
        reply = None if reply_seconds is None else ReplyToken("token", now + timedelta(seconds=reply_seconds))
        job = Job(
            id=new_job_id(), state=JobState.QUEUED, fence=0, guild_id=guild_id, channel_id=CHANNEL, author_id=MEMBER,
            locale="en-US", model_id=model_id, request=VideoRequest(prompt, 10, "16:9", watermark=True),
            private=private, price=PRICE, size_limit=size_limit, created_at=now,
            deadline_at=now + (self.deadline if patience is None else patience), status=MessagePlace(CHANNEL, 1),
            reply=reply,
        )  # fmt: skip
        async with self.database.write() as tx:
            accounts = await ledger.lock(tx, guild_id, MEMBER)
            assert await jobs.add(tx, job, next(_interactions))
            await ledger.reserve(tx, job, accounts.member, now)
        if seen:
            await self.see(job)
        return job

    async def see(self, job: Job) -> None:
        """The member sees the status message, and the worker hears of it."""
        async with self.database.write() as tx:
            await moves.acknowledge(tx, job.id, None, self.clock())
        if self.workers:
            self.worker.scheduler.wake(job.id)

    async def learn(self, job: Job, task_id: str) -> Job | None:
        """It becomes known, late, which task an order has."""
        now = self.clock()
        async with self.database.write() as tx:
            task = TaskRef("myrouter", task_id)
            learned = await moves.learn_task(tx, job.id, task, now, deadline_at=now + self.deadline)
        self.worker.scheduler.wake(job.id)
        return learned

    async def mark_dont_post(self, tx: Transaction, job: Job) -> None:
        """What a cancel while the order is sent leaves behind."""
        await moves.note_on(tx, job.id, dont_post=True)

    async def note(self, job: Job, kind: NoteKind) -> None:
        """Something else has to be told about a job."""
        async with self.database.write() as tx:
            await outbox.put(tx, job.id, self.clock(), kind)
        if self.workers:
            self.worker.scheduler.wake(job.id)

    async def cancel(self, job: Job) -> object:
        """The author presses Cancel."""
        following = Following(self.database, self.clock, self.worker.scheduler.wake)
        asker = Asker(MEMBER, GUILD, CHANNEL, "en-US")
        return (await following.cancel(asker, job.id))[1]

    async def choose(self, **choices: object) -> None:
        """The server's managers choose."""
        guild = Guild(GUILD, GuildChoices(**choices), approved=True)  # type: ignore[arg-type]
        async with self.database.write() as tx:
            await guilds.save(tx, guild, MEMBER + 2)

    async def delete(self, job: Job) -> None:
        """The author has deleted the post."""
        following = Following(self.database, self.clock, self.worker.scheduler.wake)
        posted = (await self.read(job)).message
        assert posted is not None
        await following.deleted(job, posted)

    async def remove(self, job: Job) -> None:
        """A moderator removes the video."""
        moderation = Moderation(self.database, self.clock, self.worker.scheduler.wake)
        await moderation.remove(Asker(MEMBER + 1, GUILD, CHANNEL, "en-US", moderates=True), job.id)

    async def read(self, job: Job) -> Job:
        return await self.read_id(job.id)

    async def read_id(self, job_id: str) -> Job:
        async with self.database.read() as tx:
            found = await jobs.get(tx, job_id)
        assert found is not None
        return found

    async def settlement(self, job: Job) -> Settlement:
        async with self.database.read() as tx:
            return await ledger.settlement(tx, job.id)

    async def notes(self, job: Job) -> list[Note]:
        async with self.database.read() as tx:
            return list(await outbox.open_notes(tx, job.id))

    async def spent(self, *, member: bool) -> int:
        """Units on the member's account, or on the server's own."""
        kind = "member" if member else "guild"
        query = select(func.coalesce(func.sum(tables.ledger.c.amount), 0)).join(
            tables.accounts, tables.accounts.c.id == tables.ledger.c.account_id
        )
        async with self.database.read() as tx:
            return int((await tx.execute(query.where(tables.accounts.c.kind == kind))).scalar_one())

    async def lease_owner(self, job: Job) -> str | None:
        async with self.database.read() as tx:
            row = await tx.execute(select(tables.jobs.c.lease_owner).where(tables.jobs.c.id == job.id))
            owner: str | None = row.scalar_one()
            return owner

    async def lease_until(self, job: Job) -> datetime | None:
        return await self._column(job, tables.jobs.c.lease_until)

    async def due(self, job: Job) -> datetime | None:
        return await self._column(job, tables.jobs.c.next_at)

    async def _column(self, job: Job, column: Column[datetime]) -> datetime | None:
        async with self.database.read() as tx:
            return (await tx.execute(select(column).where(tables.jobs.c.id == job.id))).scalar_one()

    async def rendering(self, tx: Transaction) -> int:
        return await jobs.rendering(tx)

    async def steal(self, job: Job) -> None:
        """Another process takes the job's lease."""
        async with self.database.write() as tx:
            row = update(tables.jobs).where(tables.jobs.c.id == job.id)
            until = self.clock() + timedelta(hours=1)
            await tx.execute(row.values(lease_owner="another", lease_until=until, fence=tables.jobs.c.fence + 1))

    async def elapse(self, seconds: float) -> None:
        """Time passes, and the loop looks at its clock."""
        self.clock.jump(seconds)
        self._elapsed_at = self.clock()
        if self.workers:
            self.worker.scheduler.wake("nobody")
        await asyncio.sleep(0)

    async def until(self, happened: Callable[[], Awaitable[bool]], *, hurry: float = 0) -> None:
        """Wait for something; with `hurry`, so many seconds pass each time that the worker has come to rest."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not await happened():
                # Asking is dear, and mostly something has to be written first.
                writes = self.database.writes
                for _ in range(3):
                    await asyncio.sleep(0.01 if hurry else 0.005)
                    if hurry:
                        await self._rest()
                        await self.elapse(hurry)
                    if self.database.writes != writes:
                        break

    async def _rest(self) -> None:
        """Let the worker do what is due: on a busy machine a deadline would pass while it is at it."""
        for _ in range(TURNS if self.workers else 0):
            scheduler = self.worker.scheduler
            if not scheduler._running and scheduler.looked_at >= self._elapsed_at:
                return
            await asyncio.sleep(0.005)

    async def until_state(self, job: Job, *states: JobState, hurry: float = 0) -> Job:
        """Wait until a job is in one of the states and everything is told."""

        async def there() -> bool:
            return (await self.read(job)).state in states and not await self.notes(job)

        await self.until(there, hurry=hurry)
        return await self.read(job)

    async def until_free(self, job: Job) -> None:
        """Wait until the job's lease was handed back."""

        async def free() -> bool:
            return await self.lease_owner(job) is None

        await self.until(free)

    def files(self) -> list[Path]:
        """What lies around of downloads."""
        folder = self.folder / "files"
        return list(folder.iterdir()) if folder.exists() else []


async def claim(stage: Stage, owner: str = "first") -> list[Job]:
    """Take the due jobs as the scheduler does."""
    now = stage.clock()
    async with stage.database.write() as tx:
        lease = leases.Lease(owner, now + timedelta(seconds=60))
        return list(await leases.claim(tx, lease, now, limit=100, room=100))
