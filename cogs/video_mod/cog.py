"""The moderators' commands."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.administration.moderation import BlockLength, sentence_of
from bot.client.asker import asker_of, role_ids_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.domain.sentence import N_, Mention
from bot.locales import Translator
from cogs.cards import JobCards
from cogs.cards.spending import member_usage_card, server_usage_card
from cogs.choosing import video_choices, video_id
from cogs.my_videos.cancel import stop
from cogs.removing import remove
from cogs.video_mod.queue import open_queue
from cogs.video_mod.words import open_words

LONGEST_REASON = 400
LENGTHS = [
    app_commands.Choice(name="1 hour", value=BlockLength.HOUR.value),
    app_commands.Choice(name="1 day", value=BlockLength.DAY.value),
    app_commands.Choice(name="1 week", value=BlockLength.WEEK.value),
    app_commands.Choice(name="for good", value=BlockLength.FOR_GOOD.value),
]

Interaction = discord.Interaction[ClapboardBot]
Reason = app_commands.Range[str, 0, LONGEST_REASON]


@app_commands.default_permissions(moderate_members=True)
class VideoMod(commands.GroupCog, group_name="video-mod", group_description="Moderate videos in this server"):
    """`/video-mod`."""

    def __init__(self, cards: JobCards) -> None:
        super().__init__()
        self._cards = cards

    @app_commands.command(description="Show this server's videos that are on their way")
    async def queue(self, interaction: Interaction) -> None:
        """List them, oldest first."""
        await open_queue(interaction, self._cards)

    @app_commands.command(description="Stop a video that is on its way; free until it is ordered")
    @app_commands.describe(video="The video: choose one, or paste its id")
    async def cancel(self, interaction: Interaction, video: str) -> None:
        """Stop the video that was chosen or whose id was pasted; its status message tells its author."""
        job_id = video_id(video)
        await interaction.client.services.moderation.job(asker_of(interaction), job_id)
        await stop(interaction, job_id)

    @app_commands.command(description="Take no orders until you resume; videos on their way go on")
    @app_commands.describe(reason="What members are told")
    async def pause(self, interaction: Interaction, reason: Reason = "") -> None:
        """Pause orders in this server."""
        asker = asker_of(interaction)
        await interaction.client.services.oversight.pause(asker, reason)
        told = N_("Videos are paused. What is on its way goes on; /video-mod resume ends the pause.")
        await self._answer(interaction, Translator(asker.locale).text(told))

    @app_commands.command(description="Take orders again")
    async def resume(self, interaction: Interaction) -> None:
        """End the pause."""
        asker = asker_of(interaction)
        await interaction.client.services.oversight.resume(asker)
        await self._answer(interaction, Translator(asker.locale).text(N_("Videos can be made here again.")))

    @app_commands.command(description="Show what a member has used, or who has used most this month")
    @app_commands.describe(member="Whose; leave it out for those who have made most")
    async def usage(self, interaction: Interaction, member: discord.User | None = None) -> None:
        """Show what the books say."""
        asker, oversight = asker_of(interaction), interaction.client.services.oversight
        translator = Translator(asker.locale)
        if member is None:
            view = server_usage_card(await oversight.usage(asker), translator)
        else:
            used = await oversight.usage_of(asker, member.id, role_ids_of(member))
            view = member_usage_card(used, translator)
        silent = discord.AllowedMentions.none()
        await interaction.response.send_message(view=view, ephemeral=True, allowed_mentions=silent)

    @app_commands.command(description="Choose words that prompts may not have")
    async def words(self, interaction: Interaction) -> None:
        """Open the panel of words, patterns and lists."""
        await open_words(interaction)

    @app_commands.command(description="Remove a video with all its posts; nobody can get it back")
    @app_commands.describe(video="The video: choose one, or paste its id", reason="What its author is told")
    async def remove(self, interaction: Interaction, video: str, reason: Reason = "") -> None:
        """Remove the video that was chosen or whose id was pasted."""
        asker = asker_of(interaction)
        job_id = video_id(video)
        await interaction.client.services.moderation.job(asker, job_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = await remove(interaction, job_id, reason)
        await interaction.followup.send(Translator(asker.locale).text(told), ephemeral=True)

    @cancel.autocomplete("video")
    async def _running(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            return video_choices(await interaction.client.services.oversight.running(asker_of(interaction), typed))
        except ClapboardError:
            return []

    @remove.autocomplete("video")
    async def _videos(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            found = await interaction.client.services.moderation.videos(asker_of(interaction), typed)
        except ClapboardError:
            return []
        return video_choices(found)

    @app_commands.command(description="Keep a member from making videos here")
    @app_commands.describe(member="Who", length="For how long", reason="For your own records")
    @app_commands.rename(length="for")
    @app_commands.choices(length=LENGTHS)
    async def block(self, interaction: Interaction, member: discord.User, length: str, reason: Reason = "") -> None:
        """Block the member."""
        asker = asker_of(interaction)
        moderation = interaction.client.services.moderation
        block = await moderation.block(asker, member.id, BlockLength(length), reason)
        await self._answer(interaction, Translator(asker.locale).text(sentence_of(block)))

    @app_commands.command(description="Let a member make videos here again")
    @app_commands.describe(member="Who")
    async def unblock(self, interaction: Interaction, member: discord.User) -> None:
        """End the block of the member."""
        asker = asker_of(interaction)
        await interaction.client.services.moderation.unblock(asker, member.id)
        told = N_("{member} may make videos here again.")
        await self._answer(interaction, Translator(asker.locale).text(told, member=Mention("user", member.id)))

    @staticmethod
    async def _answer(interaction: Interaction, text: str) -> None:
        silent = discord.AllowedMentions.none()
        await interaction.response.send_message(text, ephemeral=True, allowed_mentions=silent)
