"""The orders that `models check` shows: each is one that the gateway's documentation allows."""

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.listing.samples import DEFAULTS, Sample, samples
from sandbox.gateway.bodies import Body, check_body
from sandbox.gateway.models import load_models

CATALOGUE = Catalogue.load()
DOCUMENTED = load_models()


@pytest.mark.parametrize("model", CATALOGUE.models, ids=lambda model: model.id)
def test_what_is_shown_of_a_shipped_model_is_what_its_gateway_takes(model: Model) -> None:
    for route in model.routes:
        shown = list(samples(model, route))

        assert all(isinstance(sample, Sample) for sample in shown), shown
        assert shown[0].told == DEFAULTS
        for sample in shown:
            assert isinstance(sample, Sample)
            assert sample.wire.slug == route.slug
            check_body(DOCUMENTED[route.slug], Body(sample.wire.body))


@pytest.mark.parametrize("model", CATALOGUE.models, ids=lambda model: model.id)
def test_every_field_of_a_shipped_route_is_shown_at_least_once(model: Model) -> None:
    for route in model.routes:
        shown = [sample.wire.body for sample in samples(model, route) if isinstance(sample, Sample)]

        for target in route.body:
            outer, _, inner = target.partition(".")
            found = [body[outer] for body in shown if outer in body]
            nested = [value for value in found if not inner or (isinstance(value, dict) and inner in value)]
            assert nested, target
