"""The panel on which a manager sets a server up; seen by that person alone, with the present choices picked."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import discord
import structlog
from babel import Locale

from bot.administration.setup import NOBODY, Introduction, time_zone
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingLayout, ReportingModal
from bot.domain.guild import GuildChoices
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.unsent import UNSENT
from cogs.video.form_rows import Caption
from cogs.video_admin.menus import CLIP_PLACES, LOG_PLACES, ORDER_PLACES, ChannelMenu, LanguageMenu, RoleMenu
from cogs.video_admin.more import MoreForm
from cogs.video_admin.report import report_card

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)

_INTRODUCTION = N_(
    "Choose, then press **Save**. Members with Manage Server may always make videos; without a role nobody else may."
)
_TIMED_OUT = N_(
    "This panel was closed because nothing was pressed for a while. What was not saved is not in effect; "
    "`/video-admin setup` opens it again."
)


class SetupPanel(ReportingLayout):
    """Collects choices; nothing is in effect until **Save**. Every press asks anew whether the person may."""

    def __init__(
        self,
        opened_by: Interaction,
        choices: GuildChoices,
        languages: Iterable[str],
        translator: Translator,
        *,
        timeout: float,
    ) -> None:
        super().__init__(timeout=timeout)
        self._shown_by = opened_by
        self._seen = self._choices = choices
        self._translator = translator
        text = translator.text
        self._roles = RoleMenu(self, _with_roles, text(N_("Nobody but managers")))
        self._channels = ChannelMenu(self, _with_channels, text(N_("Every channel")), ORDER_PLACES)
        self._moderators = RoleMenu(self, _with_moderators, text(N_("Nobody but Discord's moderators")), most=1)
        self._log = ChannelMenu(self, _with_log, text(N_("No log")), LOG_PLACES, most=1)
        self._clips = ChannelMenu(self, _with_clips, text(N_("No clip channel")), CLIP_PLACES, most=1)
        names = {code: _language(code) for code in {*languages, choices.locale}}
        self._language = LanguageMenu(self, _with_language, text(N_("Language")), dict(sorted(names.items())))
        self._zone = ZoneButton(self)
        self.add_item(self._container())
        more, save = MoreButton(self, text(N_("More…"))), SaveButton(self, text(N_("Save")))
        self.add_item(discord.ui.ActionRow(self._zone, more, save))
        self._pick_chosen()

    def _container(self) -> discord.ui.Item[discord.ui.LayoutView]:
        menus: list[tuple[str, discord.ui.Item[discord.ui.LayoutView]]] = [
            (N_("Roles that may make videos"), self._roles),
            (N_("Channels where videos are made"), self._channels),
            (N_("Role of this bot's moderators"), self._moderators),
            (N_("Channel where reports and private videos are shown to moderators"), self._log),
            (
                N_("Clip channel, where I hand pictures and clips to the video service; nobody else should see it"),
                self._clips,
            ),
            (N_("Language of this server"), self._language),
        ]
        text = self._translator.text
        introduction = f"## {text(N_('Set up videos'))}\n{text(_INTRODUCTION)}"
        container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
            discord.ui.TextDisplay(introduction)
        )
        for label, menu in menus:
            container.add_item(discord.ui.TextDisplay(f"**{text(label)}**"))
            container.add_item(discord.ui.ActionRow(menu))
        return container

    def _pick_chosen(self) -> None:
        guild, choices = self._shown_by.guild, self._choices
        # Discord refuses a panel that names what has been deleted meanwhile; the choices themselves stay.
        known_role = guild.get_role if guild else _nothing
        known_channel = guild.get_channel if guild else _nothing
        self._roles.show(id_ for id_ in sorted(choices.role_ids) if known_role(id_))
        self._channels.show(id_ for id_ in sorted(choices.channel_ids) if known_channel(id_))
        self._moderators.show(id_ for id_ in _given(choices.moderator_role_id) if known_role(id_))
        self._log.show(id_ for id_ in _given(choices.log_channel_id) if known_channel(id_))
        self._clips.show(id_ for id_ in _given(choices.clip_channel_id) if known_channel(id_))
        self._language.show(choices.locale)
        self._zone.label = self._translator.text(N_("Time zone: {zone}"), zone=choices.time_zone)

    async def change(self, interaction: Interaction, change: Callable[[GuildChoices], GuildChoices]) -> None:
        """Take over a choice and show the panel with it. Raises ManagersOnlyError."""
        await interaction.client.services.administration.current(asker_of(interaction))
        self._choices = change(self._choices)
        self._pick_chosen()
        await interaction.response.edit_message(view=self)
        self._shown_by = interaction

    async def ask_time_zone(self, interaction: Interaction) -> None:
        """Open the form for the time zone. Raises ManagersOnlyError."""
        await interaction.client.services.administration.current(asker_of(interaction))
        await interaction.response.send_modal(ZoneForm(self, self._choices.time_zone, self._translator))

    async def ask_more(self, interaction: Interaction) -> None:
        """Open the form for prices and pictures. Raises ManagersOnlyError."""
        await interaction.client.services.administration.current(asker_of(interaction))
        await interaction.response.send_modal(MoreForm(self, self._choices, self._translator))

    async def save(self, interaction: Interaction) -> None:
        """Put the choices into effect and say in words what holds now."""
        asker = asker_of(interaction)
        administration = interaction.client.services.administration
        saved = await administration.set_up(
            asker, self._choices, seen=self._seen, introduction=_introduction(interaction.guild)
        )
        self.stop()
        card = report_card(saved, interaction.guild, self._translator)
        await interaction.response.edit_message(view=card)

    async def on_timeout(self) -> None:
        """Say that the panel is closed, in its place."""
        card = discord.ui.LayoutView().add_item(discord.ui.TextDisplay(self._translator.text(_TIMED_OUT)))
        try:
            await self._shown_by.edit_original_response(view=card)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("panel not closed", error=repr(error))


class ZoneButton(discord.ui.Button[discord.ui.LayoutView]):
    """Opens the form for the time zone."""

    def __init__(self, panel: SetupPanel) -> None:
        super().__init__(style=discord.ButtonStyle.secondary)
        self._panel = panel

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        await self._panel.ask_time_zone(interaction)


class MoreButton(discord.ui.Button[discord.ui.LayoutView]):
    """Opens the form for prices and pictures."""

    def __init__(self, panel: SetupPanel, label: str) -> None:
        super().__init__(style=discord.ButtonStyle.secondary, label=label)
        self._panel = panel

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        await self._panel.ask_more(interaction)


class SaveButton(discord.ui.Button[discord.ui.LayoutView]):
    """Puts the choices into effect."""

    def __init__(self, panel: SetupPanel, label: str) -> None:
        super().__init__(style=discord.ButtonStyle.primary, label=label)
        self._panel = panel

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Save."""
        await self._panel.save(interaction)


