"""The model that ships: its bodies, its prices and its refusals."""

import string
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import errors
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.price import Price
from bot.catalogue.schema import Sound
from bot.catalogue.wire import Wire, resolve
from bot.domain.errors import RefusalError
from bot.domain.request import CharacterClip, VideoRequest

CLIP = "https://x.example/clip.mp4"
PICTURE = "https://x.example/a.png"


@pytest.fixture(scope="module")
def sora() -> Model:
    return Catalogue.load().get("sora-2")


def placeholders(refusal: RefusalError) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(str(refusal.sentence.id))} - {None}


def refuse(model: Model, request: VideoRequest) -> RefusalError:
    with pytest.raises(RefusalError) as caught:
        model.settle(request)
    return caught.value


def test_what_members_are_shown_of_it(sora: Model) -> None:
    assert sora.title == "Sora 2"
    assert sora.prompt_limit == 2000
    assert (sora.durations.values, sora.durations.default) == ((10, 15), 10)
    assert dict(sora.orientations) == {"landscape": "16:9", "portrait": "9:16"}
    assert sora.default_aspect == "16:9"
    assert sora.orientation_of("9:16") == "portrait"
    assert sora.orientation_of(None) is None
    assert (sora.takes_image, sora.takes_last_image, sora.takes_clip, sora.can_remix) == (True, False, True, True)
    assert sora.sound is Sound.ALWAYS


def test_every_option_with_a_default_is_sent(sora: Model) -> None:
    assert resolve(sora, VideoRequest("a cat")) == Wire(
        "sora-2-video-reverse", {"prompt": "a cat", "duration": 10, "size": "1280x720", "watermark": True}
    )


def test_everything_that_can_be_asked_for_is_sent(sora: Model) -> None:
    request = VideoRequest(
        "a cat",
        duration=15,
        aspect="9:16",
        image=PICTURE,
        character=CharacterClip(CLIP, Decimal("0.50"), Decimal("2.5")),
        watermark=False,
    )

    assert resolve(sora, request) == Wire(
        "sora-2-video-reverse",
        {
            "prompt": "a cat",
            "duration": 15,
            "size": "720x1280",
            "watermark": False,
            "image": PICTURE,
            "character_url": CLIP,
            "character_timestamps": "0.5,2.5",
        },
    )


@pytest.mark.parametrize(
    ("start", "end", "timestamps"),
    [
        ("1", "3", "1,3"),
        ("0", "1", "0,1"),
        ("10", "12.50", "10,12.5"),
        ("1E+1", "12", "10,12"),
        ("4.25", "7.250", "4.25,7.25"),
    ],
)
def test_a_range_is_written_as_plain_numbers(sora: Model, start: str, end: str, timestamps: str) -> None:
    request = VideoRequest("a cat", character=CharacterClip(CLIP, Decimal(start), Decimal(end)))

    assert resolve(sora, request).body["character_timestamps"] == timestamps


def test_a_remix_has_only_the_prompt_and_the_first_task(sora: Model) -> None:
    wire = resolve(sora, VideoRequest("at night", parent_task="t-1", watermark=True))

    assert wire == Wire("sora-2-remix-reverse", {"prompt": "at night", "task_id": "t-1"})


@pytest.mark.parametrize(
    ("request_", "price"),
    [
        (VideoRequest("x"), Price(1500, estimate=False)),
        (VideoRequest("x", duration=15), Price(2250, estimate=True)),
        (VideoRequest("x", parent_task="t-1"), Price(1500, estimate=False)),
    ],
)
def test_its_prices(sora: Model, request_: VideoRequest, price: Price) -> None:
    assert sora.price(sora.settle(request_)) == price


@settings(max_examples=30)
@given(prompt=st.text(min_size=1, max_size=2000).filter(str.strip))
def test_a_prompt_is_passed_on_untouched(sora: Model, prompt: str) -> None:
    assert resolve(sora, VideoRequest(prompt)).body["prompt"] == prompt


@pytest.mark.parametrize(
    ("request_", "error", "said"),
    [
        (VideoRequest("  \n"), errors.PromptMissingError, {}),
        (VideoRequest("x" * 2001), errors.PromptTooLongError, {"length": 2001, "limit": 2000}),
        (VideoRequest("x", duration=12), errors.DurationNotOfferedError, {"duration": 12, "durations": (10, 15)}),
        (VideoRequest("x", aspect="1:1"), errors.AspectNotOfferedError, {"aspects": ("landscape", "portrait")}),
        (VideoRequest("x", audio=False), errors.SilenceNotOfferedError, {}),
        (VideoRequest("x", resolution="4k"), errors.OptionNotOfferedError, {}),
        (VideoRequest("x", seed=1), errors.OptionNotOfferedError, {}),
        (VideoRequest("x", negative="dogs"), errors.OptionNotOfferedError, {}),
        (VideoRequest("x", last_image=PICTURE), errors.InputNotTakenError, {}),
        (VideoRequest("x", image=PICTURE, parent_task="t"), errors.InputsNotTakenTogetherError, {}),
        (VideoRequest("x", duration=10, parent_task="t"), errors.OptionNotWithInputError, {}),
    ],
)
def test_a_refusal_says_what_is_offered(
    sora: Model, request_: VideoRequest, error: type[RefusalError], said: dict[str, object]
) -> None:
    refusal = refuse(sora, request_)

    assert type(refusal) is error
    assert said.items() <= refusal.sentence.params.items()
    assert placeholders(refusal) == refusal.sentence.params.keys()


@pytest.mark.parametrize(("start", "end"), [("0", "0.9"), ("1", "4.1")])
def test_a_clip_is_one_to_three_seconds_long(sora: Model, start: str, end: str) -> None:
    refusal = refuse(sora, VideoRequest("x", character=CharacterClip(CLIP, Decimal(start), Decimal(end))))

    assert type(refusal) is errors.ClipLengthError
    assert refusal.sentence.params["longest"] == 3
