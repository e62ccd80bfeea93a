"""What a gateway's public list of models names. A model may exist without being there, so it is a hint and no more."""

import json
from collections.abc import Iterable, Iterator

from aiohttp import ClientTimeout
from yarl import URL

from bot.gateway.client import BROKEN
from bot.gateway.errors import GatewayUnavailableError
from bot.gateway.http import GatewayHttp, read_body

PATH = "v3/admin/video-unify-api/config"
TIMEOUT = ClientTimeout(total=10, connect=8)


async def unlisted(http: GatewayHttp, url: str, slugs: Iterable[str]) -> list[str]:
    """The endpoints that are not in the list of the gateway at `url`, which is read without a key.

    The list's form is not documented: an endpoint is there if some text of it is its slug, or a path that ends in it.
    Raises GatewayUnavailableError for an answer that is no list.
    """
    try:
        async with http.reads.get(URL(url) / PATH, timeout=TIMEOUT, allow_redirects=False) as response:
            status, body = response.status, await read_body(response)
    except BROKEN as exc:
        raise GatewayUnavailableError(cause=type(exc).__name__) from exc
    try:
        texts = frozenset(_texts(json.loads(body))) if status == 200 else None
    except (ValueError, RecursionError) as exc:
        raise GatewayUnavailableError(cause="no JSON") from exc
    if not texts:
        raise GatewayUnavailableError(cause=f"HTTP {status}", status=status)
    named = {text.rpartition("/")[2] for text in texts}
    return [slug for slug in slugs if slug not in named]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
