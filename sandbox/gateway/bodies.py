"""The strict check of an order's body against the documentation of its model."""

import json
import math
from typing import NoReturn, TypeGuard

from pydantic import JsonValue

from sandbox.gateway.errors import invalid
from sandbox.gateway.models import Input, InputType, Model
from sandbox.gateway.rules import check_words

Body = dict[str, JsonValue]


def parse_body(content_type: str, raw: bytes) -> Body:
    """The JSON object of a request; raises GatewayError for anything else."""
    if content_type != "application/json":
        raise invalid(f"Content-Type must be application/json, not {content_type}")
    try:
        body: JsonValue = json.loads(raw, parse_constant=_refuse_constant)
    except ValueError as exc:
        raise invalid("the body is not JSON") from exc
    if not isinstance(body, dict):
        raise invalid("the body is not a JSON object")
    return body


def check_body(model: Model, body: Body) -> None:
    """Raise GatewayError unless `body` is what the model's documentation allows."""
    given = fields_of(model, body)
    for entry in model.inputs:
        if entry.name in given:
            _check_value(entry, given[entry.name])
        elif entry.required:
            raise invalid(f"{entry.name} is required")
    prompt = given.get("prompt", given.get("input.prompt"))
    if model.prompt_max is not None and isinstance(prompt, str) and len(prompt) > model.prompt_max:
        raise invalid(f"prompt is longer than {model.prompt_max} characters")
    check_words(model.slug, given)


def fields_of(model: Model, body: Body) -> Body:
    """The fields by their documented names; raises GatewayError for a field that the documentation does not have."""
    return _flatten(model, body, "")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _flatten(model: Model, body: Body, prefix: str) -> Body:
    known = {entry.name for entry in model.inputs}
    found: Body = {}
    for key, value in body.items():
        name = prefix + key
        if name in known and "." not in key:
            found[name] = value
        elif "." in key or not any(other.startswith(f"{name}.") for other in known):
            raise invalid(f"unknown field {name}")
        elif isinstance(value, dict):
            found |= _flatten(model, value, f"{name}.")
        else:
            raise invalid(f"{name} must be an object")
    return found


def _check_value(entry: Input, value: JsonValue) -> None:
    if not _has_type(entry.type, value):
        raise invalid(f"{entry.name} must be of type {entry.type}")
    if entry.required and isinstance(value, str) and not value.strip():
        raise invalid(f"{entry.name} must not be empty")
    if entry.enum is not None and value not in entry.enum:
        raise invalid(f"{entry.name} must be one of {list(entry.enum)}")
    measure = _measure(value)
    if measure is None:
        return
    if entry.min is not None and measure < entry.min:
        raise invalid(f"{entry.name} must be at least {entry.min:g}")
    if entry.max is not None and measure > entry.max:
        raise invalid(f"{entry.name} must be at most {entry.max:g}")


def _measure(value: JsonValue) -> float | None:
    """What `min` and `max` bound: a number itself, the count of a list's items, the length of a text."""
    if _is_number(value):
        return value
    if isinstance(value, list | str):
        return len(value)
    return None


def _is_number(value: JsonValue) -> TypeGuard[int | float]:
    # JSON's true is no number, although Python's is.
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _has_type(kind: InputType, value: JsonValue) -> bool:
    match kind:
        case InputType.STRING:
            return isinstance(value, str)
        case InputType.BOOLEAN:
            return isinstance(value, bool)
        case InputType.NUMBER:
            return _is_number(value)
        case InputType.INTEGER:
            return _is_number(value) and isinstance(value, int)
    item = {InputType.STRINGS: str, InputType.OBJECTS: dict}.get(kind, object)
    return isinstance(value, list) and all(isinstance(each, item) for each in value)
