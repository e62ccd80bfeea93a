"""What the documents promise is there: log lines, links, settings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.failure import FailureKind
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def section(document: str, title: str) -> str:
    """A document's part from one heading of the second level to the next."""
    parts = re.split(r"^## ", (ROOT / document).read_text("utf-8"), flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(f"{title}\n"))


def first_cells(part: str) -> list[str]:
    return [line.split("|")[1] for line in part.splitlines() if line.startswith("| ")][1:]


def logged() -> Iterator[tuple[str, set[str]]]:
    """Each event that the program logs, with the names of its fields."""
    for path in (path for room in ("bot", "cogs") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=[ast.Constant(value=str(event)), *_]
                ) if level in LEVELS:
                    yield event, {keyword.arg for keyword in node.keywords if keyword.arg}


def test_every_log_line_that_is_explained_is_one_that_the_program_writes() -> None:
    events = dict(logged())
    cells = first_cells(section("docs/operations.md", "Logs"))
    assert len(cells) > 10

    for cell in cells:
        quoted = re.findall(r"`([^`]+)`", cell)
        lines = [text for text in quoted if "=" not in text]
        assert lines and set(lines) <= events.keys(), cell
        for field, value in (text.split("=") for text in quoted if "=" in text):
            assert field in events[lines[0]]
            assert value in set(FailureKind), cell


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))

    for link in (link for link in links if "://" not in link):
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", text).lower().replace(" ", "-") for text in headings}, link


def test_the_readme_explains_every_setting_and_no_other() -> None:
    settings = section("README.md", "Settings")
    table = [name for cell in first_cells(settings) for name in re.findall(r"`([A-Z_]+)`", cell)]
    without_effect = re.findall(r"`([A-Z_]+)`", settings.partition("no effect yet")[2])

    assert sorted(table + without_effect) == sorted(name.upper() for name in Settings.model_fields)
