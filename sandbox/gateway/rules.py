"""What the documentation says of bodies in words only."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from pydantic import JsonValue

from sandbox.gateway.errors import invalid

Fields = dict[str, JsonValue]
Check = Callable[[Fields], None]

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png"})
TIMESTAMPS: Final = re.compile(r"(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)", re.ASCII)
MEDIA: Final = (
    "image",
    "last_image",
    "end_image",
    "images",
    "character_url",
    "reference_images",
    "reference_videos",
    "reference_audios",
    "input.img_url",
    "input.audio_url",
    "wm_url",
)
"""Fields that hold addresses. Some take a data URI too, which not every gateway does: it is refused here."""


def check_words(slug: str, given: Fields) -> None:
    """Raise GatewayError for what only the words of the documentation forbid; a nested field is named with dots."""
    for name in MEDIA:
        for value in _listed(given.get(name)):
            _link_path(name, value)
    for check in RULES.get(slug, ()):
        check(given)


def _listed(value: JsonValue) -> Iterable[JsonValue]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _link_path(name: str, value: JsonValue) -> str:
    try:
        parts = urlsplit(str(value))
    except ValueError as exc:
        raise invalid(f"{name} is not a URL") from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise invalid(f"{name} must be an http or https URL")
    return parts.path


def _check_picture(given: Fields) -> None:
    if "image" in given:
        path = _link_path("image", given["image"])
        if PurePosixPath(path).suffix.lower() not in PICTURES:
            raise invalid("image must be a .jpg, .jpeg or .png")


def _check_timestamps(given: Fields) -> None:
    if "character_timestamps" not in given:
        return
    found = TIMESTAMPS.fullmatch(str(given["character_timestamps"]))
    if found is None:
        raise invalid("character_timestamps must be {start},{end}")
    # Decimal: 1.1,2.1 is one second exactly, which floats deny.
    if not 1 <= Decimal(found[2]) - Decimal(found[1]) <= 3:
        raise invalid("character_timestamps must span 1 to 3 seconds")


def _needs(name: str, other: str) -> Check:
    def check(given: Fields) -> None:
        if name in given and other not in given:
            raise invalid(f"{name} needs {other}")

    return check


def _apart(names: tuple[str, ...], others: tuple[str, ...]) -> Check:
    def check(given: Fields) -> None:
        first = next((name for name in names if name in given), None)
        second = next((name for name in others if name in given), None)
        if first and second:
            raise invalid(f"{first} can't be used together with {second}")

    return check


def _at_most(name: str, limit: int) -> Check:
    def check(given: Fields) -> None:
        if len(str(given.get(name, ""))) > limit:
            raise invalid(f"{name} is longer than {limit} characters")

    return check


def _only_with(name: str, value: JsonValue, other: str, allowed: JsonValue) -> Check:
    def check(given: Fields) -> None:
        if given.get(name) == value and given.get(other, allowed) != allowed:
            raise invalid(f"{name} {value} is only for {other} {allowed}")

    return check


def _only(name: str, value: JsonValue) -> Check:
    def check(given: Fields) -> None:
        if given.get(name, value) != value:
            raise invalid(f"{name} must be {value}")

    return check


def _one_of(*names: str) -> Check:
    def check(given: Fields) -> None:
        if not any(str(given.get(name, "")).strip() for name in names):
            raise invalid(f"one of {', '.join(names)} is required")

    return check


_REFERENCES: Final = ("reference_images", "reference_videos", "reference_audios")
_VEO: Final = (_only("enhance_prompt", value=True),)
_HAILUO: Final = (_only_with("resolution", "1080P", "duration", 6),)
_WAN: Final = (_at_most("input.negative_prompt", 500),)
RULES: Final[dict[str, tuple[Check, ...]]] = {
    "sora-2-video-reverse": (_check_picture, _needs("character_timestamps", "character_url"), _check_timestamps),
    "kling-v3.0-std-t2v": (_at_most("negative_prompt", 2500),),
    "kling-v3.0-std-i2v": (
        _check_picture,
        _at_most("negative_prompt", 2500),
        _apart(("end_image",), ("multi_prompt",)),
    ),
    "veo-3.1-fast-generate-text2video": _VEO,
    "veo-3.1-fast-generate-img2video": _VEO,
    "minimax-hailuo-2.3-t2v": _HAILUO,
    "minimax-hailuo-2.3-i2v": _HAILUO,
    "seedance-2.0": (
        _one_of("prompt", "image", *_REFERENCES),
        _needs("last_image", "image"),
        _apart(("image", "last_image"), _REFERENCES),
        _only_with("resolution", "1080p", "fast", allowed=False),
    ),
    "wan2.6-t2v": _WAN,
    "wan2.6-i2v": _WAN,
}
