"""Tells what is about no job: servers in their log channels, the operators in direct messages."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import random

import structlog

from bot.domain import ids
from bot.domain.clock import Clock
from bot.domain.errors import StoreUnavailableError
from bot.domain.notice import Notice, NoticeKind
from bot.store import guilds, notices
from bot.store.database import Database
from bot.worker.herald import NoticeHerald, PlaceClosedError, TryAgainError
from bot.worker.timing import until_retry

log = structlog.get_logger(__name__)

GIVE_UP = timedelta(hours=24)
CLOSED_SECONDS = 3600.0
"""Somebody may open a log channel that is closed to the bot, or choose another."""
EVERY_SECONDS = 2.0
AT_ONCE = 50
OF_NONCE = (10**7, 16**12)
"""How much of a notice's and of a person's id a nonce has room for; Discord remembers it for minutes only."""


@dataclass(frozen=True, slots=True)
class Crier:
    """Works off the notices, each again and again until it is told or a day has passed.

    What was told and could not be written down as told is kept in mind, so that it is not told again.
    """

    database: Database
    herald: NoticeHerald
    clock: Clock
    every_seconds: float = EVERY_SECONDS
    _told: set[int] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Look at once, for what a crash has left, and then every few seconds until `stop` is set."""
        while not stop.is_set():
            await self._look(stop)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.every_seconds):
                    await stop.wait()

    async def _look(self, stop: asyncio.Event) -> None:
        """Tell what is due, each server's in turn, so that a slow channel holds up its own server alone."""
        try:
            async with self.database.read() as tx:
                due = await notices.due(tx, self.clock(), limit=AT_ONCE)
        except Exception:  # whatever is wrong with what is noted, the process goes on
            log.exception("notices not read")
            return
        by_guild: dict[int, list[Notice]] = defaultdict(list)
        for notice in due:
            by_guild[notice.guild_id].append(notice)
        await asyncio.gather(*(self._in_turn(each, stop) for each in by_guild.values()))

    async def _in_turn(self, due: Sequence[Notice], stop: asyncio.Event) -> None:
        for notice in due:
            if stop.is_set():
                return
            again = None if notice.id in self._told else await self._attempt(notice)
            try:
                async with self.database.write() as tx:
                    if again is None:
                        await notices.done(tx, notice.id)
                    else:
                        await notices.later(tx, notice.id, again)
            except StoreUnavailableError:
                log.exception("notice not written down", notice=notice.id, kind=notice.kind)
                return
            self._told.discard(notice.id)

    async def _attempt(self, notice: Notice) -> datetime | None:
        """Tell one, whatever is wrong with it; when to try again, or None if that is over."""
        now, attempts = self.clock(), notice.attempts + 1
        about = {"notice": notice.id, "kind": notice.kind, "guild": notice.guild_id, "attempts": attempts}
        wait = until_retry(attempts, random())  # noqa: S311  jitter
        try:
            await self._tell(notice)
        except PlaceClosedError as error:
            wait = CLOSED_SECONDS
            log.warning("notice not told yet", error=repr(error.__cause__), **about)
        except TryAgainError as error:
            wait = max(wait, error.retry_after_seconds or 0.0)
            log.warning("notice not told yet", error=repr(error.__cause__), **about)
        except Exception:  # one bad notice never stops the others
            log.exception("notice failed", **about)
        else:
            self._told.add(notice.id)
            return None
        if now - notice.created_at > GIVE_UP:
            log.error("notice given up", **about)
            return None
        return now + timedelta(seconds=wait)

    async def _tell(self, notice: Notice) -> None:
        if not notice.guild_id:
            await self._tell_operators(notice)
            return
        async with self.database.read() as tx:
            guild = await guilds.get(tx, notice.guild_id)
        if guild.left_at is not None:
            return
        channel = notice.about.get("channel")
        if isinstance(channel, int):
            guild = replace(guild, choices=replace(guild.choices, log_channel_id=channel))
        person = _asker(notice)
        if guild.choices.log_channel_id is not None:
            try:
                await self.herald.tell_server(guild, notice, _nonce(notice))
            except PlaceClosedError:
                if person is None:
                    raise
            else:
                return
        if person is not None:
            await self.herald.tell_person(person, notice, _nonce(notice, person))

    async def _tell_operators(self, notice: Notice) -> None:
        """Tell each of them once, although another takes no messages or can't be reached now."""
        if not notice.attempts and not notice.reached:
            log.warning("for the operator", kind=notice.kind, about=dict(notice.about))
        told, trouble = set(notice.reached), None
        for user_id in sorted(self.herald.operators - notice.reached):
            try:
                await self.herald.tell_person(user_id, notice, _nonce(notice, user_id))
            except PlaceClosedError:
                log.warning("operator takes no direct messages", operator=user_id, kind=notice.kind)
            except TryAgainError as error:
                trouble = error
            else:
                told.add(user_id)
                async with self.database.write() as tx:
                    await notices.reach(tx, notice.id, user_id)
        if trouble is not None:
            raise trouble
        if not told:
            log.error("no operator could be told", kind=notice.kind, about=dict(notice.about))


def _asker(notice: Notice) -> int | None:
    """Whoever has asked for what was decided: they are told in person where the log channel is closed or none is."""
    person = notice.about.get("by") if notice.kind is NoticeKind.SERVED else None
    # Of somebody who was erased the record has 0.
    return person if isinstance(person, int) and person else None


def _nonce(notice: Notice, user_id: int | None = None) -> str:
    """The same for each attempt, and one for each who is told."""
    of_notices, of_people = OF_NONCE
    return ids.nonce(f"n{notice.id % of_notices}", "log" if user_id is None else f"{user_id % of_people:x}")
