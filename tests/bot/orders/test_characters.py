"""Characters: what they may be called, whose they are, and what becomes of their clips."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.character import Character, Sharing
from bot.domain.errors import RefusalError
from bot.domain.inputs import Inputs
from bot.media.attachments import Attachment, Attachments
from bot.media.cut import Cutter
from bot.media.probe import Prober
from bot.orders.characters import (
    MOST,
    BorrowedCharacterError,
    Characters,
    NameLengthError,
    NameNotAllowedError,
    NameTakenError,
    NewCharacter,
    NoClipGivenError,
    NotConfirmedError,
    NotTheAuthorError,
    TooManyCharactersError,
    proper_name,
)
from bot.orders.errors import CharacterGoneError
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError, NoRoleError, RemovedError
from bot.store import characters as store
from tests.bot.orders.desk import CHOICES, MEMBER, Desk
from tests.bot.policy.askers import ROLE, asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, add, job

OTHER = asker(user_id=BOB, role_ids=frozenset({ROLE}))
FOX = Character("f0x0000000", ALICE, GUILD, "Fox", f"{'a' * 32}.mp4", Decimal(2), NOW, NOW)
CLIP = Attachment("https://cdn.example/never-asked-for.mp4", "fox.mp4", 100)
NEW = NewCharacter("Wolf", CLIP, None, confirmed=True)


@pytest.fixture
def room(desk: Desk) -> Characters:
    attachments = Attachments(desk.directory, Prober(), kept=desk.kept, cutter=Cutter())
    return Characters(desk.database, desk.orders, attachments, desk.kept, desk.clock)


async def have(desk: Desk, *found: Character) -> None:
    async with desk.database.write() as tx:
        for character in found:
            assert await store.add(tx, character)


async def keep(desk: Desk, folder: Path) -> str:
    """A kept clip, as far as its name goes."""
    source = folder / "clip"
    source.write_bytes(b"film")
    return await desk.kept.keep(source, ".mp4")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Mimi", "Mimi"),
        ("  Mi \n mi\t", "Mi mi"),
        ("Mi\u202emi\x00", "Mimi"),
        ("x", None),
        ("\u200b\u200b\u200b", None),
        ("\u3164\u3164", None),
        ("\u0301\u0301", None),
        ("m" * 32, "m" * 32),
        ("m" * 33, None),
    ],
)
def test_a_name_is_one_line_of_2_to_32_characters(typed: str, shown: str | None) -> None:
    if shown is not None:
        assert proper_name(typed) == shown
    else:
        with pytest.raises(NameLengthError):
            proper_name(typed)


@pytest.mark.parametrize(
    ("who", "new", "refusal"),
    [
        (MEMBER, replace(NEW, confirmed=False), NotConfirmedError),
        (MEMBER, replace(NEW, name="w"), NameLengthError),
        (MEMBER, replace(NEW, clip=None), NoClipGivenError),
        (MEMBER, replace(NEW, name="ＦＯＸ"), NameTakenError),
        (asker(user_id=BOB), NEW, NoRoleError),
    ],
)
async def test_what_cannot_be_saved_is_refused_before_the_clip_is_fetched(
    desk: Desk, room: Characters, who: Asker, new: NewCharacter, refusal: type[RefusalError]
) -> None:
    await have(desk, FOX)

    with pytest.raises(refusal):
        await room.save(who, new)


async def test_nobody_has_more_characters_than_are_kept(desk: Desk, room: Characters) -> None:
    await have(desk, *(replace(FOX, id=f"f0x{number:07}", name=f"Fox {number}") for number in range(MOST)))

    for refused in (room.check_new(MEMBER), room.save(MEMBER, NEW)):
        with pytest.raises(TooManyCharactersError):
            await refused
    await room.check_new(OTHER)


@pytest.mark.parametrize(
    ("who", "text", "found"),
    [
        (MEMBER, FOX.id, True),
        (MEMBER, " fOX ", True),
        (MEMBER, "Fo", False),
        (OTHER, "fox", True),
        (OTHER, FOX.id, True),
        (replace(OTHER, guild_id=GUILD + 1), "fox", False),
        (replace(OTHER, guild_id=GUILD + 1), FOX.id, False),
        (replace(OTHER, guild_id=None), "fox", False),
        (replace(MEMBER, guild_id=None), "fox", True),
    ],
)
async def test_a_character_is_found_by_its_id_or_whole_name_by_those_who_may(
    desk: Desk, room: Characters, who: Asker, text: str, found: bool
) -> None:
    await have(desk, replace(FOX, sharing=Sharing.EVERYONE))

    if found:
        assert await room.find(who, text) == FOX.id
    else:
        with pytest.raises(CharacterGoneError):
            await room.find(who, text)


async def test_a_list_tells_ones_own_from_those_of_others(desk: Desk, room: Characters) -> None:
    bolt = replace(FOX, id="b000000000", name="Bolt", owner_id=BOB, sharing=Sharing.EVERYONE)
    await have(desk, FOX, bolt)

    assert list(await room.own(MEMBER)) == [FOX]
    assert list(await room.borrowed(MEMBER)) == [bolt]
    assert list(await room.borrowed(OTHER)) == []


async def test_only_its_owner_shares_and_removes_a_character(desk: Desk, room: Characters) -> None:
    fox = replace(FOX, sharing=Sharing.EVERYONE)
    await have(desk, fox)

    for refused in (
        room.own_one(OTHER, FOX.id),
        room.share(OTHER, FOX.id, Sharing.EVERYONE),
        room.remove(OTHER, FOX.id),
        room.remove(MEMBER, "0123456789"),
    ):
        with pytest.raises(CharacterGoneError):
            await refused
    assert await room.own_one(MEMBER, "FOX") == fox


async def test_sharing_names_the_server_where_it_is_chosen(desk: Desk, room: Characters) -> None:
    await have(desk, FOX)
    there = replace(MEMBER, guild_id=GUILD + 1)

    shared = await room.share(there, FOX.id, Sharing.CHOSEN, frozenset({BOB}), frozenset({ROLE}))
    in_private = await room.share(replace(MEMBER, guild_id=None), FOX.id, Sharing.ME)

    assert [shared.guild_id, *shared.user_ids, *shared.role_ids] == [GUILD + 1, BOB, ROLE]
    assert (in_private.guild_id, in_private.sharing) == (GUILD + 1, Sharing.ME)
    assert await room.own_one(MEMBER, "fox") == in_private


@pytest.mark.parametrize("named_by", [None, "a job", "a character"])
async def test_removing_deletes_the_clip_unless_something_else_names_it(
    desk: Desk, room: Characters, tmp_path: Path, named_by: str | None
) -> None:
    name = await keep(desk, tmp_path)
    await have(desk, replace(FOX, file=name))
    if named_by == "a job":
        await add(desk.database, job(inputs=Inputs(clip=name, clip_seconds=Decimal(2))))
    if named_by == "a character":
        await have(desk, replace(FOX, id="f0x0000001", owner_id=BOB, file=name))

    await room.remove(MEMBER, FOX.id)

    assert (desk.kept.path(name) is not None) is (named_by is not None)
    assert list(await room.own(MEMBER)) == []


@pytest.mark.parametrize(
    ("who", "changes", "refusal"),
    [
        (MEMBER, {}, None),
        (OTHER, {}, NotTheAuthorError),
        (MEMBER, {"removed_at": NOW - timedelta(hours=1)}, RemovedError),
        (MEMBER, None, JobGoneError),
    ],
)
async def test_a_video_is_saved_as_a_character_by_its_author(
    desk: Desk,
    room: Characters,
    who: Asker,
    changes: dict[str, object] | None,
    refusal: type[RefusalError] | None,
) -> None:
    made = job() if changes is None else await add(desk.database, job(), **changes)

    if refusal is None:
        assert await room.source(who, made.id) == made
    else:
        with pytest.raises(refusal):
            await room.source(who, made.id)


async def test_a_video_with_somebody_else_s_character_is_not_saved_as_one_of_one_s_own(
    desk: Desk, room: Characters
) -> None:
    async with desk.database.write() as tx:
        for owner_id, id_ in ((OTHER.user_id, "0000000001"), (MEMBER.user_id, "0000000002")):
            await store.add(tx, Character(id_, owner_id, GUILD, f"Mimi {id_}", "a.mp4", Decimal(2), NOW, NOW))
    borrowed = await add(desk.database, job(inputs=Inputs(character_id="0000000001")))
    gone = await add(desk.database, job(inputs=Inputs(character_id="0000000003")))
    own = await add(desk.database, job(inputs=Inputs(character_id="0000000002")))

    assert await room.source(MEMBER, own.id) == own
    for video in (borrowed, gone):
        with pytest.raises(BorrowedCharacterError):
            await room.source(MEMBER, video.id)


@pytest.mark.parametrize("name", ["Bàd Wolf", "b a d", "Porn star", "sexy kid"])
async def test_a_name_has_no_word_that_a_prompt_may_not_have(desk: Desk, room: Characters, name: str) -> None:
    await desk.set_up(replace(CHOICES, words=("bad",)))

    with pytest.raises(NameNotAllowedError):
        await room.save(MEMBER, replace(NEW, name=name))
