"""People who asked to be erased: what goes when, what is tried again, and what limits still remember."""

import json
from datetime import timedelta
from decimal import Decimal

from bot.domain.audit import ERASED, Act, Action
from bot.domain.block import Block
from bot.domain.character import Character, Sharing
from bot.domain.guild import Guild
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.notice import NoticeKind
from bot.domain.outbox import NoteKind
from bot.domain.preferences import Preferences
from bot.orders.account import Account
from bot.policy import declines as declined
from bot.store import acts, blocks, characters, declines, guilds, jobs, ledger, notices, people, posts
from bot.store.ledger import Gift
from bot.store.posts import PostKind
from bot.worker.herald import PlaceClosedError, TryAgainError
from tests.bot.store.records import rows
from tests.bot.worker.stage import BY_HAND, GUILD, MEMBER, PRICE, Stage

DAY = 86_400.0
LOG = MessagePlace(7, 8)
OTHER = MEMBER + 1


async def erase(stage: Stage) -> None:
    """The member asks for it."""
    await Account(stage.database, stage.clock, stage.worker.scheduler.wake).erase(MEMBER)


async def is_forgotten(stage: Stage, job: Job) -> bool:
    async with stage.database.read() as tx:
        return await jobs.get(tx, job.id) is None


async def asked(stage: Stage) -> list[int]:
    """Who has asked and is not done with."""
    async with stage.database.read() as tx:
        return [user_id for user_id, _ in await people.erasures(tx)]


async def go_on(stage: Stage) -> None:
    await stage.worker.upkeep.erasure.go_on()


async def test_a_job_on_its_way_is_not_posted_and_goes_when_it_has_ended(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)

    await erase(stage)
    await go_on(stage)
    still_there = not await is_forgotten(stage, job)
    stage.gateway.orders[0].task.finish()
    await stage.until_state(job, JobState.UNDELIVERED, hurry=1)
    await stage.until_free(job)
    await go_on(stage)

    assert still_there
    assert await is_forgotten(stage, job)
    assert stage.herald.posts == []
    assert await stage.spent(member=True) == PRICE


async def test_an_ended_job_waits_until_its_people_are_told(stage: Stage) -> None:
    stage.build()
    job = await stage.order()
    async with stage.database.write() as tx:
        await tx.exec_driver_sql("UPDATE jobs SET state = 'failed'")
    await stage.note(job, NoteKind.STATUS)

    await erase(stage)
    await go_on(stage)
    waited = not await is_forgotten(stage, job)
    async with stage.database.write() as tx:
        await tx.exec_driver_sql("UPDATE outbox SET done_at = 1")
    await go_on(stage)

    assert waited
    assert await is_forgotten(stage, job)


async def test_an_order_of_unknown_outcome_goes_when_no_answer_can_come_any_more(stage: Stage) -> None:
    stage.build()
    job = await stage.order()
    async with stage.database.write() as tx:
        await tx.exec_driver_sql("UPDATE jobs SET state = 'unsure'")
    await erase(stage)
    async with stage.database.write() as tx:
        await tx.exec_driver_sql("UPDATE outbox SET done_at = 1")

    await go_on(stage)
    waited = not await is_forgotten(stage, job)
    stage.clock.jump(DAY + 60)
    await go_on(stage)

    assert waited
    assert await is_forgotten(stage, job)


async def test_what_was_made_after_asking_stays(stage: Stage) -> None:
    await stage.start()
    before = await stage.until_state(await stage.order(), JobState.DELIVERED)
    await stage.until_free(before)
    await erase(stage)
    stage.clock.jump(1)
    after = await stage.until_state(await stage.order(private=True), JobState.DELIVERED)
    await stage.until_free(after)

    await go_on(stage)

    assert await is_forgotten(stage, before)
    assert not await is_forgotten(stage, after)
    assert stage.worker.blanked == [card.message for card in stage.herald.cards if card.job_id == before.id]


async def test_the_copy_for_moderators_of_a_private_video_is_emptied(stage: Stage) -> None:
    await stage.start()
    job = await stage.until_state(await stage.order(private=True), JobState.DELIVERED)
    await stage.until_free(job)
    (copy,), (card,) = stage.herald.logs, stage.herald.cards

    await erase(stage)
    await go_on(stage)
    await go_on(stage)

    assert stage.worker.blanked == [copy.message, card.message]


async def test_a_copy_that_is_written_down_after_its_job_went_is_emptied_too(stage: Stage) -> None:
    stage.build()
    job = await stage.order()
    await erase(stage)
    async with stage.database.write() as tx:
        await tx.exec_driver_sql("DELETE FROM jobs")
        await posts.put(tx, job.id, PostKind.LOG, MEMBER, LOG)

    await go_on(stage)

    assert stage.worker.blanked == [LOG]


