"""Orders as they would leave: each route of a model with its defaults, and with every input and option set once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.catalogue.model import Model
from bot.catalogue.price import Price
from bot.catalogue.schema import Input, Option, Route, Sound
from bot.catalogue.settle import choose_route
from bot.catalogue.wire import Wire, resolve
from bot.domain.errors import RefusalError
from bot.domain.request import CharacterClip, VideoRequest
from bot.domain.sentence import Sentence
from bot.listing.words import INPUT_WORDS

PROMPT = "a paper boat"
NEGATIVE = "blurry"
PLACE = "https://example.org/"
CLIP_BEGINS = Decimal(1)
DEFAULTS = "defaults"
Change = Callable[[VideoRequest], VideoRequest]


@dataclass(frozen=True, slots=True)
class Sample:
    """An order with the price that the catalogue has for it, if any. `told`: what was set."""

    told: str
    wire: Wire
    price: Price | None


@dataclass(frozen=True, slots=True)
class Refused:
    """What can't be ordered, and the sentence that a member would read."""

    told: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class _Setting:
    """An option set to a value."""

    option: Option
    told: str
    apply: Change


def usual(model: Model, route: Route) -> VideoRequest:
    """A request that needs a route, with nothing chosen."""
    request = VideoRequest(PROMPT)
    for name in route.needs:
        request = _give(model, name)(request)
    return request


def samples(model: Model, route: Route) -> Iterator[Sample | Refused]:
    """What leaves by a route; nothing for a route that is never chosen, because an earlier one takes the same."""
    plain = usual(model, route)
    default = _ordered(model, route, DEFAULTS, plain)
    if default is not None:
        yield default
    for name in route.takes:
        given = _ordered(model, route, f"with {INPUT_WORDS[name]}", _give(model, name)(plain))
        if given is not None:
            yield given
    for setting in _settings(model, route):
        found = _with(model, route, plain, setting)
        if found is not None and not _is_same(found, default):
            yield found


def _with(model: Model, route: Route, plain: VideoRequest, setting: _Setting) -> Sample | Refused | None:
    """The order with one option set; where a rule keeps it from the other defaults, with one more that allows it."""
    alone = _ordered(model, route, setting.told, setting.apply(plain))
    if not isinstance(alone, Refused):
        return alone
    for other in _settings(model, route):
        if other.option != setting.option:
            told = f"{setting.told}, {other.told}"
            both = _ordered(model, route, told, other.apply(setting.apply(plain)))
            if isinstance(both, Sample):
                return both
    return alone


def _ordered(model: Model, route: Route, told: str, request: VideoRequest) -> Sample | Refused | None:
    """The order for a request, the sentence that refuses it, or None when another route is taken."""
    try:
        settled = model.settle(request)
    except RefusalError as refusal:
        return Refused(told, refusal.sentence)
    if choose_route(model, settled) is not route:
        return None
    return Sample(told, resolve(model, settled), model.price(settled))


def _is_same(found: Sample | Refused, default: Sample | Refused | None) -> bool:
    return isinstance(found, Sample) and isinstance(default, Sample) and found.wire == default.wire


def _give(model: Model, name: Input) -> Change:
    seconds = model.clip.max_seconds if model.clip else Decimal(0)
    clip = CharacterClip(f"{PLACE}clip.mp4", CLIP_BEGINS, CLIP_BEGINS + seconds)
    changes: dict[Input, Change] = {
        "image": lambda request: replace(request, image=f"{PLACE}picture.png"),
        "last_image": lambda request: replace(request, last_image=f"{PLACE}last.png"),
        "character": lambda request: replace(request, character=clip),
        "parent_task": lambda request: replace(request, parent_task="task-of-the-original"),
    }
    return changes[name]


def _settings(model: Model, route: Route) -> Iterator[_Setting]:
    """Every value of every option that a route has; of a range the ends."""
    for setting in (*_shapes(model), *_rest(model)):
        if setting.option not in route.lacks:
            yield setting


def _shapes(model: Model) -> Iterator[_Setting]:
    lengths = model.durations.values
    for seconds in (lengths[0], lengths[-1]) if model.durations.is_range else lengths:
        yield _Setting("duration", f"{seconds} s", _length(seconds))
    for word, shape in model.orientations.items():
        yield _Setting("aspect", word, _shape(shape))
    for resolution in model.resolutions.choices if model.resolutions else ():
        yield _Setting("resolution", resolution, _resolution(resolution))


def _rest(model: Model) -> Iterator[_Setting]:
    if model.sound is Sound.OPTIONAL:
        yield _Setting("audio", "with sound", lambda request: replace(request, audio=True))
        yield _Setting("audio", "without sound", lambda request: replace(request, audio=False))
    if model.watermark is not None:
        yield _Setting("watermark", "with watermark", lambda request: replace(request, watermark=True))
        yield _Setting("watermark", "without watermark", lambda request: replace(request, watermark=False))
    seeds = model.seed
    if seeds is not None:
        highest = seeds.max
        yield _Setting("seed", f"seed {highest}", lambda request: replace(request, seed=highest))
    if model.negative_limit is not None:
        yield _Setting("negative", "negative prompt", lambda request: replace(request, negative=NEGATIVE))


def _length(seconds: int) -> Change:
    return lambda request: replace(request, duration=seconds)


def _shape(shape: str) -> Change:
    return lambda request: replace(request, aspect=shape)


def _resolution(resolution: str) -> Change:
    return lambda request: replace(request, resolution=resolution)
