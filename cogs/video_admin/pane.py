"""What the managers' panels have in common: seen by one person, each press asked anew, in effect at once."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar, Protocol

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.client.refusals import FormTooOldError
from bot.client.reporter import ReportingModal
from bot.domain.errors import ClapboardError
from bot.domain.guild import GuildChoices
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.paging import Item, PagedList
from cogs.unsent import UNSENT
from cogs.video.form import offer_again

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)
LABEL_LIMIT = 80


class Pane(PagedList, ABC):
    """A panel whose choices are in effect as soon as they are made; `said` is what the last one has changed.

    A subclass names the `command` that opens it, and says what it shows and what can be pressed.
    """

    command: ClassVar[str]
    said = ""

    @abstractmethod
    def texts(self) -> Iterable[str]:
        """What is shown, part by part."""

    @abstractmethod
    def choices(self) -> Iterable[Item]:
        """What can be pressed and chosen."""

    def items(self, *, closed: bool) -> Iterable[Item]:
        """What is shown, then what can be chosen; once closed, how to come back."""
        shown = [*self.texts(), *([self.said] if self.said and not closed else ())]
        yield discord.ui.Container(*(discord.ui.TextDisplay[Any](text) for text in shown))
        if closed:
            told = N_("This panel was closed. What was saved is in effect; `{command}` opens it again.")
            yield discord.ui.TextDisplay(self.translator.text(told, command=self.command))
        else:
            yield from self.choices()

    async def show_above(self, interaction: Interaction) -> None:
        """Draw the panel anew, for a form that was opened below it once more: that message ends with a word."""
        saved = self.translator.text(N_("Saved."))
        await interaction.response.edit_message(content=saved, view=None)
        if self.is_finished():
            return
        self.draw()
        try:
            await self._shown_by.edit_original_response(view=self)
        except UNSENT as error:
            # The person may have dismissed it; what was saved is in effect.
            log.info("panel not shown", interaction=interaction.id, error=repr(error))


class FormHost(Protocol):
    """What a form belongs to, and shows what was entered: a panel, or a part of one."""

    @property
    def translator(self) -> Translator:
        """The language of the panel."""
        ...

    async def show(self, interaction: Interaction) -> None:
        """Draw the panel anew, as the answer to the form."""
        ...

    async def show_above(self, interaction: Interaction) -> None:
        """The same for a form that was opened below the panel once more."""
        ...


class Drafting(FormHost, Protocol):
    """A panel that collects choices, which are in effect once all of them are saved."""

    async def take(self, interaction: Interaction, change: Callable[[GuildChoices], GuildChoices]) -> None:
        """Take over a choice, if the person may, and show nothing yet. Raises FormTooOldError once it is closed."""
        ...


class PaneForm(ReportingModal, ABC):
    """A form of a panel. Sending it saves; one that was refused can be opened again with all that was entered."""

    def __init__(self, pane: FormHost, title: str, *, again: bool) -> None:
        super().__init__(title=title)
        self.pane = pane
        self._again = again

    @property
    def translator(self) -> Translator:
        """The language of the panel."""
        return self.pane.translator

    @abstractmethod
    async def save(self, interaction: Interaction) -> None:
        """Save what was entered, and have the panel know it. Raises the refusal."""

    @abstractmethod
    def reopened(self) -> "PaneForm":
        """The form with everything as it was entered."""

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Save and show, or say what is wrong and offer the form again."""
        try:
            await self.save(interaction)
        except FormTooOldError:
            # Sending it once more would end in the same way.
            raise
        except ClapboardError as error:
            await offer_again(interaction, error, self.reopened, self.translator)
            return
        await (self.pane.show_above(interaction) if self._again else self.pane.show(interaction))


class PaneButton(discord.ui.Button[discord.ui.LayoutView]):
    """A button of a panel."""

    def __init__(
        self,
        label: str,
        press: Callable[[Interaction], Awaitable[None]],
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        super().__init__(style=style, label=plain(label, LABEL_LIMIT))
        self._press = press

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button says."""
        await self._press(interaction)


class RolesMenu(discord.ui.RoleSelect[discord.ui.LayoutView]):
    """Picks roles of the server; `beyond`: those that are chosen too and for which there is no room."""

    beyond: frozenset[int] = frozenset()

    def __init__(
        self, placeholder: str, pick: Callable[[Interaction, frozenset[int]], Awaitable[None]], *, least: int, most: int
    ) -> None:
        super().__init__(placeholder=placeholder, min_values=least, max_values=most)
        self._pick = pick

    def have_picked(self, ids: frozenset[int]) -> None:
        """Show these as picked; the roles have to exist."""
        ordered = sorted(ids)
        shown, self.beyond = ordered[: self.max_values], frozenset(ordered[self.max_values :])
        self.default_values = [discord.SelectDefaultValue.from_role(discord.Object(id_)) for id_ in shown]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        await self._pick(interaction, frozenset(role.id for role in self.values))


class OneOfMenu(discord.ui.Select[discord.ui.LayoutView]):
    """Picks one of a few things by its value."""

    def __init__(self, placeholder: str, pick: Callable[[Interaction, str], Awaitable[None]]) -> None:
        super().__init__(placeholder=placeholder)
        self._pick = pick

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        await self._pick(interaction, self.values[0])
