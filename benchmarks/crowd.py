"""Several servers full of members who may each order a video once, and the bot as its own process among them."""

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.process import Process
from benchmarks.table import BenchmarkError
from sandbox.discord import Answer, Channel, DidNotRespondError, Person
from sandbox.discord.exchanges import Exchange
from sandbox.gateway import Plan, VideoShape
from sandbox.gateway.films import film
from sandbox.gateway.tasks import Order
from sandbox.stage import BOT_PERMISSIONS, Stage

GUILDS = 8
SMALL = VideoShape(width=160, height=90, seconds=1, sound=False)
RENDERING = Plan(progress=(), eta=False, manual=True, video=SMALL)
"""A task that ends when it is told to, of a model that tells no percentages and no end, so that every poll counts."""
_NUMBERED = re.compile(r"film number (\d+)")
_MANY = "1000000"


@dataclass(frozen=True, slots=True)
class Seat:
    """A member in front of the channel in which they order."""

    person: Person
    channel: Channel


@dataclass(slots=True)
class Crowd:
    """The members; how many were answered, and when each one's video was posted (`time.monotonic`), by number."""

    stage: Stage
    seats: list[Seat]
    answered: int = 0
    posted: dict[int, float] = field(default_factory=dict)

    @property
    def process(self) -> Process:
        """The bot."""
        pid = self.stage.program.pid
        if pid is None or not self.stage.program.is_running:
            message = f"the bot does not run:\n{self.stage.program.told()[-2000:]}"
            raise BenchmarkError(message)
        return Process(pid)

    async def order(self, number: int) -> float | None:
        """A member orders; seconds until the status message is visible, None when the bot did not answer in time."""
        seat = self.seats[number]
        started = time.perf_counter()
        try:
            answer = await seat.person.invoke("video", {"prompt": f"film number {number}"}, channel=seat.channel)
        except DidNotRespondError:
            return None
        seconds = time.perf_counter() - started
        _check_status(answer)
        self.answered += 1
        return seconds

    async def order_at_a_rate(self, numbers: Sequence[int], per_second: float) -> list[float | None]:
        """Members order one after the other at even times, whether or not the ones before were answered."""
        begin, orders = time.monotonic(), list[asyncio.Task[float | None]]()
        try:
            async with asyncio.TaskGroup() as group:
                for place, number in enumerate(numbers):
                    await asyncio.sleep(max(0.0, begin + place / per_second - time.monotonic()))
                    orders.append(group.create_task(self.order(number)))
        except ExceptionGroup as group_error:
            raise group_error.exceptions[0] from group_error
        return [order.result() for order in orders]

    async def order_as_fast_as_answered(self, numbers: Sequence[int], at_once: int) -> None:
        """Members order, so many at once, the next when one is answered: the bot is kept busy, and not more."""
        waiting = iter(numbers)

        async def order_in_turn() -> None:
            for number in waiting:
                await self.order(number)

        await asyncio.gather(*(order_in_turn() for _ in range(at_once)))

    async def until_ordered(self) -> None:
        """Wait until the gateway has taken the order of everybody who was answered; the bot takes back the others."""
        await self.stage.gateway.wait_for(lambda: len(self.stage.gateway.orders) >= self.answered, within_seconds=60)

    async def until_posted(self, numbers: Collection[int]) -> None:
        """Wait until these members' videos are posted."""
        await self.stage.gateway.wait_for(lambda: self.posted.keys() >= set(numbers), within_seconds=60)

    def orders(self) -> dict[int, Order]:
        """What the gateway was asked for, by the member's number."""
        return {_number(str(order.body["prompt"])): order for order in self.stage.gateway.orders}

    def watch(self, exchange: Exchange) -> None:
        """Note a posted video, and drop the record of the exchange: a load would pile up a large one."""
        self.stage.discord.exchanges.recorded.clear()
        if exchange.template == "/channels/{channel_id}/messages" and exchange.files and exchange.status == 200:
            content = exchange.body.get("content") if isinstance(exchange.body, dict) else None
            self.posted[_number(str(content))] = time.monotonic()


def _number(text: str) -> int:
    found = _NUMBERED.search(text)
    if found is None:
        message = f"no prompt of this benchmark: {text!r}"
        raise BenchmarkError(message)
    return int(found[1])


def _check_status(answer: Answer) -> None:
    if answer.ephemeral or not answer.reply.is_v2:
        message = f"the bot refused an order: {answer.text}"
        raise BenchmarkError(message)


@asynccontextmanager
async def crowd(members: int, plan: Plan = RENDERING, **settings: str) -> AsyncIterator[Crowd]:
    """The stage with so many members in `GUILDS` servers, budgets that never end, and the bot connected."""
    with tempfile.TemporaryDirectory(prefix="clapboard-bench-") as folder:
        stage = Stage(Path(folder) / "bot")
        stage.gateway.default_plan = plan
        # The first film of a shape takes a while to make, which is no work of the bot's.
        await asyncio.to_thread(film, SMALL)
        async with stage:
            people = Crowd(stage, [])
            roles = _fill(people, members)
            stage.discord.exchanges.observers.append(people.watch)
            await stage.open(**(_generous(stage, roles) | settings))
            try:
                yield people
            except (AssertionError, OSError) as error:
                message = f"{error or type(error).__name__}\nThe bot's log ends with:\n{stage.program.told()[-2000:]}"
                raise BenchmarkError(message) from error


def _fill(people: Crowd, members: int) -> list[int]:
    """Add the servers and members in turn; the roles that may order."""
    stage = people.stage
    homes = []
    for number in range(GUILDS):
        guild = stage.discord.world.add_guild(f"Film Club {number}", bot_permissions=BOT_PERMISSIONS)
        homes.append((guild, guild.add_role("Makers"), guild.add_channel("videos")))
    for number in range(members):
        guild, role, channel = homes[number % GUILDS]
        member = guild.add_member(f"member {number}", roles=[role])
        people.seats.append(Seat(stage.discord.person(member), channel))
    return [role.id for _, role, _ in homes]


def _generous(stage: Stage, roles: list[int]) -> dict[str, str]:
    return {
        "ALLOWED_GUILDS": ",".join(str(guild_id) for guild_id in stage.discord.world.guilds),
        "DEFAULT_ROLES": ",".join(str(role_id) for role_id in roles),
        "GUILD_BUDGET_USD_PER_MONTH": _MANY,
        "BUDGET_USD_PER_DAY": _MANY,
        "MAX_RENDERING": "5000",
        "GATEWAY_REQUESTS_PER_MINUTE": _MANY,
        "POLL_INTERVAL_SECONDS": "5",
    }
