"""Errors and failures carry the sentence for the person who meets them."""

import string

import pytest

from bot.domain.errors import ClapboardError, RefusalError, StoreUnavailableError
from bot.domain.failure import SENTENCES, FailureKind
from bot.domain.sentence import N_, NN_, Mention, Plural, Sentence, channels, roles


class TooManyCatsError(RefusalError):
    message = NN_("{count} cat is too many in {place}.", "{count} cats are too many in {place}.")


def test_an_error_fills_its_sentence_with_what_it_was_given() -> None:
    error = TooManyCatsError(count=3, place="here")

    expected = Plural("{count} cat is too many in {place}.", "{count} cats are too many in {place}.")
    assert error.sentence == Sentence(expected, {"count": 3, "place": "here"})
    assert str(error) == "('TooManyCatsError', {'count': 3, 'place': 'here'})"


def test_an_unreachable_database_is_no_refusal_of_the_rules_but_says_no() -> None:
    error = StoreUnavailableError()

    assert isinstance(error, ClapboardError)
    assert "Nothing was charged" in str(error.sentence.id)


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_a_sentence_with_parameters_that_are_known(kind: FailureKind) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[kind]) if name is not None}

    assert SENTENCES[kind].endswith(".")
    assert names <= {"model", "minutes"}


def test_mentions_come_in_a_stable_order() -> None:
    assert roles(frozenset({30, 1, 2})) == (Mention("role", 1), Mention("role", 2), Mention("role", 30))
    assert channels((9, 4)) == (Mention("channel", 4), Mention("channel", 9))


def test_marking_a_sentence_leaves_it_as_it_is() -> None:
    assert N_("a {b} c") == "a {b} c"
