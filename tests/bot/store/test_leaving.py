"""Servers that the bot was removed from: what is known of them, and what goes, of theirs and of nobody else's."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.audit import Act, Action
from bot.domain.block import Block
from bot.domain.character import Character, Sharing
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import Job, JobState, MessagePlace, TaskRef
from bot.domain.notice import NoticeKind
from bot.domain.outbox import NoteKind
from bot.store import acts, blocks, characters, declines, guilds, leaving, ledger, loans, moves, notices, outbox, posts
from bot.store.database import Database
from bot.store.leaving import Chunk
from bot.store.ledger import Gift
from bot.store.posts import PostKind
from tests.bot.store.records import ALICE, BOB, CHANNEL, GUILD, NOW, add, add_reserved, ask, job, rows

OTHER = 1130000000000000009
DAY = timedelta(days=1)
TABLES = ("jobs", "tasks", "outbox", "posts", "loans", "characters", "character_grants", "blocks", "acts", "declines",
          "notices", "guilds")  # fmt: skip


async def furnish(database: Database, guild_id: int = GUILD, member: int = ALICE) -> Job:
    """A server with something in every table; `member` has made a video there."""
    video = await add_reserved(
        database, job(guild_id=guild_id, author_id=member), state=JobState.DELIVERED, finished_at=NOW
    )
    async with database.write() as tx:
        await guilds.save(tx, Guild(guild_id, GuildChoices(words=("gore",)), approved=True, set_up_at=NOW), BOB)
        await moves.learn_task(tx, video.id, TaskRef("myrouter", f"task of {guild_id}"), NOW, deadline_at=NOW)
        await tx.exec_driver_sql("UPDATE jobs SET state = 'delivered', next_at = NULL WHERE id = ?", (video.id,))
        await outbox.put(tx, video.id, NOW, NoteKind.RESULT)
        await posts.put(tx, video.id, PostKind.LOG, member, MessagePlace(7, guild_id % 1000))
        await loans.begin(tx, video.id, CHANNEL, NOW)
        await ledger.grant(tx, Gift(f"gift{guild_id % 10}", guild_id, member, BOB, 1, 100, "for Alice"), NOW)
        await characters.add(tx, hero(guild_id, member))
        await blocks.put(tx, Block(guild_id, member, BOB, None, "spam"), NOW)
        await acts.add(tx, Act(NOW, guild_id, BOB, Action.BLOCK, member, reason="spam"))
        await declines.add(tx, guild_id, member, NOW)
        await notices.put(tx, guild_id, NoticeKind.BUDGET, {}, NOW, once=f"budget:{guild_id}")
        await notices.put(tx, 0, NoticeKind.APPROVE_SERVER, {"guild": guild_id}, NOW, once=f"approve:{guild_id}")
    return video


def hero(guild_id: int, owner: int, **changes: object) -> Character:
    values: dict[str, object] = {"sharing": Sharing.CHOSEN, "user_ids": frozenset({BOB})}
    return Character(
        f"hero{guild_id % 10}{owner % 10}", owner, guild_id, f"Hero of {guild_id}", "file.mp4", Decimal(2), NOW, NOW,
        **(values | changes),  # type: ignore[arg-type]
    )  # fmt: skip


async def forget(database: Database, guild_id: int = GUILD, chunk: Chunk = leaving.CHUNK) -> bool:
    async with database.write() as tx:
        return await leaving.forget(tx, guild_id, chunk)


async def leave(database: Database, guild_id: int = GUILD, days: int = 0) -> bool:
    async with database.write() as tx:
        return await leaving.note_left(tx, guild_id, NOW - days * DAY)


async def everything(database: Database) -> dict[str, Sequence[tuple[object, ...]]]:
    return {table: await rows(database, f"SELECT * FROM {table}") for table in TABLES}


async def test_nothing_is_left_of_a_forgotten_server_but_the_sums_of_its_books(database: Database) -> None:
    await furnish(database)
    assert all((await everything(database)).values())
    sums = "SELECT sum(amount), sum(videos), count(*) FROM ledger"
    before = await rows(database, sums)

    assert await forget(database)

    assert {table: found for table, found in (await everything(database)).items() if found} == {}
    assert await rows(database, sums) == before
    assert await rows(database, "SELECT DISTINCT actor_id, reason FROM ledger") == [(0, "")]
    owners = await rows(
        database, "SELECT user_id FROM ledger JOIN accounts ON accounts.id = account_id WHERE accounts.kind = 'member'"
    )
    assert all(int(str(owner)) < 0 for (owner,) in owners)
    assert await rows(database, f"SELECT * FROM accounts WHERE user_id = {ALICE}") == []
    assert await ask(database, lambda tx: ledger.spent_since(tx, NOW - DAY, GUILD)) > 0


async def test_another_server_keeps_all_that_it_has(database: Database) -> None:
    await furnish(database)
    await furnish(database, OTHER, BOB)
    before = await everything(database)
    books = f"SELECT * FROM ledger WHERE guild_id = {OTHER}"
    entries = await rows(database, books)

    await forget(database)

    after = await everything(database)
    assert {table: len(found) for table, found in after.items()} == {
        table: len(found) // 2 for table, found in before.items()
    }
    assert all(set(after[table]) <= set(before[table]) for table in TABLES)
    assert await rows(database, books) == entries


async def test_a_job_that_still_runs_is_let_go_on_and_the_rest_waits_for_it(database: Database) -> None:
    await furnish(database)
    running = await add(database, state=JobState.RENDERING)

    waited = not await forget(database)
    kept = await ask(database, lambda tx: guilds.get(tx, GUILD))
    async with database.write() as tx:
        await tx.exec_driver_sql("UPDATE jobs SET state = 'failed'")

    assert waited
    assert kept.choices.words == ("gore",)
    assert await rows(database, "SELECT id FROM jobs") == [(running.id,)]
    assert await forget(database)
    assert await rows(database, "SELECT id FROM jobs") == []


async def test_it_is_forgotten_bit_by_bit(database: Database) -> None:
    for member in (ALICE, BOB, CHANNEL):
        await add_reserved(database, job(author_id=member, state=JobState.FAILED))
    await leave(database)

    steps = 0
    while not await forget(database, chunk=Chunk(jobs=1, members=1, entries=2)):
        steps += 1

    assert steps > 3
    assert await rows(database, "SELECT * FROM guilds") == await rows(database, "SELECT * FROM jobs") == []
    assert await rows(database, "SELECT count(DISTINCT account_id), max(user_id) FROM ledger JOIN accounts"
                      " ON accounts.id = account_id WHERE accounts.kind = 'member'") == [(3, -3)]  # fmt: skip


async def test_who_uses_the_bot_elsewhere_keeps_a_character_but_shares_it_no_more(database: Database) -> None:
    await furnish(database)
    await add_reserved(database, job(guild_id=OTHER))

    await forget(database)

    kept = await ask(database, lambda tx: characters.owned(tx, ALICE))
    assert [(each.guild_id, each.sharing, each.user_ids) for each in kept] == [(None, Sharing.ME, frozenset())]
    assert await rows(database, "SELECT * FROM character_grants") == []


async def test_a_copy_of_a_job_that_went_before_is_forgotten_too(database: Database) -> None:
    await furnish(database)
    async with database.write() as tx:
        await tx.exec_driver_sql("DELETE FROM jobs")

    await forget(database)

    assert await rows(database, "SELECT * FROM posts") == []


async def test_leaving_is_noted_once_and_coming_back_ends_it(database: Database) -> None:
    await furnish(database)
    first, second = await leave(database, days=3), await leave(database)
    left = await ask(database, lambda tx: guilds.get(tx, GUILD))

    async with database.write() as tx:
        back = await leaving.note_back(tx, [GUILD, OTHER])

    now = await ask(database, lambda tx: guilds.get(tx, GUILD))
    assert (first, second, back) == (True, False, 1)
    assert (left.left_at, now.left_at) == (NOW - 3 * DAY, None)
    assert left.choices.words == now.choices.words == ("gore",)


async def test_a_server_that_nobody_set_up_can_be_left_too(database: Database) -> None:
    await add_reserved(database, job(state=JobState.FAILED))

    await leave(database)

    assert await ask(database, lambda tx: guilds.get(tx, GUILD)) == Guild(GUILD, left_at=NOW)
    assert await forget(database)


@pytest.mark.parametrize("trace", ["a job", "choices", "an account", "a character", "an act", "a block"])
async def test_a_server_is_known_by_whatever_is_kept_of_it(database: Database, trace: str) -> None:
    video = job(guild_id=GUILD)
    if trace in {"a job", "an account"}:
        await (add(database, video) if trace == "a job" else add_reserved(database, video))
    async with database.write() as tx:
        match trace:
            case "an account":
                await tx.exec_driver_sql("DELETE FROM jobs")
            case "choices":
                await guilds.save(tx, Guild(GUILD), BOB)
            case "a character":
                await characters.add(tx, hero(GUILD, ALICE))
            case "an act":
                await acts.add(tx, Act(NOW, GUILD, BOB, Action.PAUSE))
            case "a block":
                await blocks.put(tx, Block(GUILD, ALICE, BOB, None, ""), NOW)

    assert await ask(database, leaving.known) == {GUILD}


async def test_what_no_server_pays_is_of_no_server(database: Database) -> None:
    await add_reserved(database, job(guild_id=None))
    await furnish(database)
    await leave(database)

    assert await ask(database, leaving.known) == set()
    assert await ask(database, leaving.left) == [GUILD]
    assert await ask(database, lambda tx: leaving.left(tx, NOW)) == []
