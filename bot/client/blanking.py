"""Emptying messages of ours that name somebody who wants to be erased."""

from dataclasses import dataclass

import discord

from bot.client.bot import ClapboardBot
from bot.client.places import Choices
from bot.client.troubles import telling
from bot.domain.job import MessagePlace
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.worker.herald import TryAgainError

EDIT_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class Blanking:
    """Edits a message to one line in its server's language. `choices` reads what a server has chosen."""

    bot: ClapboardBot
    choices: Choices

    async def __call__(self, place: MessagePlace) -> None:
        """Empty a message. Raises PlaceClosedError where that is impossible for good, TryAgainError where not."""
        if not self.bot.within_reach:
            raise TryAgainError
        text = Translator(await self._locale(place)).text(N_("Erased at the person's wish."))
        # A layout takes the place of text and files alike, whatever the message was before.
        view = discord.ui.LayoutView(timeout=None).add_item(discord.ui.TextDisplay(text))
        message = self.bot.get_partial_messageable(place.channel_id).get_partial_message(place.message_id)
        async with telling(EDIT_SECONDS):
            await message.edit(
                content=None, embeds=[], attachments=[], view=view, allowed_mentions=discord.AllowedMentions.none()
            )

    async def _locale(self, place: MessagePlace) -> str:
        channel = self.bot.get_channel(place.channel_id)
        guild = getattr(channel, "guild", None)
        return "en-US" if guild is None else (await self.choices(guild.id)).locale