class ZoneForm(ReportingModal):
    """Asks for the time zone in which days and months begin."""

    def __init__(self, panel: SetupPanel, zone: str, translator: Translator) -> None:
        super().__init__(title=translator.text(N_("Time zone")))
        self._panel = panel
        self._name: discord.ui.TextInput[ZoneForm] = discord.ui.TextInput(default=zone, max_length=60)
        counted = translator.text(N_("Limits count by the day and the month of this time zone."))
        caption = Caption(translator.text(N_("A name such as Europe/Berlin")), counted)
        self.add_item(caption.over(self._name))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Take over the time zone. Raises UnknownTimeZoneError."""
        zone = time_zone(self._name.value)
        await self._panel.change(interaction, lambda choices: replace(choices, time_zone=zone))


def _with_roles(choices: GuildChoices, ids: tuple[int, ...]) -> GuildChoices:
    return replace(choices, role_ids=frozenset(ids))


def _with_channels(choices: GuildChoices, ids: tuple[int, ...]) -> GuildChoices:
    return replace(choices, channel_ids=frozenset(ids))


def _with_moderators(choices: GuildChoices, ids: tuple[int, ...]) -> GuildChoices:
    return replace(choices, moderator_role_id=next(iter(ids), None))


def _with_log(choices: GuildChoices, ids: tuple[int, ...]) -> GuildChoices:
    return replace(choices, log_channel_id=next(iter(ids), None))


def _with_clips(choices: GuildChoices, ids: tuple[int, ...]) -> GuildChoices:
    return replace(choices, clip_channel_id=next(iter(ids), None))


def _with_language(choices: GuildChoices, code: str) -> GuildChoices:
    return replace(choices, locale=code)


def _given(id_: int | None) -> tuple[int, ...]:
    return () if id_ is None else (id_,)


def _nothing(_id: int) -> None:
    return None


def _language(code: str) -> str:
    """A language in its own words."""
    return Locale.parse(code, sep="-").get_display_name() or code


def _introduction(guild: discord.Guild | None) -> Introduction:
    return NOBODY if guild is None else Introduction(guild.name, guild.member_count)
