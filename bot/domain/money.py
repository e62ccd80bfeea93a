"""Money as integers: one unit is a ten-thousandth of a US dollar."""

from decimal import ROUND_CEILING, Decimal

UNITS_PER_USD = 10_000


def units(usd: Decimal) -> int:
    """An amount in dollars as units, rounded up once."""
    return int((usd * UNITS_PER_USD).to_integral_value(rounding=ROUND_CEILING))


def usd(amount: int) -> Decimal:
    """An amount in units as dollars, exactly."""
    return Decimal(amount) / UNITS_PER_USD
