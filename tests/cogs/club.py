"""The real bot with all its commands on the local Discord, over a real database; no worker, no gateway."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

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
from bot.client.bot import ClapboardBot
from bot.client.lending import FileLender
from bot.client.services import Notice, Services
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import Job
from bot.domain.ledger import Settlement
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.media.attachments import Attachments
from bot.media.cut import Cutter
from bot.media.download import Downloads
from bot.media.fit import Fitter
from bot.media.kept import KeptFiles
from bot.media.probe import Prober
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
from bot.store import guilds, jobs, ledger, moves
from bot.store.database import Database, Transaction
from bot.worker.results import Results
from sandbox.discord import DiscordServer, Member, Permission, Person, wait_until
from sandbox.discord.waiting import PATIENCE_SECONDS
from sandbox.stage import BOT_PERMISSIONS
from tests.bot.client.stage import Notebook, living
from tests.bot.store.records import NOW

T = TypeVar("T")
NOTICE = Notice(("myrouter",), 90, privacy_url="https://example.com/privacy")
NOWHERE = "http://127.0.0.1:9"
"""The gateway is never asked: nothing polls or submits here."""


@dataclass
class Woken:
    """The jobs that the worker was told of."""

    jobs: list[str]


class Club:
    """A server with its people: `mia` has the role Makers, `tom` has none, `mod` moderates, `owner` manages."""

    def __init__(self, server: DiscordServer, database: Database, folder: Path, models: Path | None = None) -> None:
        self.catalogue = Catalogue.load(models)
        self.server = server
        self.database = database
        world = server.world
        self.guild = world.add_guild("Film Club", owner=world.owner, bot_permissions=BOT_PERMISSIONS)
        self.makers = self.guild.add_role("Makers")
        moderators = self.guild.add_role("Moderators", permissions=Permission.MODERATE_MEMBERS)
        managers = self.guild.add_role("Managers", permissions=Permission.MANAGE_GUILD)
        self.videos = self.guild.add_channel("videos")
        self.log = self.guild.add_channel("log")
        self.mia_member = self.guild.add_member("mia", roles=[self.makers])
        self.mia = server.person(self.mia_member)
        self.tom = server.person(self.guild.add_member("tom"))
        self.mod = server.person(self.guild.add_member("mod", roles=[moderators]))
        self.manager_member = self.guild.add_member("max", roles=[managers])
        self.manager = server.person(self.manager_member)
        self.owner = server.person(self.guild.owner)
        self.woken = Woken([])
        self._folder = folder
        self.bot = ClapboardBot()

    async def settle_in(self, **choices: object) -> None:
        """Approve the server and let Makers order."""
        chosen = GuildChoices(role_ids=frozenset({self.makers.id}))
        chosen = replace(chosen, **choices)  # type: ignore[arg-type]
        async with self.database.write() as tx:
            await guilds.save(tx, Guild(self.guild.id, chosen, approved=True, set_up_at=NOW), self.owner.user.id)

    def services(self, gateways: Gateways) -> Services:
        """The rooms behind the commands."""
        catalogue = self.catalogue
        files = frozenset({host_and_port(self.server.api_url)})
        kept = KeptFiles(self._folder / "inputs")
        attachments = Attachments(self._folder / "tmp", Prober(), kept=kept, cutter=Cutter(), allowed_hosts=files)
        files_folder = self._folder / "tmp"
        fitter = Fitter(files_folder, Prober(), reencodes=True)
        lender = FileLender(self.bot, self.database, kept, _clock)
        intake = Intake(attachments, lender)
        originals = KeptFiles(self._folder / "results")
        results = Results(self.database, originals, None, _clock, 1 << 30, timedelta(days=90))
        terms = Terms(Gate(), Budgets(200_000, 100_000), timedelta(minutes=60))
        wake = self.woken.jobs.append
        orders = Orders(self.database, catalogue, gateways, intake, terms, _clock, wake)
        return Services(
            orders=orders,
            characters=Characters(self.database, orders, attachments, kept, _clock),
            history=History(self.database),
            retrieval=Retrieval(self.database, gateways, Downloads(files_folder), fitter, results, _clock),
            account=Account(self.database, _clock, wake),
            reuse=Reuse(self.database),
            following=Following(self.database, _clock, wake),
            details=Looking(self.database, _clock),
            moderation=Moderation(self.database, _clock, wake),
            oversight=Oversight(self.database, _clock),
            wordbook=Wordbook(self.database, _clock),
            reports=Reports(self.database, _clock),
            presence=Presence(self.database, _clock),
            exporting=Exporting(self.database, catalogue, _clock),
            serving=Serving(self.database, _clock),
            retirements=Retirements(self.database, gateways, _clock),
            overview=Overview(self.database, gateways, _clock, frozenset(), _clock),
            tiers=Tiers(self.database, _clock),
            pricing=Pricing(self.database, _clock, catalogue, terms.assumed_price),
            budgeting=Budgeting(self.database, _clock, terms.budgets),
            settling=Settling(self.database, _clock, wake, charge_unsure=True),
            approval=Approval(
                self.database, _clock, wake, terms.deadline, Renewal(self.database, lender, _clock), terms.gate
            ),
            administration=Administration(
                self.database, _clock, frozenset(), frozenset({"en-US", "de"}), terms.budgets
            ),
            catalogue=catalogue,
            notice=NOTICE,
            clock=_clock,
        )

    async def jobs(self) -> Sequence[Job]:
        """Every job, oldest first."""
        async with self.database.read() as tx:
            ids = [row[0] for row in await tx.exec_driver_sql("SELECT id FROM jobs ORDER BY created_at, rowid")]
            found = [await jobs.get(tx, id_) for id_ in ids]
        return [job for job in found if job is not None]

    async def job(self) -> Job:
        """The one job there is."""
        (only,) = await self.jobs()
        return only

    async def settlement(self, job: Job) -> Settlement:
        """How a job's money stands."""
        return await self.ask(lambda tx: ledger.settlement(tx, job.id))

    async def ask(self, question: Callable[[Transaction], Awaitable[T]]) -> T:
        """Read one thing from the database."""
        async with self.database.read() as tx:
            return await question(tx)

    async def move(self, job: Job, **columns: object) -> Job:
        """Set a job where the worker would have brought it."""
        async with self.database.write() as tx:
            moved = await moves.note_on(tx, job.id, **columns)
        assert moved is not None
        return moved

    async def chosen(self) -> Guild:
        """What the server has chosen."""
        return await self.ask(lambda tx: guilds.get(tx, self.guild.id))

    def person(self, member: Member) -> Person:
        """Somebody at the client."""
        return self.server.person(member)


