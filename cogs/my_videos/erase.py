"""Erasing all that is kept about oneself, after asking once."""

import discord

from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_, NN_
from bot.locales import Translator
from bot.orders.account_erasure import Erased
from cogs.question import Question

_GOES = N_(
    "**This erases all that I keep about you.**\n"
    "What goes: your videos in my records with their prompts, the pictures and clips you attached, your characters, "
    "your preferences, and your name and prompts in the messages I post for moderators. Videos that are not ordered "
    "yet are cancelled; ordered ones still count and are not posted."
)
_STAYS = N_(
    "What stays: videos and messages in channels (use Delete below them first, if you want them gone), videos that "
    "others made from yours, what you have used up today and this month, what you did as a manager or moderator (both "
    "lose your name after about a month), and a moderator's block. Amounts stay in the server's books without your "
    "name. What the video service keeps is not mine to erase."
)


async def ask_to_erase(interaction: discord.Interaction[ClapboardBot]) -> None:
    """Say what goes and what stays, and ask."""
    translator = Translator(interaction.locale.value)
    text = f"{translator.text(_GOES)}\n\n{translator.text(_STAYS)}"
    await ConfirmErase(interaction, translator).ask(text)


class ConfirmErase(Question):
    """The question, seen only by the person whom it is about."""

    yes_label = N_("Erase everything")
    no_label = N_("Keep")
    style = discord.ButtonStyle.danger
    declined = N_("Nothing was erased.")
    missed = N_("Nothing was erased: you did not answer in time.")

    async def agreed(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Erase."""
        self.stop()
        # Years of videos may take longer than Discord waits for an answer.
        await interaction.response.defer()
        erased = await interaction.client.services.account.erase(interaction.user.id)
        await interaction.edit_original_response(content=_told(erased, self.translator), view=None)


def _told(erased: Erased, translator: Translator) -> str:
    lines = [translator.text(N_("Erased. Files and messages for moderators follow within about an hour."))]
    if erased.cancelled:
        cancelled = NN_("{count} video was cancelled, not charged.", "{count} videos were cancelled, not charged.")
        lines.append(translator.text(cancelled, count=erased.cancelled))
    if erased.still_ending:
        ending = NN_(
            "{count} video is ordered already: it counts, is not posted, and is erased when it ends.",
            "{count} videos are ordered already: they count, are not posted, and are erased when they end.",
        )
        lines.append(translator.text(ending, count=erased.still_ending))
    return "\n".join(lines)
