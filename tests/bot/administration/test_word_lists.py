"""The lists of what prompts may not have: kept, recorded, taken over, and by whom."""

from collections.abc import Awaitable, Callable

import pytest

from bot.administration.word_lists import Wordbook, WordLists
from bot.domain.audit import Action
from bot.domain.errors import StoreUnavailableError
from bot.domain.guild import Guild, GuildChoices
from bot.policy.asker import Asker
from bot.policy.errors import ModeratorsOnlyError
from bot.policy.list_errors import BadPatternError, TooManyWordsError
from bot.policy.patterns import MAX_PATTERNS
from bot.policy.words import MAX_WORDS
from bot.store import acts, guilds
from bot.store.database import Database
from tests.bot.policy.askers import MOD_ROLE, ROLE, asker
from tests.bot.store.records import BOB, GUILD, NOW, ask

MODERATOR = asker(user_id=BOB, moderates=True)


@pytest.fixture
async def wordbook(database: Database) -> Wordbook:
    async with database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(moderator_role_id=MOD_ROLE), approved=True), BOB)
    return Wordbook(database, lambda: NOW)


async def test_a_server_begins_with_the_base_list_alone(wordbook: Wordbook) -> None:
    assert await wordbook.current(MODERATOR) == WordLists(base=True)


async def test_each_list_is_kept_and_the_others_stay(wordbook: Wordbook) -> None:
    await wordbook.set_words(MODERATOR, "bad, worse")
    await wordbook.set_patterns(MODERATOR, "b.d\n\\d+x")
    changed = await wordbook.use_base(asker(role_ids=frozenset({MOD_ROLE})), wanted=False)

    assert changed == await wordbook.current(MODERATOR) == WordLists(("bad", "worse"), ("b.d", "\\d+x"), base=False)
    recorded = await ask(wordbook.database, lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=9))
    assert [act.action for act in recorded] == [Action.WORDS] * 3
    assert (recorded[2].before, recorded[2].after) == ('{"words":[]}', '{"words":["bad","worse"]}')


async def test_odd_characters_in_words_and_patterns_can_be_kept(wordbook: Wordbook) -> None:
    await wordbook.set_words(MODERATOR, "b\ud83cad, ñandú, 🎬")
    await wordbook.set_patterns(MODERATOR, "b\ud83ca.")

    assert await wordbook.current(MODERATOR) == WordLists(("bad", "ñandú", "🎬"), ("ba.",))


async def test_what_is_refused_leaves_the_list_as_it_was(wordbook: Wordbook) -> None:
    before = await wordbook.set_words(MODERATOR, "bad")

    with pytest.raises(TooManyWordsError):
        await wordbook.set_words(MODERATOR, "\n".join(f"w{number}" for number in range(MAX_WORDS + 1)))
    with pytest.raises(BadPatternError):
        await wordbook.set_patterns(MODERATOR, "fine\n(")

    assert await wordbook.current(MODERATOR) == before


async def test_other_lists_are_added_without_repetition(wordbook: Wordbook) -> None:
    await wordbook.set_words(MODERATOR, "bad")
    await wordbook.set_patterns(MODERATOR, "b.d")

    taken = await wordbook.take_over(
        MODERATOR, ["BAD", "cat*", " two  words", "a,b", "", "cat*"], ["b.d", "(", "x+", "("]
    )

    assert taken.lists == await wordbook.current(MODERATOR)
    assert taken.lists == WordLists(("bad", "cat*", "two words", "a b"), ("b.d", "x+"))
    assert (taken.words, taken.patterns, taken.unreadable, taken.left_out) == (3, 1, ("(",), 0)


async def test_taking_over_once_more_changes_nothing(wordbook: Wordbook) -> None:
    first = await wordbook.take_over(MODERATOR, ["bad"], ["b.d"])
    second = await wordbook.take_over(MODERATOR, ["bad"], ["b.d"])

    assert second.lists == first.lists
    assert (second.words, second.patterns) == (0, 0)
    assert len(await ask(wordbook.database, lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=9))) == 1


async def test_what_has_no_room_is_counted(wordbook: Wordbook) -> None:
    words = [f"w{number}" for number in range(MAX_WORDS + 3)]
    regexes = [f"p{number}" for number in range(MAX_PATTERNS + 2)]

    taken = await wordbook.take_over(MODERATOR, [*words, "x" * 61], regexes)

    assert (taken.words, taken.patterns, taken.left_out) == (MAX_WORDS, MAX_PATTERNS, 6)
    kept = await wordbook.current(MODERATOR)
    assert await wordbook.set_words(MODERATOR, "\n".join(kept.words)) == kept


@pytest.mark.parametrize("who", [asker(), asker(role_ids=frozenset({ROLE})), asker(guild_id=None, moderates=True)])
async def test_only_moderators_see_or_change_them(wordbook: Wordbook, who: Asker) -> None:
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: wordbook.current(who),
        lambda: wordbook.set_words(who, "bad"),
        lambda: wordbook.set_patterns(who, "bad"),
        lambda: wordbook.use_base(who, wanted=False),
        lambda: wordbook.take_over(who, ["bad"], []),
    ]

    for call in calls:
        with pytest.raises(ModeratorsOnlyError):
            await call()
    assert await wordbook.current(MODERATOR) == WordLists()


async def test_a_moderator_role_that_was_taken_back_counts_no_more(wordbook: Wordbook) -> None:
    holder = asker(role_ids=frozenset({MOD_ROLE}))
    await wordbook.set_words(holder, "bad")
    async with wordbook.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(), approved=True), BOB)

    with pytest.raises(ModeratorsOnlyError):
        await wordbook.set_words(holder, "")


async def test_a_database_that_went_away_changes_nothing_and_says_so(wordbook: Wordbook) -> None:
    wordbook.database.path.rename(wordbook.database.path.with_name("moved.db"))

    with pytest.raises(StoreUnavailableError):
        await wordbook.set_words(MODERATOR, "bad")
