"""Lending and taking back over a local Discord: nobody but the bot sees it, and nothing stays behind."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.client.bot import ClapboardBot
from bot.client.lending import LEND_FOR, FileLender
from bot.domain.errors import RefusalError
from bot.domain.guild import GuildChoices
from bot.domain.job import ReplyToken
from bot.media.kept import KeptFiles
from bot.orders.lending import (
    Borrowing,
    KeptFileGoneError,
    Lendable,
    LentKind,
    NoLendingError,
    NotLentError,
    OpenClipChannelError,
)
from bot.policy.asker import Asker
from bot.store import loans
from bot.store.database import Database
from bot.worker.returns import Returns
from sandbox.discord import Channel, Member, Message, Overwrite, Permission, Role, wait_until
from tests.bot.client.stage import Stage, open_stage
from tests.bot.store.files import database, path, template
from tests.bot.store.records import NOW

__all__ = ["database", "path", "template"]

JOB = "7q2m0x9dkt"
OWNER, BORROWER = 300, 301


@dataclass
class Counter:
    """A lender at a local Discord, and a clock that stands still until it is moved."""

    stage: Stage
    database: Database
    kept: KeptFiles
    clips: Channel
    file: Lendable
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.lender = FileLender(self.stage.bot, self.database, self.kept, self.clock)
        self.returns = Returns(self.database, self.lender.take_back, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def lend(self, user_id: int = BORROWER, channel_id: int | None = None) -> str:
        """Lend the file in the clip channel, or in another."""
        asker = Asker(user_id, self.stage.guild.id, self.stage.channel.id, "en-US")
        choices = GuildChoices(clip_channel_id=channel_id or self.clips.id)
        reply = ReplyToken("token", self.now + timedelta(minutes=14))
        return await self.lender.lend(self.file, Borrowing(JOB, asker, choices, reply))

    async def count(self) -> int:
        """How many loans are written down."""
        async with self.database.read() as tx:
            return len(await loans.of_job(tx, JOB))

    async def forget_message(self) -> None:
        """What a SIGKILL leaves behind that comes between the post and writing it down."""
        async with self.database.write() as tx:
            await tx.exec_driver_sql("UPDATE loans SET message_id = NULL")


@pytest.fixture
async def counter(database: Database, tmp_path: Path) -> AsyncIterator[Counter]:
    bot = ClapboardBot()
    async with open_stage(bot) as stage:
        hidden: dict[Role | Member, Overwrite] = {
            stage.guild.everyone: Overwrite(deny=Permission.VIEW_CHANNEL),
            stage.guild.me: Overwrite(allow=Permission.VIEW_CHANNEL),
        }
        clips = stage.guild.add_channel("clips", overwrites=hidden)
        await wait_until(lambda: bot.get_channel(clips.id) is not None)
        source = tmp_path / "clip"
        source.write_bytes(b"film")
        kept = KeptFiles(tmp_path / "inputs")
        file = Lendable(LentKind.CLIP, await kept.keep(source, ".mp4"), OWNER)
        yield Counter(stage, database, kept, clips, file)


def only(clips: Channel) -> Message:
    (message,) = clips.history
    return message


async def test_a_file_is_lent_silently_and_taken_back(counter: Counter) -> None:
    address = await counter.lend()
    message = only(counter.clips)
    seen, written = counter.stage.ada.sees(message), await counter.count()

    await counter.returns.of_job(JOB)

    assert address.split("?")[0].endswith(f"/{JOB}-clip.mp4")
    assert (message.content, message.notified, seen, written) == ("", [], False, 1)
    assert counter.clips.history == []
    assert await counter.count() == 0


async def test_a_file_whose_message_was_never_written_down_is_found_by_its_name(counter: Counter) -> None:
    await counter.lend()
    counter.clips.post(counter.stage.server.world.application.bot, "something else")
    counter.clips.post(counter.stage.guild.owner.user, f"{JOB}-clip.mp4")
    await counter.forget_message()
    await counter.returns.needless()
    early = len(counter.clips.history)

    counter.now += timedelta(minutes=3)
    await counter.returns.needless()

    assert (early, len(counter.clips.history)) == (3, 2)
    assert all(not message.attachments for message in counter.clips.history)
    assert await counter.count() == 0


@pytest.mark.parametrize("gone", ["message", "channel"])
async def test_what_somebody_else_has_deleted_is_forgotten(counter: Counter, gone: str) -> None:
    await counter.lend()
    if gone == "message":
        only(counter.clips).delete()
    else:
        counter.clips.delete()

    await counter.returns.of_job(JOB)

    assert await counter.count() == 0


async def test_out_of_reach_nothing_is_forgotten(counter: Counter) -> None:
    await counter.lend()
    await counter.stage.bot.close()

    await counter.returns.of_job(JOB)

    assert await counter.count() == 1


async def test_a_follow_up_whose_token_has_ended_is_left(counter: Counter) -> None:
    async with counter.database.write() as tx:
        reply = ReplyToken("token", NOW - timedelta(seconds=1))
        loan_id = await loans.begin(tx, JOB, counter.stage.channel.id, NOW, reply=reply)
        await loans.posted(tx, loan_id, 99)
    before = len(counter.stage.server.exchanges.recorded)

    await counter.returns.of_job(JOB)

    assert await counter.count() == 0
    assert len(counter.stage.server.exchanges.recorded) == before


@pytest.mark.parametrize(
    ("user_id", "place", "refusal"),
    [
        (BORROWER, "clips", None),
        (BORROWER, "open", OpenClipChannelError),
        (BORROWER, None, NoLendingError),
        (OWNER, "open", None),
        (OWNER, None, None),
    ],
)
async def test_whether_a_file_can_be_lent_is_known_before_anything_is_done(
    counter: Counter, user_id: int, place: str | None, refusal: type[RefusalError] | None
) -> None:
    places = {"clips": counter.clips.id, "open": counter.stage.channel.id, None: None}
    asker, choices = Asker(user_id, counter.stage.guild.id, 1, "en-US"), GuildChoices(clip_channel_id=places[place])

    if refusal is None:
        counter.lender.check(asker, choices, OWNER)
    else:
        with pytest.raises(refusal):
            counter.lender.check(asker, choices, OWNER)


async def test_a_borrower_whose_role_sees_the_clip_channel_is_refused(counter: Counter) -> None:
    guild = counter.stage.guild
    watchers, others = guild.add_role("Watchers"), guild.add_role("Others")
    shown: dict[Role | Member, Overwrite] = {
        guild.everyone: Overwrite(deny=Permission.VIEW_CHANNEL),
        watchers: Overwrite(allow=Permission.VIEW_CHANNEL),
    }
    clips = guild.add_channel("watched", overwrites=shown)
    client = counter.stage.bot
    await wait_until(lambda: client.get_channel(clips.id) is not None and client.get_guild(guild.id) is not None)
    await wait_until(
        lambda: (known := client.get_guild(guild.id)) is not None and known.get_role(others.id) is not None
    )
    choices = GuildChoices(clip_channel_id=clips.id)

    counter.lender.check(Asker(BORROWER, guild.id, 1, "en-US", role_ids=frozenset({others.id})), choices, OWNER)

    with pytest.raises(OpenClipChannelError):
        counter.lender.check(Asker(BORROWER, guild.id, 1, "en-US", role_ids=frozenset({watchers.id})), choices, OWNER)


@pytest.mark.parametrize(("user_id", "posts"), [(OWNER, 2), (BORROWER, 1)])
async def test_a_clip_channel_that_is_closed_lends_nothing(counter: Counter, user_id: int, posts: int) -> None:
    counter.clips.delete()

    with pytest.raises(NotLentError):
        await counter.lend(user_id)

    sent = [exchange for exchange in counter.stage.server.exchanges.recorded if exchange.files]
    # The owner's own would go by a follow-up, but this token is none.
    assert len(sent) == posts
    counter.now += timedelta(minutes=3)
    await counter.returns.needless()
    assert await counter.count() == 0


@pytest.mark.parametrize("name", [f"{'0' * 32}.mp4", "../clapboard.db"])
async def test_a_file_that_is_gone_is_not_lent(counter: Counter, name: str) -> None:
    counter.file = replace(counter.file, name=name)

    with pytest.raises(KeptFileGoneError):
        await counter.lend()

    assert (counter.clips.history, await counter.count()) == ([], 0)


async def test_an_address_of_our_own_comes_first_and_ends_by_itself(counter: Counter) -> None:
    given: list[tuple[str, datetime]] = []

    def address(name: str, until: datetime) -> str:
        given.append((name, until))
        return "https://videos.example.org/files/x/clip.mp4"

    counter.lender = FileLender(counter.stage.bot, counter.database, counter.kept, counter.clock, address)

    assert await counter.lend(channel_id=counter.stage.channel.id) == "https://videos.example.org/files/x/clip.mp4"

    assert given == [(counter.file.name, NOW + LEND_FOR)]
    assert (counter.clips.history, await counter.count()) == ([], 0)
