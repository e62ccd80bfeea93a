"""Discord's OpenAPI document as schemas: corrected where it is known to lag, and closed to unknown keys."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from jsonschema.protocols import Validator

Schema = Mapping[str, Any]

_KINDS: dict[str, type | tuple[type, ...]] = {
    "null": type(None),
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
_TRUTH = {"type": "boolean"}
_FILE_TYPES = {"type": ["array", "null"], "items": {"type": "string"}}
_FREE: Schema = {}

ADDED: dict[str, dict[str, Schema]] = {
    # Documented for forum posts: the thread comes with its first message.
    "CreatedThreadResponse": {"message": {"$ref": "#/components/schemas/MessageResponse"}},
    # Documented for commands, and always sent by the client; the description only answers it.
    "ApplicationCommandCreateRequest": {"nsfw": _TRUTH},
    "ApplicationCommandUpdateRequest": {"nsfw": _TRUTH},
    "ApplicationCommandPatchRequestPartial": {"nsfw": _TRUTH},
    # Newer than the description: what a file picker offers.
    "ApplicationCommandAttachmentOption": {"file_types": _FILE_TYPES},
    "ApplicationCommandAttachmentOptionResponse": {"file_types": _FILE_TYPES},
    "FileUploadComponentForModalRequest": {"file_types": _FILE_TYPES},
    # The client says `tts: false` in edits and in a forum post's message too.
    "BaseCreateMessageCreateRequest": {"tts": _TRUTH},
    "MessageEditRequestPartial": {"tts": _TRUTH},
    "IncomingWebhookUpdateRequestPartial": {"tts": _TRUTH},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts": _TRUTH},
    # A file that an edit keeps is sent back by the client as it got it.
    "MessageAttachmentRequest": dict.fromkeys(
        ("url", "proxy_url", "size", "width", "height", "content_type", "spoiler"), _FREE
    ),
    # The client says `flags: 0` in every embed.
    "RichEmbed": {"flags": {"type": "integer"}},
    # The client marks animated emoji itself.
    "ComponentEmojiForRequest": {"animated": _TRUTH},
}
"""Keys that the description lacks and that Discord takes, by schema."""


def corrected(text: str, *, requests: bool) -> dict[str, Any]:
    """Parse the description and add what it is known to lack; in requests, ids may be integers."""
    fixed: dict[str, Any] = json.loads(text)
    schemas = fixed["components"]["schemas"]
    for name, added in ADDED.items():
        if name in schemas:
            schemas[name]["properties"].update(added)
    if "InnerErrors" in schemas:
        # The reasons below `errors` carry words ("BASE_TYPE_MAX_LENGTH"), not the numbers of the outer code.
        reasons = schemas["InnerErrors"]["properties"]["_errors"]
        reasons["items"] = {
            "type": "object",
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            "required": ["code", "message"],
        }
    if requests:
        strict = schemas["SnowflakeType"]
        schemas["SnowflakeType"] = {"anyOf": [strict, {"type": "integer", "minimum": 0}]}
    return fixed


@dataclass(slots=True)
class Schemas:
    """One form of the document: compiles validators for its parts and finds keys that it doesn't know."""

    document: Mapping[str, Any]
    formats: FormatChecker
    _class: type[Validator]
    _compiled: dict[int, Validator] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any], formats: FormatChecker) -> "Schemas":
        """Prepare to validate with the parts of one document."""
        schemas = cls(document, formats, Draft202012Validator)
        keywords = {"oneOf": schemas._one_of, "anyOf": schemas._any_of, "$ref": schemas._reference}
        schemas._class = validators.extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
        return schemas

    def faults(self, schema: Schema, value: Any) -> list[str]:
        """Say what is wrong with `value`, by a schema of this very document, unknown keys included."""
        validator = self._compiled.get(id(schema))
        if validator is None:
            validator = self._class(schema, format_checker=self.formats)
            self._compiled[id(schema)] = validator
        wrong = [
            f"/{'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}"
            for fault in validator.iter_errors(value)
        ]
        return wrong + list(self._unknown_keys(schema, value, ""))

    def resolved(self, schema: Schema) -> Schema:
        """Follow references inside the document."""
        while "$ref" in schema:
            found: Any = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        return schema

    def narrowed(self, branches: list[Schema], value: object) -> list[Schema]:
        """The branches of a union that `value` can belong to, by its kind and by its fixed values such as `type`."""
        return [branch for branch in branches if self._may_be(self.resolved(branch), value)]

    def _unknown_keys(self, schema: Schema, value: object, path: str) -> Iterator[str]:
        """Yield the place of every key in `value` that no applicable part of `schema` names."""
        parts = list(self._parts(schema, value))
        if isinstance(value, list):
            inner = [part["items"] for part in parts if "items" in part]
            for index, each in enumerate(value if inner else ()):
                yield from self._unknown_keys({"allOf": inner}, each, f"{path}/{index}")
        elif isinstance(value, dict):
            yield from self._unknown_in_object(parts, value, path)

    def _unknown_in_object(self, parts: list[Schema], value: dict[str, object], path: str) -> Iterator[str]:
        closed = any(part.get("properties") for part in parts)
        for key, each in value.items():
            inner = [part["properties"][key] for part in parts if key in part.get("properties", ())]
            others = [part["additionalProperties"] for part in parts if part.get("additionalProperties")]
            if inner or others:
                below = inner or [other for other in others if isinstance(other, dict)]
                yield from self._unknown_keys({"allOf": below}, each, f"{path}/{key}")
            elif closed:
                yield f"{path}/{key}: a key that Discord's description doesn't have"

    def _parts(self, schema: Schema, value: object) -> Iterator[Schema]:
        """Yield the plain schemas that `schema` is made of for this value."""
        schema = self.resolved(schema)
        yield schema
        for part in schema.get("allOf", ()):
            yield from self._parts(part, value)
        for union in ("oneOf", "anyOf"):
            for branch in self.narrowed(schema.get(union, []), value):
                yield from self._parts(branch, value)

    def _may_be(self, schema: Schema, value: object) -> bool:
        kinds = schema.get("type")
        if kinds is not None:
            listed = [kinds] if isinstance(kinds, str) else kinds
            if not any(isinstance(value, _KINDS[kind]) for kind in listed):
                return False
        if "const" in schema and schema["const"] != value:
            return False
        if not isinstance(value, dict):
            return True
        fixed = {name: part["enum"] for name, part in schema.get("properties", {}).items() if "enum" in part}
        return all(value.get(name) in allowed for name, allowed in fixed.items() if name in value)

    def _one_of(
        self, validator: Any, branches: list[Schema], value: object, _schema: Schema
    ) -> Iterator[ValidationError]:
        """Like the keyword, but the faults of the only possible branch are told, not just that none fits."""
        possible = self.narrowed(branches, value)
        if not possible:
            yield ValidationError(f"{_shown(value)} is none of the kinds that are possible here")
        elif len(possible) == 1:
            yield from validator.descend(value, possible[0])
        else:
            faults = [list(validator.descend(value, branch)) for branch in possible]
            fitting = sum(not found for found in faults)
            if fitting > 1:
                yield ValidationError(f"{_shown(value)} is of more than one kind")
            elif not fitting:
                yield from min(faults, key=len)

    def _reference(self, validator: Any, _reference: str, value: object, schema: Schema) -> Iterator[ValidationError]:
        """Like the keyword, for references inside the document, which a part compiled by itself can't follow."""
        yield from validator.descend(value, self.resolved(schema))

    def _any_of(
        self, validator: Any, branches: list[Schema], value: object, _schema: Schema
    ) -> Iterator[ValidationError]:
        possible = self.narrowed(branches, value)
        if not possible:
            yield ValidationError(f"{_shown(value)} is none of the kinds that are possible here")
            return
        faults = [list(validator.descend(value, branch)) for branch in possible]
        if all(faults):
            yield from min(faults, key=len)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:120]}…"
