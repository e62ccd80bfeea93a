"""The form that makes a character: name, clip, which seconds, who may use it, and the tick."""

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.client.asker import asker_below, asker_of
from bot.client.bot import ClapboardBot
from bot.client.escape import escape, plain
from bot.client.reporter import ReportingModal
from bot.domain.character import LONGEST_NAME, Character, Sharing
from bot.domain.errors import ClapboardError
from bot.domain.job import Job
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.media.errors import AttachmentError
from bot.orders.characters import NewCharacter
from cogs.character.cards import saved_card
from cogs.character.sharing import NAMES, SharingPanel
from cogs.video.form import offer_again
from cogs.video.form_rows import OPTION_LIMIT, Caption, FileRow, Row, TextRow

_FILE_NAME_SHOWN = 60
_SAVED = N_("Character saved")

Interaction = discord.Interaction[ClapboardBot]


@dataclass(frozen=True, slots=True)
class Opening:
    """How a form looks: with whose words it begins, and whether it asks for a clip or names the one it is about.

    `shareable`: whether there is a server to share it in. `source`: the video that shows it. `bad_file`: the clip of
    the try before was at fault.
    """

    title: str
    asks_clip: bool
    shareable: bool
    source: Job | None = None
    bad_file: bool = False


class CharacterForm(ReportingModal):
    """Filled in with what `preset` says."""

    def __init__(self, opening: Opening, preset: NewCharacter, translator: Translator) -> None:
        super().__init__(title=translator.text(opening.title))
        self._opening, self._preset, self._translator = opening, preset, translator
        caption = self._caption
        self._name = TextRow(caption(N_("Name")), preset.name, required=True, long=False, limit=LONGEST_NAME)
        seconds = N_("1 to 3 seconds: 4.5 is from there, 4.5-7 is both ends. Left empty: the first 3.")
        self._chosen = TextRow(caption(N_("Which seconds of the clip"), seconds), preset.chosen, long=False)
        self._clip = FileRow(self._clip_caption()) if opening.asks_clip else None
        self._tick: discord.ui.Checkbox[CharacterForm] = discord.ui.Checkbox(default=preset.confirmed)
        self._sharing: discord.ui.RadioGroup[CharacterForm] | None = None
        clip_row = self._line() if self._clip is None else self._clip.item
        for row in (self._name.item, clip_row, self._chosen.item, *self._sharing_row(), self._tick_row()):
            self.add_item(row)

    def _caption(self, label: str, description: str = "") -> Caption:
        text = self._translator.text
        return Caption(text(label), text(description) if description else "")

    def _line(self) -> Row:
        """Which clip it is about, where none is asked for."""
        name = "" if self._preset.clip is None else escape(self._preset.clip.name, _FILE_NAME_SHOWN, max_lines=1)
        return discord.ui.TextDisplay(self._translator.text(N_("Clip: {name}"), name=name))

    def _clip_caption(self) -> Caption:
        if self._opening.bad_file:
            return self._caption(N_("Clip"), N_("Please choose another file (MP4, MOV or WebM)."))
        if self._preset.clip is not None:
            return self._caption(N_("Clip"), N_("Your file stays attached unless you choose another."))
        return self._caption(N_("Clip"), N_("MP4, MOV or WebM. I keep only the chosen seconds."))

    def _sharing_row(self) -> list[Row]:
        if not self._opening.shareable:
            return []
        options = [
            discord.RadioGroupOption(
                label=plain(self._translator.text(name), OPTION_LIMIT),
                value=value,
                default=value is self._preset.sharing,
            )
            for value, name in NAMES.items()
        ]
        self._sharing = discord.ui.RadioGroup(options=options)
        return [self._caption(N_("Who may use it"), N_("You can change it at any time.")).over(self._sharing)]

    def _tick_row(self) -> Row:
        confirmed = N_("The clip shows no real person and I may use this character")
        return self._caption(N_("I confirm"), confirmed).over(self._tick)

    def filled(self) -> NewCharacter:
        """What was typed, chosen, uploaded and ticked."""
        uploaded = None if self._clip is None else self._clip.file
        picked = None if self._sharing is None else self._sharing.value
        return NewCharacter(
            name=self._name.typed,
            clip=uploaded or self._preset.clip,
            chosen=self._chosen.typed or None,
            confirmed=self._tick.value,
            sharing=Sharing.ME if picked is None else Sharing(picked),
        )

    def reopened(self, error: ClapboardError) -> "CharacterForm":
        """The form as it was filled in when it was refused; the clip stays unless it was at fault."""
        filled, opening = self.filled(), self._opening
        if isinstance(error, AttachmentError):
            filled, opening = replace(filled, clip=None), replace(opening, asks_clip=True, bad_file=True)
        return CharacterForm(opening, filled, self._translator)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Save the character and show it, or say what is wrong and offer the form again."""
        source = self._opening.source
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            asker = asker_of(interaction) if source is None else await asker_below(interaction, source)
            saved = await interaction.client.services.characters.save(asker, self.filled())
        except ClapboardError as error:
            await self._refused(interaction, error)
            return
        await interaction.followup.send(view=self._answer(interaction, saved), ephemeral=True)

    async def _refused(self, interaction: Interaction, error: ClapboardError) -> None:
        await offer_again(interaction, error, lambda: self.reopened(error), self._translator)

    def _answer(self, interaction: Interaction, saved: Character) -> discord.ui.LayoutView:
        if saved.sharing is Sharing.CHOSEN:
            return SharingPanel(interaction, saved, self._translator, _SAVED)
        return saved_card(saved, asker_of(interaction), self._translator, _SAVED)
