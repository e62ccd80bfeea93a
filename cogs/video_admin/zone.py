"""The form for the server's time zone."""

from dataclasses import replace
from typing import Any

import discord

from bot.administration.setup import time_zone
from bot.client.reporter import ReportingModal
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.video.form_rows import Caption
from cogs.video_admin.menus import Panel

LONGEST_NAME = 60


class ZoneForm(ReportingModal):
    """Asks for the time zone in which days and months begin."""

    def __init__(self, panel: Panel, zone: str, translator: Translator) -> None:
        super().__init__(title=translator.text(N_("Time zone")))
        self._panel = panel
        self._name: discord.ui.TextInput[ZoneForm] = discord.ui.TextInput(default=zone, max_length=LONGEST_NAME)
        counted = translator.text(N_("Limits count by the day and the month of this time zone."))
        caption = Caption(translator.text(N_("A name such as Europe/Berlin")), counted)
        self.add_item(caption.over(self._name))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Take over the time zone. Raises UnknownTimeZoneError."""
        zone = time_zone(self._name.value)
        await self._panel.change(interaction, lambda choices: replace(choices, time_zone=zone))
