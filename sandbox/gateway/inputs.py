"""The media of an order, fetched the way the real gateway fetches them."""

import asyncio
import io
from collections.abc import Iterator
from typing import Final

import aiohttp
import av
from pydantic import JsonValue
from yarl import URL

from sandbox.gateway.asked import asked_shape
from sandbox.gateway.tasks import FetchedInput, Order

_LOOK_EVERY_SECONDS: Final = 0.01
TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


async def fetch_inputs(session: aiohttp.ClientSession, order: Order) -> None:
    """Get every media URL of the order and note what was found; one that is missing fails the task."""
    while order.task.plan.fetches_late and order.task.is_queued:  # noqa: ASYNC110 - a task's age has no event
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    for url in links_in(order.body):
        found = await _fetch(session, url)
        if found.sides is not None and not any(before.sides for before in order.inputs):
            order.task.asked = asked_shape(order.model, order.body, found.sides)
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
    size, picture = 0, io.BytesIO()
    try:
        # Signed addresses must be asked for as they were written.
        async with session.get(URL(url, encoded=True), timeout=TIMEOUT) as response:
            async for piece in response.content.iter_chunked(64 * 1024):
                size += len(piece)
                if response.content_type.startswith("image/"):
                    picture.write(piece)
            return FetchedInput(url, response.status, response.content_type, size, _sides(picture))
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return FetchedInput(url, 0, "", size)


def _sides(picture: io.BytesIO) -> tuple[int, int] | None:
    picture.seek(0)
    try:
        with av.open(picture, "r") as container:
            found = container.streams.video[0]
            return found.width, found.height
    except (av.FFmpegError, IndexError):
        return None
