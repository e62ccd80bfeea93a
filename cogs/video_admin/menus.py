"""The menus of the setup panel, each of which changes one choice."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import discord

from bot.client.bot import ClapboardBot
from bot.domain.guild import GuildChoices

Apply = Callable[[GuildChoices, tuple[int, ...]], GuildChoices]
"""The choices with the picked ids in their place."""

ORDER_PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
]
"""Where members can type commands; threads go with the channel that they belong to."""

LOG_PLACES = [discord.ChannelType.text, discord.ChannelType.news]
CLIP_PLACES = [discord.ChannelType.text]
MOST_PICKED = 25


class Panel(Protocol):
    """What a menu tells of a choice."""

    async def change(
        self, interaction: discord.Interaction[ClapboardBot], change: Callable[[GuildChoices], GuildChoices]
    ) -> None:
        """Take over a choice, if the person may."""
        ...


class RoleMenu(discord.ui.RoleSelect[discord.ui.LayoutView]):
    """Picks roles."""

    def __init__(self, panel: Panel, apply: Apply, placeholder: str, *, most: int = MOST_PICKED) -> None:
        super().__init__(placeholder=placeholder, min_values=0, max_values=most)
        self._panel = panel
        self._apply = apply

    def show(self, ids: Iterable[int]) -> None:
        """Have these picked from the start."""
        self.default_values = [discord.SelectDefaultValue.from_role(discord.Object(id_)) for id_ in ids]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        ids = tuple(role.id for role in self.values)
        await self._panel.change(interaction, lambda choices: self._apply(choices, ids))


class ChannelMenu(discord.ui.ChannelSelect[discord.ui.LayoutView]):
    """Picks channels."""

    def __init__(
        self,
        panel: Panel,
        apply: Apply,
        placeholder: str,
        kinds: list[discord.ChannelType],
        *,
        most: int = MOST_PICKED,
    ) -> None:
        super().__init__(placeholder=placeholder, channel_types=kinds, min_values=0, max_values=most)
        self._panel = panel
        self._apply = apply

    def show(self, ids: Iterable[int]) -> None:
        """Have these picked from the start."""
        self.default_values = [discord.SelectDefaultValue.from_channel(discord.Object(id_)) for id_ in ids]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        ids = tuple(channel.id for channel in self.values)
        await self._panel.change(interaction, lambda choices: self._apply(choices, ids))


class LanguageMenu(discord.ui.Select[discord.ui.LayoutView]):
    """Picks the language of what the bot posts by itself; `languages` are codes with names."""

    def __init__(
        self,
        panel: Panel,
        apply: Callable[[GuildChoices, str], GuildChoices],
        placeholder: str,
        languages: dict[str, str],
    ) -> None:
        options = [discord.SelectOption(label=name, value=code) for code, name in languages.items()][:MOST_PICKED]
        super().__init__(placeholder=placeholder, options=options)
        self._panel = panel
        self._apply = apply

    def show(self, code: str) -> None:
        """Have this language picked from the start."""
        for option in self.options:
            option.default = option.value == code

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        code = self.values[0]
        await self._panel.change(interaction, lambda choices: self._apply(choices, code))
