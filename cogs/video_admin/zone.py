"""The form for the server's time zone."""

from dataclasses import replace

from bot.administration.setup import time_zone
from bot.domain.sentence import N_
from cogs.video.form_rows import Caption, TextRow
from cogs.video_admin.pane import Drafting, Interaction, PaneForm

LONGEST_NAME = 60


class ZoneForm(PaneForm):
    """Asks for the time zone in which days and months begin."""

    def __init__(self, panel: Drafting, zone: str, *, again: bool = False) -> None:
        text = panel.translator.text
        super().__init__(panel, text(N_("Time zone")), again=again)
        self._panel = panel
        counted = text(N_("Limits count by the day and the month of this time zone."))
        caption = Caption(text(N_("A name such as Europe/Berlin")), counted)
        self._name = TextRow(caption, zone, required=True, long=False, limit=LONGEST_NAME)
        self.add_item(self._name.item)

    async def save(self, interaction: Interaction) -> None:
        """Take over the time zone. Raises UnknownTimeZoneError."""
        zone = time_zone(self._name.typed)
        await self._panel.take(interaction, lambda choices: replace(choices, time_zone=zone))

    def reopened(self) -> "ZoneForm":
        """The form as it was filled in."""
        return ZoneForm(self._panel, self._name.typed, again=True)
