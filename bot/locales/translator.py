"""Renders sentences in somebody's language, with what Discord shows in each reader's own way."""

import re
import warnings
from collections.abc import Mapping
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Literal, cast

from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from bot.domain.money import usd
from bot.domain.sentence import N_, NN_, Instant, Mention, MessageLink, Money, Plural, Sentence
from bot.locales.catalogues import DIRECTORY, choose

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)(?::(or|unit))?\}")
"""`{name}`; `{name:or}` and `{name:unit}` say how a list is joined, else it ends in *and*."""
MISSING = "…"
SIGILS = {"role": "@&", "channel": "#", "user": "@"}
MEBIBYTE = 1024 * 1024
ListStyle = Literal["standard", "or", "unit"]


class SentenceWarning(UserWarning):
    """A sentence and its parameters don't fit each other.

    A warning, because nobody who is told bad news shall be told an exception instead: in production it is
    a line in the log and the gap shows as an ellipsis; in tests, where warnings are errors, it fails.
    """


class Translator:
    """Sentences, amounts and times in one locale, named as Discord names it (`en-US`).

    Whole numbers are quantities and are grouped by thousands; ids are passed as text or as mentions.
    """

    def __init__(self, locale: str, directory: Path = DIRECTORY) -> None:
        self._locale, self._catalogue = choose(locale, directory)

    def text(self, sentence: Sentence | Plural | str, /, **params: object) -> str:
        """The sentence in this language with its parameters filled in; `params` win over its own."""
        if isinstance(sentence, Sentence):
            return self._render(sentence.id, {**sentence.params, **params})
        return self._render(sentence, params)

    def plural(self, one: str, many: str, count: int, /, **params: object) -> str:
        """The form of a sentence for a number, which is also its parameter `count`."""
        return self._render(Plural(one, many), {**params, "count": count})

    def money(self, units: int) -> str:
        """An amount of ten-thousandths of a dollar: at least two places, up to four where they count."""
        pattern = self._locale.currency_formats["standard"].pattern.replace("0.00", "0.00##")
        return format_currency(usd(units), "USD", pattern, self._locale, currency_digits=False)

    def number(self, number: float | Decimal) -> str:
        """A quantity with this locale's separators."""
        return format_decimal(number, locale=self._locale)

    def seconds(self, seconds: float | Decimal) -> str:
        """A length in seconds: `15 s`, `2.4 s`."""
        return self.text(N_("{number} s"), number=seconds)

    def duration(self, duration: timedelta) -> str:
        """How long something takes, as exactly as one would say it: `45 s`, `2 min`, `1 h 5 min`, `3 days`."""
        seconds = max(0, round(duration.total_seconds()))
        minutes = round(seconds / 60)
        hours, rest = divmod(minutes, 60)
        if seconds < 60:
            return self.seconds(seconds)
        if hours == 0:
            return self.text(N_("{minutes} min"), minutes=minutes)
        if hours < 48:
            both = N_("{hours} h {minutes} min") if rest else N_("{hours} h")
            return self.text(both, hours=hours, minutes=rest)
        return self.text(NN_("{count} day", "{count} days"), count=round(hours / 24))

    def megabytes(self, size: int) -> str:
        """A size in bytes in the megabytes of Discord's limits (1024² bytes), rounded up to a tenth."""
        tenths = (Decimal(size) / MEBIBYTE).quantize(Decimal("0.1"), ROUND_CEILING)
        return self.text(N_("{number} MB"), number=tenths.normalize())

    def _render(self, id_: str | Plural, params: Mapping[str, object]) -> str:
        if isinstance(id_, Plural):
            template = self._catalogue.ngettext(id_.one, id_.many, _count(id_, params))
        else:
            # The empty id is the catalogue's own header.
            template = self._catalogue.gettext(id_) if id_ else ""

        def fill(match: re.Match[str]) -> str:
            name, style = match.groups(default="standard")
            if name not in params:
                warnings.warn(SentenceWarning(f"no {name!r} for {id_!r}"), stacklevel=4)
                return MISSING
            return self._value(params[name], cast("ListStyle", style))

        return PLACEHOLDER.sub(fill, template)

    def _value(self, value: object, style: ListStyle) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Sentence | Plural):
            return self.text(value)
        if isinstance(value, tuple | list):
            items = [self._value(item, style) for item in value]
            return format_list(items, style=style, locale=self._locale)
        if isinstance(value, timedelta | Money):
            return self.duration(value) if isinstance(value, timedelta) else self.money(value.units)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return self.number(value)
        return _in_discord(value)


def _in_discord(value: object) -> str:
    """What Discord itself shows to each reader by name, in their own time zone, or as a link."""
    match value:
        case Instant(at, style):
            return f"<t:{int(at.timestamp())}:{style}>"
        case Mention(kind, id_):
            return f"<{SIGILS[kind]}{id_}>"
        case MessageLink(guild_id, channel_id, message_id):
            place = "@me" if guild_id is None else guild_id
            return f"https://discord.com/channels/{place}/{channel_id}/{message_id}"
    warnings.warn(SentenceWarning(f"can't show a {type(value).__name__}"), stacklevel=2)
    return str(value)


def _count(id_: Plural, params: Mapping[str, object]) -> int:
    count = params.get("count")
    if isinstance(count, int):
        return count
    warnings.warn(SentenceWarning(f"no whole number as 'count' for {id_!r}"), stacklevel=4)
    return 2
