"""The film that an order asks for: what its body says, and what the documentation fills in where it says nothing."""

import re
from typing import Final

from pydantic import JsonValue

from sandbox.gateway.bodies import Body, fields_of
from sandbox.gateway.films import VideoShape
from sandbox.gateway.models import Audio, Model

SMALLER: Final = 4
"""A film's sides are a quarter of what was asked for: it is made while a test waits."""
SECONDS: Final = 10
HEIGHT: Final = 720
WIDE: Final = (16, 9)
LONGEST_RATIO: Final = 4
LENGTHS: Final = ("duration", "duration_seconds")
SHAPES: Final = ("size", "aspect_ratio", "ratio")
SOUNDS: Final = ("audio", "sound", "generate_audio")

Sides = tuple[int, int]


def asked_shape(model: Model, body: Body, picture: Sides | None = None) -> VideoShape:
    """The shape of an order's film; where the model has no field for that, it follows the sides of the `picture`."""
    told = _told(model, body)
    seconds = _first(told, LENGTHS)
    width, height = (_even(side / SMALLER) for side in _sides(told, picture))
    return VideoShape(
        width=width,
        height=height,
        seconds=float(seconds) if isinstance(seconds, int | float | str) else SECONDS,
        sound=_has_sound(model, told),
    )


def _told(model: Model, body: Body) -> Body:
    given = fields_of(model, body)
    values = {entry.name: given.get(entry.name, entry.default) for entry in model.inputs}
    return {name.rpartition(".")[2]: value for name, value in values.items() if value is not None}


def _first(told: Body, names: tuple[str, ...]) -> JsonValue:
    return next((told[name] for name in names if name in told), None)


def _sides(told: Body, picture: Sides | None) -> tuple[float, float]:
    found = re.fullmatch(r"(\d+)([x*:])(\d+)", str(_first(told, SHAPES)))
    if found is not None and found[2] != ":":
        return int(found[1]), int(found[3])
    width, height = picture or WIDE if found is None else (int(found[1]), int(found[3]))
    resolution = re.match(r"\d+", str(told.get("resolution")))
    short = int(resolution[0]) if resolution else HEIGHT
    ratio = min(max(width / height, 1 / LONGEST_RATIO), LONGEST_RATIO)
    return (short * ratio, short) if ratio >= 1 else (short, short / ratio)


def _even(side: float) -> int:
    # yuv420p needs even sides.
    return round(side / 2) * 2


def _has_sound(model: Model, told: Body) -> bool:
    if model.audio is not Audio.TOGGLE:
        return model.audio is not Audio.NONE
    # Not said and nothing documented: a film with sound, the dearer of the two.
    return _first(told, SOUNDS) is not False
