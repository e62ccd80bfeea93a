"""People's choices and erasures, blocks, and where copies about a job stand."""

from dataclasses import replace
from functools import partial

from bot.domain.block import Block
from bot.domain.inputs import Inputs
from bot.domain.job import MessagePlace
from bot.domain.preferences import Ping, Preferences
from bot.store import blocks, characters, erasure, inputs, people, posts
from bot.store.database import Database
from bot.store.posts import PostKind
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, SECOND, add, ask, job
from tests.bot.store.test_characters import FOX

CHOSEN = Preferences(Ping.BOTH, others_may_remix=False, duration=15, aspect="9:16", model_id="sora-2")


async def test_what_somebody_has_chosen_is_theirs_alone(database: Database) -> None:
    async with database.write() as tx:
        await people.save_preferences(tx, ALICE, CHOSEN)

    assert await ask(database, lambda tx: people.preferences(tx, ALICE)) == CHOSEN
    assert await ask(database, lambda tx: people.preferences(tx, BOB)) == Preferences()


async def test_an_erasure_forgets_the_choices_and_is_remembered(database: Database) -> None:
    async with database.write() as tx:
        await people.save_preferences(tx, ALICE, CHOSEN)
        await people.erase_before(tx, ALICE, NOW)

    assert await ask(database, lambda tx: people.preferences(tx, ALICE)) == Preferences()
    assert await ask(database, people.erasures) == [(ALICE, NOW)]


async def test_a_block_holds_in_its_server_until_its_end(database: Database) -> None:
    block = Block(GUILD, BOB, ALICE, NOW + SECOND, "spam")
    async with database.write() as tx:
        await blocks.put(tx, block, NOW)

    assert await ask(database, lambda tx: blocks.active(tx, GUILD, BOB, NOW)) == block
    assert await ask(database, lambda tx: blocks.active(tx, GUILD, BOB, NOW + SECOND)) is None
    assert await ask(database, lambda tx: blocks.active(tx, GUILD + 1, BOB, NOW)) is None


async def test_a_later_block_takes_the_place_of_the_first_and_can_be_lifted(database: Database) -> None:
    for_good = Block(GUILD, BOB, ALICE)
    async with database.write() as tx:
        await blocks.put(tx, Block(GUILD, BOB, ALICE, NOW + SECOND), NOW)
        await blocks.put(tx, for_good, NOW)

    assert await ask(database, lambda tx: blocks.active(tx, GUILD, BOB, NOW + 9 * SECOND)) == for_good
    async with database.write() as tx:
        assert await blocks.lift(tx, GUILD, BOB)
        assert not await blocks.lift(tx, GUILD, BOB)


async def test_posts_about_somebody_are_found_and_forgotten_one_by_one(database: Database) -> None:
    async with database.write() as tx:
        await posts.put(tx, "7q2m0x9dkt", PostKind.LOG, ALICE, MessagePlace(1, 2))
        await posts.put(tx, "7q2m0x9dkt", PostKind.LOG, ALICE, MessagePlace(1, 3))
        await posts.put(tx, "7q2m0x9dkt", PostKind.REPORT, BOB, MessagePlace(4, 5))
        await people.erase_before(tx, ALICE, NOW)
        assert await erasure.note_posts(tx) == 1

    both = await ask(database, lambda tx: posts.of_job(tx, "7q2m0x9dkt"))
    (blank,) = await ask(database, lambda tx: posts.to_blank(tx, limit=9))
    assert [post.place for post in both] == [MessagePlace(1, 3), MessagePlace(4, 5)]
    assert blank.place == MessagePlace(1, 3)
    async with database.write() as tx:
        await posts.forget(tx, blank.id)
    assert await ask(database, lambda tx: posts.to_blank(tx, limit=9)) == []


async def test_kept_files_are_named_oldest_first_by_their_newest_job(database: Database) -> None:
    await add(database, job(inputs=Inputs(picture="a.png", clip="b.mp4"), created_at=NOW))
    await add(database, job(inputs=Inputs(picture="c.png"), created_at=NOW + SECOND))
    await add(database, job(inputs=Inputs(picture="a.png"), created_at=NOW + 2 * SECOND))
    await add(database, job(inputs=Inputs(character_id=FOX.id)))
    async with database.write() as tx:
        await characters.add(tx, replace(FOX, file="d.mp4"))

    for size in (1, 2, 500):
        read = partial(inputs.of_jobs, page_size=size)
        assert await ask(database, read) == ["b.mp4", "c.png", "a.png"]
    assert await ask(database, inputs.of_characters) == {"d.mp4"}
