"""Reading the body of a request: JSON, or a form of `payload_json` and `files[n]`."""

import json
import re
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web

from sandbox.discord.errors import ApiError, Refusal
from sandbox.discord.messages import Upload
from sandbox.discord.wire import Payload

_FILE_PART = re.compile(r"files\[(\d+)\]")
_LARGEST_BODY = 1 << 31


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries."""

    json: Payload | list[Payload] | None = None
    files: dict[int, Upload] = field(default_factory=dict)
    malformed: bool = False


_BODY = web.RequestKey("body", Body)


async def read_body(request: web.Request) -> Body:
    """The parsed body; parsed once for each request."""
    if _BODY not in request:
        request[_BODY] = await _parse(request)
    return request[_BODY]


async def read_object(request: web.Request) -> Payload:
    """The JSON object in the body, {} without a body."""
    body = await read_body(request)
    if body.malformed or isinstance(body.json, list):
        raise ApiError(Refusal.INVALID_JSON)
    return body.json or {}


async def read_list(request: web.Request) -> list[Payload]:
    """The JSON array in the body."""
    body = await read_body(request)
    if not isinstance(body.json, list):
        raise ApiError(Refusal.INVALID_JSON)
    return body.json


async def read_files(request: web.Request) -> dict[int, Upload]:
    """The uploaded files by their number in the form."""
    return (await read_body(request)).files


async def _parse(request: web.Request) -> Body:
    raw = await request.read()
    if request.content_type == "multipart/form-data":
        return await _parse_form(request, raw)
    return _parse_json(raw) if raw else Body()


def _parse_json(raw: bytes | str) -> Body:
    try:
        return Body(json.loads(raw))
    except ValueError:
        return Body(malformed=True)


async def _parse_form(request: web.Request, raw: bytes) -> Body:
    # The stops have read the request already, so the form is read from memory.
    stream = StreamReader(request.protocol, _LARGEST_BODY)
    stream.feed_data(raw)
    stream.feed_eof()
    body = Body({})
    async for part in MultipartReader(request.headers, stream):
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        numbered = _FILE_PART.fullmatch(part.name or "")
        if part.name == "payload_json":
            body = Body(_parse_json(data).json, body.files)
        elif numbered is not None:
            content_type = part.headers.get("Content-Type", "application/octet-stream")
            body.files[int(numbered[1])] = Upload(part.filename or "file", data, content_type)
    return body
