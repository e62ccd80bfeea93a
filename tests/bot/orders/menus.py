"""Menus of somebody who may use everything, without a server behind them."""

from bot.catalogue.catalogue import Catalogue
from bot.domain.guild import Guild, GuildChoices
from bot.domain.money import UNITS_PER_USD
from bot.domain.preferences import Preferences
from bot.domain.tier import Allowance, combined
from bot.orders.menu import Menu, Offered
from tests.bot.orders.desk import gateways
from tests.bot.store.records import GUILD

EVERYTHING = combined(None, ())


def menu_of(
    catalogue: Catalogue,
    allowance: Allowance = EVERYTHING,
    *,
    choices: GuildChoices | None = None,
    preferences: Preferences | None = None,
) -> Menu:
    """The menu of a member with these limits, where the operator takes a dollar for what has no price."""
    offered = Offered(catalogue, gateways(), UNITS_PER_USD)
    return Menu(offered, Guild(GUILD, choices or GuildChoices()), allowance, preferences or Preferences())
