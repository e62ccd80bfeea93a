"""The models that ship, against the documented bodies of their endpoints, and what they cost."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.wire import resolve
from bot.domain.errors import RefusalError
from bot.domain.request import CharacterClip, VideoRequest
from tests.bot.catalogue.documents import DOCUMENTED, NEVER_SENT, PROMPT_LIMITS, faults, flat

CATALOGUE = Catalogue.load()
CLIP = CharacterClip("https://x.example/clip.mp4", Decimal("0.5"), Decimal("2.5"))


def requests(model: Model) -> Iterator[VideoRequest]:
    """Every combination of inputs with the defaults, and every value of every option."""
    base = VideoRequest("a cat")
    for image, last, clip, parent in product(
        (None, "https://x.example/a.png"), (None, "https://x.example/b.png"), (None, CLIP), (None, "t-1")
    ):
        start = replace(base, image=image, last_image=last, character=clip, parent_task=parent)
        yield start
        for seconds in model.durations.values:
            for resolution in model.resolutions.choices if model.resolutions else (None,):
                yield replace(start, duration=seconds, resolution=resolution)
                for shape in model.orientations.values():
                    yield replace(start, duration=seconds, resolution=resolution, aspect=shape)
        yield replace(start, audio=True, watermark=False)
        yield replace(start, seed=7, audio=False)
        yield replace(start, negative="dogs")


def test_every_documented_body_can_be_produced_and_no_other_is() -> None:
    sent: dict[str, set[str]] = defaultdict(set)
    for model in CATALOGUE.models:
        for request in requests(model):
            try:
                wire = resolve(model, request)
            except RefusalError:
                continue
            assert faults(wire.slug, wire.body) == []
            sent[wire.slug] |= {name for name, _ in flat(wire.body)}

    documented = {slug: inputs.keys() - NEVER_SENT for slug, inputs in DOCUMENTED.items()}
    assert sent == documented


@pytest.mark.parametrize("model", CATALOGUE.models, ids=lambda model: model.id)
def test_settling_twice_changes_nothing_and_every_default_is_sent(model: Model) -> None:
    settled_requests = 0
    for request in requests(model):
        try:
            settled = model.settle(request)
        except RefusalError:
            continue
        settled_requests += 1
        assert model.settle(settled) == settled
        assert resolve(model, settled) == resolve(model, request)

    assert settled_requests > 5


@pytest.mark.parametrize("model", CATALOGUE.models, ids=lambda model: model.id)
def test_a_prompt_limit_is_the_documented_one(model: Model) -> None:
    limits = {PROMPT_LIMITS[route.slug] for route in model.routes}

    assert limits <= {None, model.prompt_limit}


def test_a_nested_body_with_a_look_up_on_two_values() -> None:
    wire = resolve(
        CATALOGUE.get("wan-2.6"), VideoRequest("a cat", aspect="9:16", resolution="1080p", audio=True, seed=0)
    )

    assert wire.slug == "wan2.6-t2v"
    assert wire.body == {
        "input": {"prompt": "a cat"},
        "parameters": {"size": "1080*1920", "duration": 5, "audio": True, "seed": 0, "watermark": True},
    }


def test_a_list_of_those_given_and_a_constant() -> None:
    vidu = resolve(CATALOGUE.get("vidu-q3-turbo"), VideoRequest("a cat", image="https://x.example/a.png"))
    seedance = resolve(CATALOGUE.get("seedance-2"), VideoRequest("a cat", character=CLIP))

    assert vidu.body["images"] == ["https://x.example/a.png"]
    assert seedance.body["reference_videos"] == [CLIP.url]
    assert seedance.body["fast"] is True


@pytest.mark.parametrize(
    ("model_id", "request_", "units", "estimate"),
    [
        ("kling-3", VideoRequest("x", duration=3), 3000, True),
        ("kling-3", VideoRequest("x", duration=3, audio=True), 4500, True),
        ("veo-3.1-fast", VideoRequest("x", resolution="1080p"), 6800, False),
        ("veo-3.1-fast", VideoRequest("x", resolution="1080p", audio=True), 10200, True),
        ("veo-3.1-fast", VideoRequest("x", duration=4), 3400, True),
        ("hailuo-2.3", VideoRequest("x", resolution="1080P"), 4165, False),
        ("seedance-2", VideoRequest("x", character=CLIP), 27000, True),
    ],
)
def test_a_price_is_rounded_up_once(model_id: str, request_: VideoRequest, units: int, estimate: bool) -> None:
    model = CATALOGUE.get(model_id)

    price = model.price(model.settle(request_))

    assert price is not None
    assert (price.units, price.estimate) == (units, estimate)


@pytest.mark.parametrize("model", CATALOGUE.models, ids=lambda model: model.id)
def test_everything_that_can_be_ordered_has_a_price(model: Model) -> None:
    for request in requests(model):
        try:
            settled = model.settle(request)
        except RefusalError:
            continue
        assert model.price(settled) is not None
