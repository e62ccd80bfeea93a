"""Patterns of a server: what they match, what is refused, and that none of them can stop the bot."""

import pytest

from bot.policy import patterns
from bot.policy.list_errors import BadPatternError, MatchesAllError, PatternTooLongError, TooManyPatternsError


@pytest.mark.parametrize(
    ("prompt", "pattern"),
    [
        ("a bad cat", "b.d"),
        ("BAD", "^bad$"),
        ("bad", "BAD"),
        ("a b\u200bad cat", r"\bbad\b"),
        ("ｂａｄ", "bad"),
        ("bаd", "bad"),
        ("café", "café"),
        ("cafe", "cafe"),
        ("room 101", r"\d{3}"),
        ("half \ud83c an emoji, bad", "bad"),
    ],
)
def test_a_pattern_is_found_in_the_prompt_and_in_what_it_hides(prompt: str, pattern: str) -> None:
    assert patterns.matched(prompt, ("other", pattern)) == pattern


def test_digits_stay_digits_for_patterns() -> None:
    assert patterns.matched("five o'clock", (r"\d",)) is None
    assert patterns.matched("", ("bad",)) is None
    assert patterns.matched("bad", ()) is None


def test_patterns_are_read_by_line_in_their_order_and_once() -> None:
    assert patterns.parse(" b.d \r\n\nx{1,3}, y\nb.d\n") == ("b.d", "x{1,3}, y")
    assert patterns.parse("") == ()


@pytest.mark.parametrize("bad", ["(", "a)", "[z-a]", "(?<=a)b", r"(a)\1", "*a", r"\pL{1,500}"])
def test_what_is_no_pattern_is_named(bad: str) -> None:
    with pytest.raises(BadPatternError) as refusal:
        patterns.parse(f"fine\n{bad}")

    assert refusal.value.sentence.params["pattern"] == bad
    assert refusal.value.sentence.params["why"]


@pytest.mark.parametrize("pattern", ["a*", "", "(?i)", "x|", "^"])
def test_what_would_refuse_every_prompt_is_refused(pattern: str) -> None:
    with pytest.raises(MatchesAllError):
        patterns.check(pattern)


def test_what_is_too_long_or_too_many_is_refused() -> None:
    longest = "x" * patterns.MAX_PATTERN_LENGTH
    many = [f"w{number}" for number in range(patterns.MAX_PATTERNS + 1)]

    assert patterns.parse(longest) == (longest,)
    with pytest.raises(PatternTooLongError):
        patterns.parse(longest + "x")
    assert patterns.parse("\n".join(many[:-1])) == tuple(many[:-1])
    with pytest.raises(TooManyPatternsError):
        patterns.parse("\n".join(many))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pattern", [r"(x+x+)+y", r"^(a|aa)+$", r"(?:\w+\s?){1,50}!", r"(.*)(.*)(.*)(.*)(.*)z"])
def test_a_pattern_that_explodes_elsewhere_is_answered_here(pattern: str) -> None:
    """Python's own engine would need longer than the universe has for the first two."""
    for prompt in ("x" * 4000, "a" * 3999 + "b", "ab " * 1333):
        assert patterns.matched(prompt, patterns.parse(pattern)) is None