async def test_a_message_that_cannot_be_emptied_now_is_tried_again(stage: Stage) -> None:
    stage.build()
    await _copy_stands(stage)
    stage.worker.cannot_blank = [TryAgainError()]

    await go_on(stage)
    tried = list(stage.worker.blanked)
    await go_on(stage)

    assert (tried, stage.worker.blanked) == ([], [LOG])


async def test_a_message_that_is_gone_is_forgotten(stage: Stage) -> None:
    stage.build()
    await _copy_stands(stage)
    stage.worker.cannot_blank = [PlaceClosedError()]

    await go_on(stage)
    await go_on(stage)

    assert stage.worker.blanked == []
    assert await rows(stage.database, "SELECT * FROM posts") == []


async def _copy_stands(stage: Stage) -> None:
    async with stage.database.write() as tx:
        await posts.put(tx, "aaaaaaaaaa", PostKind.REPORT, MEMBER, LOG)
    await erase(stage)


async def test_the_books_forget_whose_they_are_when_no_limit_looks_at_them_any_more(stage: Stage) -> None:
    stage.build()
    await stage.order()
    await erase(stage)

    stage.clock.jump(31 * DAY)
    await go_on(stage)
    known = await _owners(stage)
    stage.clock.jump(2 * DAY)
    await go_on(stage)

    assert known == [MEMBER]
    assert [owner < 0 for owner in await _owners(stage)] == [True]
    assert await rows(stage.database, f"SELECT * FROM accounts WHERE user_id = {MEMBER}") == []
    assert await rows(stage.database, "SELECT amount FROM ledger ORDER BY id") == [(PRICE,), (-PRICE,)]


async def test_limits_count_what_was_made_after_asking(stage: Stage) -> None:
    """The account goes on under its own name for what is newer."""
    stage.build()
    await stage.order()
    await erase(stage)
    stage.clock.jump(33 * DAY)
    await stage.order()

    await go_on(stage)

    since = stage.clock() - timedelta(days=1)
    async with stage.database.read() as tx:
        assert await ledger.videos_since(tx, since, GUILD, MEMBER) == 1
        assert await ledger.videos_since(tx, since - timedelta(days=60), GUILD, MEMBER) == 1
        assert await ledger.spent_since(tx, since - timedelta(days=60), GUILD) == PRICE


async def test_in_the_end_nothing_is_known_of_somebody(stage: Stage) -> None:
    await stage.start()
    job = await stage.until_state(await stage.order(private=True), JobState.DELIVERED)
    await stage.until_free(job)
    await erase(stage)
    await go_on(stage)
    waiting = await asked(stage)

    stage.clock.jump(33 * DAY)
    await go_on(stage)

    assert (waiting, await asked(stage)) == ([MEMBER], [])
    for table in ("jobs", "tasks", "outbox", "posts", "people", "members"):
        assert await rows(stage.database, f"SELECT * FROM {table}") == [], table
    for table in ("accounts", "ledger"):
        # As a value of its own: the digits may stand within a time.
        assert MEMBER not in {value for row in await rows(stage.database, f"SELECT * FROM {table}") for value in row}


async def test_somebody_who_came_back_keeps_their_choices(stage: Stage) -> None:
    stage.build()
    await erase(stage)
    chosen = Preferences(others_may_remix=False)
    async with stage.database.write() as tx:
        await people.save_preferences(tx, MEMBER, chosen)

    stage.clock.jump(33 * DAY)
    await go_on(stage)

    assert await asked(stage) == []
    async with stage.database.read() as tx:
        assert await people.preferences(tx, MEMBER) == chosen


async def test_upkeep_erases_by_itself_and_after_a_crash(stage: Stage) -> None:
    stage.gateway.default_plan = BY_HAND
    await stage.start()
    job = await stage.until_state(await stage.order(), JobState.RENDERING)
    await erase(stage)
    await stage.worker.stop()

    await stage.start("another", upkeep=True)
    stage.gateway.orders[0].task.finish()

    async def gone() -> bool:
        return await is_forgotten(stage, job)

    await stage.until(gone, hurry=5)
    assert stage.herald.posts == []


async def _owners(stage: Stage) -> list[int]:
    """Whose accounts the entries are on."""
    query = "SELECT DISTINCT user_id FROM ledger JOIN accounts ON accounts.id = account_id"
    return [int(str(row[0])) for row in await rows(stage.database, query)]


async def test_what_was_done_about_somebody_names_them_no_more_at_once(stage: Stage) -> None:
    stage.build()
    await _deeds(stage)

    await erase(stage)

    query = "SELECT actor_id, member_id, reason FROM acts ORDER BY id"
    assert await rows(stage.database, query) == [(MEMBER, OTHER, "rude"), (OTHER, None, "")]


