"""The form in which moderators choose words that prompts may not have."""

from typing import Any

import discord

from bot.client.asker import asker_of
from bot.client.reporter import ReportingModal
from bot.domain.sentence import N_, NN_
from bot.locales import Translator
from cogs.video.form_rows import Caption

FIELD_LIMIT = 4000
MOST_FIELDS = 5


class WordsForm(ReportingModal):
    """The blocked words as text; a list too long for one field goes on in the next."""

    def __init__(self, words: tuple[str, ...], translator: Translator) -> None:
        super().__init__(title=translator.text(N_("Blocked words")))
        self._translator = translator
        self._fields: list[discord.ui.TextInput[WordsForm]] = []
        for number, text in enumerate(fields_of(words)):
            field: discord.ui.TextInput[WordsForm] = discord.ui.TextInput(
                style=discord.TextStyle.paragraph, required=False, default=text, max_length=FIELD_LIMIT
            )
            self._fields.append(field)
            label = N_("Words or phrases, one per line") if number == 0 else N_("More words or phrases")
            self.add_item(Caption(translator.text(label)).over(field))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Save the words and tell how many there are."""
        text = "\n".join(field.value for field in self._fields)
        words = await interaction.client.services.administration.set_words(asker_of(interaction), text)
        now = NN_("{count} word or phrase is blocked now.", "{count} words or phrases are blocked now.")
        await interaction.response.send_message(self._translator.text(now, count=len(words)), ephemeral=True)


def fields_of(words: tuple[str, ...]) -> list[str]:
    """The words one a line, in as many texts as Discord's limit asks for, with room for more in the last."""
    texts = [""]
    for word in words:
        longer = f"{texts[-1]}\n{word}".lstrip("\n")
        if len(longer) > FIELD_LIMIT:
            texts.append(word)
        else:
            texts[-1] = longer
    if len(texts[-1]) > FIELD_LIMIT // 2:
        texts.append("")
    return texts[:MOST_FIELDS]