def _clock() -> datetime:
    return NOW


@asynccontextmanager
async def open_club(
    server: DiscordServer, database: Database, folder: Path, models: Path | None = None
) -> AsyncIterator[Club]:
    """The club with the bot connected; `models`: a file of models besides those that ship."""
    # How soon an answer comes is for the benchmarks to tell: here a machine may be busy with other tests.
    server.interactions.answer_within_seconds = PATIENCE_SECONDS
    async with server, GatewayHttp() as http:
        club = Club(server, database, folder, models)
        gateway = GatewayClient("myrouter", NOWHERE, SecretStr("key"), http, Pace(60))
        club.bot.serve(club.services(Gateways([gateway])), Notebook(), cogs.setup)
        async with living(server, club.bot) as life:
            await server.connected()
            await wait_until(lambda: club.bot.get_guild(club.guild.id) is not None)
            yield club
            await commands_done()
            assert not life.done()


@contextmanager
def nothing_unhandled() -> Iterator[None]:
    """Fail if a task of the block ends with an error that nobody looks at."""
    found: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: found.append(context))
    try:
        yield
        gc.collect()
        assert found == []
    finally:
        loop.set_exception_handler(None)


async def commands_done() -> None:
    """Let what people did come to its end: nothing of it is missing then, or still in the database."""
    names = ("CommandTree-invoker", "discord-ui-", "discord.py: on_")
    running = [task for task in asyncio.all_tasks() if task.get_name().startswith(names)]
    if running:
        await asyncio.wait(running, timeout=PATIENCE_SECONDS)
