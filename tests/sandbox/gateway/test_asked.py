"""The film that the gateway makes for an order of any model."""

import pytest
from pydantic import JsonValue

from sandbox.gateway import GatewayServer
from sandbox.gateway.asked import Sides, asked_shape
from sandbox.gateway.models import load_models
from tests.sandbox.gateway.caller import Caller

MODELS = load_models()
VEO = "veo-3.1-fast-generate-text2video"
WAN: dict[str, JsonValue] = {"size": "1080*1920", "duration": 15}


@pytest.mark.parametrize(
    ("slug", "body", "picture", "sides", "seconds", "sound"),
    [
        ("sora-2-video-reverse", {}, None, (320, 180), 10, True),
        ("sora-2-video-reverse", {"size": "720x1280", "duration": 15, "image": "u"}, (64, 64), (180, 320), 15, True),
        ("kling-v3.0-std-t2v", {}, None, (320, 180), 5, False),
        ("kling-v3.0-std-t2v", {"aspect_ratio": "1:1", "duration": 3, "sound": True}, None, (180, 180), 3, True),
        ("kling-v3.0-std-i2v", {"image": "u"}, (300, 600), (180, 360), 5, False),
        ("kling-v3.0-std-i2v", {"image": "u"}, (10, 900), (180, 720), 5, False),
        (
            VEO,
            {"duration_seconds": 4, "generate_audio": False},
            None,
            (320, 180),
            4,
            False,
        ),
        (
            VEO,
            {"resolution": "1080p", "generate_audio": True},
            None,
            (480, 270),
            8,
            True,
        ),
        ("veo-3.1-fast-generate-img2video", {"aspect_ratio": "9:16", "image": "u"}, (64, 64), (180, 320), 8, True),
        ("minimax-hailuo-2.3-t2v", {}, None, (342, 192), 6, False),
        ("minimax-hailuo-2.3-i2v", {"resolution": "1080P", "image": "u"}, (64, 64), (270, 270), 6, False),
        ("seedance-2.0", {"ratio": "21:9", "resolution": "480p", "duration": 4}, None, (280, 120), 4, True),
        ("seedance-2.0", {"ratio": "adaptive", "generate_audio": False}, (64, 64), (180, 180), 10, False),
        ("seedance-2.0", {"ratio": "9:16"}, (64, 64), (180, 320), 10, True),
        ("wan2.6-t2v", {"parameters": {}}, None, (480, 270), 5, True),
        ("wan2.6-t2v", {"parameters": {**WAN, "audio": False}}, None, (270, 480), 15, False),
        ("wan2.6-i2v", {"parameters": {"resolution": "720P"}}, (64, 128), (180, 360), 5, True),
        ("vidu-q3-turbo-t2v", {"aspect_ratio": "4:3", "resolution": "540p", "duration": 1}, None, (180, 136), 1, True),
        ("vidu-q3-turbo-i2v", {"images": ["u"], "audio": False}, (128, 64), (360, 180), 5, False),
        ("grok-imagine-video-t2v", {"aspect_ratio": "9:16", "resolution": "480p"}, None, (120, 214), 6, True),
        ("grok-imagine-video-i2v", {"image": "u", "duration": 10}, None, (320, 180), 10, True),
    ],
)
def test_a_film_is_what_the_body_says_and_else_what_is_documented(
    slug: str,
    body: dict[str, JsonValue],
    picture: Sides | None,
    sides: Sides,
    seconds: float,
    sound: bool,
) -> None:
    shape = asked_shape(MODELS[slug], body, picture)

    assert (shape.width, shape.height) == sides
    assert (shape.seconds, shape.sound) == (seconds, sound)


async def test_a_model_may_call_the_id_otherwise(gateway: GatewayServer, caller: Caller) -> None:
    gateway.books.models["kling-v3.0-std-t2v"] = MODELS["kling-v3.0-std-t2v"].model_copy(
        update={"response_id_field": "id"}
    )

    answered = await caller.submit({"prompt": "a fox"}, slug="kling-v3.0-std-t2v")

    assert answered.data == {"id": gateway.orders[0].task_id}
