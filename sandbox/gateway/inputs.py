"""The media of an order, fetched the way the real gateway fetches them."""

import asyncio
from collections.abc import Iterator
from typing import Final

import aiohttp
from pydantic import JsonValue
from yarl import URL

from sandbox.gateway.tasks import FetchedInput, Order

_LOOK_EVERY_SECONDS: Final = 0.01
TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


async def fetch_inputs(session: aiohttp.ClientSession, order: Order) -> None:
    """Get every media URL of the order and note what was found; one that is missing fails the task."""
    while order.task.plan.fetches_late and order.task.is_queued:  # noqa: ASYNC110 - a task's age has no event
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    for url in links_in(order.body):
        found = await _fetch(session, url)
        order.inputs.append(found)
        if found.status != 200 or not found.size_bytes:
            order.task.fail(f"failed to download input (status {found.status})")


def links_in(value: JsonValue, name: str = "") -> Iterator[str]:
    """The http(s) URLs of a body; a prompt that is one is none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from links_in(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from links_in(inner, name)
    elif isinstance(value, str) and "prompt" not in name and value.startswith(("http://", "https://")):
        yield value


async def _fetch(session: aiohttp.ClientSession, url: str) -> FetchedInput:
    size = 0
    try:
        # Signed addresses must be asked for as they were written.
        async with session.get(URL(url, encoded=True), timeout=TIMEOUT) as response:
            async for piece in response.content.iter_chunked(64 * 1024):
                size += len(piece)
            return FetchedInput(url, response.status, response.content_type, size)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return FetchedInput(url, 0, "", size)
