"""Handing somebody all that is kept about them."""

import io

import discord

from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_, NN_
from bot.locales import Translator

FILE_NAME = "clapboard-export.json"


async def export(interaction: discord.Interaction[ClapboardBot]) -> None:
    """Answer with the file, to this person alone."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    account = interaction.client.services.account
    made = await account.export(interaction.user.id, interaction.filesize_limit)
    translator = Translator(interaction.locale.value)
    told = [translator.text(N_("This is all that I keep about you, and nothing of anybody else."))]
    if made.left_out:
        left_out = NN_(
            "The oldest {count} video did not fit into the file.",
            "The oldest {count} videos did not fit into the file.",
        )
        told.append(translator.text(left_out, count=made.left_out))
    file = discord.File(io.BytesIO(made.data), FILE_NAME)
    await interaction.followup.send(" ".join(told), file=file, ephemeral=True)
