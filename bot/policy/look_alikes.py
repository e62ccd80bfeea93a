"""Characters that people put in the place of letters so that a word is not found, and still read."""

from functools import cache

_BLOCKS = (0x1F150, 0x1F170, 0x1F1E6)
"""Letters in circles and boxes, and those of flags, from A to Z: no decomposition leads from them to a letter."""
_LETTERS = {
    "a": "4@аαᴀɑ",
    "b": "8ƀɓвьβʙ",
    "c": "¢ƈсᴄ",
    "d": "đɗԁᴅ",
    "e": "3€еεᴇɇ",
    "f": "ƒꜰ",
    "g": "69ɡɠԍɢ",
    "h": "ħɦнһհʜ",
    "i": "1!|ıɨіιɩɪ",
    "j": "јᴊ",
    "k": "кκᴋ",
    "l": "1!|£łӏʟ",
    "m": "мᴍ",
    "n": "ոηɴ",
    "o": "0øоοօᴏ",
    "p": "рρᴘ",
    "q": "ԛ",
    "r": "ɾгʀ",
    "s": "5$ѕʂꜱ",
    "t": "7+ŧƭтτᴛ",
    "u": "ʉυսᴜ",
    "v": "νʋᴠ",
    "w": "ԝωᴡ",
    "x": "хχ×",
    "y": "ƴуγʏ",
    "z": "2ƶᴢ",
}
"""Latin letters and what is taken for them: digits and signs, Cyrillic, Greek, Armenian, small capitals, strokes."""


def _groups() -> dict[str, str]:
    groups = {}
    for number, (letter, others) in enumerate(_LETTERS.items()):
        groups[letter] = letter + others + "".join(chr(block + number) for block in _BLOCKS)
    return groups


GROUPS = _groups()
"""Each Latin letter with all that is taken for it; what may be `i` may be `l`."""
_ONE_FOR_ALL = str.maketrans({each: "i" if letter == "l" else letter for letter in GROUPS for each in GROUPS[letter]})


@cache
def like(letter: str) -> str:
    """All that may stand for a letter, itself first; digits and signs stand for themselves only."""
    if not letter.isalpha():
        return letter
    found = "".join(group for group in GROUPS.values() if letter in group)
    return "".join(dict.fromkeys(letter + found))


def is_letter(character: str) -> bool:
    """Whether somebody who reads a character sees a letter: neither a digit nor a sign that stands for one."""
    return character.isalpha() or ord(character) >= min(_BLOCKS)


def folded(text: str) -> str:
    """Text with one Latin letter for all that look alike. `l` counts as `i`, since `1` may be either."""
    return text.translate(_ONE_FOR_ALL)
