"""What is about no job is told once, whatever fails on the way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from structlog.testing import LogCapture

from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import Notice, NoticeKind
from bot.store import guilds, notices
from bot.worker.crier import Crier
from bot.worker.herald import PlaceClosedError, TryAgainError
from sandbox.discord import wait_until
from tests.bot.worker.stage import WAIT_SECONDS, JumpingClock, Stage, WatchedDatabase

GUILD, LOG = 100, 7
ADA, BEN = 1120000000000000001, 1120000000000000002


@dataclass
class MemoryNotices:
    """A Discord in memory for notices: it remembers nonces, and fails on demand."""

    operators: frozenset[int] = frozenset({ADA})
    told: list[tuple[int, int, str]] = field(default_factory=list)
    troubles: dict[int, list[Exception]] = field(default_factory=dict)
    calls: list[int] = field(default_factory=list)
    reached: Callable[[], Awaitable[None]] | None = None

    async def tell_server(self, guild: Guild, notice: Notice, nonce: str) -> None:
        assert guild.choices.log_channel_id is not None
        await self._tell(guild.choices.log_channel_id, notice, nonce)

    async def tell_person(self, user_id: int, notice: Notice, nonce: str) -> None:
        await self._tell(user_id, notice, nonce)

    async def _tell(self, to: int, notice: Notice, nonce: str) -> None:
        self.calls.append(to)
        if self.troubles.get(to):
            raise self.troubles[to].pop(0)
        assert len(nonce) <= 25
        if nonce not in [each[2] for each in self.told]:
            self.told.append((to, notice.id, nonce))
        if self.reached is not None:
            await self.reached()

    def to(self, place: int) -> list[int]:
        return [notice_id for where, notice_id, _ in self.told if where == place]


@dataclass
class Square:
    """Where it is cried out."""

    database: WatchedDatabase
    clock: JumpingClock
    herald: MemoryNotices = field(default_factory=MemoryNotices)

    async def note(self, guild_id: int = GUILD, kind: NoticeKind = NoticeKind.BUDGET, once: str | None = None) -> bool:
        async with self.database.write() as tx:
            return await notices.put(tx, guild_id, kind, {"n": 1}, self.clock(), once=once)

    async def choose(self, log_channel_id: int | None, **columns: object) -> None:
        async with self.database.write() as tx:
            choices = GuildChoices(log_channel_id=log_channel_id)
            await guilds.save(tx, Guild(GUILD, choices, **columns), 1)  # type: ignore[arg-type]

    async def open(self, within: timedelta = timedelta(days=30)) -> Sequence[Notice]:
        async with self.database.read() as tx:
            return await notices.due(tx, self.clock() + within, limit=1000)

    @asynccontextmanager
    async def crying(self) -> AsyncIterator[None]:
        crier = Crier(self.database, self.herald, self.clock, every_seconds=0.01)
        stop = asyncio.Event()
        running = asyncio.create_task(crier.run(stop))
        try:
            yield
            assert not running.done()
        finally:
            stop.set()
            await running

    async def until_none_is_open(self, *, hurry: float = 0) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while await self.open():
                await asyncio.sleep(0.01)
                # What is due is told first, however long that takes on a busy machine.
                if hurry and not await self.open(within=timedelta()):
                    self.clock.jump(hurry)


@pytest.fixture
async def square(stage: Stage) -> Square:
    square = Square(stage.database, stage.clock)
    await square.choose(LOG)
    return square


async def test_a_servers_notices_go_to_its_log_channel_in_their_order_and_once(square: Square) -> None:
    for _ in range(3):
        await square.note()

    async with square.crying():
        await square.until_none_is_open()
        await asyncio.sleep(0.05)

    assert square.herald.calls == [LOG] * 3
    assert square.herald.to(LOG) == sorted(square.herald.to(LOG))


async def test_the_log_channel_is_that_of_the_moment(square: Square) -> None:
    await square.note()
    await square.choose(LOG + 1)

    async with square.crying():
        await square.until_none_is_open()

    assert square.herald.calls == [LOG + 1]


@pytest.mark.parametrize("left", [False, True])
async def test_where_there_is_no_log_channel_or_no_bot_any_more_nothing_is_told_and_nothing_waits(
    square: Square, left: bool
) -> None:
    await square.choose(LOG if left else None, left_at=square.clock() if left else None)
    await square.note()

    async with square.crying():
        await square.until_none_is_open()

    assert square.herald.calls == []


async def test_what_discord_does_not_take_is_tried_again_with_the_same_nonce_and_holds_up_nobody(
    square: Square, log: LogCapture
) -> None:
    square.herald.troubles[LOG] = [TryAgainError(), RuntimeError("a fault"), TryAgainError()]
    await square.note()
    await square.note(guild_id=0, kind=NoticeKind.BAD_KEY)

    async with square.crying():
        await wait_until(lambda: bool(square.herald.to(ADA)))
        await square.until_none_is_open(hurry=5)

    assert (square.herald.calls.count(LOG), len(square.herald.to(LOG))) == (4, 1)
    assert {entry["event"] for entry in log.entries} >= {"notice not told yet", "notice failed"}


async def test_a_closed_log_channel_is_tried_again_within_hours_and_no_more_after_a_day(
    square: Square, log: LogCapture
) -> None:
    square.herald.troubles[LOG] = [PlaceClosedError() for _ in range(100)]
    await square.note()

    async with square.crying():
        await square.until_none_is_open(hurry=900)

    assert 15 < len(square.herald.calls) <= 26
    assert square.herald.told == []
    assert [entry["event"] for entry in log.entries].count("notice given up") == 1


async def test_each_operator_is_told_once_although_one_takes_no_messages_and_one_can_not_be_reached_at_first(
    square: Square, log: LogCapture
) -> None:
    late = BEN + 1
    square.herald.operators = frozenset({ADA, BEN, late})
    square.herald.troubles = {BEN: [PlaceClosedError() for _ in range(9)], late: [TryAgainError(), TryAgainError()]}
    await square.note(guild_id=0, kind=NoticeKind.NO_CREDIT)

    async with square.crying():
        await square.until_none_is_open(hurry=1)

    assert (square.herald.calls.count(ADA), square.herald.to(ADA), square.herald.to(late)) == (1, [1], [1])
    events = [entry["event"] for entry in log.entries]
    assert events.count("for the operator") == 1
    assert "operator takes no direct messages" in events
    assert "no operator could be told" not in events


async def test_that_no_operator_can_be_told_is_an_error_in_the_log(square: Square, log: LogCapture) -> None:
    square.herald.troubles[ADA] = [PlaceClosedError()]
    await square.note(guild_id=0, kind=NoticeKind.MODEL_RETIRED)

    async with square.crying():
        await square.until_none_is_open()

    (entry,) = [entry for entry in log.entries if entry["log_level"] == "error"]
    assert (entry["event"], entry["kind"]) == ("no operator could be told", NoticeKind.MODEL_RETIRED)


async def test_whoever_dies_between_telling_and_writing_it_down_tells_it_with_the_same_nonce(square: Square) -> None:
    await square.note()
    died = asyncio.Event()

    async def die() -> None:
        died.set()
        await asyncio.Event().wait()

    square.herald.reached = die
    first = asyncio.create_task(Crier(square.database, square.herald, square.clock).run(asyncio.Event()))
    await died.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    square.herald.reached = None

    async with square.crying():
        await square.until_none_is_open()

    assert (len(square.herald.calls), len(square.herald.told)) == (2, 1)


async def test_while_the_database_does_not_take_that_it_was_told_it_is_not_told_again(square: Square) -> None:
    await square.note()

    async def break_it() -> None:
        square.database.down = True

    square.herald.reached = break_it
    async with square.crying():
        await wait_until(lambda: square.database.down)
        await asyncio.sleep(0.1)
        square.herald.reached = None
        square.database.down = False
        await square.until_none_is_open()

    assert len(square.herald.calls) == 1


async def test_what_is_told_once_stays_known_and_the_rest_is_forgotten(square: Square) -> None:
    assert await square.note(once="budget:1")
    await square.note()
    async with square.crying():
        await square.until_none_is_open()

    assert not await square.note(once="budget:1")

    assert await square.open() == []
    async with square.database.read() as tx:
        assert await notices.named(tx, "budget:1") is not None
        assert (await tx.exec_driver_sql("SELECT count(*) FROM notices")).scalar_one() == 1


async def test_what_nobody_here_understands_holds_up_nobody(square: Square, log: LogCapture) -> None:
    """A kind of another version, and something that is no notice at all."""
    for _ in range(3):
        await square.note()
    async with square.database.write() as tx:
        await tx.exec_driver_sql("UPDATE notices SET kind = 'of tomorrow' WHERE id = 1")
    async with square.crying():
        await wait_until(lambda: len(square.herald.told) == 2)
    await square.note()
    async with square.database.write() as tx:
        await tx.exec_driver_sql("UPDATE notices SET about = 'no JSON' WHERE id > 1")

    async with square.crying():
        await wait_until(lambda: any(entry["event"] == "notices not read" for entry in log.entries))


async def test_a_stop_leaves_the_rest_for_the_next_start(square: Square) -> None:
    for _ in range(3):
        await square.note()
    stop = asyncio.Event()

    async def end() -> None:
        stop.set()

    square.herald.reached = end
    await Crier(square.database, square.herald, square.clock).run(stop)

    assert (len(square.herald.told), len(await square.open())) == (1, 2)
