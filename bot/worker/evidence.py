"""Evidence is written down as often as it takes: the database may be away for a while, the truth does not change."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.domain.errors import StoreUnavailableError

log = structlog.get_logger(__name__)

PAUSES_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Between one try and the next; the last one is repeated."""
Written = TypeVar("Written")


async def record(write: Callable[[], Awaitable[Written]], **about: object) -> Written:
    """Run a transaction until the database has taken it. `about` is what the log keeps if that never happens."""
    tries = 0
    while True:
        try:
            return await write()
        except StoreUnavailableError:
            log.exception("not written down yet", tries=tries + 1, **about)
        await asyncio.sleep(PAUSES_SECONDS[min(tries, len(PAUSES_SECONDS) - 1)])
        tries += 1
