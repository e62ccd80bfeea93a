"""Writes the template for translators from the marked sentences of the program: `make messages`."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

ROOT = Path(__file__).parents[2]
TEMPLATE = Path(__file__).with_name("clapboard.pot")
SOURCES = ("bot", "cogs")
MARKS = {"N_": 1, "_": 1, "locale_str": 1, "NN_": 2}
"""Names that mark a sentence, with how many of their first arguments are sentences."""
RENDERERS = {"text": 1, "plural": 2, "gettext": 1, "ngettext": 2}
"""Methods that take sentences marked elsewhere too, so that only literals count."""
HEADER = (
    'msgid ""\nmsgstr ""\n"Project-Id-Version: Clapboard\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked sentence: its id, or singular and plural, and the module it stands in."""

    id: str | tuple[str, str]
    module: str


class MarkError(Exception):
    """A mark around something that is not a literal: translators would never see it."""

    def __init__(self, module: str, line: int, mark: str) -> None:
        super().__init__(f"{module}:{line}: {mark}() takes literal text only")


def extract(root: Path) -> Iterator[Mark]:
    """Every marked sentence below `root`, by module and line."""
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            module = path.relative_to(root).as_posix()
            yield from _marks(ast.parse(path.read_bytes(), module), module)


def template(root: Path) -> str:
    """The template's text. It names modules but no lines and no dates, so it changes with sentences only."""
    catalogue = Catalog()
    for mark in extract(root):
        message = catalogue.add(mark.id, locations=[(mark.module, 0)])
        # Ours are {named}; a per cent sign in a sentence is just that.
        message.flags.discard("python-format")
    written = BytesIO()
    write_po(written, catalogue, omit_header=True, sort_output=True, include_lineno=False, width=100)
    return HEADER + written.getvalue().decode("utf-8")


def _marks(tree: ast.Module, module: str) -> Iterator[Mark]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node.func)
        wanted = MARKS.get(name) or (RENDERERS.get(name) if isinstance(node.func, ast.Attribute) else None)
        if wanted is None:
            continue
        arguments = (arg.value for arg in node.args[:wanted] if isinstance(arg, ast.Constant))
        sentences = [text for text in arguments if isinstance(text, str) and text]
        if len(sentences) == wanted:
            yield Mark(sentences[0] if wanted == 1 else (sentences[0], sentences[1]), module)
        elif name in MARKS:
            raise MarkError(module, node.lineno, name)


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


if __name__ == "__main__":
    try:
        TEMPLATE.write_text(template(ROOT), "utf-8")
    except MarkError as error:
        sys.exit(str(error))
