import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from sandbox.gateway import GatewayServer
from sandbox.gateway.bodies import check_body
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.models import load_models
from tests.sandbox.gateway.caller import REMIX, Caller, sora_body

CLIP = "http://media.example/clip.mp4"

ALLOWED: list[dict[str, JsonValue]] = [
    {"prompt": "only a prompt"},
    sora_body(duration=15, size="720x1280", watermark=False),
    sora_body(duration=10.0),
    sora_body(image="https://media.example/a.JPG"),
    sora_body(image="http://media.example/a.png?ex=1&hm=2"),
    sora_body(character_url=CLIP),
    sora_body(character_url=CLIP, character_timestamps="1,3"),
    sora_body(character_url=CLIP, character_timestamps="0.5,3.5"),
    sora_body(character_url=CLIP, character_timestamps="1.1,2.1"),
]

REFUSED: list[tuple[JsonValue, str]] = [
    ([], "object"),
    ({}, "prompt is required"),
    ({"duration": 10}, "prompt is required"),
    (sora_body(prompt=""), "prompt must not be empty"),
    (sora_body(prompt=7), "prompt must be of type string"),
    (sora_body(prompt=None), "prompt must be of type string"),
    (sora_body(seed=1), "unknown field seed"),
    (sora_body(duration=12), "duration must be one of"),
    (sora_body(duration="10"), "duration must be of type number"),
    (sora_body(duration=True), "duration must be of type number"),
    (sora_body(duration=None), "duration must be of type number"),
    (sora_body(size="1920x1080"), "size must be one of"),
    (sora_body(watermark="false"), "watermark must be of type boolean"),
    (sora_body(watermark=0), "watermark must be of type boolean"),
    (sora_body(image="data:image/png;base64,AAAA"), "image must be an http"),
    (sora_body(image="ftp://media.example/a.png"), "image must be an http"),
    (sora_body(image="https:///a.png"), "image must be an http"),
    (sora_body(image="http://[oops/a.png"), "image is not a URL"),
    (sora_body(image="https://media.example/a.webp"), "image must be a .jpg"),
    (sora_body(image="https://media.example/a?name=.png"), "image must be a .jpg"),
    (sora_body(character_url="clip.mp4"), "character_url must be an http"),
    (sora_body(character_timestamps="1,3"), "character_timestamps needs character_url"),
    (sora_body(character_url=CLIP, character_timestamps="1-3"), "must be {start},{end}"),
    (sora_body(character_url=CLIP, character_timestamps="1, 3"), "must be {start},{end}"),
    (sora_body(character_url=CLIP, character_timestamps="-1,1"), "must be {start},{end}"),
    (sora_body(character_url=CLIP, character_timestamps="1,1.9"), "must span 1 to 3"),
    (sora_body(character_url=CLIP, character_timestamps="1,4.1"), "must span 1 to 3"),
    (sora_body(character_url=CLIP, character_timestamps="3,1"), "must span 1 to 3"),
]


@pytest.mark.parametrize("body", ALLOWED, ids=str)
async def test_a_documented_body_is_ordered(gateway: GatewayServer, caller: Caller, body: dict[str, JsonValue]) -> None:
    answered = await caller.submit(body)

    assert (answered.status, answered.data) == (200, {"task_id": gateway.orders[0].task_id})


@pytest.mark.parametrize(("body", "details"), REFUSED, ids=str)
async def test_any_other_body_is_refused(gateway: GatewayServer, caller: Caller, body: JsonValue, details: str) -> None:
    answered = await caller.submit(body)

    assert answered.status == 400
    assert set(answered.data) == {"code", "reason", "message", "metadata"}
    assert answered.reason == "INVALID_REQUEST_BODY"
    assert details in str(answered.part("metadata")["details"])
    assert gateway.orders == []
    assert [refused.status for refused in gateway.refused] == [400]


