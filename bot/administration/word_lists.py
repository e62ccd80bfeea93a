"""What a server's moderators don't allow in prompts: words, patterns, the base list, and what AutoMod has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.administration.record import changed
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.domain.guild import GuildChoices
from bot.policy import patterns, words
from bot.policy.asker import Asker
from bot.policy.gate import require_moderator
from bot.policy.list_errors import BadPatternError, MatchesAllError
from bot.store import guilds
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class WordLists:
    """A server's lists as they are now."""

    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    base: bool = True


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What came of other lists: how many words and patterns are new, which patterns can't be read here, and how many
    words and patterns there was no room for."""

    lists: WordLists
    words: int
    patterns: int
    unreadable: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Wordbook:
    """Keeps the lists; every call checks the right anew and raises ModeratorsOnlyError."""

    database: Database
    clock: Clock

    async def current(self, asker: Asker) -> WordLists:
        """The lists as they are."""
        async with self.database.read() as tx:
            guild = await guilds.get(tx, asker.guild_id or 0)
        require_moderator(asker, guild)
        return _lists(guild.choices)

    async def set_words(self, asker: Asker, text: str) -> WordLists:
        """Replace the words by those in the text. Raises what `words.parse` refuses."""
        return await self._change(asker, lambda lists: replace(lists, words=words.parse(text)))

    async def set_patterns(self, asker: Asker, text: str) -> WordLists:
        """Replace the patterns by those in the text. Raises what `patterns.parse` refuses."""
        return await self._change(asker, lambda lists: replace(lists, patterns=patterns.parse(text)))

    async def use_base(self, asker: Asker, *, wanted: bool) -> WordLists:
        """Let the list that ships hold, or not."""
        return await self._change(asker, lambda lists: replace(lists, base=wanted))

    async def take_over(self, asker: Asker, keywords: Iterable[str], regexes: Iterable[str]) -> TakenOver:
        """Add what is not there yet of other lists, as far as there is room."""
        readable, unreadable = _sorted_out(regexes)
        report = TakenOver(WordLists(), 0, 0, unreadable, 0)

        def added(lists: WordLists) -> WordLists:
            nonlocal report
            both, left_out = words.merged(lists.words, keywords)
            new = [pattern for pattern in readable if pattern not in lists.patterns]
            fitting = new[: max(0, patterns.MAX_PATTERNS - len(lists.patterns))]
            after = replace(lists, words=both, patterns=(*lists.patterns, *fitting))
            left_out += len(new) - len(fitting)
            report = TakenOver(after, len(both) - len(lists.words), len(fitting), unreadable, left_out)
            return after

        await self._change(asker, added)
        return report

    async def _change(self, asker: Asker, change: Callable[[WordLists], WordLists]) -> WordLists:
        async with self.database.write() as tx:
            before = await guilds.get(tx, asker.guild_id or 0)
            require_moderator(asker, before)
            lists = change(_lists(before.choices))
            choices = replace(before.choices, words=lists.words, word_patterns=lists.patterns, base_words=lists.base)
            await changed(tx, asker, Action.WORDS, before, replace(before, choices=choices), self.clock())
        return lists


def _lists(choices: GuildChoices) -> WordLists:
    return WordLists(choices.words, choices.word_patterns, choices.base_words)


def _sorted_out(regexes: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Patterns that can be read here and those that can't, each once."""
    readable: dict[str, None] = {}
    unreadable: dict[str, None] = {}
    for regex in regexes:
        try:
            patterns.check(regex)
        except (BadPatternError, MatchesAllError):
            unreadable[regex] = None
        else:
            readable[regex] = None
    return tuple(readable), tuple(unreadable)
