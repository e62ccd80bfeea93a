"""Text for an operator's terminal: labels on the left, wrapped text on the right; the same through a pipe."""

import re
import shutil
import textwrap

NARROWEST, WIDEST, IN_A_PIPE = 60, 130, 100
"""Characters of a line; wider is hard to read. `COLUMNS` is heeded everywhere."""


def width() -> int:
    """Characters of a line here."""
    return min(max(shutil.get_terminal_size((IN_A_PIPE, 24)).columns, NARROWEST), WIDEST)


_TOGETHER = re.compile(r"(?<=\d) (?=s\b)|(?<=\d s) (?=\$)|(?<=\d) (?=[GMK]B\b)")
"""The blank between a number and its unit, and between a length and its price."""
_HELD = "\N{NO-BREAK SPACE}"


def row(label: str, text: str, columns: int, *, indent: int = 2, label_width: int = 16) -> str:
    """A label and its text, which goes on below itself."""
    filled = textwrap.fill(
        _TOGETHER.sub(_HELD, text),
        columns,
        initial_indent=f"{' ' * indent}{label:<{label_width}}",
        subsequent_indent=" " * (indent + label_width),
        break_long_words=False,
        break_on_hyphens=False,
    )
    # Held together while lines are made; a blank again for whoever searches.
    return filled.replace(_HELD, " ")
