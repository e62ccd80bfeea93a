"""What moderators see and stop as a whole: the server's jobs on their way, orders at all, and who spends how much."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.administration.record import changed
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild
from bot.domain.job import Job
from bot.domain.sentence import N_
from bot.domain.standing import Standing
from bot.domain.tier import Allowance
from bot.policy import calendar
from bot.policy.asker import Asker
from bot.policy.gate import require_moderator, shows_money
from bot.policy.standing import standing
from bot.store import guild_jobs, guilds, jobs, ledger, personal
from bot.store.database import Database, Transaction
from bot.store.history import Found
from bot.store.personal import Spender, Sums

PER_PAGE = 10
MOST_SPENDERS = 10

log = structlog.get_logger(__name__)


class NotPausedError(RefusalError):
    """There is no pause to end."""

    message = N_("Videos are not paused here.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of a server's jobs on their way, oldest first; `number` counts from 0."""

    rows: Sequence[tuple[Job, Standing]]
    number: int
    pages: int
    jobs: int


@dataclass(frozen=True, slots=True)
class UsageOf:
    """What counts for a member, and what they may use; `allowed` is None for somebody who is not here any more.

    `shows_money`: whether the moderator who asked sees amounts.
    """

    member_id: int
    today: Sums
    month: Sums
    running: int
    tomorrow: datetime
    allowed: Allowance | None
    shows_money: bool


@dataclass(frozen=True, slots=True)
class UsageHere:
    """Who has spent most of a server's month, which began at `since`; `spent` is the whole server's, in units of a
    ten-thousandth of a dollar."""

    spenders: Sequence[Spender]
    spent: int
    since: datetime
    shows_money: bool


@dataclass(frozen=True, slots=True)
class Oversight:
    """Looks after a whole server for its moderators; every call checks the right anew."""

    database: Database
    clock: Clock

    async def queue(self, asker: Asker, number: int) -> Waiting:
        """A page of the server's jobs on their way, the last one where there are not so many.

        Raises ModeratorsOnlyError.
        """
        async with self.database.read() as tx:
            guild = await self._check(tx, asker)
            count = await guild_jobs.count_running(tx, guild.id)
            pages = max(1, -(-count // PER_PAGE))
            number = min(max(0, number), pages - 1)
            found = await guild_jobs.running(tx, guild.id, offset=number * PER_PAGE, limit=PER_PAGE)
            rows = [(job, await standing(tx, job, self.clock())) for job in found]
        return Waiting(rows, number, pages, count)

    async def running(self, asker: Asker, typed: str) -> Sequence[Found]:
        """The server's jobs on their way by what was typed of their id or prompt. Raises ModeratorsOnlyError."""
        async with self.database.read() as tx:
            guild = await self._check(tx, asker)
            return await guild_jobs.find_running(tx, guild.id, typed)

    async def pause(self, asker: Asker, reason: str) -> None:
        """Take no orders until `resume`; what was ordered goes on. Raises ModeratorsOnlyError."""
        await self._set(asker, Action.PAUSE, " ".join(reason.split()))

    async def resume(self, asker: Asker) -> None:
        """Take orders again. Raises ModeratorsOnlyError and NotPausedError."""
        await self._set(asker, Action.RESUME, None)

    async def _set(self, asker: Asker, action: Action, pause: str | None) -> None:
        async with self.database.write() as tx:
            before = await self._check(tx, asker)
            if pause is None and before.choices.pause is None:
                raise NotPausedError
            after = replace(before, choices=replace(before.choices, pause=pause))
            await changed(tx, asker, action, before, after, self.clock())
        log.info("orders paused" if action is Action.PAUSE else "orders resumed", guild=before.id, by=asker.user_id)

    async def usage_of(self, asker: Asker, member_id: int, role_ids: frozenset[int] | None) -> UsageOf:
        """What a member has used; `role_ids` of None: they are not here any more. Raises ModeratorsOnlyError."""
        now = self.clock()
        async with self.database.read() as tx:
            guild = await self._check(tx, asker)
            today, tomorrow = calendar.day(now, guild.choices.time_zone)
            month, _ = calendar.month(now, guild.choices.time_zone)
            return UsageOf(
                member_id=member_id,
                today=await personal.sums(tx, member_id, today, guild.id),
                month=await personal.sums(tx, member_id, month, guild.id),
                running=len(await jobs.at_work(tx, member_id, guild.id)),
                tomorrow=tomorrow,
                allowed=None if role_ids is None else guild.allowance(role_ids),
                shows_money=shows_money(asker, guild),
            )

    async def usage(self, asker: Asker) -> UsageHere:
        """Who has spent most this month, at most ten. Raises ModeratorsOnlyError."""
        async with self.database.read() as tx:
            guild = await self._check(tx, asker)
            since, _ = calendar.month(self.clock(), guild.choices.time_zone)
            spenders = await personal.top_spenders(tx, guild.id, since, limit=MOST_SPENDERS)
            spent = await ledger.spent_since(tx, since, guild.id)
        return UsageHere(spenders, spent, since, shows_money(asker, guild))

    async def _check(self, tx: Transaction, asker: Asker) -> Guild:
        guild = await guilds.get(tx, asker.guild_id or 0)
        require_moderator(asker, guild)
        return guild
