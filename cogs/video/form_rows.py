"""The rows of forms: what each asks for, what stands in it, and what was entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import discord

from bot.client.escape import plain
from bot.media.attachments import Attachment

LABEL_LIMIT = 45
DESCRIPTION_LIMIT = 100
OPTION_LIMIT = 100
TEXT_LIMIT = 4000
MOST_OPTIONS = 25
MOST_BUTTONS = 5
"""Discord takes ten radio buttons; more than a handful push the rest of a form out of sight."""

Component = discord.ui.Item[Any]
Row = discord.ui.Item[Any]


@lru_cache(maxsize=1024)
def _written(text: str, limit: int) -> str:
    """A text as forms show it, the same object each time: a thousand forms that nobody sends say the same things."""
    return plain(text, limit)


def attachment_of(file: discord.Attachment) -> Attachment:
    """An uploaded file as orders know it."""
    return Attachment(file.url, file.filename, file.size)


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands over a row: a label, and a line below it."""

    label: str
    description: str = ""

    def over(self, component: Component) -> Row:
        """The component with its caption."""
        description = _written(self.description, DESCRIPTION_LIMIT) or None
        return discord.ui.Label(text=_written(self.label, LABEL_LIMIT), description=description, component=component)


class Option(NamedTuple):
    """One of several things to choose from, and what is told below its name."""

    value: str
    name: str
    told: str = ""


@lru_cache(maxsize=256)
def _buttons(options: tuple[Option, ...], preset: str | None) -> tuple[discord.RadioGroupOption, ...]:
    return tuple(
        discord.RadioGroupOption(
            label=_written(name, OPTION_LIMIT),
            value=value,
            description=_written(told, OPTION_LIMIT) or None,
            default=value == preset,
        )
        for value, name, told in options
    )


@lru_cache(maxsize=256)
def _entries(options: tuple[Option, ...], preset: str | None) -> tuple[discord.SelectOption, ...]:
    return tuple(
        discord.SelectOption(
            label=_written(name, OPTION_LIMIT),
            value=value,
            description=_written(told, OPTION_LIMIT) or None,
            default=value == preset,
        )
        for value, name, told in options
    )


@lru_cache(maxsize=64)
def _boxes(options: tuple[Option, ...], ticked: frozenset[str]) -> tuple[discord.CheckboxGroupOption, ...]:
    return tuple(
        discord.CheckboxGroupOption(label=_written(name, OPTION_LIMIT), value=value, default=value in ticked)
        for value, name, _ in options
    )


class TextRow:
    """Asks for words; what stands in it already is never cut."""

    __slots__ = ("_input", "item")

    def __init__(
        self,
        caption: Caption,
        preset: str | None,
        *,
        required: bool = False,
        long: bool = True,
        limit: int = TEXT_LIMIT,
    ) -> None:
        self._input: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            default=preset or None,
            required=required,
            max_length=min(TEXT_LIMIT, max(limit, len(preset or ""))),
        )
        self.item = caption.over(self._input)

    @property
    def typed(self) -> str:
        """The text as it was typed."""
        return self._input.value


class PickRow:
    """Offers one of several things, or none of them: radio buttons for a few, a menu for up to 25."""

    __slots__ = ("_group", "_menu", "item")

    def __init__(self, caption: Caption, options: Sequence[Option], preset: str | None) -> None:
        self._group: discord.ui.RadioGroup[Any] | None = None
        self._menu: discord.ui.Select[Any] | None = None
        if 2 <= len(options) <= MOST_BUTTONS:
            self._group = discord.ui.RadioGroup(options=list(_buttons(tuple(options), preset)), required=False)
            self.item = caption.over(self._group)
        else:
            entries = list(_entries(tuple(options[:MOST_OPTIONS]), preset))
            self._menu = discord.ui.Select(options=entries, required=False, min_values=0)
            self.item = caption.over(self._menu)

    @property
    def picked(self) -> str | None:
        """The value of what was chosen."""
        if self._group is not None:
            return self._group.value
        return next(iter(self._menu.values), None) if self._menu is not None else None


class TickRow:
    """Offers boxes to tick."""

    __slots__ = ("_group", "_offered", "item")

    def __init__(self, caption: Caption, options: Sequence[Option], ticked: frozenset[str]) -> None:
        boxes = list(_boxes(tuple(options), ticked))
        self._offered = frozenset(option.value for option in options)
        self._group: discord.ui.CheckboxGroup[Any] = discord.ui.CheckboxGroup(
            options=boxes, required=False, min_values=0, max_values=len(boxes)
        )
        self.item = caption.over(self._group)

    def ticked(self, value: str) -> bool | None:
        """Whether a box is ticked; None for one that is not offered."""
        return value in self._group.values if value in self._offered else None


class FileRow:
    """Asks for a file, which may be left out."""

    __slots__ = ("_upload", "item")

    def __init__(self, caption: Caption) -> None:
        self._upload: discord.ui.FileUpload[Any] = discord.ui.FileUpload(required=False, min_values=0, max_values=1)
        self.item = caption.over(self._upload)

    @property
    def file(self) -> Attachment | None:
        """The uploaded file."""
        return next((attachment_of(file) for file in self._upload.values), None)


def spread(values: Sequence[int], preset: int | None) -> list[int]:
    """At most 25 of the values, evenly, with both ends and the one that is chosen."""
    found = sorted(set(values))
    if len(found) <= MOST_OPTIONS:
        return found
    last, room = len(found) - 1, MOST_OPTIONS - 2
    chosen = {found[round(step * last / room)] for step in range(room + 1)}
    return sorted(chosen | {preset} if preset in found and preset is not None else chosen)