@pytest.mark.parametrize("body", [{"prompt": "x"}, {"prompt": "x", "task_id": "y", "duration": 10}])
async def test_a_remix_takes_a_prompt_and_a_task_only(caller: Caller, body: dict[str, JsonValue]) -> None:
    answered = await caller.submit(body, slug=REMIX)

    assert (answered.status, answered.reason) == (400, "INVALID_REQUEST_BODY")


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("", (401, "FAILED_TO_AUTH")),
        ("Basic {key}", (401, "FAILED_TO_AUTH")),
        ("{key}", (401, "FAILED_TO_AUTH")),
        ("Bearer ", (401, "FAILED_TO_AUTH")),
        ("Bearer x{key}", (403, "INVALID_API_KEY")),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_wrong_key_is_refused(
    gateway: GatewayServer, caller: Caller, method: str, authorization: str, expected: tuple[int, str]
) -> None:
    path = "sora-2-video-reverse" if method == "POST" else "task-result?task_id=1"

    answered = await caller.send(
        method,
        f"{gateway.url}/v3/async/{path}",
        data=json.dumps(sora_body()).encode() if method == "POST" else None,
        Authorization=authorization.format(key=gateway.key),
        Content_Type="application/json",
    )

    assert (answered.status, answered.reason) == expected
    assert gateway.orders == []


@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("text/plain", b'{"prompt": "x"}'),
        ("application/json", b'{"prompt": "x"'),
        ("application/json", b'{"prompt": "x", "duration": NaN}'),
        ("application/json", b"\xff\xfe"),
        ("application/json", b""),
    ],
)
async def test_what_is_not_json_is_refused(
    gateway: GatewayServer, caller: Caller, content_type: str, data: bytes
) -> None:
    answered = await caller.send(
        "POST",
        f"{gateway.url}/v3/async/sora-2-video-reverse",
        data=data,
        Authorization=f"Bearer {gateway.key}",
        Content_Type=content_type,
    )

    assert (answered.status, answered.reason) == (400, "INVALID_REQUEST_BODY")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/v3/async/sora-3", "MODEL_NOT_FOUND"),
        ("GET", "/v3/async/sora-2-video-reverse", "API_NOT_FOUND"),
        ("POST", "/v3/sora-2-video-reverse", "API_NOT_FOUND"),
        ("POST", "/v3/admin/video-unify-api/config", "API_NOT_FOUND"),
        ("GET", "/v3/async/task-result?task_id=nobody", "TASK_NOT_FOUND"),
    ],
)
async def test_what_does_not_exist_is_not_found(
    gateway: GatewayServer, caller: Caller, method: str, path: str, expected: str
) -> None:
    answered = await caller.send(method, gateway.url + path, Authorization=f"Bearer {gateway.key}")

    assert (answered.status, answered.reason) == (404, expected)


async def test_the_public_list_needs_no_key_and_names_what_is_not_kept_back(
    gateway: GatewayServer, caller: Caller
) -> None:
    gateway.books.unlisted.add(REMIX)

    answered = await caller.get(f"{gateway.url}/v3/admin/video-unify-api/config")

    models = answered.data["models"]
    assert isinstance(models, list)
    assert answered.status == 200
    assert {"name": "sora-2-video-reverse", "path": "/v3/async/sora-2-video-reverse"} in models
    assert len(models) == len(gateway.books.models) - 1


async def test_a_poll_without_a_task_id_is_refused(caller: Caller) -> None:
    answered = await caller.poll("")

    assert (answered.status, answered.reason) == (400, "INVALID_REQUEST_BODY")


NESTED = [
    {"name": "input.prompt", "type": "string", "required": True},
    {"name": "parameters.seed", "type": "integer", "required": False, "min": 0, "max": 9},
    {"name": "images", "type": "string[]", "required": False, "min": 1, "max": 2},
    {"name": "parameters.loras", "type": "object[]", "required": False, "max": 1},
    {"name": "shots", "type": "array", "required": False},
]


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({}, None),
        ({"parameters": {"seed": 9, "loras": [{"path": "p"}]}, "images": ["http://a/"], "shots": ["a", {}]}, None),
        ({"parameters": {}}, None),
        ({"input": {"prompt": "four"}}, None),
        ({"input": {"prompt": "fiver"}}, "longer than 4"),
        ({"input": {}}, "input.prompt is required"),
        ({"input": "x"}, "input must be an object"),
        ({"input.prompt": "x"}, "unknown field input.prompt"),
        ({"parameters": {"size": 1}}, "unknown field parameters.size"),
        ({"parameters": {"seed": 10}}, "at most 9"),
        ({"parameters": {"seed": -1}}, "at least 0"),
        ({"parameters": {"seed": 1.5}}, "of type integer"),
        ({"parameters": {"loras": ["p"]}}, "of type object[]"),
        ({"parameters": {"loras": [{}, {}]}}, "at most 1"),
        ({"images": []}, "at least 1"),
        ({"images": ["a", "b", "c"]}, "at most 2"),
        ({"images": [1]}, "of type string[]"),
        ({"images": "a"}, "of type string[]"),
        ({"shots": "a"}, "of type array"),
    ],
    ids=str,
)
def test_models_of_the_same_form_are_data(tmp_path: Path, changes: dict[str, JsonValue], details: str | None) -> None:
    path = tmp_path / "models.json"
    path.write_text(json.dumps([{"slug": "nested", "prompt_max": 4, "inputs": NESTED}]))
    model = load_models(path)["nested"]
    body: dict[str, JsonValue] = {"input": {"prompt": "x"}, **changes}

    if details is None:
        check_body(model, body)
    else:
        with pytest.raises(GatewayError) as refused:
            check_body(model, body)
        assert details in refused.value.details


