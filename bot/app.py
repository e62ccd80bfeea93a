"""The only place where the parts meet: settings, database, gateways, worker, Discord."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import structlog

import cogs
from bot.administration.setup import Administration
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import CatalogueError
from bot.client.api import DISCORD_API, use_api
from bot.client.bot import ClapboardBot
from bot.client.delivery import ChannelHerald
from bot.client.services import Notice, Services
from bot.client.session import SessionError
from bot.domain.clock import utc_now
from bot.domain.errors import ClapboardError
from bot.domain.guild import GuildChoices
from bot.domain.money import units
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.locales import Translator, languages
from bot.media.attachments import Attachments
from bot.media.download import Downloads
from bot.media.errors import TemporaryFileError
from bot.media.files import sweep, temporary_file
from bot.media.probe import Prober
from bot.media.transport import host_and_port
from bot.orders.follow import Following
from bot.orders.place import Orders, Terms
from bot.policy.gate import Gate
from bot.policy.limits import Budgets
from bot.settings import Settings
from bot.store import facts, guilds
from bot.store.database import Database
from bot.store.file import owned
from bot.store.migrate import migrate as migrate_file
from bot.worker.advance import Advance
from bot.worker.deliver import Deliver
from bot.worker.endings import Endings
from bot.worker.poll import Poll
from bot.worker.scheduler import Limits, Scheduler
from bot.worker.submit import Submit
from bot.worker.tell import Tell
from bot.worker.upkeep import Upkeep
from cogs.cards import JobCards

log = structlog.get_logger(__name__)


class DataFolderError(Exception):
    """DATA_DIR can't be used; the text is one line for the operator."""


def run(settings: Settings) -> int:
    """Run the bot until SIGINT or SIGTERM; the exit status."""
    return _told(_run(settings))


def migrate(settings: Settings) -> int:
    """Bring the database file up to date; the exit status."""
    return _told(_migrate(settings.database_path.absolute()))


def sync(settings: Settings) -> int:
    """Register the slash commands whether they changed or not; the exit status."""
    return _told(_sync(settings))


def _told(work: Coroutine[None, None, None]) -> int:
    """Run a command of the program; what stops it is told in one sentence, exit status 1."""
    try:
        asyncio.run(work)
    except CatalogueError as error:
        print("\n".join(error.faults), file=sys.stderr)  # noqa: T201  the operator's terminal
        return 2
    except DataFolderError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except ClapboardError as error:
        print(Translator("en-US").text(error.sentence), file=sys.stderr)  # noqa: T201
        return 1
    except SessionError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


async def _migrate(path: Path) -> None:
    with owned(path):
        await migrate_file(path)


