"""What Discord would refuse in a form that is opened."""

from sandbox.discord.checks import components
from sandbox.discord.checks.components import (
    CHECKBOX,
    CHECKBOX_GROUP,
    CUSTOM_ID,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    ROW,
    SELECTS,
    TEXT_DISPLAY,
    TEXT_INPUT,
    component,
    names_once,
    option,
    value_range,
)
from sandbox.discord.checks.fields import (
    REQUIRED,
    Rule,
    choice,
    every,
    items,
    shape,
    text,
    truth,
    union,
    whole,
)
from sandbox.discord.checks.refusals import Nested, Path, Refusals

MAX_ROWS = 5
MAX_INPUT = 4000


def modal(payload: Nested) -> Nested | None:
    """Return Discord's nested `errors` object for the form's `data`, or None when it is accepted."""
    refusals = Refusals()
    shape(
        {"custom_id": CUSTOM_ID, "title": text(45, 1), "components": every(_ROWS, names_once)},
        {},
    )(refusals, (), payload)
    return refusals.nested()


def _input_range(refusals: Refusals, path: Path, value: object) -> None:
    assert isinstance(value, dict)
    least, most = value.get("min_length") or 0, value.get("max_length") or MAX_INPUT
    if least > most:
        reason = f"int value should be less than or equal to {most}."
        refusals.add((*path, "min_length"), "NUMBER_TYPE_MAX", reason)
    if len(value.get("value") or "") > most:
        reason = f"Must be {most} or fewer in length."
        refusals.add((*path, "value"), "BASE_TYPE_MAX_LENGTH", reason)


def _labelled(refusals: Refusals, path: Path, value: object) -> None:
    """An input that no Label names has to carry its own label."""
    assert isinstance(value, dict)
    if not value.get("label"):
        refusals.add((*path, "label"), *REQUIRED)


def _enabled(refusals: Refusals, path: Path, value: object) -> None:
    assert isinstance(value, dict)
    if value.get("disabled"):
        reason = "Components in a form cannot be disabled"
        refusals.add((*path, "disabled"), "COMPONENT_DISABLED_IN_MODAL", reason)


def _needed(refusals: Refusals, path: Path, value: object) -> None:
    """What has to be answered (the default) can't ask for no value at all."""
    assert isinstance(value, dict)
    if value.get("min_values") == 0 and value.get("required") is not False:
        reason = "min_values cannot be 0 when required is true"
        refusals.add((*path, "min_values"), "COMPONENT_REQUIRED_WITHOUT_VALUES", reason)


_TEXT_INPUT_RULE = every(
    component(
        {"custom_id": CUSTOM_ID, "style": choice(1, 2)},
        {
            "label": text(45, 1),
            "value": text(MAX_INPUT),
            "placeholder": text(100),
            "required": truth,
            "min_length": whole(0, MAX_INPUT),
            "max_length": whole(1, MAX_INPUT),
        },
    ),
    _input_range,
)
_COUNTED = {"min_values": whole(0, 10), "max_values": whole(1, 10), "required": truth}


def _boxes(least: int, optional: dict[str, Rule]) -> Rule:
    required = {"custom_id": CUSTOM_ID, "options": items(option({}), least, 10)}
    return every(component(required, optional), value_range, _needed)


_LABELLED = union(
    {
        TEXT_INPUT: _TEXT_INPUT_RULE,
        FILE_UPLOAD: every(
            # `file_types` is newer than the description, as on attachment options.
            component({"custom_id": CUSTOM_ID}, {**_COUNTED, "file_types": items(text(100, 1), 0, 25)}),
            value_range,
            _needed,
        ),
        RADIO_GROUP: _boxes(2, {"required": truth}),
        CHECKBOX_GROUP: _boxes(1, _COUNTED),
        CHECKBOX: component({"custom_id": CUSTOM_ID}, {"default": truth}),
        **{kind: every(rule, _enabled) for kind, rule in SELECTS.items()},
    }
)
_ROWS = items(
    union(
        {
            ROW: component({"components": items(union({TEXT_INPUT: every(_TEXT_INPUT_RULE, _labelled)}), 1, 1)}, {}),
            LABEL: component({"label": text(45, 1), "component": _LABELLED}, {"description": text(100, 1)}),
            TEXT_DISPLAY: components.TEXT_DISPLAY_RULE,
        }
    ),
    1,
    MAX_ROWS,
)
