"""Words that a server does not allow in prompts."""

import re
import unicodedata
from collections.abc import Iterable

MAX_WORDS = 200
MAX_WORD_LENGTH = 60


def normal(text: str) -> str:
    """Text without the differences of case, accents, width and spacing that hide a word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join(kept.split())


def parse(text: str) -> tuple[str, ...]:
    """Words or phrases, one a line or separated by commas, without repetitions, in their order."""
    words = (" ".join(part.split())[:MAX_WORD_LENGTH] for part in re.split(r"[,\n]", text))
    return tuple(dict.fromkeys(word for word in words if word))[:MAX_WORDS]


def blocked(prompt: str, words: Iterable[str]) -> str | None:
    """The first of the words that stands in the prompt as a word of its own; None if none does."""
    text = normal(prompt)
    for word in words:
        if re.search(rf"(?<!\w){re.escape(normal(word))}(?!\w)", text):
            return word
    return None
