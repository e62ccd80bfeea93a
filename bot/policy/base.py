"""The lists that ship: words that servers begin with, and sexual content with minors, which is refused everywhere."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from bot.policy import words

_FILE = "base_words.toml"
_SPELLED_AGES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_AGES = rf"(?:1[0-7]|[0-9]|{'|'.join(_SPELLED_AGES.split())})"
_AGE = re.compile(
    rf"(?<![^\W_]){_AGES}[\s-]*(?:(?:years?|yrs?|months?)[\s-]*(?:olds?|of age)|y\s?/?\s?o|y\.\s?o\.?)(?![^\W_])"
    rf"|(?<![^\W_])(?:aged?|age of)[\s:]*{_AGES}(?![^\W_]|[.,]\d)"
    rf"|(?<![^\W_])(?:girl|boy|daughter|son)s?(?:,? (?:of |is )?| ?\(){_AGES}(?=[,.;)]*(?:\s?$|[,;)]|\. ))"
)
"""Ages below 18: *12-year-old*, *9yo*, *aged sixteen*, *girl (12)*."""


class _Minors(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    alone: tuple[str, ...]
    young: tuple[str, ...]
    sexual: tuple[str, ...]
    harmless: tuple[str, ...]


class Lists(BaseModel):
    """The file as it ships; `base` holds where moderators have not switched it off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: tuple[str, ...]
    harmless: tuple[str, ...]
    minors: _Minors


@cache
def lists() -> Lists:
    """The lists that ship."""
    return Lists.model_validate(tomllib.loads((files("bot.policy") / _FILE).read_text("utf-8")))


def has_base_word(text: str) -> bool:
    """Whether a text has a word of the base list."""
    return _has(words.without(text, lists().harmless), lists().base)


def sexualises_minors(text: str) -> bool:
    """Whether a text asks for sexual content with minors: a word for it, or words for both."""
    minors = lists().minors
    rest = words.without(text, minors.harmless)
    if _has(rest, minors.alone):
        return True
    return _has(rest, minors.sexual) and (_has(rest, minors.young) or _AGE.search(words.normal(rest)) is not None)


def _has(text: str, listed: Sequence[str]) -> bool:
    return words.blocked(text, tuple(listed)) is not None
