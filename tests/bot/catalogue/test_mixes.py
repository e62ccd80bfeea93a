"""Every mix of inputs and options gives a body as documented, or is refused with a sentence."""

import pytest
from pydantic import JsonValue

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.schema import Durations
from tests.bot.catalogue.documents import faults
from tests.bot.catalogue.mixes import judged

CATALOGUE = Catalogue.load()
LEAST = {
    "sora-2": (200, 5_000),
    "kling-3": (2_000, 25_000),
    "veo-3.1-fast": (8_000, 50_000),
    "hailuo-2.3": (90, 5_000),
    "seedance-2": (15_000, 100_000),
    "wan-2.6": (6_000, 100_000),
    "vidu-q3-turbo": (12_000, 150_000),
    "grok-imagine": (500, 15_000),
}
"""How many bodies and refusals there are at least: a loop that runs empty finds nothing wrong."""
UNHEARD = tuple(
    route.model_copy(update={"body": {name: binding for name, binding in route.body.items() if name != "sound"}})
    for route in CATALOGUE.get("kling-3").routes
)
"""Kling's endpoints without their field for sound."""


def test_every_model_has_a_least_count() -> None:
    assert [model.id for model in CATALOGUE.models] == list(LEAST)


@pytest.mark.parametrize("model", CATALOGUE.models, ids=lambda model: model.id)
def test_every_mix_gives_a_documented_body_or_is_refused_with_a_sentence(model: Model) -> None:
    count = judged(model)

    assert count.wrong[:10] == []
    assert set(count.bodies) == {route.slug for route in model.routes}
    bodies, refusals = LEAST[model.id]
    assert count.bodies.total() >= bodies
    assert count.refused >= refusals
    assert [told for told in count.sentences.values() if not told.endswith(".") or "{" in told or "None" in told] == []
    assert [told for told in count.sentences.values() if model.title not in told] == [
        "Please describe the video in the prompt."
    ]


@pytest.mark.parametrize(
    ("model_id", "changes", "fault"),
    [
        ("hailuo-2.3", {"rules": ()}, "resolution 1080P is only for duration 6"),
        ("kling-3", {"routes": UNHEARD}, "audio is not in the body"),
        ("kling-3", {"routes": UNHEARD}, "sound has a default and is not sent"),
        ("kling-3", {"prompt_limit": 2501}, "prompt is not short enough"),
        ("sora-2", {"durations": Durations(choices=(10, 12), default=10)}, "duration is not offered: 12"),
        ("grok-imagine", {"durations": Durations(min=5, max=6, default=5)}, "duration is not in range (min 6): 5"),
    ],
)
def test_what_is_wrong_is_seen(model_id: str, changes: dict[str, object], fault: str) -> None:
    count = judged(CATALOGUE.get(model_id).model_copy(update=changes))

    assert [wrong for wrong in count.wrong if wrong.startswith(fault)]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"prompt": "x", "size": "1:1"}, "size is unknown"),
        ({}, "prompt is missing"),
        ({"prompt": 1}, "prompt is not string: 1"),
        ({"prompt": "x", "duration": True}, "duration is not integer: True"),
        ({"prompt": "x", "duration": "5"}, "duration is not integer: '5'"),
        ({"prompt": "x", "duration": 2}, "duration is not offered: 2"),
        ({"prompt": "x", "sound": 1}, "sound is not boolean: 1"),
        ({"prompt": "x", "cfg_scale": 1.5}, "cfg_scale is not in range (max 1): 1.5"),
    ],
)
def test_a_body_that_is_not_as_documented_is_told(fields: dict[str, JsonValue], fault: str) -> None:
    assert faults("kling-v3.0-std-t2v", fields) == [fault]
