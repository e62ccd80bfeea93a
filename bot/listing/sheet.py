"""One model as an operator reads it: what members may choose, what it costs, where it is ordered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.schema import Pictures, Route, Sound
from bot.domain.money import usd
from bot.listing.columns import row
from bot.listing.rates import ENGLISH, Kind, changes, rate_lines, rates
from bot.listing.words import INPUT_WORDS, in_words

SOUND = {Sound.ALWAYS: "always", Sound.NEVER: "never"}


def sheet(model: Model, gateways: Sequence[str], columns: int, *, is_default: bool) -> str:
    """A heading and a line or more for each thing that the model has; the last one tells what it has not."""
    lines = [*_choices(model), *rate_lines(model)]
    lines += [("besides" if first else "", text) for first, text in _firsts(map(str, changes(model)))]
    lines += [("endpoints" if first else "", text) for first, text in _firsts(map(_route, model.routes))]
    lines.append(("may run at", _gateways(model, gateways)))
    lacking = _lacking(model)
    if lacking:
        lines.append(("no choice of", ", ".join(lacking)))
    heading = f"{model.id}: {model.title}{' (the default)' if is_default else ''}"
    return "\n".join((heading, *(row(label, text, columns) for label, text in lines)))


def _firsts(texts: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Each text, and whether it is the first: the others go below its label."""
    return ((number == 0, text) for number, text in enumerate(texts))


def as_json(catalogue: Catalogue, gateways: Sequence[str]) -> list[JsonValue]:
    """The models as plain data; amounts are dollars as text, so that none is rounded."""
    return [_data(model, gateways, is_default=model is catalogue.default) for model in catalogue.models]


def _choices(model: Model) -> Iterator[tuple[str, str]]:
    yield "length", _lengths(model)
    if model.aspects:
        shapes = ", ".join(f"{word} {shape}" if word != shape else word for word, shape in model.orientations.items())
        yield "orientation", f"{shapes}; usually {model.aspects.default}"
    if model.resolutions:
        yield "resolution", f"{', '.join(model.resolutions.choices)}; usually {model.resolutions.default}"
    yield "sound", SOUND.get(model.sound) or _optional(usual=model.sound_default)
    if model.watermark is not None:
        yield "watermark", _optional(usual=model.watermark)
    yield "prompt", f"up to {ENGLISH.number(model.prompt_limit)} characters"
    if model.negative_limit:
        yield "negative prompt", f"up to {ENGLISH.number(model.negative_limit)} characters"
    if model.seed:
        yield "seed", f"{model.seed.min} to {model.seed.max}"
    inputs = ", ".join(_inputs(model))
    if inputs:
        yield "takes", inputs
    for rule in model.rules:
        yield "but", f"{in_words(rule.when)} only {in_words(rule.only)}"


def _optional(*, usual: bool) -> str:
    return f"optional; usually {'with' if usual else 'without'}"


def _lengths(model: Model) -> str:
    offered = model.durations
    ends = f"{offered.values[0]} to {offered.values[-1]} s" if offered.is_range else None
    return f"{ends or ', '.join(map(str, offered.values)) + ' s'}; usually {offered.default} s"


def _inputs(model: Model) -> Iterator[str]:
    for name, word in INPUT_WORDS.items():
        if not any(name in route.inputs for route in model.routes):
            continue
        if name == "character" and model.clip:
            cut = ", cut by the bot" if model.clip.cut else ""
            yield f"{word} of {model.clip.min_seconds} to {model.clip.max_seconds} s{cut}"
        else:
            limits = [limit for key, pictures in model.pictures.items() if key == name for limit in _limits(pictures)]
            yield f"{word} ({', '.join(limits)})" if limits else word


def _limits(pictures: Pictures) -> Iterator[str]:
    ends = (("at least", pictures.min_side), ("at most", pictures.max_side))
    for bound, side in ends:
        if side is not None:
            yield f"{bound} {side} × {side} pixels"
    if pictures.max_ratio is not None:
        yield f"longer side at most {pictures.max_ratio} times the shorter"


def _lacking(model: Model) -> list[str]:
    has: Mapping[str, object] = {
        "orientation": model.aspects,
        "resolution": model.resolutions,
        "seed": model.seed,
        "watermark": model.watermark is not None,
        "negative prompt": model.negative_limit,
        "picture": model.takes_image,
        "last picture": model.takes_last_image,
        "character clip": model.takes_clip,
        "remix": model.can_remix,
    }
    return [word for word, value in has.items() if not value]


def _route(route: Route) -> str:
    inputs = [f"needs a {INPUT_WORDS[name]}" for name in route.needs]
    inputs += [f"takes a {INPUT_WORDS[name]}" for name in route.takes]
    return f"{route.slug} ({', '.join(inputs)})" if inputs else route.slug


def _gateways(model: Model, gateways: Sequence[str]) -> str:
    order = ", then ".join(gateways)
    return f"{order}; a remix where its original was made" if model.can_remix and len(gateways) > 1 else order


def _data(model: Model, gateways: Sequence[str], *, is_default: bool) -> JsonValue:
    prices: list[JsonValue] = [
        {
            "seconds": rate.seconds,
            "remix": rate.is_remix,
            "resolution": rate.resolution,
            "usd": None if rate.units is None else str(usd(rate.units)),
            "estimate": rate.kind is Kind.ESTIMATE,
        }
        for rate in rates(model)
    ]
    form = model.model_dump(mode="json", exclude={"routes", "prices", "multipliers"})
    routes: list[JsonValue] = [route.model_dump(mode="json", exclude={"body"}) for route in model.routes]
    besides: list[JsonValue] = [str(change) for change in changes(model)]
    return form | {
        "default": is_default,
        "prices": prices,
        "besides": besides,
        "routes": routes,
        "gateways": list(gateways),
    }
