"""What the cogs may use, handed to the bot by `bot.app`; buttons reach it through their interaction's client."""

from dataclasses import dataclass

from bot.administration.setup import Administration
from bot.catalogue.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.orders.follow import Following
from bot.orders.place import Orders


@dataclass(frozen=True, slots=True)
class Notice:
    """What members are told about the process itself: the gateways' names, how long jobs are kept, the links."""

    gateway_names: tuple[str, ...]
    retention_days: int
    privacy_url: str | None = None
    terms_url: str | None = None
    support_url: str | None = None


@dataclass(frozen=True, slots=True)
class Services:
    """The rooms behind the commands, and what commands say about the process."""

    orders: Orders
    following: Following
    administration: Administration
    catalogue: Catalogue
    notice: Notice
    clock: Clock
