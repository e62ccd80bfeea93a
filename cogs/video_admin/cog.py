"""The managers' commands."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.administration.settling import LONGEST_REASON, MOST_AMOUNT, MOST_VIDEOS
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.money import UNITS_PER_USD
from bot.locales import Translator
from cogs.video_admin import settling
from cogs.video_admin.audit import open_audit
from cogs.video_admin.budget import open_budget
from cogs.video_admin.export import export
from cogs.video_admin.limits import open_limits
from cogs.video_admin.models import open_models
from cogs.video_admin.panel import SetupPanel
from cogs.video_admin.status import open_status

PANEL_SECONDS = 600.0
"""Well under the 15 minutes in which the panel can still be edited."""

Day = app_commands.Range[str, 0, 40]
Reason = app_commands.Range[str, 0, LONGEST_REASON]
Videos = app_commands.Range[int, 0, MOST_VIDEOS]
Dollars = app_commands.Range[float, 0, MOST_AMOUNT // UNITS_PER_USD]


@app_commands.default_permissions(manage_guild=True)
class VideoAdmin(commands.GroupCog, group_name="video-admin", group_description="Set up videos in this server"):
    """`/video-admin`."""

    @app_commands.command(description="Choose who may make videos, where, and who watches over it")
    async def setup(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Show the present choices as a panel that only this person sees."""
        asker = asker_of(interaction)
        administration = interaction.client.services.administration
        guild = await administration.current(asker)
        panel = SetupPanel(
            interaction,
            guild,
            sorted(administration.languages),
            Translator(asker.locale),
            timeout=PANEL_SECONDS,
        )
        await interaction.response.send_message(view=panel, ephemeral=True)

    @app_commands.command(description="See how this server and the video services stand")
    async def status(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Show it to this person alone."""
        await open_status(interaction)

    @app_commands.command(description="Choose how many videos each role may make, how long, and for how much")
    async def limits(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Show the limits of every role."""
        await open_limits(interaction)

    @app_commands.command(description="See what each model costs here, set prices, and choose the usual model")
    async def models(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Show the price of every model and length."""
        await open_models(interaction)

    @app_commands.command(description="Get this server's videos, books and settings as files")
    @app_commands.describe(
        first="First day, such as 2026-03-01; left out: the first of the month",
        last="Last day, such as 2026-03-31; left out: today",
    )
    @app_commands.rename(first="from", last="to")
    async def export(self, interaction: discord.Interaction[ClapboardBot], first: Day = "", last: Day = "") -> None:
        """Hand the files to this person alone."""
        await export(interaction, first, last)

    @app_commands.command(description="See what this server spends, and choose what it may spend")
    async def budget(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Show how the money stands."""
        await open_budget(interaction)

    @app_commands.command(description="See what was done in this server, by whom, and what was changed")
    async def audit(self, interaction: discord.Interaction[ClapboardBot]) -> None:
        """Show the record, newest first."""
        await open_audit(interaction)

    @app_commands.command(description="Let a member make more videos today, or spend more this month")
    @app_commands.describe(
        member="Who", videos="Videos for today", dollars="Dollars for this month", reason="For the records"
    )
    async def grant(
        self,
        interaction: discord.Interaction[ClapboardBot],
        member: discord.User,
        videos: Videos = 0,
        dollars: Dollars = 0.0,
        reason: Reason = "",
    ) -> None:
        """Give on top of their limits."""
        await settling.grant(interaction, member, videos, dollars, reason)

    @app_commands.command(description="Give a member back what a video cost them")
    @app_commands.describe(video="The video: choose one, or paste its id", reason="For the records")
    @app_commands.autocomplete(video=settling.refundable)
    async def refund(self, interaction: discord.Interaction[ClapboardBot], video: str, reason: Reason = "") -> None:
        """Give back the video that was chosen or whose id was pasted."""
        await settling.refund(interaction, video, reason)

    @app_commands.command(description="Order a video again whose outcome nobody knows")
    @app_commands.describe(video="The video: choose one, or paste its id")
    @app_commands.autocomplete(video=settling.unsure)
    async def retry(self, interaction: discord.Interaction[ClapboardBot], video: str) -> None:
        """Ask first, because it may be paid twice."""
        await settling.retry(interaction, video)
