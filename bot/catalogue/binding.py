"""How one field of a gateway's body is filled from a neutral request."""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from bot.domain.request import VideoRequest

Scalar = str | int | Decimal | bool | None
Source = Literal[
    "prompt",
    "duration",
    "aspect",
    "resolution",
    "image",
    "last_image",
    "character.url",
    "character.start",
    "character.end",
    "parent_task",
    "audio",
    "seed",
    "watermark",
    "negative",
]
KINDS = "from (alone, or with as or table), pair with table, format, list, value"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_READ: dict[Source, Callable[[VideoRequest], Scalar]] = {
    "prompt": lambda request: request.prompt,
    "duration": lambda request: request.duration,
    "aspect": lambda request: request.aspect,
    "resolution": lambda request: request.resolution,
    "image": lambda request: request.image,
    "last_image": lambda request: request.last_image,
    "character.url": lambda request: request.character.url if request.character else None,
    "character.start": lambda request: request.character.start if request.character else None,
    "character.end": lambda request: request.character.end if request.character else None,
    "parent_task": lambda request: request.parent_task,
    "audio": lambda request: request.audio,
    "seed": lambda request: request.seed,
    "watermark": lambda request: request.watermark,
    "negative": lambda request: request.negative,
}


def text_of(value: Scalar) -> str:
    """A value as gateways write it in text: `true`, `0.5`, never an exponent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def _json_of(value: Scalar) -> JsonValue:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _plain(value: object) -> object:
    """A constant of the file without the decimals that it is read with."""
    match value:
        case Decimal():
            # Past the end of what JSON's readers hold there is only infinity, which it has no word for.
            if not math.isfinite(float(value)):
                raise PydanticCustomError("catalogue", "expected a number that is finite")
            return _json_of(value)
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
    return value


Constant = Annotated[JsonValue, BeforeValidator(_plain)]


class Binding(BaseModel):
    """One of six ways to fill a field: pass, cast, look-up on one or two values, format, list, constant.

    `from`: the value as it is; with `as` cast to text; with `table` looked up. `pair`: two values, looked up in
    `table` joined by `+`. `format`: text with `{source}` in it. `list`: those of the sources that are given.
    `value`: a constant.
    A field whose source is not given is left out of the body.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)

    source: Source | None = Field(None, alias="from")
    pair: tuple[Source, Source] | None = None
    cast: Literal["text"] | None = Field(None, alias="as")
    table: dict[str, Constant] | None = Field(None, min_length=1)
    format: str | None = None
    list_: tuple[Source, ...] | None = Field(None, alias="list", min_length=1)
    value: Constant = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [self.source, self.pair, self.format, self.list_, self.value]
        if sum(way is not None for way in ways) != 1:
            raise PydanticCustomError("catalogue", "expected one of: {kinds}", {"kinds": KINDS})
        if (self.pair and not self.table) or (self.table and not (self.source or self.pair)):
            raise PydanticCustomError("catalogue", "expected a table together with from or pair")
        if self.cast and (self.table or not self.source):
            raise PydanticCustomError("catalogue", "expected as only together with from")
        unknown = [name for name in _PLACEHOLDER.findall(self.format or "") if name not in get_args(Source)]
        if unknown:
            raise PydanticCustomError(
                "catalogue",
                "expected placeholders among {known}; found {unknown}",
                {"known": ", ".join(get_args(Source)), "unknown": ", ".join(unknown)},
            )
        if self.format is not None and not self.sources:
            raise PydanticCustomError("catalogue", "expected a {placeholder} in format, or value for a constant")
        return self

    @property
    def sources(self) -> tuple[Source, ...]:
        """What this field is made of; nothing for a constant."""
        if self.source:
            return (self.source,)
        if self.format is not None:
            names = _PLACEHOLDER.findall(self.format)
            return tuple(source for source in get_args(Source) if source in names)
        return self.pair or self.list_ or ()

    def fill(self, request: VideoRequest) -> JsonValue:
        """The field's value, or None when the field is left out.

        Raises KeyError for a value that the table doesn't hold; loading makes sure that it holds all.
        """
        values = [_READ[source](request) for source in self.sources]
        if self.list_:
            return [_json_of(value) for value in values if value is not None] or None
        if any(value is None for value in values):
            return None
        if self.table:
            return self.table["+".join(text_of(value) for value in values)]
        if self.format is not None:
            named: dict[str, Scalar] = dict(zip(self.sources, values, strict=True))
            return _PLACEHOLDER.sub(lambda match: text_of(named[match.group(1)]), self.format)
        if self.source:
            return text_of(values[0]) if self.cast else _json_of(values[0])
        return self.value
