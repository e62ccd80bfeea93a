"""What each length of a model costs by the catalogue, and in what words that is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.catalogue.model import Model
from bot.catalogue.schema import Condition, Route
from bot.domain.errors import RefusalError
from bot.domain.money import units
from bot.domain.request import VideoRequest
from bot.listing.samples import Sample, samples, usual
from bot.listing.words import in_words
from bot.locales import Translator

ENGLISH = Translator("en-US")
"""The operator's terminal speaks English, like the log."""
MANY = 4
"""So many lengths are listed one by one; of more that cost the same a second, the first and the last."""


class Kind(StrEnum):
    """How well a price is known."""

    LISTED = "price"
    ESTIMATE = "estimated price"
    NONE = "no price"


@dataclass(frozen=True, slots=True)
class Rate:
    """What one length at one resolution costs, in units, with the model's usual options.

    `seconds` None: the order has no word for it; of a remix, they may be those of its original. `resolution` None:
    the model has no choice of it.
    """

    seconds: int | None
    resolution: str | None
    kind: Kind
    units: int | None
    is_remix: bool = False

    @property
    def length(self) -> str:
        """What is made, by its length in words."""
        seconds = None if self.seconds is None else f"{self.seconds} s"
        if self.is_remix:
            return f"remix of {seconds}" if seconds else "remix"
        return seconds or "its own length"


@dataclass(frozen=True, slots=True)
class Change:
    """What makes a price another one."""

    text: str
    estimate: bool

    def __str__(self) -> str:
        return f"{self.text} (an estimate)" if self.estimate else self.text


def rates(model: Model) -> list[Rate]:
    """What can be ordered, with its price: by resolution, then by length, remixes last."""
    new = model.new_routes
    remixes = [route for route in model.routes if route not in new]
    return [rate for route in (*new[:1], *remixes) for rate in _of_route(model, route)]


def rate_lines(model: Model) -> Iterator[tuple[str, str]]:
    """The prices in words, those that are published, estimated and missing apart: the kind and the text."""
    found = rates(model)
    for kind in Kind:
        of_kind = [rate for rate in found if rate.kind is kind]
        texts = list(_by_resolution(of_kind) if of_kind or kind is not Kind.NONE else _unpriced(model))
        if texts:
            yield kind.value, "; ".join(texts)


def changes(model: Model) -> Iterator[Change]:
    """Everything that changes the price and that the usual options of a length don't tell."""
    for row in model.prices:
        if _is_unusual(row.when):
            yield Change(f"{ENGLISH.money(units(row.usd))} per {row.per} {in_words(row.when)}", row.estimate)
    for factor in model.multipliers:
        if _is_unusual(factor.when):
            yield Change(f"× {ENGLISH.number(factor.times)} {in_words(factor.when)}", factor.estimate)


def _unpriced(model: Model) -> Iterator[str]:
    """What an input or an option leaves without a price, although the usual videos have one."""
    for route in model.routes:
        for sample in samples(model, route):
            if isinstance(sample, Sample) and sample.price is None:
                yield f"{route.slug} {sample.told}"


def _of_route(model: Model, route: Route) -> Iterator[Rate]:
    is_remix, has_length = "parent_task" in route.needs, "duration" not in route.lacks
    resolutions = () if "resolution" in route.lacks or not model.resolutions else model.resolutions.choices
    for resolution in resolutions or (None,):
        request = replace(usual(model, route), resolution=resolution)
        if has_length:
            requests = [replace(request, duration=seconds) for seconds in model.durations.values]
        elif is_remix:
            requests = [replace(request, parent_seconds=seconds) for seconds in model.durations.values]
        else:
            requests = [request]
        found = [rate for each in requests if (rate := _rate(model, each, is_remix=is_remix)) is not None]
        if is_remix and not has_length and len({(rate.kind, rate.units) for rate in found}) == 1:
            found = [replace(found[0], seconds=None)]
        yield from found


def _rate(model: Model, request: VideoRequest, *, is_remix: bool) -> Rate | None:
    """What a request costs; None for one that is refused."""
    try:
        price = model.price(model.settle(request))
    except RefusalError:
        return None
    if price is None:
        return Rate(request.seconds, request.resolution, Kind.NONE, None, is_remix)
    kind = Kind.ESTIMATE if price.estimate else Kind.LISTED
    return Rate(request.seconds, request.resolution, kind, price.units, is_remix)


def _by_resolution(found: Sequence[Rate]) -> Iterator[str]:
    """One text for all resolutions that cost the same."""
    texts: dict[str, list[str]] = {}
    for resolution in dict.fromkeys(rate.resolution for rate in found):
        text = _amounts([rate for rate in found if rate.resolution == resolution])
        texts.setdefault(text, []).extend([resolution] if resolution else [])
    for text, resolutions in texts.items():
        yield f"{', '.join(resolutions)}: {text}" if resolutions else text


def _amounts(found: Sequence[Rate]) -> str:
    if found[0].units is None:
        return _lengths(found)
    per_second = _per_second(found)
    if per_second is None:
        return ", ".join(f"{rate.length} {_money(rate)}" for rate in found)
    first, last = found[0], found[-1]
    ends = f"{first.length} {_money(first)} to {last.length} {_money(last)}"
    return f"{ENGLISH.money(per_second)} per second, so {ends}"


def _per_second(found: Sequence[Rate]) -> int | None:
    """The units that each second of many lengths costs, if that is the same for all."""
    each = {divmod(rate.units or 0, rate.seconds) if rate.seconds else (0, 1) for rate in found}
    if len(found) <= MANY or len(each) > 1:
        return None
    amount, rest = each.pop()
    return None if rest else amount


def _lengths(found: Sequence[Rate]) -> str:
    if len(found) <= MANY:
        return ", ".join(rate.length for rate in found)
    return f"{found[0].length} to {found[-1].length}"


def _money(rate: Rate) -> str:
    return ENGLISH.money(rate.units or 0)


def _is_unusual(when: Condition) -> bool:
    return when.audio is not None or bool(when.aspect) or bool(when.given)
