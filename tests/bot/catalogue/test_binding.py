"""The ways to fill a field that no model of today needs in full."""

from decimal import Decimal

import pytest
from pydantic import JsonValue

from bot.catalogue.binding import Binding
from bot.domain.request import CharacterClip, VideoRequest

REQUEST = VideoRequest(
    "a cat", duration=5, audio=True, character=CharacterClip("https://x.example/c", Decimal("0.5"), Decimal(2))
)


@pytest.mark.parametrize(
    ("binding", "value"),
    [
        ({"from": "character.start"}, 0.5),
        ({"from": "character.end"}, 2),
        ({"from": "character.start", "as": "text"}, "0.5"),
        ({"from": "audio", "as": "text"}, "true"),
        ({"from": "audio", "table": {"true": "on", "false": "off"}}, "on"),
        ({"pair": ["duration", "audio"], "table": {"5+true": 1}}, 1),
        ({"list": ["image", "character.url", "last_image"]}, ["https://x.example/c"]),
        ({"list": ["image"]}, None),
        ({"format": "{duration}s of {prompt}"}, "5s of a cat"),
        ({"format": "{seed}"}, None),
        ({"value": "fixed"}, "fixed"),
        ({"value": False}, False),
        ({"value": Decimal("0.5")}, 0.5),
        ({"value": {"scale": Decimal(2)}}, {"scale": 2}),
        ({"from": "duration", "table": {"5": Decimal("0.5")}}, 0.5),
        ({"from": "seed"}, None),
    ],
)
def test_a_field_is_filled(binding: dict[str, object], value: JsonValue) -> None:
    assert Binding.model_validate(binding).fill(REQUEST) == value
