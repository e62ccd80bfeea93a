"""Five declined prompts in a day of the server pause their member until the next."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.audit import Action
from bot.domain.block import BY_THE_BOT, Block
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import Notice, NoticeKind
from bot.locales import Translator
from bot.policy import declines
from bot.policy.asker import Asker
from bot.policy.errors import (
    BaseWordError,
    BlockedWordError,
    DailyLimitError,
    DeclinedTooOftenError,
    MinorsError,
    PausedByDeclinesError,
)
from bot.policy.gate import Gate
from bot.store import acts, blocks, guilds, notices
from bot.store.database import Database
from tests.bot.policy.askers import ROLE, asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, ask

TOMORROW = datetime(2026, 3, 14, 23, tzinfo=UTC)
"""The next midnight in Berlin."""
GUILD_ROW = Guild(GUILD, GuildChoices(role_ids=frozenset({ROLE}), time_zone="Europe/Berlin"), approved=True)


@dataclass
class Counter:
    """What is counted, at a time that can be moved."""

    database: Database
    now: datetime = NOW
    interactions: int = 0

    async def decline(self, who: Asker | None = None, refusal: RefusalError | None = None) -> RefusalError:
        """What somebody is told whose prompt is declined."""
        self.interactions += 1
        who = who or asker(interaction_id=self.interactions)
        with pytest.raises(RefusalError) as told:
            async with declines.counting(self.database, who, self.now):
                raise refusal or BlockedWordError
        return told.value

    async def block(self, user_id: int = ALICE) -> Block | None:
        return await ask(self.database, lambda tx: blocks.active(tx, GUILD, user_id, self.now))

    async def told(self) -> list[Notice]:
        return list(await ask(self.database, lambda tx: notices.due(tx, self.now, limit=99)))


@pytest.fixture
async def counter(database: Database) -> Counter:
    async with database.write() as tx:
        await guilds.save(tx, GUILD_ROW, BOB)
    return Counter(database)


async def test_the_fifth_pauses_until_midnight_there_and_is_told_once(counter: Counter) -> None:
    before = [await counter.decline() for _ in range(declines.MOST - 1)]
    free = await counter.block()
    fifth = await counter.decline()

    assert {type(each) for each in before} == {BlockedWordError}
    assert free is None
    assert await counter.block() == Block(GUILD, ALICE, BY_THE_BOT, TOMORROW, "5 declined prompts")
    (notice,) = await counter.told()
    assert (notice.guild_id, notice.kind) == (GUILD, NoticeKind.DECLINED_PROMPTS)
    assert notice.about == {"member": ALICE, "count": 5, "until": TOMORROW.isoformat()}
    assert isinstance(fifth, PausedByDeclinesError)
    assert Translator("en-US").text(fifth.sentence) == (
        "This server's moderators don't allow a word in your prompt. Please rephrase it. Nothing was charged. "
        f"That makes 5 declined prompts today, so you can make videos here again <t:{int(TOMORROW.timestamp())}:R>."
    )


async def test_the_pause_is_in_the_record_as_the_bots_own_act(counter: Counter) -> None:
    for _ in range(declines.MOST):
        await counter.decline()

    (act,) = await ask(counter.database, lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=9))
    assert (act.actor_id, act.action, act.member_id) == (BY_THE_BOT, Action.BLOCK, ALICE)


async def test_who_is_paused_is_told_so_by_the_gate(counter: Counter) -> None:
    for _ in range(declines.MOST):
        await counter.decline()

    with pytest.raises(DeclinedTooOftenError) as refused:
        Gate().admit(asker(role_ids=frozenset({ROLE})), GUILD_ROW, await counter.block())

    told = Translator("en-US").text(refused.value.sentence)
    assert told.startswith("Too many of your prompts were declined today. You can make videos here again <t:")
    counter.now = TOMORROW
    assert await counter.block() is None


async def test_many_at_once_pause_once_with_one_notice(counter: Counter) -> None:
    refusals = await asyncio.gather(*(counter.decline() for _ in range(23)))

    kinds = [type(each) for each in refusals]
    assert kinds.count(BlockedWordError) == declines.MOST - 1
    assert kinds.count(PausedByDeclinesError) == 23 - (declines.MOST - 1)
    assert len(await counter.told()) == 1


async def test_the_same_interaction_counts_once(counter: Counter) -> None:
    same = asker(interaction_id=10**18)

    for _ in range(3 * declines.MOST):
        assert isinstance(await counter.decline(same), BlockedWordError)

    assert await counter.block() is None


async def test_each_kind_of_declined_prompt_counts_and_no_other_refusal(counter: Counter) -> None:
    for _ in range(9):
        await counter.decline(refusal=DailyLimitError(used=1, count=1, again=1))
    for refusal in (BlockedWordError(), BaseWordError(), MinorsError(), MinorsError()):
        await counter.decline(refusal=refusal)
    assert await counter.block() is None

    assert isinstance(await counter.decline(refusal=BaseWordError()), PausedByDeclinesError)


async def test_yesterdays_and_other_peoples_and_servers_do_not_count(counter: Counter) -> None:
    for _ in range(declines.MOST - 1):
        await counter.decline()
    for who in (asker(user_id=BOB), asker(guild_id=GUILD + 1), asker(guild_id=None)):
        await counter.decline(who)
    counter.now = TOMORROW

    await counter.decline()

    assert await counter.block() is None


async def test_in_direct_messages_nothing_is_counted(counter: Counter) -> None:
    for _ in range(2 * declines.MOST):
        assert isinstance(await counter.decline(asker(guild_id=None)), BlockedWordError)

    assert await counter.told() == []


async def test_who_was_let_back_is_paused_again_after_five_more_and_told_of_once(counter: Counter) -> None:
    for _ in range(declines.MOST):
        await counter.decline()
    async with counter.database.write() as tx:
        await blocks.lift(tx, GUILD, ALICE)

    more = [await counter.decline() for _ in range(declines.MOST)]

    assert [type(each) for each in more] == [*[BlockedWordError] * (declines.MOST - 1), PausedByDeclinesError]
    assert await counter.block() is not None
    assert len(await counter.told()) == 1


async def test_a_moderators_block_stays_as_it_is(counter: Counter) -> None:
    block = Block(GUILD, ALICE, BOB, NOW + timedelta(days=7), "spam")
    async with counter.database.write() as tx:
        await blocks.put(tx, block, NOW)

    for _ in range(declines.MOST):
        assert isinstance(await counter.decline(), BlockedWordError)

    assert await counter.block() == block
    assert await counter.told() == []


async def test_a_database_that_went_away_still_refuses_the_prompt(counter: Counter) -> None:
    counter.database.path.rename(counter.database.path.with_name("moved.db"))

    assert isinstance(await counter.decline(), BlockedWordError)
