"""The rules that the documentation states in words only, by slug."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from pydantic import JsonValue

from sandbox.gateway.errors import invalid

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png"})
TIMESTAMPS: Final = re.compile(r"(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)", re.ASCII)


def _check_sora(body: dict[str, JsonValue]) -> None:
    if "image" in body:
        path = _link_path("image", body["image"])
        if PurePosixPath(path).suffix.lower() not in PICTURES:
            raise invalid("image must be a .jpg, .jpeg or .png")
    if "character_url" in body:
        _link_path("character_url", body["character_url"])
    if "character_timestamps" in body:
        if "character_url" not in body:
            raise invalid("character_timestamps needs character_url")
        _check_timestamps(str(body["character_timestamps"]))


def _link_path(name: str, value: JsonValue) -> str:
    try:
        parts = urlsplit(str(value))
    except ValueError as exc:
        raise invalid(f"{name} is not a URL") from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise invalid(f"{name} must be an http or https URL")
    return parts.path


def _check_timestamps(value: str) -> None:
    found = TIMESTAMPS.fullmatch(value)
    if found is None:
        raise invalid("character_timestamps must be {start},{end}")
    # Decimal: 1.1,2.1 is one second exactly, which floats deny.
    if not 1 <= Decimal(found[2]) - Decimal(found[1]) <= 3:
        raise invalid("character_timestamps must span 1 to 3 seconds")


RULES: Final[dict[str, Callable[[dict[str, JsonValue]], None]]] = {"sora-2-video-reverse": _check_sora}
