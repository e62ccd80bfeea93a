"""The panel on which somebody says who may use a character of theirs; each choice is in effect at once."""

from typing import Any

import discord
import structlog

from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.reporter import ReportingLayout
from bot.domain.character import Character, Sharing
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders.characters import MOST_GRANTS
from bot.policy.asker import Asker
from cogs.character.cards import described, saved_card
from cogs.unsent import UNSENT

CHOOSE_WITHIN_SECONDS = 10 * 60

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)

NAMES = {
    Sharing.ME: N_("Only me"),
    Sharing.EVERYONE: N_("Everyone here"),
    Sharing.CHOSEN: N_("Chosen members and roles"),
}
_EXPLAINED = N_(
    "Others can have it in their videos, which they pay for. They never get the clip itself. "
    "Each choice holds at once, and you can take it back at any time."
)
_ALONE = N_("Here only you can use it. To share it, use /character share in a server.")
_MOVES = N_("It is shared in another server now. A choice here ends that.")


class SharingPanel(ReportingLayout):
    """Seen by the owner alone. Whoever was chosen is remembered while the panel is open."""

    def __init__(
        self, opened_by: Interaction, character: Character, translator: Translator, heading: str = N_("Who may use it")
    ) -> None:
        super().__init__(timeout=CHOOSE_WITHIN_SECONDS)
        self._shown_by = opened_by
        self._character = character
        self._translator = translator
        self._heading = heading
        self._users, self._roles = character.user_ids, character.role_ids
        self._menu = SharingMenu(self)
        self._people = PeopleMenu(self, translator.text(N_("Members and roles")))
        self._draw(asker_of(opened_by))

    def _draw(self, asker: Asker) -> None:
        self.clear_items()
        text, alone = self._translator.text, asker.guild_id is None
        texts = [
            f"### {text(self._heading)}",
            described(self._character, asker, self._translator),
            f"-# {text(_ALONE if alone else _EXPLAINED)}",
        ]
        if self._moves(asker):
            texts.append(text(_MOVES))
        card: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
            *(discord.ui.TextDisplay(line) for line in texts)
        )
        chosen = None if self._moves(asker) else self._character.sharing
        self._menu.show(
            {value: text(name) for value, name in NAMES.items() if not alone or value is Sharing.ME}, chosen
        )
        card.add_item(discord.ui.ActionRow(self._menu))
        if chosen is Sharing.CHOSEN and not alone:
            self._people.show(self._users, self._known_roles())
            card.add_item(discord.ui.ActionRow(self._people))
        self.add_item(card)

    def _moves(self, asker: Asker) -> bool:
        """Whether it is shared somewhere else than here."""
        return self._character.sharing is not Sharing.ME and self._character.guild_id != asker.guild_id

    def _known_roles(self) -> frozenset[int]:
        """The chosen roles that are still there: Discord refuses a panel that names one that is not."""
        guild = self._shown_by.guild
        return frozenset(id_ for id_ in self._roles if guild is not None and guild.get_role(id_) is not None)

    async def share(self, interaction: Interaction, sharing: Sharing) -> None:
        """Take over who in general may use it. Raises CharacterGoneError."""
        await self._save(interaction, sharing)

    async def choose(self, interaction: Interaction, users: frozenset[int], roles: frozenset[int]) -> None:
        """Take over who in particular may use it. Raises CharacterGoneError."""
        self._users, self._roles = users, roles
        await self._save(interaction, Sharing.CHOSEN)

    async def _save(self, interaction: Interaction, sharing: Sharing) -> None:
        asker, chosen = asker_of(interaction), sharing is Sharing.CHOSEN
        users, roles = (self._users, self._roles) if chosen else (frozenset[int](), frozenset[int]())
        characters = interaction.client.services.characters
        self._character = await characters.share(asker, self._character.id, sharing, users, roles)
        self._draw(asker)
        await interaction.response.edit_message(view=self)
        self._shown_by = interaction

    async def on_timeout(self) -> None:
        """Leave the card without the menus, which would not be answered any more."""
        card = saved_card(self._character, asker_of(self._shown_by), self._translator, self._heading)
        try:
            await self._shown_by.edit_original_response(view=card)
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("panel not closed", interaction=self._shown_by.id, error=repr(error))


class SharingMenu(discord.ui.Select[discord.ui.LayoutView]):
    """Only me, everyone here, or chosen ones."""

    def __init__(self, panel: SharingPanel) -> None:
        super().__init__()
        self._panel = panel

    def show(self, names: dict[Sharing, str], chosen: Sharing | None) -> None:
        """Offer these, with one picked."""
        self.options = [
            discord.SelectOption(label=name, value=value, default=value is chosen) for value, name in names.items()
        ]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over what was picked."""
        await self._panel.share(interaction, Sharing(self.values[0]))


class PeopleMenu(discord.ui.MentionableSelect[discord.ui.LayoutView]):
    """Picks members and roles."""

    def __init__(self, panel: SharingPanel, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, min_values=0, max_values=MOST_GRANTS)
        self._panel = panel

    def show(self, users: frozenset[int], roles: frozenset[int]) -> None:
        """Have these picked."""
        picked = [discord.SelectDefaultValue.from_role(discord.Object(id_)) for id_ in sorted(roles)]
        picked += [discord.SelectDefaultValue.from_user(discord.Object(id_)) for id_ in sorted(users)]
        self.default_values = picked[:MOST_GRANTS]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take over who was picked."""
        roles = frozenset(one.id for one in self.values if isinstance(one, discord.Role))
        users = frozenset(one.id for one in self.values if not isinstance(one, discord.Role))
        await self._panel.choose(interaction, users, roles)
