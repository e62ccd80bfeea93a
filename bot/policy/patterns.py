"""Patterns that prompts may not match: RE2's syntax and engine, whose time grows with the prompt and never explodes."""

from functools import lru_cache

import re2

from bot.policy import look_alikes
from bot.policy.list_errors import BadPatternError, MatchesAllError, PatternTooLongError, TooManyPatternsError
from bot.policy.words import normal

MAX_PATTERNS = 40
MAX_PATTERN_LENGTH = 260
"""As in Discord's AutoMod."""
_MEMORY_BYTES = 1 << 18
"""For each pattern, compiled: a larger one is refused, and none takes more than some milliseconds of a long prompt."""
_SHOWN = 60


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = _MEMORY_BYTES
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = False
    return options


def parse(text: str) -> tuple[str, ...]:
    """Patterns, one a line, without repetitions, in their order.

    Raises TooManyPatternsError, and PatternTooLongError, BadPatternError or MatchesAllError for the first of that kind.
    """
    lines = (line.strip() for line in text.encode(errors="ignore").decode().splitlines())
    patterns = tuple(dict.fromkeys(line for line in lines if line))
    if len(patterns) > MAX_PATTERNS:
        raise TooManyPatternsError(found=len(patterns), count=MAX_PATTERNS)
    for pattern in patterns:
        if len(pattern) > MAX_PATTERN_LENGTH:
            raise PatternTooLongError(pattern=pattern[:_SHOWN] + "…", count=MAX_PATTERN_LENGTH)
        check(pattern)
    return patterns


def check(pattern: str) -> None:
    """Raise BadPatternError for what is no pattern or is too large, MatchesAllError for what matches nothing at all."""
    try:
        compiled = re2.compile(pattern, _options())
    except re2.error as error:
        raise BadPatternError(pattern=pattern, why=_reason(error)) from error
    if compiled.search("") is not None:
        raise MatchesAllError(pattern=pattern)


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def matched(prompt: str, patterns: tuple[str, ...]) -> str | None:
    """The first pattern that a prompt matches as typed, without what hides words, or with look-alikes folded."""
    if not patterns:
        return None
    plain = normal(prompt)
    forms = dict.fromkeys((prompt.encode(errors="ignore").decode(), plain, _latin(plain)))
    compiled = zip(patterns, _compiled(patterns), strict=True)
    return next((pattern for pattern, each in compiled if any(each.search(form) for form in forms)), None)


def _latin(plain: str) -> str:
    """Text with Latin letters for the letters of others; digits stay, because patterns may mean them."""
    return "".join(c if not c.isalpha() or c == "l" else look_alikes.folded(c) for c in plain)


@lru_cache(maxsize=32)
def _compiled(patterns: tuple[str, ...]) -> tuple[re2._Regexp, ...]:
    return tuple(re2.compile(pattern, _options()) for pattern in patterns)
