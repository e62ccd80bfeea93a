"""What Discord would refuse in an answer to an autocomplete interaction."""

from sandbox.discord.checks.fields import Rule, anything, every, items, number, shape, text
from sandbox.discord.checks.locales import LOCALES
from sandbox.discord.checks.refusals import Nested, Path, Refusals

MAX_CHOICES = 25


def localized(rule: Rule) -> Rule:
    """Accept an object from Discord's locales to values that each pass `rule`."""
    return shape({}, dict.fromkeys(sorted(LOCALES), rule))


def choices(value: Rule) -> Rule:
    """Return the rule for a list of choices whose values pass `value`."""
    one = shape({"name": text(100, 1), "value": value}, {"name_localizations": localized(text(100, 1))})
    return items(one, 0, MAX_CHOICES)


def autocomplete(payload: Nested) -> Nested | None:
    """Return Discord's nested `errors` object for the answer's `data`, or None when it is accepted."""
    refusals = Refusals()
    every(shape({"choices": anything}, {}), _choices)(refusals, (), payload)
    return refusals.nested()


def _choices(refusals: Refusals, path: Path, value: object) -> None:
    assert isinstance(value, dict)
    choices(_value)(refusals, (*path, "choices"), value["choices"])


def _value(refusals: Refusals, path: Path, value: object) -> None:
    rule = text(100) if isinstance(value, str) else number
    rule(refusals, path, value)
