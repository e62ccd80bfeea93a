"""The components of a message: which exist, what each may hold, and the limits over all of them together."""

from collections.abc import Iterator

from sandbox.discord.checks.fields import (
    Fields,
    Rule,
    anything,
    choice,
    distinct,
    every,
    items,
    link,
    objects,
    repeated,
    shape,
    snowflake,
    text,
    truth,
    union,
    whole,
)
from sandbox.discord.checks.refusals import Path, Refusals

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(1, 9)
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, FILE_UPLOAD = range(17, 20)
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = range(21, 24)

LINK_STYLE, PREMIUM_STYLE = 5, 6
MAX_COMPONENTS = 40
MAX_DISPLAYED_TEXT = 4000
MAX_DISPLAYED_BYTES = 10_170
"""Of UTF-8, in all text of a V2 message together: undocumented, but Discord refuses about what is above it."""
CHANNEL_TYPES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15)

CUSTOM_ID = text(100, 1)
# The client marks animated emoji itself, which Discord's description leaves out.
EMOJI = shape({}, {"id": snowflake, "name": text(32), "animated": truth})


def component(required: Fields, optional: Fields) -> Rule:
    """Return the rule of one kind of component, with the fields that all have."""
    return shape({"type": anything, **required}, {"id": whole(0, 2**31 - 1), **optional})


def option(optional: Fields) -> Rule:
    """Return the rule of one entry of a select or of a group of boxes."""
    texts = {"label": text(100, 1), "value": text(100, 1)}
    return shape(texts, {"description": text(100), "default": truth, **optional})


