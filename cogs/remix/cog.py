"""Remixing a video by command, or from the menu on its message."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.domain import ids
from bot.domain.errors import ClapboardError
from bot.orders import reuse
from cogs.menus.target import target
from cogs.remix.form import open_form
from cogs.video.confirm import order_asking_first

CHOICE_LIMIT = 100
"""Characters of a choice's name."""

Interaction = discord.Interaction[ClapboardBot]


class Remix(commands.Cog):
    """`/remix`, and **Remix this video** on messages."""

    def __init__(self, bot: ClapboardBot) -> None:
        self._bot = bot
        self._menu = app_commands.ContextMenu(name="Remix this video", callback=self.remix_message)

    async def cog_load(self) -> None:
        """Menus are no part of a cog for the library."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu with the cog."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="remix", description="Change one of your finished videos")
    @app_commands.describe(
        video="The video: choose one of yours, or paste an id",
        prompt="What shall change; everything else stays as it is",
    )
    async def remix(self, interaction: Interaction, video: str, prompt: app_commands.Range[str, 1, 4000]) -> None:
        """Order the remix of the video that was chosen or whose id was pasted."""
        job_id = video.strip().strip("`").lower()
        job = await interaction.client.services.reuse.source(asker_of(interaction), job_id)
        await order_asking_first(interaction, reuse.remix(job, prompt))

    @remix.autocomplete("video")
    async def _originals(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        services = interaction.client.services
        try:
            found = await services.reuse.originals(interaction.user.id, typed, services.catalogue)
        except ClapboardError:
            return []
        room = CHOICE_LIMIT - ids.LENGTH - 3
        return [app_commands.Choice(name=f"{one.id} · {plain(one.prompt, room)}", value=one.id) for one in found]

    async def remix_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Open the form for the video that a message is about."""
        await open_form(interaction, target(interaction, message))
