"""Numbers and dollars as managers type them into forms, and how forms show them again."""

import re
from decimal import Decimal

from bot.domain.errors import RefusalError
from bot.domain.money import units, usd
from bot.domain.sentence import N_, Money, Sentence
from bot.domain.tier import NO_LIMIT

NO_LIMIT_WORDS = "no limit"
"""What is typed where nothing shall limit."""
CENT = 100
"""The least that a limit of dollars can be, in units of a ten-thousandth."""
MOST_COUNTED = 100_000
_LIMITLESS = frozenset({NO_LIMIT_WORDS, "unlimited", "∞"})
_AMOUNT = re.compile(r"\$?\s*(\d{1,6}(?:[.,]\d{1,4})?)\s*(?:\$|usd)?", re.ASCII | re.IGNORECASE)
"""At most the four places that are kept, and no sign: `0.5`, `$2`, `1,25 USD`."""
_COUNT = re.compile(r"(\d{1,6})\s*s?", re.ASCII | re.IGNORECASE)
"""`5`, and of seconds also `15 s`."""
_MOST_TOLD = 60


class UnknownAmountError(RefusalError):
    """Not an amount of dollars."""

    quotes = frozenset({"amount"})
    message = N_(
        "I can't read {amount} as dollars. Write a number such as 0.50 or 2, or leave it empty. Nothing was changed."
    )


class UnknownDollarsError(RefusalError):
    """A row of a form has something else than a limit of dollars."""

    quotes = frozenset({"typed"})
    message = N_(
        "{field}: I can't take {typed}. Write dollars such as 0.50 or 2, at least {least}, or {no_limit}, "
        "or leave it empty. Nothing was changed."
    )


class UnknownCountError(RefusalError):
    """A row of a form has something else than a limit of videos or seconds."""

    quotes = frozenset({"typed"})
    message = N_(
        "{field}: I can't take {typed}. Write a whole number from {least} to {most}, or {no_limit}, "
        "or leave it empty. Nothing was changed."
    )


def amount(text: str) -> int | None:
    """An amount of dollars in units of a ten-thousandth, None for nothing typed. Raises UnknownAmountError."""
    typed = text.strip()
    if not typed:
        return None
    found = _amount(typed)
    if found is None:
        raise UnknownAmountError(amount=typed[:_MOST_TOLD])
    return found


def dollars(field: str, text: str, *, least: int = CENT) -> int | None:
    """A limit of dollars in units, NO_LIMIT for *no limit*, None for nothing typed.

    `field`: what the row is called. Raises UnknownDollarsError, which names it.
    """
    typed = text.strip()
    if not typed or _is_limitless(typed):
        return NO_LIMIT if typed else None
    found = _amount(typed)
    if found is None or found < least:
        told = {"field": Sentence(field), "typed": typed[:_MOST_TOLD], "no_limit": NO_LIMIT_WORDS}
        raise UnknownDollarsError(**told, least=Money(least))
    return found


def count(field: str, text: str, *, least: int = 1) -> int | None:
    """A limit of videos or seconds, NO_LIMIT for *no limit*, None for nothing typed.

    `field`: what the row is called. Raises UnknownCountError, which names it.
    """
    typed = text.strip()
    if not typed or _is_limitless(typed):
        return NO_LIMIT if typed else None
    match = _COUNT.fullmatch(typed)
    if match is None or not least <= int(match[1]) <= MOST_COUNTED:
        told = {"field": Sentence(field), "typed": typed[:_MOST_TOLD], "no_limit": NO_LIMIT_WORDS}
        raise UnknownCountError(**told, least=least, most=MOST_COUNTED)
    return int(match[1])


def typed_count(limit: int | None) -> str:
    """A limit of videos or seconds as it is typed."""
    return "" if limit is None else NO_LIMIT_WORDS if limit >= NO_LIMIT else str(limit)


def typed_dollars(limit: int | None) -> str:
    """A limit in units as it is typed."""
    return "" if limit is None else NO_LIMIT_WORDS if limit >= NO_LIMIT else f"{usd(limit):f}"


def _amount(typed: str) -> int | None:
    match = _AMOUNT.fullmatch(typed)
    return None if match is None else units(Decimal(match[1].replace(",", ".")))


def _is_limitless(typed: str) -> bool:
    return " ".join(typed.split()).casefold() in _LIMITLESS
