"""The panel of limits by role: who may make how many videos of which length, price and model."""

from collections.abc import Iterable

import discord

from bot.administration.tiers import Limited, Tiers
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.domain.guild import Guild
from bot.domain.sentence import N_
from bot.domain.tier import Tier
from bot.locales import Translator
from cogs.paging import Item
from cogs.video_admin.limits_forms import AmountsForm, ApprovalForm, Change, typed_of
from cogs.video_admin.pane import OneOfMenu, Pane, PaneButton, RolesMenu
from cogs.video_admin.tier_words import everyone_lines, role_name, tier_lines

Interaction = discord.Interaction[ClapboardBot]

PER_PAGE = 3
"""Tiers in words are long, and Discord takes 4000 characters of a message."""
MOST_OPTIONS = 25
_INTRODUCTION = N_(
    "A member has the best of everyone's limits and those of their roles, limit by limit; what a role says nothing of "
    "is as for everyone. What you save is in effect at once."
)


async def open_limits(interaction: Interaction) -> None:
    """Show the panel to this manager alone. Raises ManagersOnlyError."""
    guild = await interaction.client.services.tiers.current(asker_of(interaction))
    await interaction.response.send_message(view=LimitsPane(interaction, guild), ephemeral=True)


class LimitsPane(Pane):
    """The list of tiers page by page, or one of them with what can be done about it."""

    command = "/video-admin limits"

    def __init__(self, shown_by: Interaction, guild: Guild) -> None:
        super().__init__(shown_by, Translator(shown_by.locale.value), pages=1)
        # One that the bot has not heard of yet has no roles, which is not to be taken for deleted ones.
        server = shown_by.guild
        self._server = server if server is not None and server.get_role(server.id) is not None else None
        self._may_order = shown_by.client.services.tiers.may_order
        self.catalogue = shown_by.client.services.catalogue
        self._guild = guild
        self._role_id: int | None = None
        text = self.translator.text
        self._role = RolesMenu(
            text(N_("Choose a role to give it limits or to change them")), self._pick, least=1, most=1
        )
        self._denied = RolesMenu(text(N_("No role is kept from making videos")), self._deny, least=0, most=MOST_OPTIONS)
        self._deleted = OneOfMenu(text(N_("Remove the limits of a deleted role")), self._forget)
        self._everyone = PaneButton(text(N_("Everyone's limits")), self._open_everyone)
        self._amounts = PaneButton(text(N_("Amounts…")), self._ask_amounts, discord.ButtonStyle.primary)
        self._approval = PaneButton(text(N_("Approval and models…")), self._ask_approval, discord.ButtonStyle.primary)
        self._remove = PaneButton(text(N_("Remove these limits")), self._take_away, discord.ButtonStyle.danger)
        self._back = PaneButton(text(N_("Back")), self._go_back)
        self._know(guild)
        self.draw()

    def texts(self) -> Iterable[str]:
        """The list or the role."""
        return self._list() if self._role_id is None else self._one(self._role_id)

    def choices(self) -> Iterable[Item]:
        """The menus below the list, or what can be done about the role."""
        if self._role_id is None:
            yield from self._menus()
        else:
            held = self._role_id in self._guild.choices.tiers
            buttons = [self._amounts, self._approval, *([self._remove] if held else ()), self._back]
            yield discord.ui.ActionRow(*buttons)

    def _list(self) -> list[str]:
        text, translator = self.translator.text, self.translator
        everyone = "\n".join(everyone_lines(self._guild, self.catalogue, translator))
        found = [f"## {text(N_('Limits'))}\n{text(_INTRODUCTION)}", f"**{text(N_('Everyone'))}**\n{everyone}"]
        first = self.number * PER_PAGE
        for role_id in self._ids()[first : first + PER_PAGE]:
            name = role_name(role_id, translator, deleted=self._is_deleted(role_id))
            lines = self._lines(role_id)
            found.append("\n".join([f"**{name}**", *lines]))
        return found

    def _lines(self, role_id: int) -> Iterable[str]:
        guild = self._guild
        return tier_lines(guild, role_id, self._may_order(guild), self.catalogue, self.translator)

    def _one(self, role_id: int) -> list[str]:
        text = self.translator.text
        if role_id == self._guild.id:
            title, lines = text(N_("Everyone")), [*everyone_lines(self._guild, self.catalogue, self.translator)]
        elif role_id in self._guild.choices.tiers:
            title = role_name(role_id, self.translator, deleted=self._is_deleted(role_id))
            lines = [*self._lines(role_id)]
        else:
            title = role_name(role_id, self.translator, deleted=False)
            lines = [text(N_("This role has no limits of its own. Fill in a form to give it some."))]
        return ["\n".join([f"## {title}", *lines])]

    def _menus(self) -> Iterable[Item]:
        yield discord.ui.ActionRow(self._role)
        label = self.translator.text(N_("Roles that may not make videos, whatever else their members have"))
        yield discord.ui.TextDisplay(f"**{label}**")
        yield discord.ui.ActionRow(self._denied)
        if self._deleted.options:
            yield discord.ui.ActionRow(self._deleted)
        yield discord.ui.ActionRow(self._everyone)

    async def load(self, interaction: Interaction, number: int) -> None:
        """Look the limits up anew."""
        guild = await self._tiers(interaction).current(asker_of(interaction))
        self.number, self.said = number, ""
        self._know(guild)

    async def change(self, interaction: Interaction, role_id: int, change: Change) -> None:
        """Save a change of a role's limits. Raises ManagersOnlyError and TooManyTiersError."""
        limited = await self._tiers(interaction).limit(asker_of(interaction), role_id, change)
        self._know(limited.guild)
        self.said = self._told(limited)

    def is_everyone(self, role_id: int) -> bool:
        """Whether these limits are `@everyone`'s."""
        return role_id == self._guild.id

    def _told(self, limited: Limited) -> str:
        text = self.translator.text
        saved = text(N_("Saved."))
        if not limited.newly_allowed:
            return saved
        return f"{saved} {text(N_('Members with this role may make videos from now on.'))}"

    def _know(self, guild: Guild) -> None:
        self._guild, choices = guild, guild.choices
        ids = self._ids()
        self.pages = max(1, -(-len(ids) // PER_PAGE))
        self.number = min(max(0, self.number), self.pages - 1)
        self._denied.have_picked(frozenset(id_ for id_ in choices.denied_role_ids if not self._is_deleted(id_)))
        gone = [id_ for id_ in ids if self._is_deleted(id_)][:MOST_OPTIONS]
        self._deleted.options = [discord.SelectOption(label=str(id_), value=str(id_)) for id_ in gone]

    def _ids(self) -> list[int]:
        """The roles with limits as the server orders its roles, deleted ones last."""
        return sorted(self._guild.choices.tiers.keys() - {self._guild.id}, key=self._place)

    def _place(self, role_id: int) -> tuple[int, int]:
        role = None if self._server is None else self._server.get_role(role_id)
        return (1 if role is None else -role.position, role_id)

    def _is_deleted(self, role_id: int) -> bool:
        return self._server is not None and self._server.get_role(role_id) is None

    def _tiers(self, interaction: Interaction) -> Tiers:
        return interaction.client.services.tiers

    async def _open(self, interaction: Interaction, role_id: int | None) -> None:
        await self.load(interaction, self.number)
        self._role_id = role_id
        await self.show(interaction)

    async def _pick(self, interaction: Interaction, ids: frozenset[int]) -> None:
        await self._open(interaction, next(iter(ids)))

    async def _open_everyone(self, interaction: Interaction) -> None:
        await self._open(interaction, self._guild.id)

    async def _go_back(self, interaction: Interaction) -> None:
        await self._open(interaction, None)

    async def _deny(self, interaction: Interaction, ids: frozenset[int]) -> None:
        seen = self._guild.choices.denied_role_ids - self._denied.beyond
        self._know(await self._tiers(interaction).deny(asker_of(interaction), ids, seen=seen))
        self.said = self.translator.text(N_("Saved."))
        await self.show(interaction)

    async def _forget(self, interaction: Interaction, role_id: str) -> None:
        self._know(await self._tiers(interaction).remove(asker_of(interaction), int(role_id), deleted=True))
        self.said = self.translator.text(N_("Removed."))
        await self.show(interaction)

    async def _take_away(self, interaction: Interaction) -> None:
        role_id = self._role_id or 0
        deleted = self._is_deleted(role_id)
        self._know(await self._tiers(interaction).remove(asker_of(interaction), role_id, deleted=deleted))
        usual, everyones = N_("Removed: the usual limits hold instead."), N_("Removed: everyone's limits hold instead.")
        self.said = self.translator.text(usual if self.is_everyone(role_id) else everyones)
        self._role_id = None
        await self.show(interaction)

    async def _ask_amounts(self, interaction: Interaction) -> None:
        tier, role_id = await self._now(interaction)
        title = self._title(role_id)
        await interaction.response.send_modal(AmountsForm(self, role_id, title, typed_of(tier), again=False))

    async def _ask_approval(self, interaction: Interaction) -> None:
        tier, role_id = await self._now(interaction)
        form = ApprovalForm(self, role_id, self._title(role_id), typed_of(tier), tier.models, again=False)
        await interaction.response.send_modal(form)

    async def _now(self, interaction: Interaction) -> tuple[Tier, int]:
        """What the open role's limits say by now."""
        self._know(await self._tiers(interaction).current(asker_of(interaction)))
        role_id = self._role_id or self._guild.id
        return self._guild.choices.tiers.get(role_id, Tier()), role_id

    def _title(self, role_id: int) -> str:
        role = None if self._server is None or role_id == self._guild.id else self._server.get_role(role_id)
        name = self.translator.text(N_("everyone")) if role is None else plain(role.name, 30)
        return self.translator.text(N_("Limits: {role}"), role=name)
