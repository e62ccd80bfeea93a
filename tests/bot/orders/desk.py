"""Real orders over a real database: the catalogue that ships, a gateway that nobody calls, the rules that ship."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from pydantic import SecretStr

from bot.catalogue.catalogue import Catalogue
from bot.domain.guild import Guild, GuildChoices
from bot.domain.ids import new_job_id
from bot.domain.job import Job, ReplyToken
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.media.attachments import Attachments
from bot.media.cut import Cutter
from bot.media.kept import KeptFiles
from bot.media.probe import Prober
from bot.orders.draft import Draft, Quote, Receipt
from bot.orders.follow import Following
from bot.orders.intake import Intake
from bot.orders.lending import Borrowing, Lendable, NoLendingError
from bot.orders.place import Orders, Terms
from bot.orders.reuse import Reuse
from bot.policy.asker import Asker
from bot.policy.gate import Gate
from bot.policy.limits import Budgets
from bot.store import guilds
from bot.store.database import Database
from tests.bot.policy.askers import ROLE, asker
from tests.bot.store.records import ALICE, GUILD, NOW, rows

MEMBER = asker(role_ids=frozenset({ROLE}))
CHOICES = GuildChoices(role_ids=frozenset({ROLE}))
TERMS = Terms(Gate(), Budgets(guild_month=200_000, process_day=100_000), timedelta(hours=1))
DRAFT = Draft("a cat")
TABLES = ("jobs", "ledger", "accounts", "outbox", "members", "guilds", "tasks")

_interactions = count(10**18)


def gateways() -> Gateways:
    """One gateway; building it opens nothing."""
    return Gateways([GatewayClient("myrouter", "http://127.0.0.1:9", SecretStr("a-key"), GatewayHttp(), Pace(60))])


@dataclass
class MemoryLender:
    """Lends by name; where the server has no clip channel, only its owner's files."""

    lent: list[tuple[Lendable, Borrowing]] = field(default_factory=list)

    def check(self, asker: Asker, choices: GuildChoices, owner_id: int) -> None:
        if choices.clip_channel_id is None and asker.user_id != owner_id:
            raise NoLendingError

    async def lend(self, file: Lendable, borrowing: Borrowing) -> str:
        self.check(borrowing.asker, borrowing.choices, file.owner_id)
        self.lent.append((file, borrowing))
        return f"https://lent.example/{len(self.lent)}/{file.name}"


@dataclass
class Desk:
    """The rooms around one database, and a clock that stands still until it is moved."""

    database: Database
    directory: Path
    now: datetime = NOW
    woken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gateways = gateways()
        self.kept, self.lender = KeptFiles(self.directory / "inputs"), MemoryLender()
        self.reuse = Reuse(self.database)
        self.orders = Orders(
            database=self.database,
            catalogue=Catalogue.load(),
            gateways=self.gateways,
            intake=Intake(Attachments(self.directory, Prober(), kept=self.kept, cutter=Cutter()), self.lender),
            terms=TERMS,
            clock=self.clock,
            wake=self.woken.append,
        )
        self.following = Following(self.database, self.clock, self.woken.append)

    def clock(self) -> datetime:
        return self.now

    def with_terms(self, **changes: object) -> Orders:
        """The same desk under other terms of the operator."""
        return replace(self.orders, terms=replace(TERMS, **changes))  # type: ignore[arg-type]

    async def set_up(self, choices: GuildChoices = CHOICES, guild_id: int = GUILD) -> None:
        """A server that may order."""
        async with self.database.write() as tx:
            await guilds.save(tx, Guild(guild_id, choices, approved=True, set_up_at=NOW), ALICE)

    async def quote(self, who: Asker = MEMBER, draft: Draft = DRAFT) -> Quote:
        return await self.orders.quote(who, draft)

    async def accept(self, who: Asker = MEMBER, draft: Draft = DRAFT) -> Job:
        """An order that was accepted, not yet seen."""
        return await self.orders.accept(await self.quote(who, draft), receipt(received_at=self.now))

    async def contents(self) -> dict[str, object]:
        """Everything that is written."""
        return {table: await rows(self.database, f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}


def receipt(**changes: object) -> Receipt:
    """Where an order comes from; each from an interaction of its own."""
    values: dict[str, object] = {
        "job_id": new_job_id(),
        "interaction_id": next(_interactions),
        "size_limit": 10 << 20,
        "received_at": NOW,
        "reply": ReplyToken("token", NOW + timedelta(minutes=15)),
    }
    return Receipt(**(values | changes))  # type: ignore[arg-type]
