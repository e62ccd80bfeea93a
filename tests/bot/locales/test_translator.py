"""The translator: parameters as people and Discord show them, languages, and gaps that don't hurt."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.failure import FailureKind
from bot.domain.sentence import NN_, Instant, Mention, MessageLink, Money, Plural, Sentence, roles
from bot.locales import SentenceWarning, Translator

MOMENT = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
GERMAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Videos are made in {channels}."
msgstr "Videos entstehen in {channels}."

msgid "{count} video left."
msgid_plural "{count} videos left."
msgstr[0] "Noch {count} Video."
msgstr[1] "Noch {count} Videos."

msgid "{minutes} min"
msgstr "{minutes} Min."

#, fuzzy
msgid "Cancelled, not charged."
msgstr "Geraten."
"""
LEFT = NN_("{count} video left.", "{count} videos left.")


@pytest.fixture
def english() -> Translator:
    return Translator("en-US")


@pytest.fixture
def catalogues(tmp_path: Path) -> Path:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "clapboard.po").write_text(GERMAN, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text with {braces}", "text with {braces}"),
        (FailureKind.BUSY, "busy"),
        (1234, "1,234"),
        (Decimal("2.40"), "2.4"),
        (timedelta(minutes=3), "3 min"),
        (True, "True"),
        (Instant(MOMENT), "<t:1790856000:R>"),
        (Money(12_500), "$1.25"),
        (Instant(MOMENT, "f"), "<t:1790856000:f>"),
        (Mention("role", 7), "<@&7>"),
        (Mention("channel", 7), "<#7>"),
        (Mention("user", 7), "<@7>"),
        (MessageLink(1, 2, 3), "https://discord.com/channels/1/2/3"),
        (MessageLink(None, 2, 3), "https://discord.com/channels/@me/2/3"),
        (Sentence("{n} s", {"n": 15}), "15 s"),
        (roles((9, 3)), "<@&3> and <@&9>"),
        (("a", 2, Mention("user", 4)), "a, 2, and <@4>"),
        ((), ""),
    ],
)
@pytest.mark.filterwarnings("ignore:can't show a bool")
def test_each_kind_of_parameter_has_its_form(value: object, shown: str, english: Translator) -> None:
    assert english.text("{value}", value=value) == shown


def test_a_sentence_says_how_its_list_is_joined(english: Translator) -> None:
    names = ("a", "b", "c")

    assert english.text("{n} | {n:or} | {n:unit}", n=names) == "a, b, and c | a, b, or c | a, b, c"


def test_a_sentence_brings_its_own_parameters_and_others_win(english: Translator) -> None:
    sentence = Sentence("{who} and {what}", {"who": "you", "what": "this"})

    assert english.text(sentence, what="that") == "you and that"


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 videos left."), (1, "1 video left."), (1000, "1,000 videos left.")]
)
def test_the_count_chooses_the_form(count: int, shown: str, english: Translator) -> None:
    assert english.text(Sentence(LEFT, {"count": count})) == shown
    assert english.text(LEFT, count=count) == shown
    assert english.plural("{count} video left.", "{count} videos left.", count) == shown


def test_german_comes_from_its_catalogue_with_german_numbers(catalogues: Path) -> None:
    german = Translator("de", catalogues)

    assert german.text("Videos are made in {channels}.", channels=("a", "b", "c")) == "Videos entstehen in a, b und c."
    assert german.text(LEFT, count=1) == "Noch 1 Video."
    assert german.text(LEFT, count=1000) == "Noch 1.000 Videos."
    assert german.money(1500) == "0,15\N{NO-BREAK SPACE}$"
    assert german.duration(timedelta(minutes=2)) == "2 Min."


def test_a_region_without_a_catalogue_reads_its_language(catalogues: Path) -> None:
    assert Translator("de-AT", catalogues).text(LEFT, count=2) == "Noch 2 Videos."


def test_an_untranslated_or_doubtful_sentence_stays_english(catalogues: Path) -> None:
    german = Translator("de", catalogues)

    assert german.text("Paused.") == "Paused."
    assert german.text("Cancelled, not charged.") == "Cancelled, not charged."


@pytest.mark.parametrize("locale", ["fr", "zh-CN", "no", "", "xx-YY-zz", "../../de"])
def test_a_language_without_a_catalogue_reads_english_numbers_too(locale: str, catalogues: Path) -> None:
    translator = Translator(locale, catalogues)

    assert translator.text(LEFT, count=1000) == "1,000 videos left."


def test_the_empty_sentence_is_empty_in_every_language(catalogues: Path) -> None:
    assert Translator("de", catalogues).text("") == ""


@pytest.mark.parametrize(
    ("id_", "params", "shown"),
    [
        ("Model {model} is gone.", {}, "Model … is gone."),
        (LEFT, {}, "… videos left."),
        ("{value}", {"value": {"a": 1}}, "{'a': 1}"),
    ],
)
def test_a_parameter_that_does_not_fit_fails_here_and_leaves_a_gap_in_production(
    id_: str | Plural, params: Mapping[str, object], shown: str, english: Translator
) -> None:
    with pytest.warns(SentenceWarning):
        told = english.text(id_, **params)

    assert told == shown
    with pytest.raises(SentenceWarning):
        english.text(id_, **params)


def test_a_person_can_not_smuggle_placeholders_into_a_sentence(english: Translator) -> None:
    assert english.text("{a} {b}", a="{b}", b="x") == "{b} x"


@pytest.mark.parametrize(
    ("units", "shown"),
    [
        (1500, "$0.15"),
        (4165, "$0.4165"),
        (200_000, "$20.00"),
        (0, "$0.00"),
        (12_345_600, "$1,234.56"),
        (-1500, "-$0.15"),
    ],
)
def test_money_is_shown_exactly(units: int, shown: str, english: Translator) -> None:
    assert english.money(units) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-3, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (135, "2 min"),
        (3600, "1 h"),
        (3900, "1 h 5 min"),
        (3599, "1 h"),
        (86_400, "24 h"),
        (3 * 86_400, "3 days"),
    ],
)
def test_a_duration_is_as_exact_as_one_would_say_it(seconds: int, shown: str, english: Translator) -> None:
    assert english.duration(timedelta(seconds=seconds)) == shown


def test_seconds_keep_their_fraction(english: Translator) -> None:
    assert (english.seconds(15), english.seconds(2.4), english.seconds(Decimal("4.50"))) == ("15 s", "2.4 s", "4.5 s")


@pytest.mark.parametrize(
    ("size", "shown"),
    [(42 * 2**20, "42 MB"), (20 * 2**20 + 1, "20.1 MB"), (100 * 2**20, "100 MB"), (1, "0.1 MB"), (0, "0 MB")],
)
def test_a_file_over_a_limit_never_looks_as_large_as_the_limit(size: int, shown: str, english: Translator) -> None:
    assert english.megabytes(size) == shown
