"""The refusals of words and patterns that moderators write; each leaves their lists as they were."""

from bot.domain.errors import RefusalError
from bot.domain.sentence import N_, NN_


class WordTooLongError(RefusalError):
    """A word or phrase to be blocked is longer than is kept; none was changed."""

    quotes = frozenset({"word"})
    message = NN_(
        "“{word}” is longer than {count} character. Nothing was changed.",
        "“{word}” is longer than {count} characters. Separate words by commas or lines. Nothing was changed.",
    )


class TooManyWordsError(RefusalError):
    """More words to be blocked than are kept; none was changed."""

    message = NN_(
        "{found} words are too many: I keep up to {count} word. Nothing was changed.",
        "{found} words are too many: I keep up to {count} words. Nothing was changed.",
    )


class TooMuchTextError(RefusalError):
    """Words to be blocked that are together longer than is kept; none was changed."""

    message = NN_(
        "These words have {found} characters together: I keep up to {count} character. Nothing was changed.",
        "These words have {found} characters together: I keep up to {count} characters. Nothing was changed.",
    )


class BadPatternError(RefusalError):
    """A pattern that RE2 can't read, or that is too large; none was changed."""

    message = N_("I can't read the pattern “{pattern}”: {why}. Nothing was changed.")
    quotes = frozenset({"pattern", "why"})


class MatchesAllError(RefusalError):
    """A pattern that would refuse every prompt; none was changed."""

    message = N_("The pattern “{pattern}” matches every prompt. Nothing was changed.")
    quotes = frozenset({"pattern"})


class PatternTooLongError(RefusalError):
    """A pattern that is longer than is kept; none was changed."""

    message = NN_(
        "The pattern “{pattern}” is longer than {count} character. Nothing was changed.",
        "The pattern “{pattern}” is longer than {count} characters. Write one pattern a line. Nothing was changed.",
    )
    quotes = frozenset({"pattern"})


class TooManyPatternsError(RefusalError):
    """More patterns than are kept; none was changed."""

    message = NN_(
        "{found} patterns are too many: I keep up to {count} pattern. Nothing was changed.",
        "{found} patterns are too many: I keep up to {count} patterns. Nothing was changed.",
    )