async def _sync(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        count = await house.bot.register(settings.discord_token.get_secret_value())
    print(f"{count} commands registered")  # noqa: T201


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        await house.live(settings.discord_token.get_secret_value(), stop)


@dataclass(frozen=True, slots=True)
class House:
    """The parts that live as long as the process."""

    bot: ClapboardBot
    scheduler: Scheduler
    upkeep: Upkeep
    logged_in: asyncio.Event

    async def live(self, token: str, stop: asyncio.Event) -> None:
        """Serve until `stop` is set or Discord can't be used any more (SessionError)."""
        await self.upkeep.start()
        living = asyncio.create_task(self.bot.live(token), name="discord")
        working = asyncio.create_task(self._work(stop), name="worker")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait({living, working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        try:
            # The worker ends before the connection does: what is in flight still has to be told.
            await working
            await self.bot.finish()
        finally:
            await self.bot.close()
            await asyncio.gather(living, stopping)
        log.info("stopped")

    async def _work(self, stop: asyncio.Event) -> None:
        """Begin when Discord can be written to."""
        logged_in = asyncio.create_task(self.logged_in.wait())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({logged_in, stopping}, return_when=asyncio.FIRST_COMPLETED)
        logged_in.cancel()
        stopping.cancel()
        if not stop.is_set():
            async with asyncio.TaskGroup() as group:
                group.create_task(self.scheduler.run(stop))
                group.create_task(self.upkeep.run(stop))


@dataclass(frozen=True, slots=True)
class Remembering:
    """The small texts that the command tree remembers, kept in the database."""

    database: Database

    async def recall(self, name: str) -> str | None:
        """What was remembered under a name."""
        async with self.database.read() as tx:
            return await facts.recall(tx, name)

    async def remember(self, name: str, value: str) -> None:
        """Remember a text under a name."""
        async with self.database.write() as tx:
            await facts.remember(tx, name, value)


async def _open(settings: Settings, stack: AsyncExitStack) -> House:
    """Own the database file, bring it up to date, and put the parts together."""
    catalogue = Catalogue.load(settings.models_file)
    _try_to_write(_temporary(settings))
    path = settings.database_path.absolute()
    stack.enter_context(owned(path))
    await migrate_file(path)
    database = await stack.enter_async_context(Database(path))
    http = await stack.enter_async_context(GatewayHttp())
    await use_api(settings.discord_api_url, settings.discord_token.get_secret_value())
    return _build(settings, database, catalogue, _gateways(settings, http))


def _temporary(settings: Settings) -> Path:
    """Where files lie while they are carried."""
    return settings.data_dir.absolute() / "tmp"


def _try_to_write(folder: Path) -> None:
    """Make a file there and remove it: found out later, a paid video could not be carried. Raises DataFolderError."""
    try:
        with temporary_file(folder):
            pass
    except TemporaryFileError as error:
        reason = getattr(error.__cause__, "strerror", None) or "unknown reason"
        message = f"DATA_DIR: {folder.parent} can't be written to. Choose another folder, or mend this one: {reason}."
        raise DataFolderError(message) from error


def _gateways(settings: Settings, http: GatewayHttp) -> Gateways:
    clients = []
    for name in settings.gateways:
        key = settings.gateway_key(name)
        if key is not None:
            pace = Pace(settings.gateway_requests_per_minute)
            clients.append(GatewayClient(name, settings.gateway_url(name), key, http, pace))
    return Gateways(clients)


def _build(settings: Settings, database: Database, catalogue: Catalogue, gateways: Gateways) -> House:
    temporary = _temporary(settings)
    swept = sweep(temporary)
    log.info("starting", swept=swept, gateways=[gateway.name for gateway in gateways.all])
    bot = ClapboardBot(
        operator_ids=settings.operator_ids,
        guild_id=settings.discord_guild_id,
        shard_count=settings.shard_count,
        shard_ids=settings.shard_ids,
    )
    notice = _notice(settings)

    async def choices(guild_id: int) -> GuildChoices:
        async with database.read() as tx:
            return (await guilds.get(tx, guild_id)).choices

    herald = ChannelHerald(bot, JobCards(catalogue, notice, utc_now), choices, utc_now)
    endings = Endings(database, utc_now, settings.charge_failed, settings.charge_unsure)
    deliver = Deliver(database, gateways, Downloads(temporary), herald, endings, utc_now)
    tell = Tell(database, herald, deliver, utc_now)
    owner = token_hex(8)
    deadline = timedelta(minutes=settings.job_deadline_minutes)
    submit = Submit(database, catalogue, gateways, endings, utc_now, owner, deadline)
    poll = Poll(database, gateways, endings, tell.show, utc_now, settings.poll_interval_seconds)
    advance = Advance(database, submit, poll, tell, endings, utc_now)
    scheduler = Scheduler(database, advance, utc_now, owner, Limits(settings.max_rendering))
    upkeep = Upkeep(database, endings, utc_now, timedelta(days=settings.retention_days), scheduler.wake)
    services = _services(settings, database, catalogue, gateways, scheduler.wake, notice)
    logged_in = asyncio.Event()
    bot.serve(services, Remembering(database), _adding(logged_in))
    return House(bot, scheduler, upkeep, logged_in)


def _adding(logged_in: asyncio.Event) -> Callable[[ClapboardBot], Awaitable[None]]:
    async def add(bot: ClapboardBot) -> None:
        await cogs.setup(bot)
        logged_in.set()

    return add


def _notice(settings: Settings) -> Notice:
    return Notice(
        gateway_names=tuple(settings.gateways),
        retention_days=settings.retention_days,
        privacy_url=settings.privacy_url,
        terms_url=settings.terms_url,
        support_url=settings.support_url,
    )


def _services(
    settings: Settings,
    database: Database,
    catalogue: Catalogue,
    gateways: Gateways,
    wake: Callable[[str], None],
    notice: Notice,
) -> Services:
    # A local Discord serves its files itself, from an address that is not public.
    api = settings.discord_api_url
    files = frozenset[str]() if api == DISCORD_API else frozenset({host_and_port(api)})
    terms = Terms(
        Gate(settings.allowed_guilds, settings.default_roles),
        Budgets(units(settings.guild_budget_usd_per_month), units(settings.budget_usd_per_day)),
        timedelta(minutes=settings.job_deadline_minutes),
        None if settings.assumed_price_usd is None else units(settings.assumed_price_usd),
    )
    attachments = Attachments(_temporary(settings), Prober(), allowed_hosts=files)
    return Services(
        orders=Orders(database, catalogue, gateways, attachments, terms, utc_now, wake),
        following=Following(database, utc_now, wake),
        administration=Administration(database, utc_now, settings.allowed_guilds, languages()),
        catalogue=catalogue,
        notice=notice,
        clock=utc_now,
    )
