"""Prints a tour line by line: who does what, and what the bot says."""

import re
import sys
import textwrap
import time
from datetime import UTC, datetime

from babel.dates import format_timedelta

_WIDTH = 110
_MARKUP = re.compile(r"^(?:#{1,3}|-#) |\*\*|`", re.MULTILINE)
_INSTANT = re.compile(r"<t:(\d+):[dDfF]>")
_RELATIVE = re.compile(r"<t:(\d+):R>")
_MASKED_LINK = re.compile(r"\[([^\]]+)\]\(https://discord\.com/channels/[^)]+\)")
_MESSAGE_LINK = re.compile(r"https://discord\.com/channels/\S+")


def as_seen(text: str) -> str:
    """A message's text as Discord shows it: without markup, links to messages as words."""
    text = _RELATIVE.sub(lambda found: _from_now(int(found[1])), text)
    text = _INSTANT.sub(lambda found: f"{datetime.fromtimestamp(int(found[1]), UTC):%d %B %Y}".lstrip("0"), text)
    unmasked = _MASKED_LINK.sub(r"\1 [linked]", _MARKUP.sub("", text))
    return _MESSAGE_LINK.sub("[link to the message]", unmasked)


def _from_now(seconds: int) -> str:
    away = datetime.fromtimestamp(seconds, UTC) - datetime.now(UTC)
    return format_timedelta(away, add_direction=True, locale="en")


class Narrator:
    """Numbered scenes with the seconds since the start; colours only on a terminal."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._scenes = 0
        self._colour = sys.stdout.isatty()

    def scene(self, title: str) -> None:
        """Begin a new scene."""
        self._scenes += 1
        print(f"\n{self._styled('1', f'{self._scenes}. {title}')}", flush=True)

    def act(self, who: str, what: str) -> None:
        """Somebody does something."""
        self._line(self._styled("36", f"{who:>8}"), what)

    def say(self, text: str, *, only: str = "") -> None:
        """The bot says something, to everybody or to `only` one; each of its lines is shown."""
        first, aside = "bot", f" (only {only} sees this)" if only else ""
        for line in filter(None, as_seen(text).split("\n")):
            self._line(self._styled("35", f"{first:>8}"), line + aside)
            first = aside = ""

    def gateway(self, text: str) -> None:
        """The gateway's state changed, which nobody in Discord sees."""
        self._line(self._styled("33", " gateway"), text)

    def fact(self, text: str) -> None:
        """Something that is so."""
        self._line(self._styled("2", " " * 8), text)

    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def _line(self, who: str, text: str) -> None:
        stamp = self._styled("2", f"{self.seconds():5.1f} s")
        lines = textwrap.wrap(text, _WIDTH, break_long_words=False) or [""]
        print(f"  {stamp} {who} │ {lines[0]}", flush=True)
        for line in lines[1:]:
            print(f"  {self._styled('2', ' ' * 16)} │ {line}", flush=True)

    def _styled(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colour else text
