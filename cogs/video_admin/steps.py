"""The three steps of the setup panel: what each asks for, and how it shows what is chosen so far."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import discord
from babel import Locale

from bot.catalogue.catalogue import Catalogue
from bot.domain.guild import Guild, GuildChoices
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.cards.changes import FIELDS
from cogs.cards.labels import SEPARATOR
from cogs.video_admin.budget import budget_lines
from cogs.video_admin.menus import (
    ALERTED,
    ANNOUNCEMENTS,
    CLIP_PLACES,
    CLIPS,
    DENIED,
    GALLERY,
    LOG,
    MAKERS,
    MODERATORS,
    ORDER_PLACES,
    ORDERS,
    TEXT_PLACES,
    ChannelMenu,
    LanguageMenu,
    Panel,
    RoleMenu,
)
from cogs.video_admin.pane import PaneButton
from cogs.video_admin.tier_words import everyone_line

Item = discord.ui.Item[discord.ui.LayoutView]
Menu = RoleMenu | ChannelMenu | LanguageMenu
STEPS = 3
_TITLES = (N_("where"), N_("who and how much"), N_("who watches"))
_SAVING = N_("**Save** works at every step; what you don't touch stays as it is.")
_WHERE = N_("Choose the channels, then press **Next**.")
_WHO = N_(
    "Members with Manage Server may always make videos; without a role nobody else may. "
    "Roles can get limits of their own with `/video-admin limits`."
)
_WATCHING = N_("In the log channel your moderators see what needs them. Press **Save** when all is as you want it.")


_SWITCHES = (
    "show_money", "animate_any", "publish", "result_threads", "keep_status", "hide_prompts", "spoilers",
    "age_restricted_only",
)  # fmt: skip


@dataclass(slots=True)
class Step:
    """One page of the panel. Its menus live as long as the panel: a second choice may be on its way already."""

    number: int
    translator: Translator
    explained: str
    menus: Sequence[tuple[str, Menu]]
    buttons: Sequence[Sequence[PaneButton]]
    told: Callable[[Guild], Iterable[str]] = field(default=lambda _guild: ())

    def items(self, chosen: Guild, guild: discord.Guild | None) -> list[Item]:
        """The page with what is chosen; `guild` is the server as the bot sees it, where it does."""
        text = self.translator.text
        card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container()
        title = text(_TITLES[self.number])
        heading = text(
            N_("Set up videos, step {step} of {steps}: {title}"), step=self.number + 1, steps=STEPS, title=title
        )
        card.add_item(discord.ui.TextDisplay(f"## {heading}\n{text(self.explained)}\n-# {text(_SAVING)}"))
        for label, menu in self.menus:
            menu.show(chosen.choices, guild)
            card.add_item(discord.ui.TextDisplay(f"**{text(label)}**"))
            card.add_item(discord.ui.ActionRow(menu))
        told = "\n".join(self.told(chosen))
        if told:
            card.add_item(discord.ui.TextDisplay(told))
        return [card, *(discord.ui.ActionRow(*row) for row in self.buttons)]


def channels_step(panel: Panel, translator: Translator, buttons: Sequence[Sequence[PaneButton]]) -> Step:
    """Where videos are made and shown."""
    text = translator.text
    menus: list[tuple[str, Menu]] = [
        (N_("Channels where videos are made"), ChannelMenu(panel, ORDERS, text(N_("Every channel")), ORDER_PLACES)),
        (
            N_("Clip channel, where I hand pictures and clips to the video service; nobody else should see it"),
            ChannelMenu(panel, CLIPS, text(N_("No clip channel")), CLIP_PLACES),
        ),
        (
            N_("Announcement channel, which gets a copy of every video"),
            ChannelMenu(panel, ANNOUNCEMENTS, text(N_("No announcements")), TEXT_PLACES),
        ),
        (
            N_("Gallery channel, where finished videos go instead of the channel they were asked for in"),
            ChannelMenu(panel, GALLERY, text(N_("No gallery")), TEXT_PLACES),
        ),
    ]
    return Step(0, translator, _WHERE, menus, buttons)


def roles_step(
    panel: Panel, translator: Translator, buttons: Sequence[Sequence[PaneButton]], catalogue: Catalogue, cap: int
) -> Step:
    """Who may make videos, and how many; `cap`: what the operator pays for in a month, in units."""
    text = translator.text
    menus: list[tuple[str, Menu]] = [
        (N_("Roles that may make videos"), RoleMenu(panel, MAKERS, text(N_("Nobody but managers")))),
        (
            N_("Roles that may not make videos, whatever else their members have"),
            RoleMenu(panel, DENIED, text(N_("No role is kept from making videos"))),
        ),
        (
            N_("Role of this bot's moderators"),
            RoleMenu(panel, MODERATORS, text(N_("Nobody but Discord's moderators"))),
        ),
    ]

    def told(chosen: Guild) -> Iterable[str]:
        yield everyone_line(chosen, catalogue, translator)
        yield " ".join(budget_lines(chosen.choices, cap, translator))

    return Step(1, translator, _WHO, menus, buttons, told)


def log_step(
    panel: Panel, translator: Translator, buttons: Sequence[Sequence[PaneButton]], languages: Iterable[str]
) -> Step:
    """Who watches over it, and what holds for every video."""
    text = translator.text
    names = {code: _language(code) for code in sorted(languages)}
    menus: list[tuple[str, Menu]] = [
        (
            N_("Log channel, where moderators see every video, reports, alerts and changed settings"),
            ChannelMenu(panel, LOG, text(N_("No log")), TEXT_PLACES),
        ),
        (
            N_("Role that budget alerts there mention"),
            RoleMenu(panel, ALERTED, text(N_("No role is mentioned"))),
        ),
        (N_("Language of this server"), LanguageMenu(panel, text(N_("Language")), names)),
    ]

    def told(chosen: Guild) -> Iterable[str]:
        yield _switched_on(chosen.choices, translator)

    return Step(2, translator, _WATCHING, menus, buttons, told)


def _switched_on(choices: GuildChoices, translator: Translator) -> str:
    """What the forms of the last step have chosen, which no menu shows."""
    text = translator.text
    on = [text(FIELDS[name][0]) for name in _SWITCHES if getattr(choices, name)]
    if choices.confirm_above is not None:
        above = N_("Buttons ask first above {price}")
        on.insert(0, text(above, price=translator.money(choices.confirm_above)))
    if not choices.watermark:
        on.append(text(N_("No watermark")))
    chosen = SEPARATOR.join(on) or text(N_("nothing yet"))
    return text(N_("Chosen with **More…** and **Results…**: {chosen}"), chosen=chosen)


def _language(code: str) -> str:
    """A language in its own words."""
    return Locale.parse(code, sep="-").get_display_name() or code
