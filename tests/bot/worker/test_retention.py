"""What goes by itself after its time: jobs, declines, what was told only once, and servers that were left."""

from datetime import timedelta

from structlog.testing import LogCapture

from bot.domain.audit import Act, Action
from bot.domain.block import Block
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import JobState
from bot.domain.notice import NoticeKind
from bot.store import acts, blocks, declines, guilds, leaving, notices
from bot.worker.retention import DECLINES_FOR, LEFT_FOR, TOLD_FOR, Retention
from tests.bot.store.records import rows
from tests.bot.worker.stage import BY_HAND, GUILD, MEMBER, Stage

HOUR = timedelta(hours=1)


async def go_on(stage: Stage, *, servers_known: bool = True) -> None:
    await Retention(stage.database, stage.clock, stage.retention).go_on(servers_known=servers_known)


async def leave(stage: Stage) -> None:
    """The bot is removed from a server that was set up."""
    async with stage.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(), approved=True, set_up_at=stage.clock()), MEMBER)
        await leaving.note_left(tx, GUILD, stage.clock())


async def is_known(stage: Stage) -> bool:
    return await rows(stage.database, f"SELECT id FROM guilds WHERE id = {GUILD}") != []


async def test_a_server_is_forgotten_thirty_days_after_it_was_left_and_not_before(
    stage: Stage, log: LogCapture
) -> None:
    await leave(stage)

    stage.clock.jump((LEFT_FOR - HOUR).total_seconds())
    await go_on(stage)
    kept = await is_known(stage)
    stage.clock.jump(2 * HOUR.total_seconds())
    await go_on(stage)

    assert kept
    assert not await is_known(stage)
    assert [entry["guild"] for entry in log.entries if entry["event"] == "server forgotten"] == [GUILD]


async def test_a_server_that_let_the_bot_in_again_keeps_everything(stage: Stage) -> None:
    await leave(stage)
    stage.clock.jump(20 * 86_400)
    async with stage.database.write() as tx:
        await leaving.note_back(tx, [GUILD])

    stage.clock.jump(20 * 86_400)
    await go_on(stage)

    assert await is_known(stage)


async def test_no_server_is_forgotten_before_it_is_known_where_the_bot_is(stage: Stage) -> None:
    """It may have been let in again while the process was down."""
    await leave(stage)
    stage.clock.jump(2 * LEFT_FOR.total_seconds())

    await go_on(stage, servers_known=False)
    kept = await is_known(stage)
    await go_on(stage)

    assert kept
    assert not await is_known(stage)


async def test_upkeep_forgets_servers_by_itself(stage: Stage) -> None:
    await leave(stage)
    await stage.start(upkeep=True)
    stage.clock.jump(2 * LEFT_FOR.total_seconds())

    async def forgotten() -> bool:
        return not await is_known(stage)

    await stage.until(forgotten)


async def test_a_job_that_runs_in_a_server_that_was_left_ends_as_usual(stage: Stage, log: LogCapture) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start(upkeep=True)
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    await leave(stage)

    stage.gateway.orders[0].task.finish()
    await stage.until_state(job, JobState.DELIVERED, hurry=1)
    await stage.until_free(job)
    stage.clock.jump(2 * LEFT_FOR.total_seconds())

    async def forgotten() -> bool:
        return await rows(stage.database, "SELECT id FROM jobs UNION ALL SELECT id FROM guilds") == []

    await stage.until(forgotten)
    assert [entry for entry in log.entries if entry["log_level"] == "error"] == []
    assert await stage.spent(member=True) > 0


async def test_declines_are_forgotten_after_forty_days(stage: Stage) -> None:
    async with stage.database.write() as tx:
        await declines.add(tx, GUILD, MEMBER, stage.clock() - DECLINES_FOR - HOUR)
        await declines.add(tx, GUILD, MEMBER, stage.clock() - DECLINES_FOR + HOUR)

    await go_on(stage)

    assert len(await rows(stage.database, "SELECT * FROM declines")) == 1


async def test_what_was_told_once_is_remembered_for_longer_than_a_year(stage: Stage) -> None:
    async with stage.database.write() as tx:
        for name, age, told in (
            ("old", TOLD_FOR + HOUR, True),
            ("new", TOLD_FOR - HOUR, True),
            ("due", 2 * TOLD_FOR, False),
        ):
            await notices.put(tx, GUILD, NoticeKind.BUDGET, {}, stage.clock() - age, once=name)
            if told:
                await tx.exec_driver_sql("UPDATE notices SET next_at = NULL WHERE once = ?", (name,))

    await go_on(stage)

    assert await rows(stage.database, "SELECT once FROM notices ORDER BY id") == [("new",), ("due",)]


async def test_the_record_of_a_server_that_is_served_has_no_end(stage: Stage) -> None:
    async with stage.database.write() as tx:
        await acts.add(tx, Act(stage.clock(), GUILD, MEMBER, Action.PAUSE))

    stage.clock.jump(3 * 365 * 86_400)
    await go_on(stage)

    assert len(await rows(stage.database, "SELECT * FROM acts")) == 1


async def test_a_block_that_has_ended_is_forgotten(stage: Stage) -> None:
    now = stage.clock()
    async with stage.database.write() as tx:
        for user_id, until in ((1, now + HOUR), (2, now + 3 * HOUR), (3, None)):
            await blocks.put(tx, Block(GUILD, user_id, MEMBER, until, "spam"), now)

    stage.clock.jump(2 * HOUR.total_seconds())
    await go_on(stage)

    assert await rows(stage.database, "SELECT user_id FROM blocks ORDER BY user_id") == [(2,), (3,)]
