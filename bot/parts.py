"""Puts the parts together: what the worker, Discord's side and the commands are made of."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import structlog

import cogs
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
from bot.client.api import DISCORD_API
from bot.client.blanking import Blanking
from bot.client.bot import ClapboardBot
from bot.client.delivery import ChannelHerald
from bot.client.lending import FileLender
from bot.client.notices import NoticePoster
from bot.client.services import Notice, Services
from bot.domain.clock import utc_now
from bot.domain.guild import GuildChoices
from bot.domain.money import units
from bot.gateway.choice import Gateways
from bot.house import House, Remembering
from bot.locales import languages
from bot.media.attachments import Attachments
from bot.media.cut import Cutter
from bot.media.download import Downloads
from bot.media.files import sweep
from bot.media.fit import Fitter
from bot.media.kept import KeptFiles
from bot.media.machine import ENOUGH_BYTES, memory_bytes
from bot.media.probe import Prober
from bot.media.signed import SignedLinks
from bot.media.transport import host_and_port
from bot.orders.account import Account
from bot.orders.characters import Characters
from bot.orders.details import Looking
from bot.orders.follow import Following
from bot.orders.history import History
from bot.orders.intake import Intake
from bot.orders.place import Orders, Terms
from bot.orders.renewal import Renewal
from bot.orders.retrieval import Retrieval
from bot.orders.reuse import Reuse
from bot.policy.gate import Gate
from bot.policy.limits import Budgets
from bot.settings import Reencode, Settings
from bot.store import guilds
from bot.store.database import Database
from bot.worker.advance import Advance
from bot.worker.budgets import BudgetWatch
from bot.worker.carry import Carrier
from bot.worker.crier import Crier
from bot.worker.deliver import Deliver
from bot.worker.endings import Endings
from bot.worker.erasure import Erasure
from bot.worker.made import MadeFiles
from bot.worker.poll import Poll
from bot.worker.results import Results
from bot.worker.returns import Returns
from bot.worker.scheduler import Limits, Scheduler
from bot.worker.shelf import Shelf
from bot.worker.submit import Submit
from bot.worker.tell import Tell
from bot.worker.upkeep import Upkeep
from bot.worker.web import WebServer
from cogs.cards import JobCards
from cogs.cards.notices import NoticeCards

GIBIBYTE = 1 << 30

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all parts stand on. `temporary`: where files lie while they are carried."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    gateways: Gateways
    temporary: Path

    @property
    def results(self) -> KeptFiles:
        """The originals of videos that were too large to be posted."""
        return KeptFiles(self.settings.data_dir.absolute() / "results")

    @property
    def kept_bytes(self) -> int:
        """What all of them may take."""
        return int(self.settings.data_max_gb * GIBIBYTE)

    @property
    def kept(self) -> KeptFiles:
        """The files that outlive Discord's links."""
        return KeptFiles(self.settings.data_dir.absolute() / "inputs")


def build(ground: Ground) -> House:
    """The parts, ready to live."""
    settings, database = ground.settings, ground.database
    swept = sweep(ground.temporary)
    log.info("starting", swept=swept, gateways=[gateway.name for gateway in ground.gateways.all])
    bot = ClapboardBot(
        operator_ids=settings.operator_ids,
        guild_id=settings.discord_guild_id,
        shard_count=settings.shard_count,
        shard_ids=settings.shard_ids,
    )
    notice = _notice(settings)
    links = _links(settings)
    lender = FileLender(bot, database, ground.kept, utc_now, None if links is None else links.address)
    fitter = Fitter(ground.temporary, Prober(), reencodes=may_reencode(settings.reencode, memory_bytes()))
    jobs_for = timedelta(days=settings.retention_days)
    results = Results(database, ground.results, links, utc_now, ground.kept_bytes, jobs_for)
    scheduler, upkeep, made = _worker(ground, bot, lender, notice, fitter, results)
    # Its own turns, so that members who look at old videos never hold up the delivery of new ones.
    downloads = Downloads(ground.temporary, at_once=2)
    retrieval = Retrieval(database, ground.gateways, downloads, fitter, results, utc_now)
    services = _services(ground, lender, notice, scheduler, retrieval)
    logged_in = asyncio.Event()
    bot.serve(services, Remembering(database), _adding(logged_in, user_installs=settings.allow_user_install))
    listen = settings.http_listen

    async def find(name: str) -> Path | None:
        return ground.kept.path(name) or await results.path(name)

    web = None if listen is None else WebServer(listen, links, find)
    crier = Crier(database, NoticePoster(bot, NoticeCards(ground.catalogue)), utc_now)
    return House(bot, scheduler, upkeep, crier, made, logged_in, web)


