"""Reading and completing the component trees of messages and forms."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import IntEnum

from sandbox.discord.wire import Payload


class ComponentKind(IntEnum):
    """Discord's component types."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS = frozenset(
    {
        ComponentKind.STRING_SELECT,
        ComponentKind.USER_SELECT,
        ComponentKind.ROLE_SELECT,
        ComponentKind.MENTIONABLE_SELECT,
        ComponentKind.CHANNEL_SELECT,
    }
)

_COMPLETED: dict[int, Payload] = {
    ComponentKind.BUTTON: {"disabled": False},
    ComponentKind.STRING_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    ComponentKind.USER_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    ComponentKind.ROLE_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    ComponentKind.MENTIONABLE_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    ComponentKind.CHANNEL_SELECT: {"min_values": 1, "max_values": 1, "disabled": False},
    ComponentKind.THUMBNAIL: {"description": None, "spoiler": False},
    ComponentKind.FILE: {"name": None, "size": None, "spoiler": False},
    ComponentKind.SEPARATOR: {"spacing": 1, "divider": True},
    ComponentKind.CONTAINER: {"accent_color": None, "spoiler": False},
}


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a person sees it."""

    label: str
    custom_id: str | None
    url: str | None
    disabled: bool
    style: int


@dataclass(frozen=True, slots=True)
class Media:
    """What a component's url shows: an uploaded file, or something elsewhere without name and size."""

    payload: Payload
    filename: str | None = None
    size: int | None = None


def walk(components: Sequence[Payload]) -> Iterator[Payload]:
    """Every component of a tree, parents first."""
    for component in components:
        yield component
        nested = [component[key] for key in ("component", "accessory") if component.get(key)]
        yield from walk([*component.get("components", ()), *nested])


def media_items(components: Sequence[Payload]) -> Iterator[Payload]:
    """The media objects (with their `url`) that the tree shows."""
    for component in walk(components):
        if "media" in component:
            yield component["media"]
        if "file" in component:
            yield component["file"]
        yield from (item["media"] for item in component.get("items", ()))


def numbered(components: Sequence[Payload], *, form: bool = False) -> list[Payload]:
    """A copy of the tree with the ids and defaults that Discord fills in; only in a form can a menu be required."""
    tree = deepcopy(list(components))
    taken = {component["id"] for component in walk(tree) if component.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)
    for component in walk(tree):
        component["id"] = component.get("id") or next(free)
        if component["type"] in SELECTS and not form:
            component.pop("required", None)
        for key, value in _COMPLETED.get(component["type"], {}).items():
            component.setdefault(key, value)
        for picked in component.get("default_values", ()):
            picked["id"] = str(picked["id"])
        for item in component.get("items", ()):
            item.setdefault("description", None)
            item.setdefault("spoiler", False)
    return tree


def with_media(components: Sequence[Payload], find: Callable[[str], Media]) -> list[Payload]:
    """A copy of the tree in which every media object is what `find` knows of its url."""
    tree = deepcopy(list(components))
    for media in media_items(tree):
        media.update(find(media["url"]).payload)
    for shown, file in zip(walk(components), walk(tree), strict=True):
        if file["type"] == ComponentKind.FILE:
            found = find(shown["file"]["url"])
            file["name"], file["size"] = found.filename, found.size
    return tree


def texts(components: Sequence[Payload]) -> list[str]:
    """What a person reads in the tree, top to bottom."""
    kinds = (ComponentKind.TEXT_DISPLAY,)
    return [component["content"] for component in walk(components) if component["type"] in kinds]


def buttons(components: Sequence[Payload]) -> dict[str, Button]:
    """The buttons of the tree by what is written on them (the emoji's name where there is no label)."""
    found: dict[str, Button] = {}
    for component in walk(components):
        if component["type"] == ComponentKind.BUTTON:
            label = component.get("label") or component.get("emoji", {}).get("name") or ""
            found[label] = Button(
                label,
                component.get("custom_id"),
                component.get("url"),
                component.get("disabled", False),
                component["style"],
            )
    return found


def selects(components: Sequence[Payload]) -> dict[str, Payload]:
    """The select menus of the tree by custom id."""
    return {item["custom_id"]: item for item in walk(components) if item["type"] in SELECTS}
