"""Words that prompts may not have, found however they are dressed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.policy import look_alikes
from bot.policy.list_errors import TooManyWordsError, TooMuchTextError, WordTooLongError

MAX_WORDS = 1000
MAX_WORD_LENGTH = 60
MAX_TEXT = 19_000
"""Characters of all words together, one a line: what the fields of a form can show."""
ANY = "*"
"""At an end of a word: whatever goes on there belongs to it, as in Discord's AutoMod."""
_ENDS = f"{ANY} "
_SHOWN = 20
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that show nothing and are none of the categories that `normal` drops."""
_UNSEEN_ASCII = {code: None for code in (*range(32), 127) if not chr(code).isspace()}
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
"""Scripts that write no spaces between words (Thai to Khmer, kana, Han): a word is found inside of others there."""
_BETWEEN = re.compile(r"[\s_.\-]+")
"""What may stand between the words of a phrase."""
_LETTER = r"(?:[^\W_]|[@$€])"
_SPELLED = re.compile(rf"(?<![^\W_]){_LETTER}([\W_]){_LETTER}(?:\1{_LETTER})+(?![^\W_])")
"""Single letters with one sign between them, always the same: `b a d`, `b.a.d`."""
_APART = " ‖ "
_GAP = re.compile(r"\s{2,}")
"""Between words whose letters have a space between them."""
_ARTICLES = ("a", "i")
"""English words of one letter, which may stand before a spelled word."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is searched: without what hides words (`plain`), and with one letter for all look-alikes."""

    plain: str
    folded: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word to be found: as its moderator wrote it, and as it stands in a `Reading`."""

    written: str
    plain: str
    folded: str


def normal(text: str) -> str:
    """Text without the differences of case, accents, width and spacing that hide a word."""
    if text.isascii():
        return " ".join(text.translate(_UNSEEN_ASCII).casefold().split())
    # Some letters have a case only after they are decomposed (𝐁), others are decomposed only in small (İ).
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    shown = _UNSEEN.sub("", decomposed)
    return " ".join("".join(c for c in shown if c.isspace() or _is_seen(c)).split())


def _is_seen(character: str) -> bool:
    return not unicodedata.combining(character) and unicodedata.category(character) not in {"Cf", "Cc", "Cs"}


@lru_cache(maxsize=16)
def reading(text: str) -> Reading:
    """A text to be searched; words that are spelled with signs between the letters stand behind it, written as one."""
    plain = normal(text)
    apart = normal(_GAP.sub(_APART, text)) if _GAP.search(text) else ""
    whole = _APART.join((plain, *_spelled(plain), *_spelled(apart)))
    return Reading(whole, _searchable(whole))


def _spelled(plain: str) -> Iterator[str]:
    for match in _SPELLED.finditer(plain):
        word = match[0].replace(match[1], "")
        yield word
        if word.startswith(_ARTICLES):
            yield word[1:]


def _searchable(plain: str) -> str:
    return _BETWEEN.sub(" ", look_alikes.folded(plain))


def parse(text: str) -> tuple[str, ...]:
    """Words or phrases, one a line or separated by commas, without repetitions, in their order.

    Raises WordTooLongError, TooManyWordsError and TooMuchTextError: what somebody wants blocked is never cut or
    dropped in silence.
    """
    parts = (" ".join(part.split()) for part in re.split(r"[,\n]", text.encode(errors="ignore").decode()))
    words: dict[str, str] = {}
    for part in parts:
        if len(part) > MAX_WORD_LENGTH:
            raise WordTooLongError(word=part[:_SHOWN] + "…", count=MAX_WORD_LENGTH)
        if (key := normal(part)).strip(_ENDS):
            words.setdefault(key, part)
    if len(words) > MAX_WORDS:
        raise TooManyWordsError(found=len(words), count=MAX_WORDS)
    if (length := length_of(words.values())) > MAX_TEXT:
        raise TooMuchTextError(found=length, count=MAX_TEXT)
    return tuple(words.values())


def merged(kept: tuple[str, ...], offered: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """A list with those of other words that are new and have room, and how many have none."""
    both = {normal(word): word for word in kept}
    length, left_out = length_of(kept), 0
    for word in offered:
        plain = " ".join(word.encode(errors="ignore").decode().replace(",", " ").split())
        key = normal(plain)
        if key in both or not key.strip(_ENDS):
            continue
        if len(plain) > MAX_WORD_LENGTH or len(both) == MAX_WORDS or length + len(plain) >= MAX_TEXT:
            left_out += 1
            continue
        both[key] = plain
        length += len(plain) + 1
    return tuple(both.values()), left_out


def length_of(words: Iterable[str]) -> int:
    """Characters that words take, one a line."""
    return sum(len(word) + 1 for word in words)


def without(text: str, harmless: Sequence[str]) -> str:
    """A text as it is searched, less the words that are harmless where they stand."""
    plain = reading(text).plain
    for word in known(tuple(harmless)):
        if word.folded in _searchable(plain):
            plain = _pattern(word.plain).sub(" ", plain)
    return plain


def blocked(prompt: str, words: Sequence[str]) -> str | None:
    """The first of the words that stands in the prompt as a word of its own; None if none does."""
    text = reading(prompt)
    return next((word.written for word in known(tuple(words)) if _stands(word, text)), None)


@lru_cache(maxsize=64)
def known(words: tuple[str, ...]) -> tuple[Word, ...]:
    """Words as they are searched for, which is worked out once for each list."""
    found = ((written, normal(written)) for written in words)
    return tuple(
        Word(written, plain, _searchable(plain.strip(_ENDS))) for written, plain in found if plain.strip(_ENDS)
    )


def _stands(word: Word, text: Reading) -> bool:
    # Most words of a list are in no form in a prompt, and this finds it out a hundred times faster.
    if word.folded.strip() not in text.folded:
        return False
    has_letters = any(map(str.isalpha, word.plain))
    # 455 is a number, not a word in disguise.
    return any(
        not has_letters or any(map(look_alikes.is_letter, m[0])) for m in _pattern(word.plain).finditer(text.plain)
    )


@lru_cache(maxsize=1024)
def _pattern(plain: str) -> re.Pattern[str]:
    word = plain.strip(_ENDS)
    # Digits and signs for letters would make too much of the shortest words: 1s is no "is".
    keeps = len(word) < 3
    letters = "".join(_one(letter, letters_only=keeps) for letter in word)
    # An underscore is no letter here: it is how Discord writes italics.
    before = "" if plain.startswith(ANY) or _UNSPACED.match(word[0]) else r"(?<![^\W_])"
    after = "" if plain.endswith(ANY) or _UNSPACED.match(word[-1]) else r"(?![^\W_])"
    return re.compile(f"{before}{letters}{after}")


def _one(letter: str, *, letters_only: bool) -> str:
    if letter == " ":
        return _BETWEEN.pattern
    found = [
        each for each in look_alikes.like(letter) if each == letter or look_alikes.is_letter(each) or not letters_only
    ]
    return re.escape(letter) if len(found) == 1 else f"[{''.join(map(re.escape, found))}]"
