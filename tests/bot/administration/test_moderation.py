"""What moderators do: remove videos, block and unblock members; and who may."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.administration.moderation import (
    BlockLength,
    Moderation,
    NotBlockedError,
    OwnBlockError,
    OwnUnblockError,
    sentence_of,
)
from bot.domain.audit import Act, Action
from bot.domain.block import Block
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import JobState, MessagePlace
from bot.domain.ledger import Settlement
from bot.domain.outbox import NoteKind
from bot.locales import Translator
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError, ModeratorsOnlyError
from bot.store import acts, blocks, guilds, ledger, outbox, posts
from bot.store.database import Database
from bot.store.posts import PostKind
from tests.bot.policy.askers import MOD_ROLE, ROLE, asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, add, add_reserved, ask, job, reread

MODERATOR = asker(user_id=BOB, moderates=True)
POST = MessagePlace(7, 71)
STATUS = MessagePlace(7, 72)
COPY = MessagePlace(8, 81)
CARD = MessagePlace(8, 82)


@dataclass
class Office:
    """The room of the moderators."""

    database: Database
    now: datetime = NOW
    woken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.moderation = Moderation(self.database, lambda: self.now, self.woken.append)

    async def block_of(self, user_id: int = ALICE) -> Block | None:
        return await ask(self.database, lambda tx: blocks.active(tx, GUILD, user_id, self.now))


@pytest.fixture
async def office(database: Database) -> Office:
    async with database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(moderator_role_id=MOD_ROLE), approved=True), BOB)
    return Office(database)


async def test_a_removed_video_is_marked_once_and_its_messages_are_named(office: Office) -> None:
    video = await add(
        office.database,
        state=JobState.DELIVERED,
        message_channel_id=POST.channel_id,
        message_id=POST.message_id,
        status_channel_id=STATUS.channel_id,
        status_message_id=STATUS.message_id,
    )
    async with office.database.write() as tx:
        await posts.put(tx, video.id, PostKind.LOG, ALICE, COPY)
        await posts.put(tx, video.id, PostKind.REPORT, ALICE, CARD)

    removal = await office.moderation.remove(MODERATOR, video.id)
    office.now += timedelta(hours=1)
    again = await office.moderation.remove(MODERATOR, video.id)

    assert removal.places == again.places == (POST, STATUS, COPY)
    assert (removal.is_first, again.is_first) == (True, False)
    found = await reread(office.database, video.id)
    assert (found.removed_at, found.dont_post) == (NOW, False)


async def test_copies_that_were_deleted_are_forgotten_and_the_others_are_kept(office: Office) -> None:
    video = await add(office.database)
    async with office.database.write() as tx:
        await posts.put(tx, video.id, PostKind.LOG, ALICE, COPY)
        await posts.put(tx, video.id, PostKind.REPORT, ALICE, CARD)

    await office.moderation.taken_down(video.id, [COPY, POST])

    left = await ask(office.database, lambda tx: posts.of_job(tx, video.id))
    assert [post.place for post in left] == [CARD]


@pytest.mark.parametrize(
    ("state", "becomes", "stopped", "settlement"),
    [
        (JobState.QUEUED, JobState.CANCELLED, False, Settlement.REFUNDED),
        (JobState.AWAITING_APPROVAL, JobState.CANCELLED, False, Settlement.REFUNDED),
        (JobState.SUBMITTING, JobState.SUBMITTING, True, Settlement.RESERVED),
        (JobState.RENDERING, JobState.RENDERING, True, Settlement.RESERVED),
        (JobState.DELIVERING, JobState.DELIVERING, True, Settlement.RESERVED),
        (JobState.UNDELIVERED, JobState.UNDELIVERED, True, Settlement.RESERVED),
        (JobState.FAILED, JobState.FAILED, False, Settlement.RESERVED),
    ],
)
async def test_a_removed_video_that_is_on_its_way_is_stopped(
    office: Office, state: JobState, becomes: JobState, stopped: bool, settlement: Settlement
) -> None:
    video = await add_reserved(office.database, state=state)

    await office.moderation.remove(MODERATOR, video.id)

    found = await reread(office.database, video.id)
    assert (found.state, found.dont_post, found.removed_at) == (becomes, stopped, NOW)
    assert await ask(office.database, lambda tx: ledger.settlement(tx, video.id)) is settlement
    assert office.woken == [video.id]


async def test_what_would_still_show_a_removed_video_is_not_told_any_more(office: Office) -> None:
    video = await add(office.database, state=JobState.DELIVERED)
    async with office.database.write() as tx:
        await outbox.put(tx, video.id, NOW, *NoteKind)

    await office.moderation.remove(MODERATOR, video.id)

    left = await ask(office.database, lambda tx: outbox.open_notes(tx, video.id))
    assert set(NoteKind) - {note.kind for note in left} == {NoteKind.LOG, NoteKind.COPY, NoteKind.DIRECT}


async def test_a_removed_video_in_line_is_shown_as_cancelled_if_its_status_stays(office: Office) -> None:
    video = await add_reserved(office.database)

    await office.moderation.remove(MODERATOR, video.id)

    notes = await ask(office.database, lambda tx: outbox.open_notes(tx, video.id))
    assert {note.kind for note in notes} == {NoteKind.STATUS, NoteKind.TAKE_DOWN, NoteKind.CARD}


OUTSIDERS = [asker(), asker(role_ids=frozenset({ROLE})), asker(guild_id=None, moderates=True)]


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_only_moderators_may(office: Office, who: Asker) -> None:
    video = await add(office.database)

    with pytest.raises(ModeratorsOnlyError):
        await office.moderation.remove(who, video.id)
    with pytest.raises(ModeratorsOnlyError):
        await office.moderation.job(who, video.id)
    with pytest.raises(ModeratorsOnlyError):
        await office.moderation.block(who, BOB, BlockLength.DAY)
    with pytest.raises(ModeratorsOnlyError):
        await office.moderation.unblock(who, BOB)
    with pytest.raises(ModeratorsOnlyError):
        await office.moderation.videos(who, "")
    with pytest.raises(ModeratorsOnlyError):
        await office.moderation.guild(who)

    assert (await reread(office.database, video.id)).removed_at is None
    assert await office.block_of(BOB) is None


async def test_the_role_chosen_in_setup_moderates_too(office: Office) -> None:
    video = await add(office.database)

    await office.moderation.remove(asker(user_id=BOB, role_ids=frozenset({MOD_ROLE})), video.id)

    assert (await reread(office.database, video.id)).removed_at == NOW


async def test_a_video_of_another_server_or_of_none_is_said_to_be_gone(office: Office) -> None:
    elsewhere, own = job(guild_id=GUILD + 1), job(guild_id=None)
    for each in (elsewhere, own):
        await add(office.database, each)

    for job_id in (elsewhere.id, own.id, "0000000000"):
        with pytest.raises(JobGoneError):
            await office.moderation.remove(MODERATOR, job_id)


@pytest.mark.parametrize(
    ("length", "until"),
    [
        (BlockLength.HOUR, NOW + timedelta(hours=1)),
        (BlockLength.DAY, NOW + timedelta(days=1)),
        (BlockLength.WEEK, NOW + timedelta(days=7)),
        (BlockLength.FOR_GOOD, None),
    ],
)
async def test_a_block_holds_for_its_time_and_no_longer(
    office: Office, length: BlockLength, until: datetime | None
) -> None:
    await office.moderation.block(MODERATOR, ALICE, length, "spam")

    assert await office.block_of() == Block(GUILD, ALICE, BOB, until, "spam")
    office.now += timedelta(days=7)
    assert (await office.block_of() is None) is (until is not None)


async def test_a_later_block_takes_the_place_of_the_first(office: Office) -> None:
    await office.moderation.block(MODERATOR, ALICE, BlockLength.FOR_GOOD, "spam")
    await office.moderation.block(MODERATOR, ALICE, BlockLength.HOUR)

    assert await office.block_of() == Block(GUILD, ALICE, BOB, NOW + timedelta(hours=1))


async def test_unblocking_ends_the_block_and_says_if_there_was_none(office: Office) -> None:
    await office.moderation.block(MODERATOR, ALICE, BlockLength.HOUR)
    await office.moderation.unblock(MODERATOR, ALICE)
    assert await office.block_of() is None

    with pytest.raises(NotBlockedError):
        await office.moderation.unblock(MODERATOR, ALICE)

    await office.moderation.block(MODERATOR, ALICE, BlockLength.HOUR)
    office.now += timedelta(hours=1)
    with pytest.raises(NotBlockedError):
        await office.moderation.unblock(MODERATOR, ALICE)


def test_a_block_is_told_with_its_end() -> None:
    english = Translator("en-US")
    block = Block(GUILD, 5, BOB, NOW)

    assert english.text(sentence_of(block)) == f"<@5> can't make videos here until <t:{int(NOW.timestamp())}:f>."
    assert english.text(sentence_of(Block(GUILD, 5, BOB))) == "<@5> can't make videos here any more."


async def test_videos_are_found_by_id_or_words_in_their_own_server_only(office: Office) -> None:
    cat = await add(office.database, job(created_at=NOW - timedelta(hours=1)), state=JobState.DELIVERED)
    newer = await add(office.database, job(), state=JobState.RENDERING)
    await add(office.database, job(guild_id=GUILD + 1))
    await add(office.database, job(), removed_at=NOW)
    await add(office.database, job(), state=JobState.FAILED)

    async def found(typed: str) -> list[str]:
        return [video.id for video in await office.moderation.videos(MODERATOR, typed)]

    assert await found("") == [newer.id, cat.id]
    assert await found("CAT a") == [newer.id, cat.id]
    assert await found(f" `{cat.id}` ") == [cat.id]
    assert await found("dog") == []


async def test_what_moderators_do_is_recorded_once_with_whom_and_why(office: Office) -> None:
    video = await add(office.database)
    moderation = office.moderation

    await moderation.remove(MODERATOR, video.id, "rude")
    await moderation.remove(MODERATOR, video.id, "rude")
    await moderation.block(MODERATOR, ALICE, BlockLength.HOUR, "spam")
    await moderation.unblock(MODERATOR, ALICE)
    with pytest.raises(NotBlockedError):
        await moderation.unblock(MODERATOR, ALICE)

    recorded = await ask(office.database, lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=9))
    until = '{"until":"2026-03-14T16:09:26.535000Z"}'
    assert recorded == [
        Act(NOW, GUILD, BOB, Action.UNBLOCK, ALICE),
        Act(NOW, GUILD, BOB, Action.BLOCK, ALICE, after=until, reason="spam"),
        Act(NOW, GUILD, BOB, Action.REMOVE, ALICE, video.id, reason="rude"),
    ]


async def test_nobody_locks_themselves_out(office: Office) -> None:
    with pytest.raises(OwnBlockError):
        await office.moderation.block(MODERATOR, BOB, BlockLength.HOUR)

    assert await office.block_of(BOB) is None


async def test_moderators_do_not_let_themselves_back_in_but_managers_may(office: Office) -> None:
    manager = replace(MODERATOR, user_id=ALICE, manages=True)
    for blocked, by in ((BOB, manager), (ALICE, MODERATOR)):
        await office.moderation.block(by, blocked, BlockLength.HOUR)

    with pytest.raises(OwnUnblockError):
        await office.moderation.unblock(MODERATOR, BOB)
    await office.moderation.unblock(manager, ALICE)

    assert await office.block_of(BOB) is not None
    assert await office.block_of() is None
