"""Faults of an entry that no single field shows: what is offered but not sent, or asked for but not offered."""

from collections.abc import Iterator
from itertools import product

from pydantic import JsonValue

from bot.catalogue.binding import Binding, Source, text_of
from bot.catalogue.schema import Choice, Condition, Entry, Input, Option, Route
from bot.catalogue.settle import matches
from bot.domain.request import VideoRequest

Fault = tuple[str, str]
"""A field of the entry, and what is expected there."""

BILL_MULTIPLIER = "sample_count"
_INPUT_OF: dict[Source, Input] = {
    "image": "image",
    "last_image": "last_image",
    "character.url": "character",
    "character.start": "character",
    "character.end": "character",
    "parent_task": "parent_task",
}
_ADDRESS: dict[Input, Source] = {
    "image": "image",
    "last_image": "last_image",
    "character": "character.url",
    "parent_task": "parent_task",
}
"""Without this one an input is given and paid for, but not used."""
_RANGE: frozenset[Source] = frozenset({"character.start", "character.end"})
_OPTION_OF: dict[Source, Option] = {
    "duration": "duration",
    "aspect": "aspect",
    "resolution": "resolution",
    "audio": "audio",
    "seed": "seed",
    "watermark": "watermark",
    "negative": "negative",
}


def faults_of(entry: Entry) -> Iterator[Fault]:
    """Every fault of an entry whose fields are right one by one."""
    for number, route in enumerate(entry.routes, 1):
        for field, expected in _route_faults(entry, route):
            yield f"routes.{number}.{field}", expected
    yield from _condition_faults(entry)
    yield from _order_faults(entry)
    takes_clip = any("character" in route.inputs for route in entry.routes)
    if takes_clip != (entry.clip is not None):
        yield "clip", "expected exactly when a route takes character"
    taken = frozenset[Input]().union(*(route.inputs for route in entry.routes))
    for name in entry.pictures:
        if name not in taken:
            yield f"pictures.{name}", f"expected only for what a route takes; none takes {name}"
    if entry.sound_default and entry.sound != "optional":
        yield "sound_default", 'expected only with sound = "optional"'


def _route_faults(entry: Entry, route: Route) -> Iterator[Fault]:
    sources = {source for binding in route.body.values() for source in binding.sources}
    yield from _input_faults(route, sources)
    if "character" in route.inputs and entry.clip is not None and not entry.clip.cut and not sources >= _RANGE:
        yield "body", "expected fields made from character.start and character.end, or cut = true under clip"
    yield from _option_faults(entry, route, {_OPTION_OF[source] for source in sources if source in _OPTION_OF})
    if "prompt" not in sources:
        yield "body", "expected a field made from prompt"
    for target, binding in route.body.items():
        if not all(target.split(".")):
            yield f"body.{target}", "expected a name, or names with a dot between them"
        if any(map(_multiplies, target.split("."))):
            yield f"body.{target}", "expected to be absent: it multiplies the bill"
        elif any(map(_names_multiplier, (binding.value, *(binding.table or {}).values()))):
            yield f"body.{target}", f"expected no {BILL_MULTIPLIER}: it multiplies the bill"
        yield from _table_faults(entry, f"body.{target}", binding)
    yield from _nesting_faults(route)


def _multiplies(name: str) -> bool:
    # Some readers of JSON don't tell capitals from small letters.
    return name.strip().casefold() == BILL_MULTIPLIER


def _names_multiplier(value: JsonValue) -> bool:
    """Whether a constant names it, however deep."""
    if isinstance(value, dict):
        return any(map(_multiplies, value)) or any(map(_names_multiplier, value.values()))
    return isinstance(value, list) and any(map(_names_multiplier, value))


def _input_faults(route: Route, sources: set[Source]) -> Iterator[Fault]:
    for name in sorted(route.inputs):
        if _ADDRESS[name] not in sources:
            yield "body", f"expected a field made from {_ADDRESS[name]}, because the route needs or takes {name}"
    for name in sorted({_INPUT_OF[source] for source in sources if source in _INPUT_OF} - route.inputs):
        yield "body", f"expected {name} under needs or takes, because a field is made from it"


def _option_faults(entry: Entry, route: Route, sent: set[Option]) -> Iterator[Fault]:
    lacked = set(route.lacks)
    for name in entry.options:
        if (name in sent) == (name in lacked):
            yield "body", f"expected {name} either in a field or under lacks"
    for name in sorted((sent | lacked) - entry.options.keys()):
        yield "body", f"expected nothing about {name}, which the model does not offer"


def _table_faults(entry: Entry, field: str, binding: Binding) -> Iterator[Fault]:
    if not binding.table:
        return
    columns = [entry.options.get(_OPTION_OF[name], ()) for name in binding.sources if name in _OPTION_OF]
    if len(columns) != len(binding.sources) or not all(columns):
        yield field, "expected a table on options with listed values only"
        return
    for values in product(*columns):
        key = "+".join(text_of(value) for value in values if isinstance(value, str | int))
        if key not in binding.table:
            yield field, f'expected an entry "{key}" in the table'


def _nesting_faults(route: Route) -> Iterator[Fault]:
    for target in route.body:
        parents = target.split(".")[:-1]
        for depth in range(1, len(parents) + 1):
            outer = ".".join(parents[:depth])
            if outer in route.body:
                yield f"body.{target}", f"expected no field {outer} beside it"


def _condition_faults(entry: Entry) -> Iterator[Fault]:
    places: list[tuple[str, Choice]] = []
    for number, row in enumerate(entry.prices, 1):
        places.append((f"prices.{number}.when", row.when))
    for number, multiplier in enumerate(entry.multipliers, 1):
        places.append((f"multipliers.{number}.when", multiplier.when))
    for number, rule in enumerate(entry.rules, 1):
        places += [(f"rules.{number}.when", rule.when), (f"rules.{number}.only", rule.only)]
    for field, choice in places:
        named: dict[Option, tuple[int | str, ...] | None] = {
            "duration": choice.duration,
            "aspect": choice.aspect,
            "resolution": choice.resolution,
        }
        for name, values in named.items():
            unknown = [value for value in values or () if value not in entry.options.get(name, ())]
            if unknown:
                yield f"{field}.{name}", f"expected values that the model offers; found {unknown}"
        if choice.audio is not None and entry.sound == ("never" if choice.audio else "always"):
            yield f"{field}.audio", f"expected what the model offers; its sound is {entry.sound}"
        taken = frozenset[Input]().union(*(route.inputs for route in entry.routes))
        untaken = sorted(set(choice.given) - taken) if isinstance(choice, Condition) else []
        if untaken:
            yield f"{field}.given", f"expected inputs that a route takes; found {untaken}"


def _order_faults(entry: Entry) -> Iterator[Fault]:
    for number, row in enumerate(entry.prices[:-1], 1):
        if row.when == Condition():
            yield f"prices.{number}", "expected last: it holds for everything, and no row after it counts"
            break
    usual = VideoRequest(
        "",
        entry.durations.default,
        entry.aspects.choices[entry.aspects.default] if entry.aspects else None,
        entry.resolutions.default if entry.resolutions else None,
        audio=entry.sound == "always" or entry.sound_default,
    )
    for number, rule in enumerate(entry.rules, 1):
        if matches(rule.when, usual) and not matches(rule.only, usual):
            yield f"rules.{number}", "expected to leave the defaults of the options possible together"
