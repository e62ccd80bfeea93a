"""The documented bodies of every endpoint, read without the code that they check."""

import json
import re
from collections.abc import Iterator

from pydantic import JsonValue

from sandbox.gateway.models import SHIPPED

_MODELS = json.loads(SHIPPED.read_text())
DOCUMENTED = {model["slug"]: {entry["name"]: entry for entry in model["inputs"]} for model in _MODELS}
PROMPT_LIMITS = {model["slug"]: model["prompt_max"] for model in _MODELS}
NEVER_SENT = frozenset(
    {
        "cfg_scale",
        "multi_prompt",
        "person_generation",
        "enhance_prompt",
        "sample_count",
        "enable_prompt_expansion",
        "fast_pretreatment",
        "web_search",
        "return_last_frame",
        "reference_images",
        "reference_audios",
        "input.audio_url",
        "input.template",
        "parameters.shot_type",
        "parameters.prompt_extend",
        "wm_url",
        "wm_position",
        "off_peak",
        "audio_type",
        "is_rec",
    }
)
"""Nothing that a member chooses: expert knobs with harmless defaults, inputs that the neutral request has no word for,
and what multiplies the bill."""
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "string[]": list,
}
_LIMIT = re.compile(r"Max (\d+) characters")


def flat(body: dict[str, JsonValue], prefix: str = "") -> Iterator[tuple[str, JsonValue]]:
    """The fields of a body by their documented names."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def faults(slug: str, body: dict[str, JsonValue]) -> list[str]:
    """What of a body is not as documented: types, required ones, enums, ranges, lengths, and unknown names."""
    inputs, fields = DOCUMENTED[slug], dict(flat(body))
    found = [f"{name} is unknown" for name in fields.keys() - inputs.keys()]
    found += [f"{name} is missing" for name, entry in inputs.items() if entry["required"] and name not in fields]
    for name in fields.keys() & inputs.keys():
        found += [f"{name} is not {what}: {fields[name]!r}" for what in _wrong(inputs[name], fields[name])]
    return found


def _wrong(entry: dict[str, JsonValue], value: JsonValue) -> Iterator[str]:
    kind = str(entry["type"])
    if not isinstance(value, TYPES[kind]) or isinstance(value, bool) != (kind == "boolean"):
        yield kind
        return
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        yield kind
    if isinstance(entry["enum"], list) and value not in entry["enum"]:
        yield "offered"
    size = len(value) if isinstance(value, list) else value
    for bound, sign in (("min", 1), ("max", -1)):
        limit = entry[bound]
        if isinstance(limit, int | float) and isinstance(size, int | float) and (size - limit) * sign < 0:
            yield f"in range ({bound} {limit})"
    longest = _LIMIT.search(str(entry["description"]))
    if isinstance(value, str) and longest and len(value) > int(longest[1]):
        yield "short enough"
