"""Money is whole units of a ten-thousandth of a dollar, rounded up once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import UNITS_PER_USD, units, usd


@pytest.mark.parametrize(
    ("dollars", "expected"),
    [("0", 0), ("0.15", 1500), ("0.0001", 1), ("0.00001", 1), ("0.41651", 4166), ("0.4165", 4165), ("20", 200_000)],
)
def test_a_part_of_a_unit_is_a_whole_one(dollars: str, expected: int) -> None:
    assert units(Decimal(dollars)) == expected


@given(st.integers(0, 10**15))
def test_units_as_dollars_are_the_same_units_again(amount: int) -> None:
    assert units(usd(amount)) == amount


@given(st.decimals(min_value=0, max_value=10**6, places=9))
def test_rounding_is_never_down_and_never_by_a_unit(dollars: Decimal) -> None:
    over = Decimal(units(dollars)) - dollars * UNITS_PER_USD

    assert 0 <= over < 1
