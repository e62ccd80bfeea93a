"""What the cogs may use, handed to the bot by `bot.app`; buttons reach it through their interaction's client."""

from dataclasses import dataclass

from bot.administration.approval import Approval
from bot.administration.budget import Budgeting
from bot.administration.export import Exporting
from bot.administration.moderation import Moderation
from bot.administration.oversight import Oversight
from bot.administration.overview import Overview
from bot.administration.presence import Presence
from bot.administration.pricing import Pricing
from bot.administration.reports import Reports
from bot.administration.retirements import Retirements
from bot.administration.serving import Serving
from bot.administration.settling import Settling
from bot.administration.setup import Administration
from bot.administration.tiers import Tiers
from bot.administration.word_lists import Wordbook
from bot.catalogue.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.orders.account import Account
from bot.orders.characters import Characters
from bot.orders.details import Looking
from bot.orders.follow import Following
from bot.orders.history import History
from bot.orders.place import Orders
from bot.orders.retrieval import Retrieval
from bot.orders.reuse import Reuse


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
    reuse: Reuse
    following: Following
    characters: Characters
    history: History
    retrieval: Retrieval
    account: Account
    details: Looking
    administration: Administration
    moderation: Moderation
    oversight: Oversight
    wordbook: Wordbook
    reports: Reports
    serving: Serving
    retirements: Retirements
    overview: Overview
    tiers: Tiers
    pricing: Pricing
    settling: Settling
    approval: Approval
    exporting: Exporting
    presence: Presence
    budgeting: Budgeting
    catalogue: Catalogue
    notice: Notice
    clock: Clock
