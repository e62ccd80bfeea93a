"""The form of a catalogue entry, as it stands in a TOML file."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.catalogue.binding import Binding

Input = Literal["image", "last_image", "character", "parent_task"]
PictureInput = Literal["image", "last_image"]
Option = Literal["duration", "aspect", "resolution", "audio", "seed", "watermark", "negative"]

# A yes is no number, although Python takes it for one.
Seconds = Annotated[int, Field(strict=True, ge=1, le=600)]
"""Nobody sells longer videos, and each length of a range is looked at while somebody chooses."""
Characters = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Pixels = Annotated[int, Field(strict=True, ge=1, le=100_000)]
DEAREST = 10_000


class Sound(StrEnum):
    """Whether a model's videos have sound."""

    ALWAYS = "always"
    OPTIONAL = "optional"
    NEVER = "never"


class Part(BaseModel):
    """A table of the file: unknown fields are faults, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _refuse(expected: str) -> PydanticCustomError:
    return PydanticCustomError("catalogue", "{expected}", {"expected": expected})


def _shown(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise _refuse("expected letters and signs that can be seen, without blanks around them")
    return text


def _once(values: Iterable[str | int]) -> bool:
    folded = [str(value).casefold() for value in values]
    return len(folded) == len(set(folded))


MOST_CHOICES = 25
"""Discord's menus offer no more."""
Word = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_shown)]
"""A choice as members read it; Discord's menus have room for it."""
Seed = Annotated[int, Field(strict=True, ge=-(2**63), lt=2**64)]
"""What a gateway can read as a number."""


class Durations(Part):
    """Lengths in seconds: a list of choices, or every length from `min` to `max`."""

    choices: tuple[Seconds, ...] = ()
    min: Seconds | None = None
    max: Seconds | None = None
    default: Seconds

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        ends = (self.min is not None) + (self.max is not None)
        if ends != (0 if self.choices else 2):
            raise _refuse("expected either choices, or min and max")
        if not _once(self.choices):
            raise _refuse("expected each of the choices once")
        if not self.values:
            raise _refuse("expected a min that is no more than max")
        if self.default not in self.values:
            raise _refuse("expected a default that is offered")
        return self

    @property
    def is_range(self) -> bool:
        """Whether every whole second between two lengths is offered."""
        return not self.choices

    @cached_property
    def values(self) -> tuple[int, ...]:
        """Every length offered, shortest first where it is a range."""
        if self.min is None or self.max is None:
            return self.choices
        return tuple(range(self.min, self.max + 1))


class Aspects(Part):
    """Shapes, each with the word that members read: `landscape = "16:9"`. The default is such a word."""

    choices: dict[Word, Word] = Field(min_length=1, max_length=MOST_CHOICES)
    default: str

    @model_validator(mode="after")
    def _default_offered(self) -> Self:
        if self.default not in self.choices:
            raise _refuse("expected a default that is one of the words in choices")
        if not _once(self.choices):
            raise _refuse("expected each of the words once, however it is written")
        # An order is repeated with the shape, which would be taken for the word.
        if any(self.choices.get(shape, shape) != shape for shape in self.choices.values()):
            raise _refuse("expected no word that is the shape of another word")
        return self


class Resolutions(Part):
    """Resolutions in the words that members read."""

    choices: tuple[Word, ...] = Field(min_length=1, max_length=MOST_CHOICES)
    default: str

    @model_validator(mode="after")
    def _default_offered(self) -> Self:
        if self.default not in self.choices:
            raise _refuse("expected a default that is one of the choices")
        if not _once(self.choices):
            raise _refuse("expected each of the choices once")
        return self


class Seeds(Part):
    """The seeds that a model takes; there is no default, absent means random."""

    min: Seed = 0
    max: Seed = 2_147_483_647

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min > self.max:
            raise _refuse("expected a min that is no more than max")
        return self


_SHORTEST_CLIP, _LONGEST_CLIP = 1, 3
"""Seconds of a clip that members can choose."""


