"""The form behind Results… of the setup panel: how finished videos are shown."""

from dataclasses import replace

from bot.domain.guild import GuildChoices
from bot.domain.sentence import N_
from cogs.video.form_rows import Caption, Option, TickRow
from cogs.video_admin.pane import Drafting, Interaction, PaneForm

SWITCHES = {
    "publish": N_("Publish announcements, so that other servers that follow the channel get them"),
    "result_threads": N_("A thread for each video, below its status message"),
    "keep_status": N_("Keep the status message as a link to the video"),
    "hide_prompts": N_("Hide prompts in messages that everybody sees"),
    "spoilers": N_("Every video as a spoiler, hidden until it is clicked"),
    "age_restricted_only": N_("Make videos in age-restricted channels only"),
    "watermark": N_("A watermark, where the model makes one by itself; members can choose otherwise"),
}
"""By the field of `GuildChoices`."""


def ticked_in(choices: GuildChoices) -> frozenset[str]:
    """What is chosen."""
    return frozenset(name for name in SWITCHES if getattr(choices, name))


class ResultsForm(PaneForm):
    """Asks how results are shown; what is ticked holds for every video."""

    def __init__(self, panel: Drafting, ticked: frozenset[str], *, again: bool = False) -> None:
        text = panel.translator.text
        super().__init__(panel, text(N_("Results")), again=again)
        self._panel = panel
        options = [Option(name, text(label)) for name, label in SWITCHES.items()]
        caption = Caption(text(N_("How videos are shown")), text(N_("Nothing has to be ticked.")))
        self._row = TickRow(caption, options, ticked)
        self.add_item(self._row.item)

    @property
    def _ticked(self) -> dict[str, bool]:
        return {name: self._row.ticked(name) is True for name in SWITCHES}

    async def save(self, interaction: Interaction) -> None:
        """Take over the choices."""
        ticked = self._ticked
        await self._panel.take(interaction, lambda choices: replace(choices, **ticked))  # type: ignore[arg-type]

    def reopened(self) -> "ResultsForm":
        """The form as it was filled in."""
        return ResultsForm(self._panel, frozenset(name for name, is_on in self._ticked.items() if is_on), again=True)
