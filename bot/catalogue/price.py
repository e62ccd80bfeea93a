"""What an order costs by the catalogue."""

from dataclasses import dataclass

from bot.catalogue.schema import Entry
from bot.catalogue.settle import matches
from bot.domain.money import units
from bot.domain.request import VideoRequest


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in units of a ten-thousandth of a dollar; an estimate is not a published price."""

    units: int
    estimate: bool


def price_of(entry: Entry, request: VideoRequest) -> Price | None:
    """The price of a settled request, rounded up once; None where the catalogue has none."""
    row = next((row for row in entry.prices if matches(row.when, request)), None)
    if row is None:
        return None
    amount, estimate = row.usd, row.estimate
    if row.per == "second":
        if request.seconds is None:
            return None
        amount *= request.seconds
    for multiplier in entry.multipliers:
        if matches(multiplier.when, request):
            amount *= multiplier.times
            estimate = estimate or multiplier.estimate
    return Price(units(amount), estimate)
