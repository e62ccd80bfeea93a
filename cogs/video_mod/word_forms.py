"""The forms in which moderators write words and patterns that prompts may not have."""

from abc import abstractmethod
from collections.abc import Sequence

import discord

from bot.administration.word_lists import Wordbook, WordLists
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_, NN_, Sentence
from cogs.video.form_rows import Caption
from cogs.video_admin.pane import Pane, PaneForm

FIELD_LIMIT = 4000
MOST_FIELDS = 5

Interaction = discord.Interaction[ClapboardBot]


class WordsPane(Pane):
    """What the forms need of the panel that opened them."""

    @abstractmethod
    def know(self, lists: WordLists, *said: Sentence) -> None:
        """Take over the lists as they are now, and what has changed."""


class ListForm(PaneForm):
    """A list as text, one entry a line; one too long for a field goes on in the next."""

    def __init__(self, pane: WordsPane, title: str, captions: tuple[Caption, Caption], texts: Sequence[str]) -> None:
        super().__init__(pane, title, again=False)
        self.words_pane = pane
        self._fields: list[discord.ui.TextInput[ListForm]] = []
        for number, text in enumerate(texts):
            field: discord.ui.TextInput[ListForm] = discord.ui.TextInput(
                style=discord.TextStyle.paragraph, required=False, default=text, max_length=FIELD_LIMIT
            )
            self._fields.append(field)
            self.add_item(captions[number > 0].over(field))

    def entered(self) -> list[str]:
        """What stands in each field."""
        return [field.value for field in self._fields]

    async def save(self, interaction: Interaction) -> None:
        """Save the list and tell how long it is. Raises ModeratorsOnlyError and what the list may not have."""
        await self.keep(interaction, interaction.client.services.wordbook, "\n".join(self.entered()))

    @abstractmethod
    async def keep(self, interaction: Interaction, wordbook: Wordbook, text: str) -> None:
        """Save the text as the list."""

    def reopened(self) -> "ListForm":
        """The form with everything as it was entered, which nothing of is lost."""
        form = self.made(self.entered())
        form._again = True
        return form

    @abstractmethod
    def made(self, texts: Sequence[str]) -> "ListForm":
        """The form anew."""


class WordsForm(ListForm):
    """Plain words and phrases."""

    def __init__(self, pane: WordsPane, texts: Sequence[str]) -> None:
        text = pane.translator.text
        star = text(N_("cat* is also found in cats, *cat in bobcat, *cat* in both."))
        captions = (
            Caption(text(N_("Words or phrases, one per line")), star),
            Caption(text(N_("More words or phrases"))),
        )
        super().__init__(pane, text(N_("Blocked words")), captions, texts)

    async def keep(self, interaction: Interaction, wordbook: Wordbook, text: str) -> None:
        """Save the words."""
        lists = await wordbook.set_words(asker_of(interaction), text)
        now = NN_("{count} word or phrase is blocked now.", "{count} words or phrases are blocked now.")
        self.words_pane.know(lists, Sentence(now, {"count": len(lists.words)}))

    def made(self, texts: Sequence[str]) -> "ListForm":
        """The form anew."""
        return WordsForm(self.words_pane, texts)


class PatternsForm(ListForm):
    """Patterns."""

    def __init__(self, pane: WordsPane, texts: Sequence[str]) -> None:
        text = pane.translator.text
        syntax = text(N_("In RE2's syntax, as in Discord's AutoMod; small and capital letters are the same."))
        captions = (Caption(text(N_("Patterns, one per line")), syntax), Caption(text(N_("More patterns"))))
        super().__init__(pane, text(N_("Blocked patterns")), captions, texts)

    async def keep(self, interaction: Interaction, wordbook: Wordbook, text: str) -> None:
        """Save the patterns."""
        lists = await wordbook.set_patterns(asker_of(interaction), text)
        now = NN_("{count} pattern is blocked now.", "{count} patterns are blocked now.")
        self.words_pane.know(lists, Sentence(now, {"count": len(lists.patterns)}))

    def made(self, texts: Sequence[str]) -> "ListForm":
        """The form anew."""
        return PatternsForm(self.words_pane, texts)


def fields_of(entries: tuple[str, ...]) -> list[str]:
    """The entries one a line, in as many texts as Discord's limit asks for, with room for more in the last."""
    texts = [""]
    for entry in entries:
        longer = f"{texts[-1]}\n{entry}".lstrip("\n")
        if len(longer) > FIELD_LIMIT:
            texts.append(entry)
        else:
            texts[-1] = longer
    if len(texts[-1]) > FIELD_LIMIT // 2:
        texts.append("")
    return texts[:MOST_FIELDS]
