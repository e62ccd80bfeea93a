"""What Discord refuses in forms."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord import checks
from tests.sandbox.discord.checks.nested import places

Payload = dict[str, Any]

INSIDE = "components.0.component"


def form(*rows: Payload, **fields: object) -> Payload:
    return {"custom_id": "cb:more:1", "title": "More", "components": list(rows), **fields}


def label(component: Payload, **fields: object) -> Payload:
    return {"type": 18, "label": "Seed", "component": component, **fields}


def text_input(number: int = 0, **fields: object) -> Payload:
    return {"type": 4, "style": 1, "custom_id": f"input{number}", **fields}


def row(*components: Payload) -> Payload:
    return {"type": 1, "components": list(components)}


def options(count: int) -> list[Payload]:
    return [{"label": f"Option {number}", "value": str(number)} for number in range(count)]


def boxes(kind: int, count: int, **fields: object) -> Payload:
    return {"type": kind, "custom_id": "boxes", "options": options(count), **fields}


def people(count: int) -> list[Payload]:
    return [{"id": str(number), "type": "user"} for number in range(count)]


def upload(**fields: object) -> Payload:
    return {"type": 19, "custom_id": "file", **fields}


LIMITS: dict[str, tuple[Callable[[int], Payload], int, str]] = {
    "title": (lambda n: form(label(text_input()), title="x" * n), 45, "title"),
    "custom id": (lambda n: form(label(text_input()), custom_id="x" * n), 100, "custom_id"),
    "rows": (lambda n: form(*[label(text_input(i)) for i in range(n)]), 5, "components"),
    "label": (lambda n: form(label(text_input(), label="x" * n)), 45, "components.0.label"),
    "label's description": (
        lambda n: form(label(text_input(), description="x" * n)),
        100,
        "components.0.description",
    ),
    "input's own label": (
        lambda n: form(row(text_input(label="x" * n))),
        45,
        "components.0.components.0.label",
    ),
    "inputs in a row": (
        lambda n: form(row(*[text_input(i, label="x") for i in range(n)])),
        1,
        "components.0.components",
    ),
    "input's custom id": (lambda n: form(label(text_input(custom_id="x" * n))), 100, f"{INSIDE}.custom_id"),
    "value": (lambda n: form(label(text_input(value="x" * n))), 4000, f"{INSIDE}.value"),
    "value within the asked length": (
        lambda n: form(label(text_input(value="x" * n, max_length=20))),
        20,
        f"{INSIDE}.value",
    ),
    "placeholder": (lambda n: form(label(text_input(placeholder="x" * n))), 100, f"{INSIDE}.placeholder"),
    "longest text": (lambda n: form(label(text_input(max_length=n))), 4000, f"{INSIDE}.max_length"),
    "shortest text": (lambda n: form(label(text_input(min_length=n))), 4000, f"{INSIDE}.min_length"),
    "shortest below longest": (
        lambda n: form(label(text_input(min_length=n, max_length=7))),
        7,
        f"{INSIDE}.min_length",
    ),
    "radio options": (lambda n: form(label(boxes(21, n))), 10, f"{INSIDE}.options"),
    "check boxes": (lambda n: form(label(boxes(22, n))), 10, f"{INSIDE}.options"),
    "chosen boxes": (lambda n: form(label(boxes(22, 3, max_values=n))), 3, f"{INSIDE}.max_values"),
    "select options": (lambda n: form(label(boxes(3, n))), 25, f"{INSIDE}.options"),
    "uploaded files": (lambda n: form(label(upload(max_values=n))), 10, f"{INSIDE}.max_values"),
    "preset people": (
        lambda n: form(label({"type": 5, "custom_id": "who", "max_values": 3, "default_values": people(n)})),
        3,
        f"{INSIDE}.default_values",
    ),
    "text display": (lambda n: form({"type": 10, "content": "x" * n}), 4000, "components.0.content"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_form_at_the_limit_is_accepted(name: str) -> None:
    build, limit, _place = LIMITS[name]

    assert checks.modal(build(limit)) is None


@pytest.mark.parametrize("name", LIMITS)
def test_a_form_one_over_the_limit_is_refused_at_that_place(name: str) -> None:
    build, limit, place = LIMITS[name]

    assert set(places(checks.modal(build(limit + 1)))) == {place}


REFUSED: dict[str, tuple[Payload, str, str]] = {
    "no row": (form(), "components", "BASE_TYPE_REQUIRED"),
    "no title": (form(label(text_input()), title=""), "title", "BASE_TYPE_REQUIRED"),
    "a row's input without label": (
        form(row(text_input())),
        "components.0.components.0.label",
        "BASE_TYPE_REQUIRED",
    ),
    "a select in a row": (
        form(row(boxes(3, 1))),
        "components.0.components.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "a button": (
        form(label({"type": 2, "style": 1, "label": "x", "custom_id": "x"})),
        f"{INSIDE}.type",
        "UNION_TYPE_CHOICES",
    ),
    "a container": (form({"type": 17, "components": []}), "components.0.type", "UNION_TYPE_CHOICES"),
    "a label without component": (
        form({"type": 18, "label": "x"}),
        "components.0.component",
        "BASE_TYPE_REQUIRED",
    ),
    "a custom id twice": (
        form(label(text_input(1)), label(text_input(1))),
        "components.1.component.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "a numeric id twice": (
        form(label(text_input(1, id=7)), label(text_input(2, id=7))),
        "components.1.component.id",
        "COMPONENT_ID_DUPLICATED",
    ),
    "one radio option": (form(label(boxes(21, 1))), f"{INSIDE}.options", "BASE_TYPE_BAD_LENGTH"),
    "two radio options chosen": (
        form(label(boxes(21, 0, options=[{**each, "default": True} for each in options(2)]))),
        f"{INSIDE}.options",
        "SELECT_COMPONENT_TOO_MANY_DEFAULTS",
    ),
    "a disabled select": (form(label(boxes(3, 1, disabled=True))), f"{INSIDE}.disabled", "COMPONENT_DISABLED_IN_MODAL"),
    "a file that is needed and not": (
        form(label(upload(min_values=0, required=True))),
        f"{INSIDE}.min_values",
        "COMPONENT_REQUIRED_WITHOUT_VALUES",
    ),
    "an unknown style": (form(label(text_input(style=3))), f"{INSIDE}.style", "BASE_TYPE_CHOICES"),
    "an unknown key": (form(label(text_input()), colour=1), "colour", "UNKNOWN_FIELD"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_is_refused_for(name: str) -> None:
    payload, place, code = REFUSED[name]

    assert places(checks.modal(payload)) == {place: [code]}


@pytest.mark.parametrize(
    "component",
    [
        text_input(),
        boxes(3, 1),
        {"type": 5, "custom_id": "user"},
        {"type": 6, "custom_id": "role"},
        {"type": 7, "custom_id": "either"},
        {"type": 8, "custom_id": "channel", "channel_types": [0]},
        upload(min_values=0, required=False, file_types=["video/mp4"]),
        boxes(21, 2),
        boxes(22, 1),
        boxes(22, 0, options=[{**each, "default": True} for each in options(3)]),
        {"type": 23, "custom_id": "box", "default": True},
    ],
    ids=lambda component: f"type {component['type']}",
)
def test_a_label_holds(component: Payload) -> None:
    assert checks.modal(form(label(component))) is None
