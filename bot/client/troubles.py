"""Discord's refusals and failures as the worker knows them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import structlog

from bot.worker.herald import PlaceClosedError, TellError, TooLargeError, TryAgainError

TOO_LARGE = 40005
NO_REPLY_WITHOUT_HISTORY = 160002
UNKNOWN_MESSAGE = 10008
EXPECTED = frozenset({10003, 10004, 10008, 40094, 50001, 50007, 50008, 50013, 50024, 50083, 50278, 160005, 160006})
"""Codes of places that are closed: channel, server or message gone, no access or permission, a person who takes no
messages, not a text channel, an archived or locked thread, as many threads as there may be."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def telling(seconds: float) -> AsyncIterator[None]:
    """Give the block so long, and raise Discord's errors in it as TellError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except discord.RateLimited as error:
        raise TryAgainError(error.retry_after) from error
    except discord.HTTPException as error:
        raise translated(error) from error
    except (aiohttp.ClientError, OSError) as error:
        raise TryAgainError from error


def translated(error: discord.HTTPException) -> TellError:
    """What a refusal of Discord's means for telling somebody there."""
    if error.status == 413 or error.code == TOO_LARGE:
        return TooLargeError()
    if error.status in {401, 429} or error.status >= 500:
        return TryAgainError(_retry_after(error))
    if not error.code and error.status in {403, 404}:
        # Not Discord's own answer: something on the way to it says no.
        return TryAgainError()
    if error.code not in EXPECTED:
        log.error("Discord refuses a message", status=error.status, code=error.code, error=error.text)
    return PlaceClosedError()


def _retry_after(error: discord.HTTPException) -> float | None:
    try:
        return float(error.response.headers.get("Retry-After", ""))
    except ValueError:
        return None
