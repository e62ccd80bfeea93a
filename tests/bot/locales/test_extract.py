"""The template for translators: current, complete, and the same wherever it is made."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.locales.extract import ROOT, TEMPLATE, MarkError, extract, template
from bot.locales.translator import PLACEHOLDER


def program(root: Path, text: str) -> Path:
    (root / "bot").mkdir()
    (root / "cogs").mkdir()
    (root / "bot" / "module.py").write_text(text, "utf-8")
    return root


def test_the_committed_template_is_current() -> None:
    assert TEMPLATE.read_text("utf-8") == template(ROOT), "run make messages"


def test_every_mark_in_the_program_is_literal_text() -> None:
    assert len(list(extract(ROOT))) > 50


def test_every_placeholder_is_one_that_the_translator_fills() -> None:
    for mark in extract(ROOT):
        for text in (mark.id,) if isinstance(mark.id, str) else mark.id:
            for placeholder in re.findall(r"\{[^}]*\}?", text):
                assert PLACEHOLDER.fullmatch(placeholder), (mark.module, text)


def test_the_template_is_read_by_the_tools_of_translators() -> None:
    catalogue = read_po(BytesIO(TEMPLATE.read_bytes()))

    ids = {message.id for message in catalogue if message.id}
    assert {mark.id if isinstance(mark.id, str) else mark.id[0] for mark in extract(ROOT)} == {
        id_ if isinstance(id_, str) else id_[0] for id_ in ids
    }


def test_the_template_changes_with_sentences_only(tmp_path: Path) -> None:
    first = template(program(tmp_path, 'N_("One.")\nN_("Two.")\n'))
    (tmp_path / "bot" / "module.py").write_text('# moved\nx = 1\nN_("Two.")\nN_("One.")\n')

    assert template(tmp_path) == first
    assert str(tmp_path) not in first
    assert "Date" not in first


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('N_("One.")', ["One."]),
        ('N_("One " "and two.")', ["One and two."]),
        ('sentence.N_("One.")', ["One."]),
        ('NN_("{count} one", "{count} many")', [("{count} one", "{count} many")]),
        ('_("One.")', ["One."]),
        ('locale_str("One.", key=1)', ["One."]),
        ('translator.text("One.")', ["One."]),
        ('translator.plural("one", "many", 3)', [("one", "many")]),
        ("translator.text(sentence)", []),
        ('text("One.")', []),
        ("await response.text()", []),
        ('N_("100 % ready")', ["100 % ready"]),
        ("functions[0]()", []),
    ],
)
def test_marked_sentences_are_found(source: str, found: list[str | tuple[str, str]], tmp_path: Path) -> None:
    marks = [mark.id for mark in extract(program(tmp_path, f"async def f():\n    {source}\n"))]

    assert marks == found


@pytest.mark.parametrize("source", ["N_(text)", 'N_(f"{a}")', 'N_("a" + b)', 'NN_("one")', "N_(1)", 'N_("")'])
def test_a_mark_around_something_else_is_refused_with_its_place(source: str, tmp_path: Path) -> None:
    with pytest.raises(MarkError, match=r"^bot/module.py:2: NN?_\(\) takes literal text only$"):
        template(program(tmp_path, f"\n{source}\n"))


def test_a_per_cent_sign_is_not_taken_for_a_format(tmp_path: Path) -> None:
    assert "python-format" not in template(program(tmp_path, 'N_("42 % ready in {time}")'))


def test_the_command_leaves_a_current_template_as_it_is() -> None:
    before = TEMPLATE.read_bytes()

    done = subprocess.run([sys.executable, "-m", "bot.locales.extract"], cwd=ROOT, timeout=90, check=False)

    assert done.returncode == 0
    assert TEMPLATE.read_bytes() == before
