"""Prompts as other members see them: nothing in them is live, invisible or endless."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

ELLIPSIS = "…"
MAX_MARKS = 4
"""Combining marks on one character; more of them pile up over the neighbouring lines."""

_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that show nothing."""
_JOINER = "\u200d"
_JOINERS = f"\u200c{_JOINER}"
_LONE_JOINER = re.compile(rf"(?<!\S)[{_JOINERS}]+|(?<=[{_JOINERS}])[{_JOINERS}]+")
_MARKS = frozenset({"Mn", "Mc", "Me"})
_HIDING_SELECTORS = range(0xE0100, 0xE01F0)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_BY_CATEGORY = {"Cc": "", "Cf": "", "Cs": "\ufffd", "Zl": "\n", "Zp": "\n", "Zs": " "}
_BY_CHARACTER = {**dict.fromkeys("\n\r\v\f", "\n"), **dict.fromkeys(f"\t{_BLANKS}", " "), **{j: j for j in _JOINERS}}

_MARKUP = frozenset("\\*_~`|<[]")
_MARKUP_OF_LINES = frozenset(">#+-")


def escape(text: str, limit: int, *, max_lines: int = 10) -> str:
    """Text for a message: markdown, links and mentions are shown as typed; at most `limit` UTF-16 units.

    What is cut ends in an ellipsis, between characters as people see them. Lines past the last one join it.
    """
    lines = [line for line in (" ".join(line.split()) for line in _harmless(text).split("\n")) if line]
    lines[max_lines - 1 :] = [" ".join(lines[max_lines - 1 :])] if len(lines) >= max_lines else []
    return _cut(_escaped(lines), limit)


def plain(text: str, limit: int) -> str:
    """Text for where there is no markdown, such as alt text and labels: one line, at most `limit` UTF-16 units."""
    return _cut(_clusters(" ".join(_harmless(text).split())), limit)


def _harmless(text: str) -> str:
    """Text without control characters, changes of direction, invisible letters and halves of characters."""
    shown = _LONE_JOINER.sub("", "".join(map(_shown, text)))
    return "".join(map(_thinned, _clusters(shown)))


def _shown(character: str) -> str:
    if ord(character) in _HIDING_SELECTORS:
        return ""
    fallback = _BY_CATEGORY.get(unicodedata.category(character), character)
    return _BY_CHARACTER.get(character, fallback)


def _thinned(cluster: str) -> str:
    marks = [character for character in cluster if unicodedata.category(character) in _MARKS]
    if marks and marks[0] == cluster[0]:
        return ""
    return cluster if len(marks) <= MAX_MARKS else cluster[0] + "".join(marks[:MAX_MARKS])


def _clusters(text: str) -> Iterator[str]:
    """The characters as people see them, so that none is cut in two."""
    cluster = ""
    for character in text:
        if cluster and not _belongs(character, cluster):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _belongs(character: str, cluster: str) -> bool:
    if cluster.isspace():
        return False
    if character in _JOINERS or ord(character) in _SKIN_TONES or unicodedata.category(character) in _MARKS:
        return True
    if ord(character) in _FLAG_LETTERS:
        return len(cluster) == 1 and ord(cluster) in _FLAG_LETTERS
    # Nothing that may be markup hides behind a joiner: only pictures and letters of joining scripts are joined.
    return cluster.endswith(_JOINER) and not character.isascii()


def _escaped(lines: Iterable[str]) -> Iterator[str]:
    """The lines in pieces that may be cut between."""
    for index, line in enumerate(lines):
        if index:
            yield "\n"
        position = 0
        for cluster in _clusters(line):
            yield _piece(cluster, line, position)
            position += len(cluster)


def _piece(cluster: str, line: str, position: int) -> str:
    first, rest = cluster[0], line[position + 1 :]
    begins_list = first == "." and line[:position].isdecimal()
    begins_block = position == 0 and first in _MARKUP_OF_LINES
    begins_address = first == ":" and rest.startswith("//")
    if first in _MARKUP or begins_list or begins_block or begins_address:
        return f"\\{cluster}"
    if first == "@" and rest.startswith(("everyone", "here")):
        return f"@\u200b{cluster[1:]}"
    return cluster


def _cut(pieces: Iterable[str], limit: int) -> str:
    kept: list[str] = []
    used = 0
    for piece in pieces:
        kept.append(piece)
        used += units(piece)
        if used > limit:
            while kept and used > limit - 1:
                used -= units(kept.pop())
            return "".join(kept).rstrip() + ELLIPSIS
    return "".join(kept)


def units(text: str) -> int:
    """UTF-16 code units, in which Discord's client counts."""
    return len(text.encode("utf-16-le")) // 2
