"""The documented bodies of the models that this gateway serves, read from data."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

SHIPPED: Final = Path(__file__).with_name("models.json")


class InputType(StrEnum):
    """What an input of a documented body may hold."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    ARRAY = "array"
    STRINGS = "string[]"
    OBJECTS = "object[]"


class Audio(StrEnum):
    """Whether a model's films have sound, as far as its documentation says."""

    ALWAYS = "always"
    TOGGLE = "toggle"
    NONE = "none"
    UNKNOWN = "unknown"


class Input(BaseModel):
    """One documented input; a dot in its name makes it part of a nested object."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    type: InputType
    required: bool
    enum: tuple[JsonValue, ...] | None = None
    min: float | None = None
    max: float | None = None
    default: JsonValue = None


class Model(BaseModel):
    """One endpoint: its slug and the body that it takes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    slug: str
    inputs: tuple[Input, ...]
    audio: Audio = Audio.UNKNOWN
    prompt_max: int | None = None
    response_id_field: str = "task_id"


def load_models(path: Path = SHIPPED) -> dict[str, Model]:
    """The models of a file, by slug."""
    models = TypeAdapter(list[Model]).validate_json(path.read_bytes())
    return {model.slug: model for model in models}
