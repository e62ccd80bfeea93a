"""What a model has no word for: ignored and told where nobody misses it, else refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.leeway import without_harmless
from bot.domain.errors import RefusalError
from bot.domain.request import VideoRequest
from bot.locales import Translator

MODELS = {model.id: model for model in Catalogue.load().models}
REQUEST = VideoRequest("a cat")
PICTURED = replace(REQUEST, image="https://example.com/cat.png")
SHAPE = "{} follows the picture's shape; your orientation was ignored."


def left(model_id: str, request: VideoRequest, *, gives_way: bool = False) -> tuple[VideoRequest, list[str]]:
    """What is left of a request, and what is told of the rest."""
    rest, told = without_harmless(MODELS[model_id], request, gives_way=gives_way)
    return rest, [Translator("en-US").text(sentence) for sentence in told.values()]


@pytest.mark.parametrize(
    ("model_id", "request_", "changes", "sentence"),
    [
        ("kling-3", PICTURED, {"aspect": "1:1"}, SHAPE.format("Kling 3")),
        ("hailuo-2.3", PICTURED, {"aspect": "9:16"}, SHAPE.format("Hailuo 2.3")),
        ("kling-3", PICTURED, {"aspect": "no such shape"}, SHAPE.format("Kling 3")),
        ("sora-2", REQUEST, {"seed": 7}, "Sora 2 does not let you choose a seed; yours was ignored."),
        ("kling-3", REQUEST, {"watermark": False}, "Kling 3 does not let you choose a watermark; yours was ignored."),
        (
            "vidu-q3-turbo",
            PICTURED,
            {"watermark": True},
            "Vidu Q3 Turbo does not let you choose a watermark; yours was ignored.",
        ),
    ],
)
def test_what_nobody_misses_is_left_out_and_told(
    model_id: str, request_: VideoRequest, changes: dict[str, object], sentence: str
) -> None:
    asked = replace(request_, **changes)  # type: ignore[arg-type]

    rest, told = left(model_id, asked)

    assert (rest, told) == (request_, [sentence])
    assert MODELS[model_id].settle(rest)


@pytest.mark.parametrize(
    ("model_id", "asked"),
    [
        ("sora-2", replace(PICTURED, aspect="9:16", watermark=False)),
        ("veo-3.1-fast", replace(PICTURED, aspect="9:16", seed=7, negative="rain", resolution="1080p", audio=True)),
        ("kling-3", replace(REQUEST, aspect="1:1", audio=False)),
    ],
)
def test_what_the_model_takes_stays_and_nothing_is_told(model_id: str, asked: VideoRequest) -> None:
    assert left(model_id, asked) == (asked, [])


HARMFUL = [
    ("hailuo-2.3", {"aspect": "9:16"}),
    ("sora-2", {"aspect": "1:1"}),
    ("sora-2", {"negative": "rain"}),
    ("sora-2", {"resolution": "1080p"}),
    ("veo-3.1-fast", {"resolution": "4K"}),
    ("sora-2", {"audio": False}),
    ("hailuo-2.3", {"audio": True}),
    ("kling-3", {"duration": 20}),
    ("wan-2.6", {"seed": 2**32 - 1}),
    ("wan-2.6", {"negative": "n" * 501}),
]


@pytest.mark.parametrize(("model_id", "changes"), HARMFUL)
def test_what_would_be_missed_is_refused(model_id: str, changes: dict[str, object]) -> None:
    asked = replace(REQUEST, **changes)  # type: ignore[arg-type]

    assert left(model_id, asked) == (asked, [])
    with pytest.raises(RefusalError):
        MODELS[model_id].settle(asked)


NOT_OFFERED = "{} does not offer {}, so that was left out."


@pytest.mark.parametrize(
    ("model_id", "changes", "sentence"),
    [
        ("hailuo-2.3", {"aspect": "9:16"}, "Hailuo 2.3 does not let you choose an orientation; yours was ignored."),
        ("sora-2", {"negative": "rain"}, "Sora 2 does not let you choose a negative prompt; yours was ignored."),
        ("sora-2", {"resolution": "1080p"}, "Sora 2 does not let you choose a resolution; yours was ignored."),
        ("veo-3.1-fast", {"resolution": "4K"}, NOT_OFFERED.format("Veo 3.1 Fast", "4K")),
        (
            "hailuo-2.3",
            {"resolution": "1080p"},
            "1080p was chosen for another model; Hailuo 2.3 makes its usual 768P.",
        ),
        ("sora-2", {"audio": False}, NOT_OFFERED.format("Sora 2", "videos without sound")),
        ("hailuo-2.3", {"audio": True}, NOT_OFFERED.format("Hailuo 2.3", "videos with sound")),
        ("wan-2.6", {"seed": 2**32 - 1}, NOT_OFFERED.format("Wan 2.6", "seed 4294967295")),
        ("wan-2.6", {"negative": "n" * 501}, NOT_OFFERED.format("Wan 2.6", "a negative prompt of this length")),
    ],
)
def test_what_was_chosen_for_another_model_gives_way_and_is_told(
    model_id: str, changes: dict[str, object], sentence: str
) -> None:
    asked = replace(REQUEST, **changes)  # type: ignore[arg-type]

    rest, told = left(model_id, asked, gives_way=True)

    assert (rest, told) == (REQUEST, [sentence])


@pytest.mark.parametrize("changes", [{"duration": 20}, {"aspect": "2:1"}])
def test_what_the_form_can_change_is_refused_of_another_model_too(changes: dict[str, object]) -> None:
    asked = replace(REQUEST, **changes)  # type: ignore[arg-type]

    assert left("kling-3", asked, gives_way=True) == (asked, [])


@pytest.mark.parametrize(("model_id", "sound"), [("sora-2", True), ("hailuo-2.3", False), ("kling-3", True)])
def test_sound_as_the_model_has_it_is_nothing_to_tell(model_id: str, *, sound: bool) -> None:
    asked = replace(REQUEST, audio=sound)

    assert left(model_id, asked, gives_way=True) == (asked, [])


LACKING = """
[[models]]
id = "own"
title = "Own"
prompt_limit = 100
durations = { choices = [5], default = 5 }
resolutions = { choices = ["480p", "720p"], default = "480p" }
sound = "optional"
[[models.routes]]
slug = "own-t2v"
body = { prompt = { from = "prompt" }, duration = { from = "duration" }, audio = { from = "audio" }, \
resolution = { from = "resolution" } }
[[models.routes]]
slug = "own-i2v"
needs = ["image"]
lacks = ["audio", "resolution"]
body = { prompt = { from = "prompt" }, duration = { from = "duration" }, image = { from = "image" } }
"""


@pytest.mark.parametrize(
    ("changes", "gives_way", "refused"),
    [
        ({"audio": False, "resolution": "480p"}, False, False),
        ({"audio": True, "resolution": "720p"}, True, False),
        ({"audio": True}, False, True),
        ({"resolution": "720p"}, False, True),
    ],
)
def test_what_a_model_does_by_itself_never_stands_in_the_way_of_a_picture(
    tmp_path: Path, changes: dict[str, object], *, gives_way: bool, refused: bool
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(LACKING)
    model = Catalogue.load(file).get("own")
    asked = replace(PICTURED, **changes)  # type: ignore[arg-type]

    rest, told = without_harmless(model, asked, gives_way=gives_way)

    if refused:
        assert (rest, told) == (asked, {})
        with pytest.raises(RefusalError):
            model.settle(rest)
    else:
        assert (rest, set(told)) == (PICTURED, set(changes))
        assert model.settle(model.settle(rest)) == model.settle(rest)
