"""What may be seen of a video, and by whom."""

from dataclasses import replace

import pytest

from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import JobState, MessagePlace
from bot.domain.sentence import MessageLink
from bot.orders.details import Looking
from bot.orders.reuse import Reuse
from bot.policy.asker import Asker, Context
from bot.policy.errors import JobGoneError
from bot.store import guilds, people, posts
from bot.store.database import Database
from bot.store.posts import PostKind
from tests.bot.policy.askers import MOD_ROLE, asker
from tests.bot.store.records import ALICE, BOB, CHANNEL, GUILD, NOW, PRICE, add, job

AUTHOR = asker()
MEMBER = asker(user_id=BOB)
MODERATOR = asker(user_id=BOB, moderates=True)
CHOSEN_MODERATOR = asker(user_id=BOB, role_ids=frozenset({MOD_ROLE}))
MANAGER = asker(user_id=BOB, manages=True)
OPERATOR = asker(user_id=BOB, operates=True)
STRANGER = asker(user_id=BOB, guild_id=GUILD + 1, moderates=True, manages=True)
AUTHOR_IN_DM = asker(guild_id=None, context=Context.DIRECT)
MEMBER_IN_DM = replace(AUTHOR_IN_DM, user_id=BOB)
POSTED: dict[str, object] = {"state": JobState.DELIVERED, "message_channel_id": CHANNEL, "message_id": 71}


@pytest.fixture
async def looking(database: Database) -> Looking:
    made = Looking(database, lambda: NOW)
    await choose(made)
    return made


async def choose(looking: Looking, **choices: object) -> None:
    chosen = GuildChoices(moderator_role_id=MOD_ROLE, **choices)  # type: ignore[arg-type]
    async with looking.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, chosen, approved=True), ALICE)


@pytest.mark.parametrize(
    ("who", "columns", "shown"),
    [
        (AUTHOR, {}, True),
        (AUTHOR_IN_DM, {}, True),
        (MEMBER, POSTED, True),
        (MEMBER, {"status_channel_id": CHANNEL, "status_message_id": 72}, True),
        (MEMBER, {}, False),
        (MEMBER, POSTED | {"private": True}, False),
        (MEMBER, POSTED | {"removed_at": NOW}, False),
        (MANAGER, POSTED | {"private": True}, True),
        (MODERATOR, POSTED | {"private": True}, True),
        (CHOSEN_MODERATOR, POSTED | {"removed_at": NOW}, True),
        (OPERATOR, POSTED | {"private": True}, False),
        (AUTHOR, POSTED | {"private": True, "removed_at": NOW}, True),
    ],
)
async def test_the_prompt_is_for_its_author_moderators_and_where_it_stands(
    looking: Looking, who: Asker, columns: dict[str, object], shown: bool
) -> None:
    video = await add(looking.database, job(server_id=GUILD), **columns)

    assert (await looking.see(who, video.id)).shows_prompt is shown


@pytest.mark.parametrize(("who", "shown"), [(AUTHOR, True), (MODERATOR, True), (MEMBER, False)])
async def test_a_hidden_prompt_is_for_its_author_and_moderators(looking: Looking, who: Asker, shown: bool) -> None:
    await choose(looking, hide_prompts=True)
    video = await add(looking.database, job(server_id=GUILD), **POSTED)

    assert (await looking.see(who, video.id)).shows_prompt is shown
    assert bool((await Reuse(looking.database).readable(who, video.id)).request.prompt) is shown


async def test_a_video_stands_in_the_announcement_channel_too(looking: Looking) -> None:
    reader = replace(MEMBER, channel_id=CHANNEL + 1)
    video = await add(looking.database, job(server_id=GUILD), **POSTED)
    reuse = Reuse(looking.database)
    assert not (await looking.see(reader, video.id)).shows_prompt
    with pytest.raises(JobGoneError):
        await reuse.readable(reader, video.id)

    async with looking.database.write() as tx:
        await posts.put(tx, video.id, PostKind.ANNOUNCEMENT, ALICE, MessagePlace(CHANNEL + 1, 73))

    assert (await looking.see(reader, video.id)).shows_prompt
    assert (await reuse.readable(reader, video.id)).request.prompt


@pytest.mark.parametrize("who", [STRANGER, MEMBER_IN_DM])
async def test_somewhere_else_it_is_said_to_be_gone(looking: Looking, who: Asker) -> None:
    video = await add(looking.database, job(server_id=GUILD), **POSTED)

    with pytest.raises(JobGoneError):
        await looking.see(who, video.id)
    with pytest.raises(JobGoneError):
        await looking.see(AUTHOR, "0000000000")


async def test_a_video_of_direct_messages_is_its_authors_alone(looking: Looking) -> None:
    video = await add(looking.database, job(guild_id=None, server_id=None), **POSTED)

    assert (await looking.see(AUTHOR_IN_DM, video.id)).shows_prompt
    with pytest.raises(JobGoneError):
        await looking.see(MODERATOR, video.id)


@pytest.mark.parametrize(
    ("who", "shows_money", "cost"),
    [
        (AUTHOR, False, None),
        (MODERATOR, False, None),
        (MANAGER, False, PRICE),
        (OPERATOR, False, PRICE),
        (AUTHOR, True, PRICE),
        (MEMBER, True, PRICE),
    ],
)
async def test_the_cost_is_for_managers_or_where_money_is_shown(
    looking: Looking, who: Asker, shows_money: bool, cost: int | None
) -> None:
    await choose(looking, show_money=shows_money)
    video = await add(looking.database)

    assert (await looking.see(who, video.id)).cost == cost


async def test_where_a_private_video_stands_is_for_its_author_alone(looking: Looking) -> None:
    video = await add(looking.database, None, **POSTED | {"private": True})

    assert (await looking.see(AUTHOR, video.id)).job.message is not None
    assert (await looking.see(MODERATOR, video.id)).job.message is None


@pytest.mark.parametrize(
    "hidden", [{"private": True}, {"removed_at": NOW}, {"message_id": None}, {"server_id": GUILD + 1}]
)
async def test_what_it_was_made_from_is_linked_where_others_may_see_it(
    looking: Looking, hidden: dict[str, object]
) -> None:
    open_ = await add(looking.database, job(server_id=GUILD), **POSTED)
    closed = await add(looking.database, job(server_id=GUILD), **(POSTED | hidden))

    async def linked(source: str) -> MessageLink | str | None:
        video = await add(looking.database, job(repeats=source, server_id=GUILD))
        return (await looking.see(AUTHOR, video.id)).repeated

    assert await linked(open_.id) == MessageLink(GUILD, CHANNEL, 71)
    assert await linked(closed.id) == closed.id
    assert await linked("0000000000") == "0000000000"


async def test_what_is_being_erased_is_shown_to_nobody_else(looking: Looking) -> None:
    video = await add(looking.database, None, **POSTED)
    async with looking.database.write() as tx:
        await people.erase_before(tx, ALICE, NOW)

    assert (await looking.see(AUTHOR, video.id)).is_own
    with pytest.raises(JobGoneError):
        await looking.see(MEMBER, video.id)
