"""The one function that turns a neutral request into what a gateway reads."""

from dataclasses import dataclass

from pydantic import JsonValue

from bot.catalogue.model import Model
from bot.catalogue.settle import choose_route
from bot.domain.request import VideoRequest


@dataclass(frozen=True, slots=True)
class Wire:
    """An order in a gateway's own words: the endpoint's slug and the body."""

    slug: str
    body: dict[str, JsonValue]


def resolve(model: Model, request: VideoRequest) -> Wire:
    """The order for a request, which is settled first.

    Raises a RefusalError, also for a job that was accepted under a catalogue that has changed since.
    """
    settled = model.settle(request)
    route = choose_route(model, settled)
    body: dict[str, JsonValue] = {}
    for target, binding in route.body.items():
        value = binding.fill(settled)
        if value is not None:
            _put(body, target, value)
    return Wire(route.slug, body)


def _put(body: dict[str, JsonValue], target: str, value: JsonValue) -> None:
    outer, dot, inner = target.partition(".")
    if not dot:
        body[outer] = value
        return
    nested = body.setdefault(outer, {})
    if not isinstance(nested, dict):
        raise TypeError(target)
    _put(nested, inner, value)
