"""What all buttons about a job have in common: they keep nothing, so they work after restarts and from any process."""

import re
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import discord

from bot.client.reporter import Interaction, reported
from bot.client.threads import open_archived
from bot.domain import ids
from bot.locales import Translator


class JobButton(discord.ui.DynamicItem["discord.ui.Button[Any]"], ABC, template=r"(?!)"):
    """A button `cb:<verb>:<job>`. A subclass names its verb and default label, and says what a press does:

    `class AgainButton(JobButton, verb="again", label=N_("Again"))`, with `async def pressed`.
    """

    by_verb: ClassVar[dict[str, type["JobButton"]]] = {}
    verb: ClassVar[str]
    label: ClassVar[str]
    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    def __init_subclass__(cls, *, verb: str, label: str) -> None:
        """Each verb has its exact template: an id that two of them matched would run both."""
        cls.verb, cls.label = verb, label
        JobButton.by_verb[verb] = cls
        super().__init_subclass__(template=rf"cb:{verb}:(?P<job>{ids.PATTERN})")

    def __init__(self, job_id: str, translator: Translator | None = None, *, label: str | None = None) -> None:
        written = (label or self.label) if translator is None else translator.text(label or self.label)
        super().__init__(discord.ui.Button(style=self.style, label=written, custom_id=ids.custom_id(self.verb, job_id)))
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        return cls(match["job"])

    @reported
    async def callback(self, interaction: Interaction) -> None:
        """Do what the button says; errors are told."""
        await open_archived(interaction.channel)
        await self.pressed(interaction)

    @abstractmethod
    async def pressed(self, interaction: Interaction) -> None:
        """What a press does."""


def drawn(verb: str, job_id: str, translator: Translator, *, label: str | None = None) -> JobButton:
    """A button for a card. By its verb: what a press does draws cards in turn, so neither could import the other."""
    return JobButton.by_verb[verb](job_id, translator, label=label)
