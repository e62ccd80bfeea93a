"""Compares what goes over the wire with Discord's own OpenAPI description of its HTTP API."""

import functools
import os
import re
from collections.abc import Iterator, Mapping, Sized
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from jsonschema import FormatChecker

from tests.openapi_schemas import Schema, Schemas, corrected

VARIABLE = "DISCORD_OPENAPI"
NO_FILE = f"{VARIABLE} names no file"
JSON = "application/json"
FORM = "multipart/form-data"

NOT_DESCRIBED = {
    r"/attachments/": "files come from Discord's CDN, which is no part of the HTTP API",
    r"/ephemeral-attachments/": "the CDN's second root, for files of private messages and of options",
    r"/$": "the gateway's WebSocket is opened at the root of its host",
}
"""Paths that the description can't have, each with its reason."""

# The client's way to send a forum post's message below its own key; taken by Discord, not described.
_UNDESCRIBED_QUERY = frozenset(("use_nested_fields",))
_SWITCHING_PROTOCOLS = 101
_METHODS = frozenset(("get", "put", "post", "delete", "patch"))
_WORDS = {"true": True, "1": True, "false": False, "0": False}


class Exchange(Protocol):
    """One request and the server's own answer, as the local Discord records them."""

    method: str
    path: str
    query: dict[str, str]
    status: int

    @property
    def body(self) -> object: ...
    @property
    def files(self) -> Sized: ...
    @property
    def response(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path template."""

    pattern: re.Pattern[str]
    literals: int
    parameters: tuple[Mapping[str, Any], ...]
    request: Mapping[str, Any] | None
    responses: Mapping[str, Any]


@dataclass(slots=True)
class Description:
    """Discord's description of its HTTP API: says what is wrong with a request or an answer."""

    _requests: Schemas
    _responses: Schemas
    _asked: dict[tuple[str, int], list[Operation]]
    _answered: dict[tuple[str, int], list[Operation]]

    @classmethod
    def load(cls, path: Path) -> "Description":
        """Read the description; takes a good part of a second, so once per process (see `described`)."""
        text = path.read_text(encoding="utf-8")
        asked, answered = corrected(text, requests=True), corrected(text, requests=False)
        formats = _formats()
        return cls(Schemas.of(asked, formats), Schemas.of(answered, formats), _operations(asked), _operations(answered))

    def check_request(
        self, method: str, path: str, query: Mapping[str, str], body: object, content_type: str = JSON
    ) -> list[str]:
        """Say what is wrong with a request; `body` is the JSON, or that of a form's `payload_json`."""
        if _is_elsewhere(path):
            return []
        operation = _find(self._asked, method, path)
        if operation is None:
            return [f"{method} {path}: not in Discord's description"]
        faults = [*self._parameter_faults(operation, path, query), *self._body_faults(operation, body, content_type)]
        return [f"{method} {path} {fault}" for fault in faults]

    def check_response(self, method: str, path: str, status: int, body: object) -> list[str]:
        """Say what is wrong with an answer to a request of that method and path."""
        # 5xx come from in front of Discord's API, so the description has none.
        if _is_elsewhere(path) or status == _SWITCHING_PROTOCOLS or status >= 500:
            return []
        operation = _find(self._answered, method, path)
        if operation is None:
            return [f"{method} {path}: not in Discord's description"]
        described = operation.responses.get(str(status)) or operation.responses.get(f"{status // 100}XX")
        if described is None:
            return [f"{method} {path} answers {status}, which Discord's description doesn't have"]
        content = self._responses.resolved(described).get("content")
        if content is None:
            return [] if body is None else [f"{method} {path} {status}: has a body"]
        faults = self._responses.faults(content[JSON]["schema"], body)
        return [f"{method} {path} {status} {fault}" for fault in faults]

    def faults(self, exchange: Exchange) -> list[str]:
        """Say what is wrong with a request and its answer; one that was never answered is looked at as a request."""
        method, path = exchange.method, exchange.path
        kind = FORM if exchange.files else JSON
        asked = self.check_request(method, path, exchange.query, exchange.body, kind)
        if not exchange.status:
            return asked
        return [*asked, *self.check_response(method, path, exchange.status, exchange.response)]

    def _parameter_faults(self, operation: Operation, path: str, query: Mapping[str, str]) -> Iterator[str]:
        matched = operation.pattern.fullmatch(_bare(path))
        given = {"path": matched.groupdict() if matched else {}, "query": dict(query)}
        for parameter in operation.parameters:
            text = given[parameter["in"]].pop(parameter["name"], None)
            if text is None:
                if parameter.get("required"):
                    yield f"{parameter['name']}: missing in the {parameter['in']}"
                continue
            schema = parameter["schema"]
            value = _parsed(text, self._requests.resolved(schema))
            for fault in self._requests.faults(schema, value):
                yield f"{parameter['in']} {parameter['name']} {fault}"
        for name in given["query"].keys() - _UNDESCRIBED_QUERY:
            yield f"query {name}: a key that Discord's description doesn't have"

    def _body_faults(self, operation: Operation, body: object, content_type: str) -> list[str]:
        if operation.request is None:
            return [] if body is None else ["has a body, though Discord's description has none"]
        if body is None:
            return ["has no body"] if operation.request.get("required") else []
        kind = content_type.partition(";")[0].strip()
        content = operation.request["content"].get(kind)
        if content is None:
            return [f"is sent as {kind}, which Discord's description doesn't have"]
        return self._requests.faults(content["schema"], body)


def is_configured() -> bool:
    """Return whether the environment names a file with Discord's description."""
    return Path(os.environ.get(VARIABLE, "")).is_file()


@functools.cache
def described() -> Description:
    """The description that the environment names, loaded once; the calling test is skipped when it names none."""
    if not is_configured():
        pytest.skip(NO_FILE)
    return Description.load(Path(os.environ[VARIABLE]))


def faults(exchange: Exchange) -> list[str]:
    """Say what is wrong with a recorded request and its answer."""
    return described().faults(exchange)


def _operations(document: Mapping[str, Any]) -> dict[tuple[str, int], list[Operation]]:
    """The operations by method and number of path segments, the most literal template first."""
    found: dict[tuple[str, int], list[Operation]] = {}
    for template, item in document["paths"].items():
        pattern = re.compile(re.sub(r"\\?\{(\w+)\\?\}", r"(?P<\1>[^/]+)", re.escape(template)))
        for method in _METHODS & item.keys():
            spec = item[method]
            parameters = (*item.get("parameters", ()), *spec.get("parameters", ()))
            literals = template.count("/") - template.count("{")
            operation = Operation(pattern, literals, parameters, spec.get("requestBody"), spec["responses"])
            found.setdefault((method, template.count("/")), []).append(operation)
    for operations in found.values():
        operations.sort(key=lambda operation: -operation.literals)
    return found


def _find(operations: dict[tuple[str, int], list[Operation]], method: str, path: str) -> Operation | None:
    bare = _bare(path)
    for operation in operations.get((method.lower(), bare.count("/")), ()):
        if operation.pattern.fullmatch(bare):
            return operation
    return None


def _bare(path: str) -> str:
    return re.sub(r"^/api(/v\d+)?(?=/)", "", path)


def _is_elsewhere(path: str) -> bool:
    return any(re.match(pattern, path) for pattern in NOT_DESCRIBED)


def _parsed(text: str, schema: Schema) -> object:
    """Read a parameter's text as the kind that the description gives it; it stays text when it can't be."""
    kind = schema.get("type")
    if kind == "array":
        return [text]
    if kind == "boolean":
        return _WORDS.get(text.lower(), text)
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text


def _formats() -> FormatChecker:
    formats = FormatChecker(())

    @formats.checks("date-time", ValueError)
    def is_moment(value: object) -> bool:
        return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None

    @formats.checks("uri", ValueError)
    def is_address(value: object) -> bool:
        return not isinstance(value, str) or bool(urlsplit(value).scheme)

    return formats
