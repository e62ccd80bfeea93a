"""Reports of videos: who may report what, and where the moderators' card about it stands."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild
from bot.domain.job import Job, MessagePlace
from bot.domain.sentence import N_, NN_, Instant, MessageLink
from bot.policy.asker import Asker
from bot.policy.calendar import day
from bot.policy.errors import JobGoneError, RemovedError
from bot.store import guilds, jobs, posts
from bot.store.database import Database, Transaction
from bot.store.posts import PostKind

A_DAY = 5
"""How many videos a member may report in a day."""


class NoLogChannelError(RefusalError):
    """Nobody would see a report."""

    message = N_("This server has no log channel, so nobody would see your report. Please ask a moderator.")


class AlreadyReportedError(RefusalError):
    """The moderators have a card about this video."""

    message = N_("The moderators have been told about this video already. Thank you.")


class TooManyReportsError(RefusalError):
    """A member has reported enough for a day."""

    message = NN_(
        "You have reported {count} video today, which is as many as I pass on. You can report more {again}. "
        "If it can't wait, please ask a moderator.",
        "You have reported {count} videos today, which are as many as I pass on. You can report more {again}. "
        "If it can't wait, please ask a moderator.",
    )


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a video, and the channel in which the moderators are told of it, in their server's language."""

    job: Job
    reporter_id: int
    reason: str
    link: MessageLink
    log_channel_id: int
    locale: str


@dataclass(slots=True)
class _Tally:
    """Who has reported how often on one day of one server; older days are forgotten."""

    began: datetime
    by_member: Counter[int]


@dataclass(frozen=True, slots=True)
class Reports:
    """Takes reports: one card a video. The count of a day is kept in memory: it keeps nuisance off, no promise."""

    database: Database
    clock: Clock
    _tallies: dict[int, _Tally] = field(default_factory=dict)

    async def check(self, asker: Asker, job_id: str) -> None:
        """Raise what `take` would refuse, before somebody writes down a reason."""
        await self._look(asker, job_id)

    async def take(self, asker: Asker, job_id: str, message: MessagePlace, reason: str) -> Report:
        """A report that moderators have to be told of; `message` is the one that shows the video.

        Raises JobGoneError, RemovedError, NoLogChannelError, AlreadyReportedError and TooManyReportsError.
        """
        job, guild, log_channel_id = await self._look(asker, job_id)
        link = MessageLink(guild.id, message.channel_id, message.message_id)
        return Report(job, asker.user_id, reason, link, log_channel_id, guild.choices.locale)

    async def told(self, asker: Asker, report: Report, card: MessagePlace) -> None:
        """The card stands."""
        async with self.database.write() as tx:
            guild = await guilds.get(tx, asker.guild_id or 0)
            await posts.put(tx, report.job.id, PostKind.REPORT, report.job.author_id, card)
        self._tally(guild).by_member[asker.user_id] += 1

    async def _look(self, asker: Asker, job_id: str) -> tuple[Job, Guild, int]:
        async with self.database.read() as tx:
            job, guild = await self._job(tx, asker, job_id), await guilds.get(tx, asker.guild_id or 0)
            known = any(post.kind is PostKind.REPORT for post in await posts.of_job(tx, job.id))
        if known:
            raise AlreadyReportedError
        if guild.choices.log_channel_id is None:
            raise NoLogChannelError
        if self._tally(guild).by_member[asker.user_id] >= A_DAY:
            _, tomorrow = day(self.clock(), guild.choices.time_zone)
            raise TooManyReportsError(count=A_DAY, again=Instant(tomorrow))
        return job, guild, guild.choices.log_channel_id

    async def _job(self, tx: Transaction, asker: Asker, job_id: str) -> Job:
        job = await jobs.get(tx, job_id)
        if job is None or asker.guild_id is None or job.guild_id != asker.guild_id:
            raise JobGoneError
        if job.removed_at is not None:
            raise RemovedError
        return job

    def _tally(self, guild: Guild) -> _Tally:
        began, _ = day(self.clock(), guild.choices.time_zone)
        tally = self._tallies.get(guild.id)
        if tally is None or tally.began != began:
            tally = self._tallies[guild.id] = _Tally(began, Counter())
        return tally
