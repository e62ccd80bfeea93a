"""What a model costs in a server, in words."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.administration.pricing import LengthPrice, ModelPrices, Origin
from bot.client.escape import escape
from bot.domain.sentence import N_, NN_
from bot.locales import Translator
from cogs.cards.labels import SEPARATOR

MOST_LISTED = 6
"""Lengths that are named one by one; of more, those that follow each other are told as one."""
MOST_TOLD = 10
"""Of the lengths and groups of them that are told of a model; the others are counted."""
_TITLE_LIMIT = 100
_MARKS = {
    Origin.LISTED: "{price}",
    Origin.ESTIMATE: N_("{price} (estimate)"),
    Origin.HERE: N_("{price} (set here)"),
    Origin.ASSUMED: N_("{price} (assumed by the operator)"),
    Origin.NOBODY: N_("no price, can't be ordered"),
}


def price_lines(prices: ModelPrices, translator: Translator) -> Iterator[str]:
    """A model's title and what each of its lengths costs."""
    yield f"**{escape(prices.model.title, _TITLE_LIMIT)}**"
    yield SEPARATOR.join((*_lengths(prices.lengths, translator), *_remixes(prices.remixes, translator)))
    if prices.per_second is not None:
        set_here = N_("Each second of a length without a price of its own: {price} (set here)")
        yield translator.text(set_here, price=translator.money(prices.per_second))


def _lengths(lengths: Sequence[LengthPrice], translator: Translator) -> Iterator[str]:
    """What each length costs; of many, those that follow each other together."""
    groups = [[price] for price in lengths]
    if len(lengths) > MOST_LISTED:
        groups = [list(same) for _, same in groupby(lengths, lambda price: price.origin)]
    yield from (_told(group, translator) for group in groups[:MOST_TOLD])
    untold = sum(len(group) for group in groups[MOST_TOLD:])
    if untold:
        yield translator.text(NN_("{count} more length", "{count} more lengths"), count=untold)


def _remixes(prices: Sequence[LengthPrice], translator: Translator) -> Iterator[str]:
    """The same of remixes, by the length of the original where that makes a difference."""
    if len({(price.amount, price.origin) for price in prices}) == 1:
        told = _price(prices[0], translator.money(prices[0].amount or 0), translator)
        yield translator.text(N_("remix: {price}"), price=told)
        return
    for told in _lengths(prices, translator):
        yield translator.text(N_("remix of {length}"), length=told)


def _told(group: Sequence[LengthPrice], translator: Translator) -> str:
    """Lengths that follow each other and whose prices come from the same place."""
    text, first, last = translator.text, group[0], group[-1]
    if len(group) == 1:
        return f"{translator.seconds(first.seconds)}: {_price(first, translator.money(first.amount or 0), translator)}"
    lengths = text(N_("{shortest} to {longest} s"), shortest=first.seconds, longest=last.seconds)
    amounts = sorted(price.amount or 0 for price in group)
    ends = dict.fromkeys(translator.money(amount) for amount in (amounts[0], amounts[-1]))
    between = " – ".join(ends)
    return f"{lengths}: {_price(first, between, translator)}"


def _price(price: LengthPrice, amounts: str, translator: Translator) -> str:
    return translator.text(_MARKS[price.origin], price=amounts)
