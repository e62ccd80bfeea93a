"""Naming a video in an option: what is offered while somebody types, and what they may have pasted."""

from collections.abc import Sequence

from discord import app_commands

from bot.store.history import Found
from cogs.cards.history import choice_name

MOST_CHOICES = 25


def video_choices(found: Sequence[Found]) -> list[app_commands.Choice[str]]:
    """The videos as choices, each by its id and what fits of its prompt."""
    return [app_commands.Choice(name=choice_name(each.id, each.prompt), value=each.id) for each in found[:MOST_CHOICES]]


def video_id(text: str) -> str:
    """An id however it was copied."""
    return text.strip().strip("`").lower()
