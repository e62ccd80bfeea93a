"""What a long history and many tiers cost at the gate: 100,000 ledger rows, 50 tiers, against an empty ledger."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median

from pydantic import SecretStr

from benchmarks.files import fill_ledger, opened
from benchmarks.table import Section, milliseconds, ratio
from bot.catalogue.catalogue import Catalogue
from bot.domain import ids
from bot.domain.clock import utc_now
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import ReplyToken
from bot.domain.tier import NO_LIMIT, Tier
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.media.attachments import Attachments
from bot.media.cut import Cutter
from bot.media.kept import KeptFiles
from bot.media.probe import Prober
from bot.orders.draft import Draft, Receipt
from bot.orders.intake import Intake
from bot.orders.lending import Borrowing, Lendable, NoLendingError
from bot.orders.place import Orders, Terms
from bot.policy import limits, tiers
from bot.policy.asker import Asker
from bot.policy.gate import Gate
from bot.policy.limits import Budgets
from bot.store import blocks, guilds
from bot.store.database import Database

ROWS = 100_000
GUILD = 1130000000000000001
ROLE = 1140000000000000001
OTHERS = tuple(GUILD + number for number in range(1, 50))
TIERS = 50
HELD = 10
"""How many of the tiers the member who asks has."""
PAIRS = 12
ORDERS = 5
CHECKS = 20
TARGET_SECONDS = 0.003
UNITS = 1 << 50
"""A budget that never ends."""


async def measure() -> Section:
    """Five orders at a time, at an empty and at two full ledgers in turn; then the gate and the limits alone."""
    section = Section(f"gate · quote and accept with {ROWS:,} ledger rows and {TIERS} tiers, against an empty ledger")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clapboard-bench-")))
        http = await stack.enter_async_context(GatewayHttp())
        databases = [await stack.enter_async_context(opened(folder / f"{name}.db")) for name in range(3)]
        _, spread, crowded = databases
        fill_ledger(spread.path, ROWS, (GUILD, *OTHERS), utc_now(), timedelta(days=365))
        fill_ledger(crowded.path, ROWS, (GUILD,), utc_now(), timedelta(0))
        for database in databases:
            await _set_up(database)
        counters = [_orders(database, http, folder) for database in databases]
        empty, year, today = await _compare(counters)
        alone = [await _gate(orders) for orders in counters]
    section.add("empty", milliseconds(median(empty)), "median of an order")
    section.add("a year of 50 servers", *ratio(year, empty))
    section.add("all of today and of the server that asks", *ratio(today, empty))
    target = f"median; target under {milliseconds(TARGET_SECONDS)}"
    for name, seconds in zip(("empty", "a year of 50 servers", "all of today"), alone, strict=True):
        section.add(f"gate and limits alone, {name}", milliseconds(seconds), target)
    return section


async def _set_up(database: Database) -> None:
    """A server with as many tiers as anybody has, each with all its limits, and with budgets of its own."""
    tier = Tier(UNITS, UNITS, 60, UNITS // 2, frozenset({"sora-2", "other"}), NO_LIMIT, NO_LIMIT)
    tiers = {ROLE + number: tier for number in range(TIERS)}
    choices = GuildChoices(role_ids=frozenset(tiers), tiers=tiers, budget_day=UNITS, budget_month=UNITS)
    async with database.write() as tx:
        await guilds.save(tx, Guild(GUILD, choices, approved=True, set_up_at=utc_now()), 1)


async def _gate(orders: Orders) -> float:
    """The median seconds of what stands between a wish and its reservation, in one transaction as `accept` has it."""
    asker, gate = Asker(1, GUILD, 1, "en-US", role_ids=frozenset(range(ROLE, ROLE + HELD))), orders.terms.gate
    quote = await orders.quote(asker, Draft("a cat"))
    model, seconds, found = quote.model, quote.request.duration, []
    for _ in range(PAIRS * CHECKS):
        started, now = time.perf_counter(), utc_now()
        async with orders.database.read() as tx:
            guild = await guilds.get(tx, GUILD)
            gate.admit(asker, guild, await blocks.active(tx, GUILD, asker.user_id, now))
            gate.check_prompt(quote.request.prompt, guild)
            tiers.check(guild.allowance(asker.role_ids), guild, model.id, model.title, seconds)
            await limits.check(tx, asker, guild, orders.terms.budgets, quote.price, now)
        found.append(time.perf_counter() - started)
    return median(found)


async def _compare(counters: Sequence[Orders]) -> list[list[float]]:
    """The mean seconds of an order in each window, for each of the databases."""
    users, windows = count(1_000_000), [list[float]() for _ in counters]
    for orders in counters:
        await _order(orders, users)
    for _ in range(PAIRS):
        for orders, found in zip(counters, windows, strict=True):
            found.append(await _order(orders, users))
    return windows


async def _order(orders: Orders, users: Iterator[int]) -> float:
    started = time.perf_counter()
    for _ in range(ORDERS):
        user = next(users)
        quote = await orders.quote(Asker(user, GUILD, 1, "en-US", role_ids=frozenset({ROLE})), Draft("a cat"))
        now = utc_now()
        await orders.accept(quote, Receipt(ids.new_job_id(), user, 10 << 20, now, ReplyToken("unused", now)))
    return (time.perf_counter() - started) / ORDERS


def _orders(database: Database, http: GatewayHttp, folder: Path) -> Orders:
    # Nothing is sent: an order only has to find a gateway that could take it.
    gateway = GatewayClient("myrouter", "http://127.0.0.1:9", SecretStr("unused"), http, Pace(120))
    terms = Terms(Gate(frozenset({GUILD}), frozenset({ROLE})), Budgets(UNITS, UNITS), timedelta(hours=1))
    attachments = Attachments(folder, Prober(), kept=KeptFiles(folder / "inputs"), cutter=Cutter())
    return Orders(
        database, Catalogue.load(), Gateways([gateway]), Intake(attachments, Nobody()), terms, utc_now, _nobody
    )


class Nobody:
    """Lends nothing: no order here has files."""

    def check(self, asker: Asker, choices: GuildChoices, owner_id: int) -> None:
        raise NoLendingError

    async def lend(self, file: Lendable, borrowing: Borrowing) -> str:
        raise NoLendingError


def _nobody(job_id: str) -> None:
    """No worker waits to be woken."""
