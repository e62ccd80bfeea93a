"""What a server has used and chosen, as files for its managers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.administration.chosen import chosen
from bot.administration.dates import Days
from bot.administration.sheets import Sheet, text
from bot.catalogue.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.domain.money import usd
from bot.policy import calendar
from bot.policy.asker import Asker
from bot.policy.gate import require_manager
from bot.store import guilds, tabulation
from bot.store.database import Database, Transaction
from bot.store.tabulation import EntryRow, Range, VideoRow

VIDEO_COLUMNS = (
    "id", "created", "member_id", "model", "seconds", "orientation", "state", "cost_usd", "gateway", "failure",
    "private", "link",
)  # fmt: skip
ENTRY_COLUMNS = ("at", "counts_at", "kind", "member_id", "job", "amount_usd", "videos", "actor_id", "reason")
ROWS_AT_ONCE = 250
MOST_BYTES = 8 << 20
"""The files are made in memory."""
T = TypeVar("T")
Read = Callable[[Transaction, Range, T | None], Awaitable[Sequence[T]]]
Write = Callable[[T], tuple[date, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A file for spreadsheets. `ends_on`: the day of its last row, where the rows after it did not fit."""

    data: bytes
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """The files, and which days of which time zone they are about."""

    days: Days
    zone: str
    jobs: Table
    ledger: Table
    settings: bytes


@dataclass(frozen=True, slots=True)
class Exporting:
    """Gathers what is kept about a server. Prompts are not in it: a file can't be erased on its member's word."""

    database: Database
    catalogue: Catalogue
    clock: Clock

    async def of(self, asker: Asker, first: str, last: str, limit_bytes: int) -> Export:
        """The files of the asker's server, together of at most so many bytes, for a range of days as it was typed.

        Raises ManagersOnlyError, UnknownDateError and ReversedDatesError.
        """
        require_manager(asker)
        async with self.database.read() as tx:
            guild = await guilds.get(tx, asker.guild_id or 0)
        zone = calendar.zone_of(guild.choices.time_zone)
        days = Days.typed(first, last, self.clock().astimezone(zone).date())
        which = Range(guild.id, *calendar.days(days.first, days.last, guild.choices.time_zone))
        settings = chosen(guild, self.clock())
        room = (min(limit_bytes, MOST_BYTES) - len(settings)) // 2
        read_videos, read_entries = (
            partial(tabulation.videos, limit=ROWS_AT_ONCE),
            partial(tabulation.entries, limit=ROWS_AT_ONCE),
        )
        jobs = await self._table(Sheet(VIDEO_COLUMNS, room), which, read_videos, partial(self._video, zone))
        ledger = await self._table(Sheet(ENTRY_COLUMNS, room), which, read_entries, partial(_entry, zone))
        return Export(days, guild.choices.time_zone, jobs, ledger, settings)

    async def _table(self, sheet: Sheet, which: Range, read: Read[T], write: Write[T]) -> Table:
        """Read and write a page at a time, so that neither the loop nor another reader waits for long."""
        after: T | None = None
        while not sheet.is_full:
            async with self.database.read() as tx:
                rows = await read(tx, which, after)
            await asyncio.to_thread(sheet.add, map(write, rows))
            if len(rows) < ROWS_AT_ONCE:
                break
            after = rows[-1]
        return Table(sheet.data, sheet.last_day if sheet.is_full else None)

    def _video(self, zone: ZoneInfo, row: VideoRow) -> tuple[date, Sequence[str]]:
        created, request = row.created_at.astimezone(zone), row.request
        cells = (
            row.id,
            _moment(created),
            _id(row.author_id),
            text(self.catalogue.title(row.model_id)),
            "" if request.duration is None else str(request.duration),
            text(self._orientation(row.model_id, request.aspect)),
            row.state,
            f"{usd(row.cost):f}",
            text(row.gateway),
            text(row.failure),
            "yes" if row.private else "no",
            _link(row),
        )
        return created.date(), cells

    def _orientation(self, model_id: str, aspect: str | None) -> str | None:
        model = next((model for model in self.catalogue.models if model.id == model_id), None)
        return (model and model.orientation_of(aspect)) or aspect


def _entry(zone: ZoneInfo, row: EntryRow) -> tuple[date, Sequence[str]]:
    counts = row.counts_at.astimezone(zone)
    amount, videos = f"{usd(row.amount):f}", str(row.videos)
    about = (row.kind, _id(row.member_id), row.job_id, amount, videos, _id(row.actor_id or None), text(row.reason))
    return counts.date(), (_moment(row.at.astimezone(zone)), _moment(counts), *about)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _id(number: int | None) -> str:
    return "" if number is None else str(number)


def _link(row: VideoRow) -> str:
    if row.message is None or row.server_id is None:
        return ""
    return f"https://discord.com/channels/{row.server_id}/{row.message.channel_id}/{row.message.message_id}"