def value_range(refusals: Refusals, path: Path, value: object) -> None:
    """Refuse a choice whose `min_values`, `max_values` and options contradict each other."""
    assert isinstance(value, dict)
    least, most = value.get("min_values"), value.get("max_values")
    options, picked = value.get("options"), objects(value.get("default_values"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        refusals.add((*path, "min_values"), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
    if len(picked) > (most if isinstance(most, int) else 1):
        reason = "More values are chosen by default than can be chosen"
        refusals.add((*path, "default_values"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", reason)
    if not isinstance(options, list):
        return
    if isinstance(most, int) and most > len(options):
        reason = f"int value should be less than or equal to {len(options)}."
        refusals.add((*path, "max_values"), "NUMBER_TYPE_MAX", reason)
    for index in repeated(each["value"] for each in objects(options)):
        refusals.add(
            (*path, "options", index, "value"),
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
        )
    chosen = sum(1 for each in objects(options) if each.get("default"))
    by_default = len(options) if value["type"] == CHECKBOX_GROUP else 1
    if chosen > (most if isinstance(most, int) else by_default):
        reason = "More options are chosen by default than can be chosen"
        refusals.add((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", reason)


def _select(*default_kinds: str, required: Fields | None = None, optional: Fields | None = None) -> Rule:
    fields: dict[str, Rule] = {
        "placeholder": text(150),
        "min_values": whole(0, 25),
        "max_values": whole(1, 25),
        "disabled": truth,
        "required": truth,
        **(optional or {}),
    }
    if default_kinds:
        default = shape({"id": snowflake, "type": choice(*default_kinds)}, {})
        fields["default_values"] = items(default, 0, 25)
    return every(component({"custom_id": CUSTOM_ID, **(required or {})}, fields), value_range)


SELECTS = {
    STRING_SELECT: _select(required={"options": items(option({"emoji": EMOJI}), 1, 25)}),
    USER_SELECT: _select("user"),
    ROLE_SELECT: _select("role"),
    MENTIONABLE_SELECT: _select("user", "role"),
    CHANNEL_SELECT: _select(
        "channel", optional={"channel_types": every(items(choice(*CHANNEL_TYPES), 0, 25), distinct)}
    ),
}


def _button_target(refusals: Refusals, path: Path, value: object) -> None:
    """A button leads to exactly one thing, which its style names."""
    assert isinstance(value, dict)
    wanted = {LINK_STYLE: "url", PREMIUM_STYLE: "sku_id"}.get(value["style"], "custom_id")
    if not value.get(wanted):
        code = "COMPONENT_CUSTOM_ID_REQUIRED" if wanted == "custom_id" else "BASE_TYPE_REQUIRED"
        refusals.add((*path, wanted), code, "This field is required")
    forbidden = {"url", "sku_id", "custom_id"} - {wanted}
    if wanted == "sku_id":
        forbidden |= {"label", "emoji"}
    elif not value.get("label") and not value.get("emoji"):
        refusals.add((*path, "label"), "BUTTON_COMPONENT_EMPTY", "A button needs a label or an emoji")
    for name in sorted(forbidden):
        if value.get(name):
            reason = f"A button of this style cannot have this field beside {wanted}"
            refusals.add((*path, name), "BUTTON_COMPONENT_FIELD_CONFLICT", reason)


def _row_width(refusals: Refusals, path: Path, value: object) -> None:
    assert isinstance(value, dict)
    width = 0
    for index, each in enumerate(objects(value["components"])):
        width += 1 if each["type"] == BUTTON else 5
        if width > 5:
            reason = "The specified component exceeds the maximum width"
            refusals.add((*path, "components", index), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", reason)


_BUTTON_RULE = every(
    component(
        {"style": choice(1, 2, 3, 4, LINK_STYLE, PREMIUM_STYLE)},
        {
            "custom_id": CUSTOM_ID,
            "label": text(80),
            "disabled": truth,
            "url": link(512, "http", "https", "discord"),
            "sku_id": snowflake,
            "emoji": EMOJI,
        },
    ),
    _button_target,
)
_ROW_RULE = every(component({"components": items(union({BUTTON: _BUTTON_RULE, **SELECTS}), 1, 5)}, {}), _row_width)
_MEDIA = shape({"url": link(2048, "http", "https", "attachment")}, {})
_DESCRIBED = {"description": text(1024, 1), "spoiler": truth}
_THUMBNAIL_RULE = component({"media": _MEDIA}, _DESCRIBED)
TEXT_DISPLAY_RULE = component({"content": text(4000, 1)}, {})
_SECTION_RULE = component(
    {
        "components": items(union({TEXT_DISPLAY: TEXT_DISPLAY_RULE}), 1, 3),
        "accessory": union({BUTTON: _BUTTON_RULE, THUMBNAIL: _THUMBNAIL_RULE}),
    },
    {},
)
_INNER = {
    ROW: _ROW_RULE,
    SECTION: _SECTION_RULE,
    TEXT_DISPLAY: TEXT_DISPLAY_RULE,
    MEDIA_GALLERY: component({"items": items(shape({"media": _MEDIA}, _DESCRIBED), 1, 10)}, {}),
    FILE: component({"file": shape({"url": link(2048, "attachment")}, {})}, {"spoiler": truth}),
    SEPARATOR: component({}, {"divider": truth, "spacing": choice(1, 2)}),
}
_CONTAINER_RULE = component(
    {"components": items(union(_INNER), 1, MAX_COMPONENTS)},
    {"accent_color": whole(0, 0xFFFFFF), "spoiler": truth},
)

CLASSIC = items(union({ROW: _ROW_RULE}), 0, 5)
V2 = items(union({**_INNER, CONTAINER: _CONTAINER_RULE}), 0, MAX_COMPONENTS)


def descend(value: object, path: Path = ("components",)) -> Iterator[tuple[Path, dict[str, object]]]:
    """Yield every component with its place, outer ones first."""
    for index, each in enumerate(objects(value)):
        here = (*path, index)
        yield here, each
        yield from descend(each.get("components"), (*here, "components"))
        for inner in ("accessory", "component"):
            child = each.get(inner)
            if isinstance(child, dict):
                yield (*here, inner), child


def names_once(refusals: Refusals, path: Path, value: object) -> None:
    """Refuse components that share a custom id or a numeric id."""
    found = list(descend(value, path))
    for name in ("custom_id", "id"):
        named = [(*here, name) for here, each in found if each.get(name)]
        for position in repeated(each[name] for _, each in found if each.get(name)):
            reason = f"Component {name.replace('_', ' ')} cannot be duplicated"
            refusals.add(named[position], f"COMPONENT_{name.upper()}_DUPLICATED", reason)


def total_size(refusals: Refusals, path: Path, value: object) -> None:
    """Refuse more components, or more displayed text, than a message holds in all."""
    found = [each for _, each in descend(value, path)]
    if len(found) > MAX_COMPONENTS:
        reason = f"The total number of components must be {MAX_COMPONENTS} or fewer"
        refusals.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", reason)
    shown = "".join(str(each["content"]) for each in found if each["type"] == TEXT_DISPLAY)
    if len(shown) > MAX_DISPLAYED_TEXT or len(shown.encode()) > MAX_DISPLAYED_BYTES:
        reason = f"The total displayable text size must be {MAX_DISPLAYED_TEXT} or fewer"
        refusals.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", reason)
