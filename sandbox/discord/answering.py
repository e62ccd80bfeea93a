"""The bodies of HTTP answers."""

import json
from collections.abc import Mapping, Sequence

from aiohttp import web

from sandbox.discord.wire import Payload

Answerable = Payload | Sequence[Payload]


def json_response(body: Answerable, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer; the client reads it as JSON only when the content type carries no charset."""
    response = web.Response(status=status, body=json.dumps(body).encode(), headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response


def no_content() -> web.Response:
    """A 204."""
    return web.Response(status=204)
