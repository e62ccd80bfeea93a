"""What belongs to one person: what they have used and chosen, all of it as a file, and its end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.clock import Clock
from bot.domain.preferences import Preferences
from bot.domain.tier import NO_LIMIT
from bot.orders.account_erasure import Erased, Erasing
from bot.orders.account_export import Export, Exports
from bot.policy import calendar
from bot.policy.asker import Asker
from bot.policy.gate import shows_money
from bot.store import guilds, jobs, people, personal
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class MemberUsage:
    """What counts for a person in one server, or in all of them, where there is no limit to compare it with.

    Limits have what managers have given on top of them; NO_LIMIT is none. `spent_this_month` and `month_limit` in units
    of a ten-thousandth of a dollar, None where the asker does not see money; `month_percent`: what is used of that
    limit, told to everybody, None where there is none.
    `given_today` and `given_this_month`: videos and units that managers have given on top; the limits have them.
    """

    videos_today: int
    running: int
    videos_this_month: int
    refunded_this_month: int
    tomorrow: datetime
    a_day: int | None = None
    at_once: int | None = None
    spent_this_month: int | None = None
    month_limit: int | None = None
    month_percent: int | None = None
    given_today: int = 0
    given_this_month: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """Reads, writes and erases what belongs to one person. `wake` tells the worker of this process of a job."""

    database: Database
    clock: Clock
    wake: Callable[[str], None]

    async def usage(self, asker: Asker) -> MemberUsage:
        """What the books say of the asker: here, or everywhere if they ask where no server pays."""
        return await (self._everywhere(asker.user_id) if asker.guild_id is None else self._here(asker))

    async def preferences(self, user_id: int) -> Preferences:
        """What somebody has chosen."""
        async with self.database.read() as tx:
            return await people.preferences(tx, user_id)

    async def prefer(self, user_id: int, chosen: Preferences) -> None:
        """Write what somebody has chosen; it holds from now on."""
        async with self.database.write() as tx:
            await people.save_preferences(tx, user_id, chosen)

    async def export(self, user_id: int, limit_bytes: int) -> Export:
        """All that is kept about somebody, as a file of at most so many bytes."""
        return await Exports(self.database, self.clock).of(user_id, limit_bytes)

    async def erase(self, user_id: int) -> Erased:
        """Erase all that is kept about somebody."""
        return await Erasing(self.database, self.clock, self.wake).everything_of(user_id)

    async def _here(self, asker: Asker) -> MemberUsage:
        user_id, guild_id = asker.user_id, asker.guild_id or 0
        async with self.database.read() as tx:
            guild = await guilds.get(tx, guild_id)
            choices, allowed = guild.choices, guild.allowance(asker.role_ids)
            today, tomorrow = calendar.day(self.clock(), choices.time_zone)
            month, _ = calendar.month(self.clock(), choices.time_zone)
            of_today = await personal.sums(tx, user_id, today, guild_id)
            of_month = await personal.sums(tx, user_id, month, guild_id)
            running = len(await jobs.at_work(tx, user_id, guild_id))
        sees_money = shows_money(asker, guild)
        month_limit = None if allowed.month >= NO_LIMIT else allowed.month + of_month.given_amount
        return MemberUsage(
            videos_today=of_today.videos,
            running=running,
            videos_this_month=of_month.videos,
            refunded_this_month=of_month.refunded,
            tomorrow=tomorrow,
            a_day=allowed.videos_a_day + of_today.given_videos,
            at_once=allowed.at_once,
            spent_this_month=of_month.amount if sees_money else None,
            month_limit=month_limit if sees_money else None,
            month_percent=None if month_limit is None else _percent(of_month.amount, month_limit),
            given_today=of_today.given_videos,
            given_this_month=of_month.given_amount,
        )

    async def _everywhere(self, user_id: int) -> MemberUsage:
        today, tomorrow = calendar.day(self.clock(), "UTC")
        month, _ = calendar.month(self.clock(), "UTC")
        async with self.database.read() as tx:
            of_today = await personal.sums(tx, user_id, today)
            of_month = await personal.sums(tx, user_id, month)
            running = await personal.at_work(tx, user_id)
        return MemberUsage(of_today.videos, running, of_month.videos, of_month.refunded, tomorrow)


def _percent(spent: int, limit: int) -> int:
    """What is used of a limit; all of it only once nothing is left, and where a smaller one was set meanwhile."""
    return 100 if spent >= limit else 100 * spent // limit
