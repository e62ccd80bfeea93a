"""What managers type into forms as numbers and dollars."""

import pytest

from bot.administration.amounts import (
    UnknownAmountError,
    UnknownCountError,
    UnknownDollarsError,
    amount,
    count,
    dollars,
    typed_count,
    typed_dollars,
)
from bot.domain.tier import NO_LIMIT
from bot.locales import Translator


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", None),
        ("  ", None),
        ("0", 0),
        ("2", 20_000),
        (" 0.50 ", 5000),
        ("0,5", 5000),
        ("$1.25", 12_500),
        ("3 USD", 30_000),
        ("0.0001", 1),
        ("999999", 9_999_990_000),
    ],
)
def test_an_amount_of_dollars_is_kept_in_units(text: str, units: int | None) -> None:
    assert amount(text) == units


@pytest.mark.parametrize("text", ["two", "-1", "1e3", "nan", "inf", "1.2.3", "0.00001", "1000000", "٣", "1 2", "$"])
def test_what_is_no_amount_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(UnknownAmountError) as refused:
        amount(text)

    assert refused.value.sentence.params == {"amount": text}


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("", None),
        (" ", None),
        ("5", 5),
        (" 15 s ", 15),
        ("no  limit", NO_LIMIT),
        ("No Limit", NO_LIMIT),
        ("∞", NO_LIMIT),
    ],
)
def test_a_number_is_a_limit_and_empty_says_nothing(text: str, limit: int | None) -> None:
    assert count("Videos a day", text) == limit


@pytest.mark.parametrize("text", ["five", "0", "-1", "1.5", "100001", "5, 2", "٣", "none"])
def test_what_is_no_number_is_refused_with_the_row_and_what_would_do(text: str) -> None:
    with pytest.raises(UnknownCountError) as refused:
        count("Videos a day", text)

    assert Translator("en-US").text(refused.value.sentence) == (
        f"Videos a day: I can't take {text}. Write a whole number from 1 to 100,000, or no limit, or leave it empty. "
        "Nothing was changed."
    )


def test_nothing_can_be_a_limit_where_that_means_something() -> None:
    assert count("Above seconds", "0", least=0) == 0
    assert dollars("Above dollars", "0", least=0) == 0


@pytest.mark.parametrize(("text", "limit"), [("", None), ("$5", 50_000), ("0,01", 100), ("unlimited", NO_LIMIT)])
def test_dollars_are_a_limit_and_empty_says_nothing(text: str, limit: int | None) -> None:
    assert dollars("Dollars a month", text) == limit


@pytest.mark.parametrize("text", ["much", "0", "0.009", "-1"])
def test_what_is_no_amount_is_refused_with_the_row_and_what_would_do(text: str) -> None:
    with pytest.raises(UnknownDollarsError) as refused:
        dollars("Dollars a month", text)

    assert Translator("en-US").text(refused.value.sentence) == (
        f"Dollars a month: I can't take {text}. Write dollars such as 0.50 or 2, at least $0.01, or no limit, "
        "or leave it empty. Nothing was changed."
    )


@pytest.mark.parametrize("limit", [None, 1, 150, 12_345, NO_LIMIT])
def test_what_a_form_shows_can_be_sent_again_unchanged(limit: int | None) -> None:
    assert count("x", typed_count(limit)) == limit
    assert dollars("x", typed_dollars(limit), least=0) == limit