def may_reencode(wanted: Reencode, memory: int) -> bool:
    """Whether videos may be encoded again where there are so many bytes of memory."""
    if wanted is not Reencode.AUTO:
        return wanted is Reencode.ON
    if memory < ENOUGH_BYTES:
        log.warning("re-encoding is off", memory_mb=memory // 1_000_000, needed_mb=ENOUGH_BYTES // 1_000_000)
    return memory >= ENOUGH_BYTES


def _links(settings: Settings) -> SignedLinks | None:
    if settings.public_url is None:
        return None
    # Made of the token, so that links live through a restart, in every process of this bot, and nothing is stored.
    secret = hmac.digest(settings.discord_token.get_secret_value().encode(), b"links to kept files", "sha256")
    return SignedLinks(settings.public_url, secret, utc_now)


def _adding(logged_in: asyncio.Event, *, user_installs: bool) -> Callable[[ClapboardBot], Awaitable[None]]:
    async def add(bot: ClapboardBot) -> None:
        await cogs.setup(bot, user_installs=user_installs)
        logged_in.set()

    return add


def _worker(
    ground: Ground, bot: ClapboardBot, lender: FileLender, notice: Notice, fitter: Fitter, results: Results
) -> tuple[Scheduler, Upkeep, MadeFiles]:
    settings, database, gateways = ground.settings, ground.database, ground.gateways

    async def choices(guild_id: int) -> GuildChoices:
        async with database.read() as tx:
            return (await guilds.get(tx, guild_id)).choices

    herald = ChannelHerald(bot, JobCards(ground.catalogue, notice, utc_now), choices, utc_now)
    returns = Returns(database, lender.take_back, utc_now)
    shelf = Shelf(database, ground.kept, ground.results, utc_now, ground.kept_bytes)
    erasure = Erasure(database, Blanking(bot, choices), utc_now)
    endings = Endings(database, utc_now, settings.charge_failed, settings.charge_unsure)
    carrier = Carrier(gateways, Downloads(ground.temporary), fitter, MadeFiles(utc_now))
    deliver = Deliver(database, gateways, carrier, herald, endings, results, utc_now)
    tell = Tell(database, herald, deliver, utc_now)
    owner = token_hex(8)
    deadline = timedelta(minutes=settings.job_deadline_minutes)
    submit = Submit(database, ground.catalogue, gateways, endings, utc_now, owner, deadline)
    poll = Poll(database, gateways, endings, tell.show, utc_now, settings.poll_interval_seconds, returns.of_job)
    advance = Advance(database, submit, poll, tell, endings, utc_now)
    scheduler = Scheduler(database, advance, utc_now, owner, Limits(settings.max_rendering))
    retention = timedelta(days=settings.retention_days)
    budgets = BudgetWatch(database, _terms(settings).budgets, utc_now)
    upkeep = Upkeep(
        database,
        gateways,
        endings,
        utc_now,
        retention,
        scheduler.wake,
        returns,
        shelf,
        results,
        erasure,
        budgets,
        lambda: bot.services.presence.has_looked,
    )
    return scheduler, upkeep, carrier.made


def _services(
    ground: Ground, lender: FileLender, notice: Notice, scheduler: Scheduler, retrieval: Retrieval
) -> Services:
    settings, database, wake = ground.settings, ground.database, scheduler.wake
    attachments = _attachments(ground)
    intake = Intake(attachments, lender)
    orders = Orders(database, ground.catalogue, ground.gateways, intake, _terms(settings), utc_now, wake)
    return Services(
        orders=orders,
        history=History(database),
        retrieval=retrieval,
        account=Account(database, utc_now, wake),
        reuse=Reuse(database),
        following=Following(database, utc_now, wake),
        details=Looking(database, utc_now),
        moderation=Moderation(database, utc_now, wake),
        oversight=Oversight(database, utc_now),
        wordbook=Wordbook(database, utc_now),
        reports=Reports(database, utc_now),
        presence=Presence(database, utc_now),
        exporting=Exporting(database, ground.catalogue, utc_now),
        serving=Serving(database, utc_now, settings.allowed_guilds),
        retirements=Retirements(database, ground.gateways, utc_now),
        overview=Overview(database, ground.gateways, utc_now, settings.allowed_guilds, lambda: scheduler.looked_at),
        tiers=Tiers(database, utc_now, settings.default_roles),
        pricing=Pricing(database, utc_now, ground.catalogue, orders.terms.assumed_price),
        budgeting=Budgeting(database, utc_now, orders.terms.budgets),
        settling=Settling(database, utc_now, wake, settings.charge_unsure),
        approval=Approval(
            database, utc_now, wake, orders.terms.deadline, Renewal(database, lender, utc_now), orders.terms.gate
        ),
        characters=Characters(database, orders, attachments, ground.kept, utc_now),
        administration=Administration(database, utc_now, settings.allowed_guilds, languages(), orders.terms.budgets),
        catalogue=ground.catalogue,
        notice=notice,
        clock=utc_now,
    )


def _attachments(ground: Ground) -> Attachments:
    # A local Discord serves its files itself, from an address that is not public.
    api = ground.settings.discord_api_url
    files = frozenset[str]() if api == DISCORD_API else frozenset({host_and_port(api)})
    return Attachments(ground.temporary, Prober(), kept=ground.kept, cutter=Cutter(), allowed_hosts=files)


def _terms(settings: Settings) -> Terms:
    return Terms(
        Gate(
            settings.allowed_guilds,
            settings.default_roles,
            direct_messages=settings.allow_dms,
            user_installs=settings.allow_user_install,
        ),
        Budgets(units(settings.guild_budget_usd_per_month), units(settings.budget_usd_per_day)),
        timedelta(minutes=settings.job_deadline_minutes),
        None if settings.assumed_price_usd is None else units(settings.assumed_price_usd),
    )


def _notice(settings: Settings) -> Notice:
    return Notice(
        gateway_names=tuple(settings.gateways),
        retention_days=settings.retention_days,
        privacy_url=settings.privacy_url,
        terms_url=settings.terms_url,
        support_url=settings.support_url,
    )
