"""Words that a server does not allow in prompts."""

import re
import unicodedata
from collections.abc import Iterable

from bot.policy.errors import TooManyWordsError, WordTooLongError

MAX_WORDS = 200
MAX_WORD_LENGTH = 60
_SHOWN = 20
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that show nothing and are none of the categories that `normal` drops."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
"""Scripts that write no spaces between words (Thai to Khmer, kana, Han): a word is found inside of others there."""


def normal(text: str) -> str:
    """Text without the differences of case, accents, width and spacing that hide a word."""
    # Some letters have a case only after they are decomposed (𝐁), others are decomposed only in small (İ).
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    shown = _UNSEEN.sub("", decomposed)
    return " ".join("".join(c for c in shown if c.isspace() or _is_seen(c)).split())


def _is_seen(character: str) -> bool:
    return not unicodedata.combining(character) and unicodedata.category(character) not in {"Cf", "Cc", "Cs"}


def parse(text: str) -> tuple[str, ...]:
    """Words or phrases, one a line or separated by commas, without repetitions, in their order.

    Raises WordTooLongError and TooManyWordsError: what somebody wants blocked is never cut or dropped in silence.
    """
    parts = (" ".join(part.split()) for part in re.split(r"[,\n]", text.encode(errors="ignore").decode()))
    words: dict[str, str] = {}
    for part in parts:
        if len(part) > MAX_WORD_LENGTH:
            raise WordTooLongError(word=part[:_SHOWN] + "…", count=MAX_WORD_LENGTH)
        if key := normal(part):
            words.setdefault(key, part)
    if len(words) > MAX_WORDS:
        raise TooManyWordsError(found=len(words), count=MAX_WORDS)
    return tuple(words.values())


def blocked(prompt: str, words: Iterable[str]) -> str | None:
    """The first of the words that stands in the prompt as a word of its own; None if none does."""
    text = normal(prompt)
    return next((word for word in words if (plain := normal(word)) and re.search(_pattern(plain), text)), None)


def _pattern(word: str) -> str:
    # An underscore is no letter here: it is how Discord writes italics.
    before = "" if _UNSPACED.match(word[0]) else r"(?<![^\W_])"
    after = "" if _UNSPACED.match(word[-1]) else r"(?![^\W_])"
    return f"{before}{re.escape(word)}{after}"
