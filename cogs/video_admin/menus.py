"""The menus of the setup panel, each of which changes one choice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import discord

from bot.client.bot import ClapboardBot
from bot.domain.guild import GuildChoices

ORDER_PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
]
"""Where members can type commands; threads go with the channel that they belong to."""

TEXT_PLACES = [discord.ChannelType.text, discord.ChannelType.news]
CLIP_PLACES = [discord.ChannelType.text]
MOST_PICKED = 25


class Panel(Protocol):
    """What a menu or form tells of a choice."""

    async def change(
        self, interaction: discord.Interaction[ClapboardBot], change: Callable[[GuildChoices], GuildChoices]
    ) -> None:
        """Take over a choice, if the person may."""
        ...


@dataclass(frozen=True, slots=True)
class Picking:
    """A choice of roles or channels: how it is read, how the picked ids take its place, and how many there may be."""

    read: Callable[[GuildChoices], Iterable[int]]
    put: Callable[[GuildChoices, tuple[int, ...]], GuildChoices]
    most: int = 1


ORDERS = Picking(
    lambda choices: choices.channel_ids,
    lambda choices, ids: replace(choices, channel_ids=frozenset(ids)),
    MOST_PICKED,
)
CLIPS = Picking(
    lambda choices: _given(choices.clip_channel_id),
    lambda choices, ids: replace(choices, clip_channel_id=_one(ids)),
)
ANNOUNCEMENTS = Picking(
    lambda choices: _given(choices.announcement_channel_id),
    lambda choices, ids: replace(choices, announcement_channel_id=_one(ids)),
)
GALLERY = Picking(
    lambda choices: _given(choices.gallery_channel_id),
    lambda choices, ids: replace(choices, gallery_channel_id=_one(ids)),
)
LOG = Picking(
    lambda choices: _given(choices.log_channel_id),
    lambda choices, ids: replace(choices, log_channel_id=_one(ids)),
)
MAKERS = Picking(
    lambda choices: choices.role_ids,
    lambda choices, ids: replace(choices, role_ids=frozenset(ids)),
    MOST_PICKED,
)
DENIED = Picking(
    lambda choices: choices.denied_role_ids,
    lambda choices, ids: replace(choices, denied_role_ids=frozenset(ids)),
    MOST_PICKED,
)
MODERATORS = Picking(
    lambda choices: _given(choices.moderator_role_id),
    lambda choices, ids: replace(choices, moderator_role_id=_one(ids)),
)
ALERTED = Picking(
    lambda choices: _given(choices.alert_role_id),
    lambda choices, ids: replace(choices, alert_role_id=_one(ids)),
)


@dataclass(slots=True)
class Shown:
    """What a menu can have picked of what is chosen, and what it can't: that is kept beside whatever is picked."""

    ids: list[int] = field(default_factory=list)
    beyond: tuple[int, ...] = ()

    @classmethod
    def of(cls, chosen: Iterable[int], most: int, is_there: Callable[[int], object]) -> "Shown":
        """Of what was deleted nothing is shown nor kept: Discord refuses a panel that names it."""
        ids = [id_ for id_ in sorted(chosen) if is_there(id_)]
        return cls(ids[:most], tuple(ids[most:]))


class RoleMenu(discord.ui.RoleSelect[discord.ui.LayoutView]):
    """Picks roles."""

    def __init__(self, panel: Panel, picking: Picking, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, min_values=0, max_values=picking.most)
        self._panel = panel
        self._picking = picking
        self._shown = Shown()

    def show(self, choices: GuildChoices, guild: discord.Guild | None) -> None:
        """Have picked what is chosen and still there."""
        is_there = _nothing if guild is None else guild.get_role
        self._shown = Shown.of(self._picking.read(choices), self._picking.most, is_there)
        self.default_values = [discord.SelectDefaultValue.from_role(discord.Object(id_)) for id_ in self._shown.ids]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        ids = (*(role.id for role in self.values), *self._shown.beyond)
        await self._panel.change(interaction, lambda choices: self._picking.put(choices, ids))


class ChannelMenu(discord.ui.ChannelSelect[discord.ui.LayoutView]):
    """Picks channels."""

    def __init__(self, panel: Panel, picking: Picking, placeholder: str, kinds: list[discord.ChannelType]) -> None:
        super().__init__(placeholder=placeholder, channel_types=kinds, min_values=0, max_values=picking.most)
        self._panel = panel
        self._picking = picking
        self._shown = Shown()

    def show(self, choices: GuildChoices, guild: discord.Guild | None) -> None:
        """Have picked what is chosen and still there."""
        is_there = _nothing if guild is None else guild.get_channel
        self._shown = Shown.of(self._picking.read(choices), self._picking.most, is_there)
        self.default_values = [discord.SelectDefaultValue.from_channel(discord.Object(id_)) for id_ in self._shown.ids]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        ids = (*(channel.id for channel in self.values), *self._shown.beyond)
        await self._panel.change(interaction, lambda choices: self._picking.put(choices, ids))


class LanguageMenu(discord.ui.Select[discord.ui.LayoutView]):
    """Picks the language of what the bot posts by itself; `languages` are codes with names."""

    def __init__(self, panel: Panel, placeholder: str, languages: dict[str, str]) -> None:
        options = [discord.SelectOption(label=name, value=code) for code, name in languages.items()][:MOST_PICKED]
        super().__init__(placeholder=placeholder, options=options)
        self._panel = panel

    def show(self, choices: GuildChoices, _guild: discord.Guild | None) -> None:
        """Have the chosen language picked."""
        for option in self.options:
            option.default = option.value == choices.locale

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        code = self.values[0]
        await self._panel.change(interaction, lambda choices: replace(choices, locale=code))


def _one(ids: tuple[int, ...]) -> int | None:
    return next(iter(ids), None)


def _given(id_: int | None) -> tuple[int, ...]:
    return () if id_ is None else (id_,)


def _nothing(_id: int) -> None:
    return None
