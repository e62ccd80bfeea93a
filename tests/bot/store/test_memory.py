"""What is remembered of servers, of people, and of the program itself."""

from dataclasses import replace

from bot.domain.guild import Guild, GuildChoices
from bot.domain.tier import EVERYONE
from bot.store import facts, guilds
from bot.store.database import Database
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, rows

CHOICES = GuildChoices(
    role_ids=frozenset({2**62, 1140000000000000001}),
    channel_ids=frozenset({5, 6}),
    moderator_role_id=2**62 + 1,
    log_channel_id=7,
    locale="de",
    time_zone="Europe/Berlin",
    watermark=False,
    words=("böse", '"quoted"', "🎬"),
)


async def test_a_server_that_nobody_has_set_up_has_safe_defaults(database: Database) -> None:
    async with database.read() as tx:
        found = await guilds.get(tx, GUILD)

    assert found == Guild(GUILD, GuildChoices(), approved=False, set_up_at=None)
    assert found.choices.role_ids == frozenset()
    assert found.choices.watermark is True
    assert (EVERYONE.videos_a_day, EVERYONE.at_once) == (3, 1)


async def test_what_managers_chose_comes_back_and_can_be_changed(database: Database) -> None:
    first = Guild(GUILD, CHOICES, approved=True, set_up_at=NOW)
    second = replace(first, choices=GuildChoices(), approved=False)
    async with database.write() as tx:
        await guilds.save(tx, first, ALICE)
        read_first = await guilds.get(tx, GUILD)
        await guilds.save(tx, second, BOB)
        read_second = await guilds.get(tx, GUILD)
        other = await guilds.get(tx, GUILD + 1)

    assert (read_first, read_second) == (first, second)
    assert other == Guild(GUILD + 1)
    assert await rows(database, "SELECT id, changed_by FROM guilds") == [(GUILD, BOB)]


async def test_the_first_use_is_true_once_for_each_person(database: Database) -> None:
    async with database.write() as tx:
        asked = [await facts.first_use(tx, user, NOW) for user in (ALICE, ALICE, BOB, ALICE)]

    assert asked == [True, False, True, False]


async def test_a_fact_is_remembered_until_it_changes(database: Database) -> None:
    async with database.write() as tx:
        before = await facts.recall(tx, "commands")
        await facts.remember(tx, "commands", "1")
        await facts.remember(tx, "other", "x")
        await facts.remember(tx, "commands", "2")
        after = await facts.recall(tx, "commands")

    assert (before, after) == (None, "2")
