"""The shapes that JSON has on the wire, and how moments are written there."""

from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]
"""A JSON object as a client sent it or gets it."""


def timestamp(seconds: float) -> str:
    """A moment (seconds since 1970) as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def optional_timestamp(seconds: float | None) -> str | None:
    """Like `timestamp`, for moments that may not have come."""
    return None if seconds is None else timestamp(seconds)