class Clip(Part):
    """What a character clip has to be. `cut`: the body has no range, so the clip is cut to it first."""

    min_seconds: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    max_seconds: Decimal = Decimal(3)
    cut: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_seconds > self.max_seconds:
            raise _refuse("expected a min_seconds that is no more than max_seconds")
        if self.min_seconds > _LONGEST_CLIP or self.max_seconds < _SHORTEST_CLIP:
            raise _refuse("expected room for a clip of 1 to 3 s, which is what members can choose")
        return self


class Pictures(Part):
    """What a picture has to be: pixels of each side, and how many times the shorter side the longer one may be."""

    min_side: Pixels | None = None
    max_side: Pixels | None = None
    max_ratio: Annotated[Decimal, Field(ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_side is None and self.max_side is None and self.max_ratio is None:
            raise _refuse("expected min_side, max_side or max_ratio")
        if self.min_side is not None and self.max_side is not None and self.min_side > self.max_side:
            raise _refuse("expected a min_side that is no more than max_side")
        return self


class Choice(Part):
    """Values of options; a request is inside when each option named has one of the values named."""

    duration: tuple[int, ...] | None = Field(None, min_length=1)
    aspect: tuple[str, ...] | None = Field(None, min_length=1)
    resolution: tuple[str, ...] | None = Field(None, min_length=1)
    audio: bool | None = None


class Condition(Choice):
    """When a price or a multiplier holds; `given` names inputs that the request must have."""

    given: tuple[Input, ...] = ()


class Rule(Part):
    """Inside `when`, nothing but `only` is offered."""

    when: Condition
    only: Choice


class PriceRow(Part):
    """An amount in dollars per video or per second of it; the first row that matches counts."""

    usd: Annotated[Decimal, Field(gt=0, le=DEAREST)]
    per: Literal["video", "second"]
    when: Condition = Condition()
    estimate: bool = False


class Multiplier(Part):
    """A factor on the price; every multiplier that matches counts."""

    when: Condition
    times: Annotated[Decimal, Field(gt=0, le=1000)]
    estimate: bool = False


class Route(Part):
    """An endpoint: which inputs it needs and takes, which options it lacks, and how its body is built."""

    slug: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,69}$")]
    needs: tuple[Input, ...] = ()
    takes: tuple[Input, ...] = ()
    lacks: tuple[Option, ...] = ()
    body: dict[str, Binding] = Field(min_length=1)

    @property
    def inputs(self) -> frozenset[Input]:
        """Every input that this route can use."""
        return frozenset(self.needs) | frozenset(self.takes)


class Entry(Part):
    """One model: what members may choose, what it costs, and how it is ordered."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,49}$")]
    title: Annotated[str, Field(pattern=r"^\S(.{0,48}\S)?$"), AfterValidator(_shown)]
    enabled: bool = True
    prompt_limit: Characters
    durations: Durations
    aspects: Aspects | None = None
    resolutions: Resolutions | None = None
    sound: Sound
    sound_default: bool = False
    watermark: bool | None = None
    seed: Seeds | None = None
    negative_limit: Characters | None = None
    clip: Clip | None = None
    pictures: dict[PictureInput, Pictures] = {}
    rules: tuple[Rule, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    routes: tuple[Route, ...] = Field(min_length=1)

    @property
    def options(self) -> dict[Option, tuple[object, ...]]:
        """The options a member has here, each with its values; none listed where they can't be listed."""
        offered: dict[Option, tuple[object, ...]] = {"duration": self.durations.values}
        if self.aspects:
            offered["aspect"] = tuple(self.aspects.choices.values())
        if self.resolutions:
            offered["resolution"] = self.resolutions.choices
        if self.sound is Sound.OPTIONAL:
            offered["audio"] = (False, True)
        if self.watermark is not None:
            offered["watermark"] = (False, True)
        if self.seed:
            offered["seed"] = ()
        if self.negative_limit:
            offered["negative"] = ()
        return offered
