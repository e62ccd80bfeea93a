"""Every mix of inputs and options that a model could be asked for, and what has to come of it.

`python -m tests.bot.catalogue.mixes` prints how many bodies and refusals there are of each model.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product

from pydantic import JsonValue

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.wire import Wire, resolve
from bot.domain.errors import RefusalError
from bot.domain.request import CharacterClip, VideoRequest
from bot.locales import Translator
from sandbox.gateway.bodies import check_body
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.models import load_models
from tests.bot.catalogue.documents import faults, flat

FIRST, LAST = "https://x.example/a.png", "https://x.example/b.jpg"
CLIP = CharacterClip("https://x.example/clip.mp4", Decimal("0.5"), Decimal("2.5"))
INPUTS = tuple(product((None, FIRST), (None, LAST), (None, CLIP), (None, "t-1")))
NAMES = ("duration", "aspect", "resolution", "audio", "seed", "watermark", "negative")
PROMPT = "a cat"
Values = dict[str, tuple[object, ...]]

_ENGLISH = Translator("en-US")
_SERVED = load_models()
_SAYS = {
    "prompt": "prompt",
    "duration": "duration",
    "duration_seconds": "duration",
    "aspect_ratio": "aspect",
    "ratio": "aspect",
    "size": "aspect",
    "resolution": "resolution",
    "audio": "audio",
    "sound": "audio",
    "generate_audio": "audio",
    "seed": "seed",
    "watermark": "watermark",
    "negative_prompt": "negative",
    "image": "image",
    "img_url": "image",
    "images": "image",
    "last_image": "last_image",
    "end_image": "last_image",
    "character_url": "character",
    "reference_videos": "character",
    "task_id": "parent_task",
}
"""Which part of a request a field says, by the last part of the field's name."""
_ALWAYS = {
    *("duration", "duration_seconds", "aspect_ratio", "ratio", "size", "resolution"),
    *("audio", "sound", "generate_audio", "watermark"),
}


@dataclass(slots=True)
class Count:
    """What came of the mixes of one model."""

    bodies: Counter[str] = field(default_factory=Counter)
    """Bodies by endpoint."""
    refused: int = 0
    sentences: dict[str, str] = field(default_factory=dict)
    """What members read, by what it is made of."""
    wrong: list[str] = field(default_factory=list)
    """Mixes of which something else came than had to."""


def judged(model: Model) -> Count:
    """Resolve every mix of a model and look at what came of it."""
    count = Count()
    for request in mixes(model):
        _judge(model, request, count, allowed=is_allowed(model, request))
    for request in outside(model):
        _judge(model, request, count, allowed=False)
    return count


def mixes(model: Model) -> Iterator[VideoRequest]:
    """Every combination of inputs with every combination of the values that the model offers, and of none."""
    yield from _product(PROMPT, INPUTS, _offered(model))
    yield VideoRequest("p" * model.prompt_limit)


def outside(model: Model) -> Iterator[VideoRequest]:
    """Every value that the model does not offer, with every combination of inputs, and of one of each other or none."""
    few = {name: values[:2] for name, values in _offered(model).items()}
    for name, values in _unoffered(model).items():
        yield from _product(PROMPT, INPUTS, few | {name: values})
    for prompt in ("", " \n ", "p" * (model.prompt_limit + 1)):
        yield from _product(prompt, INPUTS, few)
    for seconds in (Decimal("0.9"), Decimal("3.1")):
        clip = CharacterClip(CLIP.url, Decimal(0), seconds)
        yield from _product(PROMPT, [(None, None, clip, None)], few)


def is_allowed(model: Model, request: VideoRequest) -> bool:
    """Whether a mix of offered values can be ordered, told from the entry alone."""
    named = {"image", "last_image", "character", "parent_task"}
    given = {name for name in named if getattr(request, name) is not None}
    fitting = [route for route in model.routes if given <= {*route.needs, *route.takes} and given >= {*route.needs}]
    if not fitting:
        return False
    options = ("duration", "aspect", "resolution", "seed", "negative")
    asked = {name for name in options if getattr(request, name) is not None}
    if asked & {*fitting[0].lacks} or asked - model.options.keys():
        return False
    if (model.sound, request.audio) in {("always", False), ("never", True)}:
        return False
    # The only rule that ships.
    return (model.id, request.resolution, request.duration) != ("hailuo-2.3", "1080P", 10)


def _offered(model: Model) -> Values:
    seeds, limit = model.seed, model.negative_limit
    return {
        "duration": (None, *model.durations.values),
        "aspect": (None, *model.orientations.values()),
        "resolution": (None, *(model.resolutions.choices if model.resolutions else ())),
        "audio": (None, True, False),
        "seed": (None, seeds.min, seeds.max) if seeds else (None,),
        "watermark": (None, True, False),
        "negative": (None, "dogs", "n" * limit) if limit else (None,),
    }


