"""What managers can look at: how their server and the gateways stand, and the record of what was done there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.audit import Act
from bot.domain.clock import Clock
from bot.domain.guild import Guild
from bot.domain.job import Job
from bot.gateway.choice import Condition, Gateways
from bot.policy import alerts
from bot.policy.asker import Asker
from bot.policy.gate import require_manager
from bot.store import acts, guilds, jobs, open_jobs
from bot.store.database import Database, Transaction
from bot.store.open_jobs import Open

ON_A_PAGE = 6


@dataclass(frozen=True, slots=True)
class Status:
    """How a server stands: its own jobs, never those of another, and what all servers of the process share.

    `oldest`: the job that waits longest to be ordered. `approved`: by the operator or from the start. `looked_at`: when
    the loop last looked for work. `process_until`: until when the process's own budget is used up. `conditions`: what
    is known of each gateway.
    """

    guild: Guild
    approved: bool
    open: Open
    oldest: Job | None
    looked_at: datetime
    process_until: datetime | None
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class ActsPage:
    """Some lines of the record, newest first; `number` counts from 0. `jobs`: those the lines name that are known."""

    acts: Sequence[Act]
    jobs: dict[str, Job]
    count: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // ON_A_PAGE))


@dataclass(frozen=True, slots=True)
class Overview:
    """Reads for managers; every call checks the right anew. `looked_at`: when the loop last looked for work."""

    database: Database
    gateways: Gateways
    clock: Clock
    allowed_guilds: frozenset[int]
    looked_at: Callable[[], datetime]

    async def status(self, asker: Asker) -> Status:
        """How the asker's server stands. Raises ManagersOnlyError."""
        require_manager(asker)
        guild_id = asker.guild_id or 0
        async with self.database.read() as tx:
            guild = await guilds.get(tx, guild_id)
            open_ = await open_jobs.count(tx, guild_id)
            oldest = await open_jobs.oldest_queued(tx, guild_id)
            until = await alerts.process_ended(tx, self.clock())
        approved = guild.approved or guild_id in self.allowed_guilds
        return Status(guild, approved, open_, oldest, self.looked_at(), until, self.gateways.conditions)

    async def acts(self, asker: Asker, number: int) -> ActsPage:
        """A page of what was done in the asker's server; one past the last is the last. Raises ManagersOnlyError."""
        require_manager(asker)
        guild_id = asker.guild_id or 0
        async with self.database.read() as tx:
            count = await acts.count(tx, guild_id)
            number = max(0, min(number, (count - 1) // ON_A_PAGE))
            found = await acts.of_guild(tx, guild_id, offset=number * ON_A_PAGE, limit=ON_A_PAGE)
            named = await self._jobs(tx, guild_id, {act.job_id for act in found if act.job_id is not None})
        return ActsPage(found, named, count, number)

    @staticmethod
    async def _jobs(tx: Transaction, guild_id: int, ids: set[str]) -> dict[str, Job]:
        found = [await jobs.get(tx, id_) for id_ in ids]
        return {job.id: job for job in found if job is not None and job.guild_id == guild_id}
