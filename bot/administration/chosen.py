"""A server's choices as a file: ids as text, so that no program rounds them, and amounts in dollars."""

import json
from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter

from bot.domain.guild import Guild, GuildChoices
from bot.domain.money import usd
from bot.domain.tier import NO_LIMIT

_CHOICES = TypeAdapter(GuildChoices)
_IDS = ("_id", "_ids")
_DOLLARS = frozenset({"budget_day", "budget_month", "confirm_above", "prices", "month", "approval_price"})
"""Fields whose numbers are units of a ten-thousandth of a dollar."""
_NO_LIMIT = "no limit"


def chosen(guild: Guild, at: datetime) -> bytes:
    """The file, in JSON. All of it is ASCII: a word may hold half an emoji, which UTF-8 can't."""
    content = {
        "server_id": str(guild.id),
        "exported_at": at.isoformat(timespec="seconds"),
        "set_up_at": None if guild.set_up_at is None else guild.set_up_at.isoformat(timespec="seconds"),
        "approved": guild.approved,
        "choices": _shown(_CHOICES.dump_python(guild.choices, mode="json")),
    }
    return (json.dumps(content, indent=1) + "\n").encode("ascii")


def _shown(value: object, name: str = "") -> object:
    """A value of a field for people and for any program."""
    if isinstance(value, Mapping):
        # Roles and prices are named by their keys; what is below a price is one too.
        return {str(key): _shown(each, name if name == "prices" else str(key)) for key, each in value.items()}
    if isinstance(value, list):
        items = [_shown(each, name) for each in value]
        return sorted(items, key=str) if name.endswith(_IDS) else items
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if name.endswith(_IDS):
        return str(value)
    if value >= NO_LIMIT:
        return _NO_LIMIT
    return f"{usd(value):f}" if name in _DOLLARS else value
