"""Reports of videos: who may report what, and how often."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.administration.reports import (
    A_DAY,
    AlreadyReportedError,
    NoLogChannelError,
    Report,
    Reports,
    TooManyReportsError,
)
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import MessagePlace
from bot.domain.sentence import Instant, MessageLink
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError, RemovedError
from bot.store import guilds, posts
from bot.store.database import Database
from bot.store.posts import PostKind
from tests.bot.policy.askers import asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, add, ask, job

LOG = 8
REPORTER = asker(user_id=BOB)
SHOWN = MessagePlace(7, 71)
CARD = MessagePlace(LOG, 82)


@dataclass
class Desk:
    """Where reports are taken."""

    database: Database
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.reports = Reports(self.database, lambda: self.now)

    async def choose(self, **choices: object) -> None:
        async with self.database.write() as tx:
            await guilds.save(tx, Guild(GUILD, GuildChoices(**choices), approved=True), ALICE)  # type: ignore[arg-type]

    async def report(self, who: Asker = REPORTER) -> Report:
        """A new video that is reported, with its card."""
        report = await self.reports.take(who, (await add(self.database)).id, SHOWN, "")
        await self.reports.told(who, report, CARD)
        return report


@pytest.fixture
async def desk(database: Database) -> Desk:
    made = Desk(database)
    await made.choose(log_channel_id=LOG, locale="de", time_zone="Asia/Tokyo")
    return made


async def test_a_report_says_who_and_where_in_the_servers_language(desk: Desk) -> None:
    video = await add(desk.database)

    report = await desk.reports.take(REPORTER, video.id, SHOWN, "rude")

    assert report == Report(video, BOB, "rude", MessageLink(GUILD, 7, 71), LOG, "de")


async def test_the_place_of_the_card_is_kept_for_the_videos_author(desk: Desk) -> None:
    report = await desk.report()

    (kept,) = await ask(desk.database, lambda tx: posts.of_job(tx, report.job.id))
    assert (kept.kind, kept.author_id, kept.place) == (PostKind.REPORT, ALICE, CARD)


async def test_one_video_has_one_card_however_many_report_it(desk: Desk) -> None:
    report = await desk.report()

    for who in (REPORTER, asker(user_id=BOB + 1)):
        with pytest.raises(AlreadyReportedError):
            await desk.reports.check(who, report.job.id)
        with pytest.raises(AlreadyReportedError):
            await desk.reports.take(who, report.job.id, SHOWN, "")


async def test_without_a_log_channel_nobody_would_see_it(desk: Desk) -> None:
    await desk.choose()
    video = await add(desk.database)

    with pytest.raises(NoLogChannelError):
        await desk.reports.check(REPORTER, video.id)


async def test_what_is_gone_removed_or_elsewhere_is_refused(desk: Desk) -> None:
    removed = await add(desk.database, removed_at=NOW)
    elsewhere = await add(desk.database, job(guild_id=GUILD + 1))
    here = await add(desk.database)

    with pytest.raises(RemovedError):
        await desk.reports.check(REPORTER, removed.id)
    for who, job_id in ((REPORTER, elsewhere.id), (REPORTER, "0000000000"), (asker(guild_id=None), here.id)):
        with pytest.raises(JobGoneError):
            await desk.reports.check(who, job_id)


async def test_a_member_has_so_many_reports_a_day_and_others_theirs(desk: Desk) -> None:
    for _ in range(A_DAY):
        await desk.report()

    with pytest.raises(TooManyReportsError) as refused:
        await desk.report()

    midnight_in_tokyo = NOW.replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert refused.value.sentence.params == {"count": A_DAY, "again": Instant(midnight_in_tokyo)}
    await desk.report(asker(user_id=BOB + 1))
    desk.now = midnight_in_tokyo
    await desk.report()


async def test_only_reports_that_arrived_count(desk: Desk) -> None:
    for _ in range(A_DAY + 1):
        await desk.reports.take(REPORTER, (await add(desk.database)).id, SHOWN, "")
