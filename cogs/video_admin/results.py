"""The form behind Results… of the setup panel: how finished videos are shown."""

from dataclasses import replace
from typing import Any

import discord

from bot.client.reporter import ReportingModal
from bot.domain.guild import GuildChoices
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.video.form_rows import Caption, Option, TickRow
from cogs.video_admin.menus import Panel

SWITCHES = {
    "publish": N_("Publish announcements, so that other servers that follow the channel get them"),
    "result_threads": N_("A thread for each video, below its status message"),
    "keep_status": N_("Keep the status message as a link to the video"),
    "hide_prompts": N_("Hide prompts in messages that everybody sees"),
    "spoilers": N_("Every video as a spoiler, hidden until it is clicked"),
    "age_restricted_only": N_("Make videos in age-restricted channels only"),
}
"""By the field of `GuildChoices`."""


class ResultsForm(ReportingModal):
    """Asks how results are shown; what is ticked holds for every video."""

    def __init__(self, panel: Panel, choices: GuildChoices, translator: Translator) -> None:
        text = translator.text
        super().__init__(title=text(N_("Results")))
        self._panel = panel
        options = [Option(name, text(label)) for name, label in SWITCHES.items()]
        ticked = frozenset(name for name in SWITCHES if getattr(choices, name))
        caption = Caption(text(N_("How videos are shown")), text(N_("Nothing has to be ticked.")))
        self._row = TickRow(caption, options, ticked)
        self.add_item(self._row.item)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Take over the choices."""
        ticked = {name: self._row.ticked(name) is True for name in SWITCHES}
        await self._panel.change(interaction, lambda choices: replace(choices, **ticked))  # type: ignore[arg-type]
