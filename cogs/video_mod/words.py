"""The panel of what prompts may not have: the moderators' words and patterns, the base list, and AutoMod's lists."""

from collections.abc import Iterable

import aiohttp
import discord

from bot.administration.word_lists import TakenOver, WordLists
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.escape import escape
from bot.domain.errors import RefusalError
from bot.domain.sentence import N_, NN_, Sentence
from bot.locales import Translator
from cogs.paging import Item
from cogs.video_admin.pane import PaneButton
from cogs.video_mod.word_forms import PatternsForm, WordsForm, WordsPane, fields_of

LONGEST_LIST = 1000
"""Characters for the patterns that can't be taken over."""

Interaction = discord.Interaction[ClapboardBot]

_INTRODUCTION = N_(
    "A prompt with one of these is refused, also if it is written with accents, look-alikes or signs between the "
    "letters. Everything is in effect at once."
)
_ALWAYS = N_("Sexual content with minors is refused in every server and can't be allowed.")


class AutoModClosedError(RefusalError):
    """Discord shows AutoMod's lists to those with Manage Server only."""

    message = N_(
        "Discord doesn't let me read AutoMod's words: I need Manage Server for that. "
        "Give it to my role, press the button again, and take it away afterwards."
    )


class AutoModUnreachableError(RefusalError):
    """Discord did not answer."""

    message = N_("Discord didn't give me AutoMod's words. Please try again in a few minutes.")


async def open_words(interaction: Interaction) -> None:
    """Show the panel to this moderator alone. Raises ModeratorsOnlyError."""
    lists = await interaction.client.services.wordbook.current(asker_of(interaction))
    await interaction.response.send_message(view=WordsPanel(interaction, lists), ephemeral=True)


class WordsPanel(WordsPane):
    """How many words and patterns there are, and what can be done about them."""

    command = "/video-mod words"

    def __init__(self, shown_by: Interaction, lists: WordLists) -> None:
        super().__init__(shown_by, Translator(shown_by.locale.value), pages=1)
        text, primary = self.translator.text, discord.ButtonStyle.primary
        self._lists = lists
        self._words = PaneButton(text(N_("Edit words…")), self._ask_words, primary)
        self._patterns = PaneButton(text(N_("Edit patterns…")), self._ask_patterns, primary)
        self._base = PaneButton("", self._turn_base)
        self._automod = PaneButton(text(N_("Take over AutoMod's words")), self._take_over)
        self.know(lists)
        self.draw()

    def know(self, lists: WordLists, *said: Sentence) -> None:
        """Take over the lists as they are now, and what has changed."""
        self._lists = lists
        self._base.label = self.translator.text(
            N_("Switch the base list off") if lists.base else N_("Switch the base list on")
        )
        self.said = "\n".join(self.translator.text(sentence) for sentence in said)

    def texts(self) -> Iterable[str]:
        """The numbers, and what always holds."""
        return (self._numbers(), self.translator.text(_ALWAYS))

    def choices(self) -> Iterable[Item]:
        """The forms, the base list, AutoMod."""
        yield discord.ui.ActionRow(self._words, self._patterns, self._base, self._automod)

    def _numbers(self) -> str:
        text, lists = self.translator.text, self._lists
        base = N_("Base list (sexual content and gore, English): on")
        without = N_("Base list (sexual content and gore, English): off")
        return "\n".join(
            [
                f"## {text(N_('Blocked words'))}",
                text(_INTRODUCTION),
                text(N_("Words and phrases: {number}"), number=len(lists.words)),
                text(N_("Patterns: {number}"), number=len(lists.patterns)),
                text(base if lists.base else without),
            ]
        )

    async def load(self, interaction: Interaction, number: int) -> None:
        """Look the lists up anew."""
        self.number = number
        self.know(await interaction.client.services.wordbook.current(asker_of(interaction)))

    async def _ask_words(self, interaction: Interaction) -> None:
        lists = await interaction.client.services.wordbook.current(asker_of(interaction))
        await interaction.response.send_modal(WordsForm(self, fields_of(lists.words)))

    async def _ask_patterns(self, interaction: Interaction) -> None:
        lists = await interaction.client.services.wordbook.current(asker_of(interaction))
        await interaction.response.send_modal(PatternsForm(self, fields_of(lists.patterns)))

    async def _turn_base(self, interaction: Interaction) -> None:
        wanted = not self._lists.base
        lists = await interaction.client.services.wordbook.use_base(asker_of(interaction), wanted=wanted)
        self.know(lists, Sentence(N_("The base list is on now.") if wanted else N_("The base list is off now.")))
        await self.show(interaction)

    async def _take_over(self, interaction: Interaction) -> None:
        asker, wordbook = asker_of(interaction), interaction.client.services.wordbook
        await wordbook.current(asker)
        # Discord may take its time.
        await interaction.response.defer()
        rules = await _rules(interaction)
        keywords = [word for rule in rules for word in rule.trigger.keyword_filter]
        regexes = [pattern for rule in rules for pattern in rule.trigger.regex_patterns]
        taken = await wordbook.take_over(asker, keywords, regexes)
        self.know(taken.lists, *_told(taken))
        self.draw()
        await interaction.edit_original_response(view=self)
        self._shown_by = interaction


async def _rules(interaction: Interaction) -> list[discord.AutoModRule]:
    """AutoMod's own rules about words that are switched on; the lists that Discord keeps can't be read."""
    guild = interaction.guild
    if guild is None:
        raise AutoModUnreachableError
    try:
        rules = await guild.fetch_automod_rules()
    except discord.Forbidden as error:
        raise AutoModClosedError from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise AutoModUnreachableError from error
    return [rule for rule in rules if rule.enabled and rule.trigger.type is discord.AutoModRuleTriggerType.keyword]


def _told(taken: TakenOver) -> Iterable[Sentence]:
    words = Sentence(NN_("{count} word", "{count} words"), {"count": taken.words})
    patterns = Sentence(NN_("{count} pattern", "{count} patterns"), {"count": taken.patterns})
    yield Sentence(N_("New from AutoMod: {words}, {patterns}."), {"words": words, "patterns": patterns})
    if taken.unreadable:
        listed = ", ".join(f"“{pattern}”" for pattern in taken.unreadable)
        cannot = N_("I can't use these patterns: {patterns}")
        yield Sentence(cannot, {"patterns": escape(listed, LONGEST_LIST, max_lines=1)})
    if taken.left_out:
        full = NN_(
            "There was no room for {count} more: a list has its limits.",
            "There was no room for {count} more: a list has its limits.",
        )
        yield Sentence(full, {"count": taken.left_out})