async def test_what_others_have_shared_with_somebody_names_them_no_more(stage: Stage) -> None:
    stage.build()
    now, people_ = stage.clock(), frozenset({MEMBER, OTHER + 1})
    lent = Character("hero", OTHER, GUILD, "Hero", "a.mp4", Decimal(2), now, now, Sharing.CHOSEN, people_)
    async with stage.database.write() as tx:
        await characters.add(tx, lent)

    await erase(stage)

    assert await rows(stage.database, "SELECT subject_id FROM character_grants") == [(OTHER + 1,)]


async def test_what_somebody_did_themselves_names_them_until_the_end(stage: Stage) -> None:
    stage.build()
    await _deeds(stage)
    await erase(stage)
    stage.clock.jump(31 * DAY)
    await go_on(stage)
    waiting = await _named_in(stage)
    stage.clock.jump(2 * DAY)

    await go_on(stage)

    assert waiting == {"acts", "guilds", "blocks", "declines", "notices"}
    assert await _named_in(stage) == set()
    assert await rows(stage.database, "SELECT actor_id FROM acts ORDER BY id") == [(ERASED,), (OTHER,)]
    about, reached = (await rows(stage.database, "SELECT about, reached FROM notices"))[0]
    assert json.loads(str(about)) == {"guild": GUILD, "by": 0, "text": f"{MEMBER}"}
    assert json.loads(str(reached)) == [OTHER]


async def test_that_somebody_was_paused_for_their_prompts_is_forgotten_with_the_name_of_its_notice(
    stage: Stage,
) -> None:
    stage.build()
    async with stage.database.write() as tx:
        for number in range(declined.MOST):
            for member in (MEMBER, OTHER):
                await declined.count(tx, Guild(GUILD), member, stage.clock(), interaction_id=2 * number + member)
    await erase(stage)
    stage.clock.jump(33 * DAY)

    await go_on(stage)

    kept = await rows(stage.database, "SELECT json_extract(about, '$.member'), once FROM notices")
    assert [member for member, _ in kept] == [OTHER]
    assert str(MEMBER) not in {part for _, once in kept for part in str(once).split(":")}


async def test_what_somebody_did_after_asking_keeps_their_name(stage: Stage) -> None:
    stage.build()
    await erase(stage)
    stage.clock.jump(1)
    await _deeds(stage)

    stage.clock.jump(33 * DAY)
    await go_on(stage)

    assert await _named_in(stage) == {"acts", "blocks", "declines", "notices"}


async def test_what_a_manager_wrote_beside_a_gift_goes_with_the_name(stage: Stage) -> None:
    stage.build()
    await stage.order()
    async with stage.database.write() as tx:
        await ledger.grant(tx, Gift("gift", GUILD, MEMBER, OTHER, 1, 100, "for Mia"), stage.clock())
        await ledger.grant(tx, Gift("present", GUILD, OTHER, OTHER, 1, 100, "for Tom"), stage.clock())
    await erase(stage)

    stage.clock.jump(33 * DAY)
    await go_on(stage)

    assert await rows(stage.database, "SELECT kind, reason FROM ledger ORDER BY id") == [
        ("reserve", ""),
        ("grant", ""),
        ("contra", ""),
        ("grant", "for Tom"),
        ("contra", "for Tom"),
        ("refund", ""),
    ]


async def _deeds(stage: Stage) -> None:
    """The member runs a server, and somebody else writes about them."""
    now = stage.clock()
    async with stage.database.write() as tx:
        await guilds.save(tx, Guild(GUILD), MEMBER)
        await acts.add(tx, Act(now, GUILD, MEMBER, Action.BLOCK, OTHER, reason="rude"))
        await acts.add(tx, Act(now, GUILD, OTHER, Action.UNBLOCK, MEMBER, reason="Mia is nice"))
        await blocks.put(tx, Block(GUILD, OTHER, MEMBER, None, "rude"), now)
        await declines.add(tx, GUILD, MEMBER, now)
        about = {"guild": GUILD, "by": MEMBER, "text": f"{MEMBER}"}
        await notices.put(tx, 0, NoticeKind.APPROVE_SERVER, about, now, once="approve")
        for user_id in (MEMBER, OTHER):
            await notices.reach(tx, 1, user_id)


async def _named_in(stage: Stage) -> set[str]:
    """The tables in which the member is named by id."""
    columns = {"acts": "actor_id", "guilds": "changed_by", "blocks": "actor_id", "declines": "user_id",
               "notices": "json_extract(about, '$.by')"}  # fmt: skip
    found = [
        (table, await rows(stage.database, f"SELECT * FROM {table} WHERE {column} = {MEMBER}"))
        for table, column in columns.items()
    ]
    return {table for table, named in found if named}
