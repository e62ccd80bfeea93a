"""What somebody has used, chosen, may take with them, and may have erased."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.block import Block
from bot.domain.character import Character, Sharing
from bot.domain.guild import GuildChoices
from bot.domain.inputs import ERASED, Inputs
from bot.domain.job import ENDED, JobState, MessagePlace
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.domain.preferences import Ping, Preferences
from bot.domain.request import CharacterClip, VideoRequest
from bot.orders.account import Account, MemberUsage
from bot.orders.account_erasure import Erased
from bot.policy.errors import BlockedForGoodError, DailyLimitError
from bot.store import blocks, characters, facts, jobs, ledger, outbox, people, posts
from bot.store.posts import PostKind
from tests.bot.orders.desk import CHOICES, MEMBER, Desk
from tests.bot.policy.askers import asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, PRICE, SECOND, add, add_reserved, ask, job, reread, rows

TOMORROW = NOW.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
CHOSEN = Preferences(Ping.BOTH, others_may_remix=False, duration=15, aspect="9:16", model_id="sora-2")
HALF_AN_EMOJI = "\ud83d"


@pytest.fixture
def account(desk: Desk) -> Account:
    return Account(desk.database, desk.clock, desk.woken.append)


def character(id_: str = "cccccccccc", **changes: object) -> Character:
    fox = Character(id_, ALICE, GUILD, "Fox", "f.mp4", Decimal("2.5"), NOW, NOW, Sharing.CHOSEN, frozenset({BOB}))
    return replace(fox, **changes)  # type: ignore[arg-type]


async def is_gone(desk: Desk, job_id: str) -> bool:
    async with desk.database.read() as tx:
        return await jobs.get(tx, job_id) is None


async def noted(desk: Desk, job_id: str) -> list[NoteKind]:
    async with desk.database.read() as tx:
        return [note.kind for note in await outbox.open_notes(tx, job_id)]


async def test_usage_here_counts_this_servers_videos_by_the_books(desk: Desk, account: Account) -> None:
    await add_reserved(desk.database, state=JobState.RENDERING)
    await add_reserved(desk.database, job(created_at=NOW - timedelta(days=2)), state=JobState.DELIVERED)
    await add_reserved(desk.database, job(guild_id=GUILD + 1))
    await add_reserved(desk.database, job(author_id=BOB))
    refunded = await add_reserved(desk.database, state=JobState.FAILED)
    async with desk.database.write() as tx:
        await ledger.refund(tx, refunded, NOW, "service")

    assert await account.usage(MEMBER) == MemberUsage(1, 1, 2, 1, TOMORROW, a_day=3, at_once=1)


async def test_usage_elsewhere_counts_all_servers_and_knows_no_limit(desk: Desk, account: Account) -> None:
    await add_reserved(desk.database, state=JobState.RENDERING)
    await add_reserved(desk.database, job(guild_id=GUILD + 1))
    await add_reserved(desk.database, job(guild_id=None))
    await add_reserved(desk.database, job(author_id=BOB))

    assert await account.usage(asker(guild_id=None)) == MemberUsage(3, 3, 3, 0, TOMORROW)


async def test_usage_shows_money_only_where_the_manager_does(desk: Desk, account: Account) -> None:
    await add_reserved(desk.database)
    hidden = await account.usage(MEMBER)
    await desk.set_up(replace(CHOICES, show_money=True))

    shown = await account.usage(MEMBER)

    assert (hidden.spent_this_month, shown.spent_this_month) == (None, PRICE)


async def test_a_day_begins_at_the_servers_midnight(desk: Desk, account: Account) -> None:
    await desk.set_up(GuildChoices(time_zone="Asia/Tokyo"))
    await add_reserved(desk.database, job(created_at=NOW - timedelta(hours=1)))

    # It is nine minutes past midnight there.
    assert (await account.usage(MEMBER)).videos_today == 0


async def test_preferences_are_the_defaults_until_somebody_chooses(account: Account) -> None:
    before = await account.preferences(ALICE)
    await account.prefer(ALICE, CHOSEN)

    assert before == Preferences()
    assert await account.preferences(ALICE) == CHOSEN
    assert await account.preferences(BOB) == Preferences()


async def test_an_export_has_all_of_ones_own_and_nothing_of_others(desk: Desk, account: Account) -> None:
    request = VideoRequest(
        f"a {HALF_AN_EMOJI} fox", 10, "16:9", character=CharacterClip("https://x.example/c", Decimal(1), Decimal("2.5"))
    )
    done = await add_reserved(
        desk.database,
        job(request=request, status=MessagePlace(3, 4), server_id=GUILD),
        state=JobState.DELIVERED,
        message_channel_id=5,
        message_id=6,
        failure_detail="the gateway's own words",
    )
    await add_reserved(desk.database, job(author_id=BOB, request=VideoRequest("of somebody else")))
    async with desk.database.write() as tx:
        await ledger.refund(tx, done, NOW, "cancelled", actor_id=BOB)
        await characters.add(tx, character())
        await characters.add(tx, character("dddddddddd", owner_id=BOB, name="Not mine"))
    await account.prefer(ALICE, CHOSEN)

    made = await account.export(ALICE, 1 << 20)

    content = json.loads(made.data)
    (video,) = content["videos"]
    assert (made.videos, made.left_out) == (1, 0)
    assert video["prompt"] == request.prompt
    assert video["options"]["character"] == {"url": "https://x.example/c", "start": "1", "end": "2.5"}
    assert video["message"] == f"https://discord.com/channels/{GUILD}/5/6"
    assert video["price_dollars"] == "0.15"
    assert content["preferences"]["ping"] == "both"
    assert [(each["name"], each["sharing"], each["seconds"]) for each in content["characters"]] == [
        ("Fox", "chosen", "2.5")
    ]
    assert [(each["kind"], each["dollars"]) for each in content["books"]] == [("refund", "-0.15"), ("reserve", "0.15")]
    text = made.data.decode()
    for foreign in (str(BOB), "of somebody else", "Not mine", "the gateway's own words"):
        assert foreign not in text


async def test_an_export_never_leads_to_a_file_that_was_lent(desk: Desk, account: Account) -> None:
    lent = CharacterClip("https://lent.example/b", Decimal(0), Decimal(2))
    request = VideoRequest("a cat", 10, image="https://lent.example/a", last_image="https://lent.example/c")
    inputs = Inputs("a.png", "c.png", "b.mp4", Decimal(2), owners={"b.mp4": BOB})
    of_character = Inputs(character_id="cccccccccc")
    await add(desk.database, job(request=replace(request, character=lent), inputs=inputs))
    await add(desk.database, job(request=VideoRequest("a fox", 10, character=lent), inputs=of_character))

    made = await account.export(ALICE, 1 << 20)

    text = made.data.decode()
    assert "lent.example" not in text
    given = [video["given"] for video in json.loads(text)["videos"]]
    assert sorted(given, key=len) == [["character"], ["image", "last_image", "character"]]


async def test_an_export_has_links_only_of_whoever_typed_them(desk: Desk, account: Account) -> None:
    request = VideoRequest("a cat", 10, image="https://typed.example/a.png")
    foreign = await add(desk.database, job(author_id=BOB, request=request))
    own = await add(desk.database, job(request=request))
    again = await add(desk.database, job(request=request, repeats=own.id, created_at=NOW + SECOND))
    of_foreign = await add(desk.database, job(request=request, repeats=foreign.id, created_at=NOW + SECOND))
    once_more = await add(desk.database, job(request=request, repeats=of_foreign.id, created_at=NOW + 2 * SECOND))

    made = await account.export(ALICE, 1 << 20)

    videos = json.loads(made.data)["videos"]
    assert {video["id"] for video in videos if "image" in video["options"]} == {own.id, again.id}
    assert {video["id"] for video in videos if video["given"] == ["image"]} == {of_foreign.id, once_more.id}


async def test_an_export_over_the_limit_leaves_out_the_oldest(desk: Desk, account: Account) -> None:
    for number in range(5):
        long = VideoRequest(f"{number} " + "ü" * 1000)
        await add(desk.database, job(created_at=NOW + number * SECOND, request=long))

    made = await account.export(ALICE, 16_000)

    content = json.loads(made.data)
    assert len(made.data) <= 16_000
    assert made.videos + made.left_out == 5
    assert [video["prompt"][0] for video in content["videos"]] == ["4", "3"]
    assert content["videos_left_out"] == made.left_out == 3


async def test_somebody_unknown_has_an_empty_export(account: Account) -> None:
    content = json.loads((await account.export(ALICE, 1 << 20)).data)

    assert (content["videos"], content["characters"], content["books"]) == ([], [], [])


async def test_erasing_takes_what_has_ended_and_leaves_others_alone(desk: Desk, account: Account) -> None:
    ended = [await add_reserved(desk.database, state=state) for state in ENDED]
    foreign = await add_reserved(desk.database, job(author_id=BOB), state=JobState.DELIVERED)
    async with desk.database.write() as tx:
        await characters.add(tx, character())
        await characters.add(tx, character("dddddddddd", owner_id=BOB))
        await facts.first_use(tx, ALICE, NOW)
        await people.save_preferences(tx, BOB, CHOSEN)
    await account.prefer(ALICE, CHOSEN)

    erased = await account.erase(ALICE)

    assert erased == Erased(cancelled=0, still_ending=0)
    for each in ended:
        assert await is_gone(desk, each.id)
    assert await reread(desk.database, foreign.id) == foreign
    assert await account.preferences(ALICE) == Preferences()
    assert await account.preferences(BOB) == CHOSEN
    assert await ask(desk.database, lambda tx: characters.owned(tx, ALICE)) == []
    assert len(await ask(desk.database, lambda tx: characters.owned(tx, BOB))) == 1
    assert not await ask(desk.database, lambda tx: facts.is_known(tx, ALICE))


async def test_erasing_stops_what_is_on_its_way(desk: Desk, account: Account) -> None:
    waiting = await add_reserved(desk.database)
    rendering = await add_reserved(desk.database, state=JobState.RENDERING)

    erased = await account.erase(ALICE)

    cancelled, going = [await reread(desk.database, each.id) for each in (waiting, rendering)]
    assert erased == Erased(cancelled=1, still_ending=1)
    assert (cancelled.state, going.state, going.dont_post) == (JobState.CANCELLED, JobState.RENDERING, True)
    assert await ask(desk.database, lambda tx: ledger.settlement(tx, waiting.id)) is Settlement.REFUNDED
    for each in (waiting, rendering):
        assert NoteKind.STATUS in await noted(desk, each.id)
    assert sorted(desk.woken) == sorted([waiting.id, rendering.id])


async def test_erasing_resets_no_limit(desk: Desk, account: Account) -> None:
    for _ in range(3):
        await add_reserved(desk.database, state=JobState.DELIVERED)

    await account.erase(ALICE)

    assert (await account.usage(MEMBER)).videos_today == 3
    with pytest.raises(DailyLimitError):
        await desk.accept()


async def test_erasing_keeps_the_amounts_without_the_name(desk: Desk, account: Account) -> None:
    await add_reserved(desk.database, state=JobState.DELIVERED)
    foreign = await add_reserved(desk.database, job(author_id=BOB), state=JobState.FAILED)
    async with desk.database.write() as tx:
        await ledger.refund(tx, foreign, NOW, "cancelled", actor_id=ALICE)

    await account.erase(ALICE)

    entries = await rows(desk.database, "SELECT kind, actor_id, amount FROM ledger ORDER BY id")
    assert entries == [("reserve", 0, PRICE), ("reserve", BOB, PRICE), ("refund", 0, -PRICE)]


async def test_erasing_lifts_no_block(desk: Desk, account: Account) -> None:
    async with desk.database.write() as tx:
        await blocks.put(tx, Block(GUILD, ALICE, BOB, None, "spam"), NOW)

    await account.erase(ALICE)

    with pytest.raises(BlockedForGoodError):
        await desk.quote()


async def test_erasing_notes_what_names_somebody_elsewhere(desk: Desk, account: Account) -> None:
    private = await add(desk.database, state=JobState.DELIVERED)
    foreign = await add(desk.database, job(author_id=BOB), state=JobState.DELIVERED)
    async with desk.database.write() as tx:
        await posts.put(tx, private.id, PostKind.LOG, ALICE, MessagePlace(7, 8))
        await posts.put(tx, foreign.id, PostKind.LOG, BOB, MessagePlace(7, 9))

    await account.erase(ALICE)

    noted = await ask(desk.database, lambda tx: posts.to_blank(tx, limit=10))
    assert [post.place for post in noted] == [MessagePlace(7, 8)]


async def test_what_others_made_from_a_video_keeps_its_files(desk: Desk, account: Account) -> None:
    inputs = Inputs(picture="a.png")
    await add(desk.database, job(inputs=inputs), state=JobState.DELIVERED)
    of_bob = await add(desk.database, job(author_id=BOB, inputs=inputs), state=JobState.DELIVERED)

    await account.erase(ALICE)

    assert (await reread(desk.database, of_bob.id)).inputs == inputs


async def test_what_was_lent_to_others_is_taken_from_them(desk: Desk, account: Account) -> None:
    borrowed = Inputs("own.png", "a.png", "b.mp4", Decimal(2), owners={"a.png": ALICE, "b.mp4": BOB + 1})
    of_bob = await add(desk.database, job(author_id=BOB, inputs=borrowed), state=JobState.DELIVERED)

    await account.erase(ALICE)

    left = (await reread(desk.database, of_bob.id)).inputs
    assert left == replace(borrowed, last_picture=ERASED, owners={"b.mp4": BOB + 1})