LINK = "https://media.example/a.png"
WORDS: list[tuple[str, dict[str, JsonValue], str | None]] = [
    ("kling-v3.0-std-t2v", {"negative_prompt": "x" * 2500}, None),
    ("kling-v3.0-std-t2v", {"negative_prompt": "x" * 2501}, "negative_prompt is longer than 2500"),
    ("kling-v3.0-std-t2v", {"prompt": "x" * 2501}, "prompt is longer than 2500"),
    ("kling-v3.0-std-i2v", {"image": LINK, "end_image": LINK}, None),
    ("kling-v3.0-std-i2v", {"image": "https://media.example/a.gif"}, "image must be a .jpg"),
    ("kling-v3.0-std-i2v", {"image": LINK, "end_image": "data:image/png;base64,AA"}, "end_image must be an http"),
    (
        "kling-v3.0-std-i2v",
        {"image": LINK, "end_image": LINK, "multi_prompt": [{}]},
        "can't be used together",
    ),
    ("kling-v3.0-std-i2v", {}, "image is required"),
    ("veo-3.1-fast-generate-text2video", {"generate_audio": False}, None),
    ("veo-3.1-fast-generate-text2video", {}, "generate_audio is required"),
    ("veo-3.1-fast-generate-text2video", {"generate_audio": True, "enhance_prompt": False}, "enhance_prompt must be"),
    ("minimax-hailuo-2.3-t2v", {"resolution": "1080P"}, None),
    ("minimax-hailuo-2.3-t2v", {"resolution": "1080P", "duration": 6}, None),
    ("minimax-hailuo-2.3-t2v", {"resolution": "1080P", "duration": 10}, "1080P is only for duration 6"),
    ("minimax-hailuo-2.3-t2v", {"resolution": "1080p"}, "resolution must be one of"),
    ("seedance-2.0", {"fast": True, "resolution": "720p"}, None),
    ("seedance-2.0", {"fast": True, "resolution": "1080p"}, "1080p is only for fast False"),
    ("seedance-2.0", {"last_image": LINK}, "last_image needs image"),
    ("seedance-2.0", {"image": LINK, "last_image": LINK}, None),
    ("seedance-2.0", {"image": LINK, "reference_videos": [CLIP]}, "image can't be used together with reference_videos"),
    ("seedance-2.0", {"reference_videos": [CLIP] * 4}, "reference_videos must be at most 3"),
    ("seedance-2.0", {"prompt": " "}, "one of prompt, image"),
    ("vidu-q3-turbo-i2v", {"images": ["ftp://media.example/a.png"]}, "images must be an http"),
    ("grok-imagine-video-i2v", {"image": LINK, "aspect_ratio": "16:9"}, "unknown field aspect_ratio"),
]


@pytest.mark.parametrize(("slug", "fields", "details"), WORDS, ids=str)
async def test_what_is_documented_in_words_holds_too(
    gateway: GatewayServer, caller: Caller, slug: str, fields: dict[str, JsonValue], details: str | None
) -> None:
    answered = await caller.submit({"prompt": "x", **fields}, slug=slug)

    assert [refused.details for refused in gateway.refused if details is None or details not in refused.details] == []
    assert answered.status == (200 if details is None else 400)


async def test_the_words_hold_for_nested_fields(gateway: GatewayServer, caller: Caller) -> None:
    for negative in ("x" * 500, "x" * 501):
        await caller.submit({"input": {"prompt": "x", "negative_prompt": negative}}, slug="wan2.6-t2v")

    assert len(gateway.orders) == 1
    assert [refused.details for refused in gateway.refused] == ["input.negative_prompt is longer than 500 characters"]