def _unoffered(model: Model) -> Values:
    lengths, seeds, limit = model.durations.values, model.seed, model.negative_limit
    between = {*range(1, lengths[-1])} - {*lengths}
    return {
        "duration": (*sorted(between), lengths[-1] + 1, 0, -5, 3600),
        "aspect": ("5:4", "landscape", ""),
        "resolution": ("8K", "720", ""),
        "seed": (seeds.min - 1, seeds.max + 1) if seeds else (0, 7),
        "negative": ("n" * (limit + 1),) if limit else ("dogs",),
    }


def _product(prompt: str, inputs: Iterable[tuple[object, ...]], values: Values) -> Iterator[VideoRequest]:
    for image, last, clip, parent in inputs:
        for duration, aspect, resolution, *rest in product(*(values[name] for name in NAMES)):
            asked = (prompt, duration, aspect, resolution, image, last, clip, parent, *rest)
            yield VideoRequest(*asked)  # type: ignore[arg-type]


def _judge(model: Model, request: VideoRequest, count: Count, *, allowed: bool) -> None:
    try:
        wire = resolve(model, request)
    except RefusalError as refusal:
        count.refused += 1
        if allowed:
            count.wrong.append(f"refused: {request}")
        made_of = f"{refusal.sentence.id}{refusal.sentence.params}"
        if made_of not in count.sentences:
            count.sentences[made_of] = _ENGLISH.text(refusal.sentence)
        return
    count.bodies[wire.slug] += 1
    if not allowed:
        count.wrong.append(f"sent: {request}")
    found = (*_refused(wire), *faults(wire.slug, wire.body), *_unsaid(request, wire))
    count.wrong += [f"{fault}: {request}" for fault in found]


def _refused(wire: Wire) -> Iterator[str]:
    try:
        check_body(_SERVED[wire.slug], wire.body)
    except GatewayError as exc:
        yield exc.details


def _unsaid(request: VideoRequest, wire: Wire) -> Iterator[str]:
    """What was asked for and stands in no field, or otherwise."""
    said = {_SAYS[last]: value for name, value in flat(wire.body) if (last := name.rpartition(".")[2]) in _SAYS}
    for name in ("prompt", *NAMES, "image", "last_image", "character", "parent_task"):
        asked = getattr(request, name)
        if asked is not None and name in said and not _is_said(name, asked, said[name]):
            yield f"{name} is otherwise in the body"
        if asked is not None and name not in said and name not in _may_be_unsaid(wire.slug):
            yield f"{name} is not in the body"
    for name in _with_default(wire.slug) - {name for name, _ in flat(wire.body)}:
        yield f"{name} has a default and is not sent"


@cache
def _with_default(slug: str) -> set[str]:
    return {entry.name for entry in _SERVED[slug].inputs if entry.name.rpartition(".")[2] in _ALWAYS}


@cache
def _may_be_unsaid(slug: str) -> set[str]:
    fields = {entry.name.rpartition(".")[2] for entry in _SERVED[slug].inputs}
    silent = set() if fields & {"audio", "sound", "generate_audio"} else {"audio"}
    if slug == "wan2.6-t2v":
        silent.add("resolution")
    return silent if "watermark" in fields else silent | {"watermark"}


def _is_said(name: str, asked: object, value: JsonValue) -> bool:
    match name:
        case "resolution":
            return str(value).casefold() == str(asked).casefold()
        case "character":
            return value in (CLIP.url, [CLIP.url])
        case "image":
            return value in (asked, [asked])
        case "aspect":
            width, height = (int(side) for side in re.split(r"[x*:]", str(value)))
            across, up = (int(side) for side in str(asked).split(":"))
            return abs(Fraction(width, height) / Fraction(across, up) - 1) < Fraction(1, 40)
        case _:
            return type(value) is type(asked) and value == asked


def main() -> None:
    """Print the counts, one line a model."""
    sys.stdout.write(f"{'model':<16}{'bodies':>8}{'refusals':>10}{'sentences':>11}{'wrong':>7}\n")
    whole = Count()
    for model in Catalogue.load().models:
        count = judged(model)
        _print(model.id, count)
        whole.bodies += count.bodies
        whole.refused += count.refused
        whole.sentences |= count.sentences
        whole.wrong += count.wrong
    _print("all", whole)


def _print(name: str, count: Count) -> None:
    bodies, sentences = count.bodies.total(), len(count.sentences)
    sys.stdout.write(f"{name:<16}{bodies:>8}{count.refused:>10}{sentences:>11}{len(count.wrong):>7}\n")


if __name__ == "__main__":
    main()
