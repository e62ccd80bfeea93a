"""Every model that ships, and one of the operator's own, from /video to the video in the channel."""

import io
from dataclasses import dataclass, replace
from pathlib import Path

import av
import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.schema import Sound
from bot.domain.request import VideoRequest
from sandbox.discord import Attachment, Upload, wait_until
from sandbox.gateway import FaultKind
from sandbox.gateway.models import load_models
from tests.bot.catalogue.documents import faults
from tests.bot.media.films import png
from tests.e2e.conftest import approved
from tests.e2e.scene import PATIENCE_SECONDS, PROMPT, Film, Scene

CATALOGUE = Catalogue.load()
UPRIGHT = Upload("tower.png", png(360, 720), "image/png")
WIDE, TALL = (320, 180), (180, 360)


@dataclass(frozen=True, slots=True)
class Made:
    """What a model is asked for and makes where nothing is chosen: from words, and from an upright picture."""

    slugs: tuple[str, str]
    seconds: int
    sides: tuple[tuple[int, int], tuple[int, int]] = (WIDE, TALL)


MADE = {
    "sora-2": Made(("sora-2-video-reverse", "sora-2-video-reverse"), 10, (WIDE, WIDE)),
    "kling-3": Made(("kling-v3.0-std-t2v", "kling-v3.0-std-i2v"), 5),
    "veo-3.1-fast": Made(("veo-3.1-fast-generate-text2video", "veo-3.1-fast-generate-img2video"), 8, (WIDE, WIDE)),
    "hailuo-2.3": Made(("minimax-hailuo-2.3-t2v", "minimax-hailuo-2.3-i2v"), 6, ((342, 192), (192, 384))),
    "seedance-2": Made(("seedance-2.0", "seedance-2.0"), 5),
    "wan-2.6": Made(("wan2.6-t2v", "wan2.6-i2v"), 5),
    "vidu-q3-turbo": Made(("vidu-q3-turbo-t2v", "vidu-q3-turbo-i2v"), 5),
    "grok-imagine": Made(("grok-imagine-video-t2v", "grok-imagine-video-i2v"), 6),
}


def has_sound(attachment: Attachment) -> bool:
    """Whether a player hears something."""
    with av.open(io.BytesIO(attachment.data), "r") as container:
        return bool(container.streams.audio)


def posted(scene: Scene) -> list[Attachment]:
    """The videos in #videos, the first one first."""
    return [file for message in scene.club.videos.history for file in message.attachments]


def price(model: Model, request: VideoRequest) -> int:
    """What the catalogue says that it costs."""
    found = model.price(model.settle(request))
    assert found is not None
    return found.units


@pytest.mark.parametrize("model", CATALOGUE.models, ids=lambda model: model.id)
async def test_a_model_makes_a_video_from_words_and_a_louder_one_from_a_picture(fetching: Scene, model: Model) -> None:
    made, sound = MADE[model.id], True if model.sound is Sound.OPTIONAL else None
    refused = len(fetching.stage.gateway.refused)

    await fetching.order(model=model.id)
    await fetching.becomes("delivered")
    louder: dict[str, object] = {} if sound is None else {"sound": sound}
    await fetching.order("it grows", by=None, channel=None, model=model.id, image=UPRIGHT, **louder)
    await fetching.becomes("delivered", "delivered")

    words, picture = fetching.orders
    assert (words.slug, picture.slug) == made.slugs
    assert faults(words.slug, words.body) + faults(picture.slug, picture.body) == []
    assert len(fetching.stage.gateway.refused) == refused
    assert [(found.status, found.sides) for found in picture.inputs] == [(200, (360, 720))]
    films = posted(fetching)
    assert [Film.of(film) for film in films] == [Film("h264", *sides, made.seconds) for sides in made.sides]
    assert [has_sound(film) for film in films] == [model.sound is Sound.ALWAYS, model.sound is not Sound.NEVER]
    asked = VideoRequest(PROMPT)
    from_picture = replace(asked, image="https://x.example/a.png", audio=sound)
    assert fetching.spent == price(model, asked) + price(model, from_picture)
    assert fetching.entries == ["reserve", "commit"] * 2


NINTH = """
[[models]]
id = "seedance-1.5"
title = "Seedance 1.5 Pro"
prompt_limit = 500
durations = { min = 4, max = 12, default = 5 }
aspects = { choices = { landscape = "16:9", portrait = "9:16" }, default = "portrait" }
resolutions = { choices = ["480p", "720p"], default = "480p" }
sound = "optional"
watermark = false

[[models.prices]]
usd = 0.05
per = "second"

[[models.multipliers]]
when = { audio = true }
times = 2

[[models.routes]]
slug = "seedance-v1.5-pro-t2v"

[models.routes.body]
prompt = { from = "prompt" }
ratio = { from = "aspect" }
duration = { from = "duration" }
resolution = { from = "resolution" }
generate_audio = { from = "audio" }
watermark = { from = "watermark" }

[[models.routes]]
slug = "seedance-v1.5-pro-i2v"
needs = ["image"]
lacks = ["aspect"]

[models.routes.body]
prompt = { from = "prompt" }
image = { from = "image" }
ratio = { value = "adaptive" }
duration = { from = "duration" }
resolution = { from = "resolution" }
generate_audio = { from = "audio" }
watermark = { from = "watermark" }
"""
"""An operator's own model."""
DOCUMENTED = Path(__file__).with_name("ninth.json")
"""What its gateway takes; from a picture, the answer calls the task's id `id`."""


async def test_a_model_in_a_file_of_the_operators_is_ordered_polled_and_posted(alone: Scene) -> None:
    file, gateway = alone.stage.folder / "own.toml", alone.stage.gateway
    file.write_text(NINTH)
    gateway.books.models |= load_models(DOCUMENTED)
    gateway.fetch_inputs = True
    await alone.stage.open(**approved(alone.stage, MODELS_FILE=str(file)))

    offered = await alone.mia.autocomplete("video", "model", "1.5", channel=alone.club.videos)
    await alone.order(model="Seedance 1.5 Pro", duration=4)
    await alone.becomes("delivered")
    await alone.order("it grows", model="seedance-1.5", image=UPRIGHT, sound=True)
    await alone.becomes("delivered", "delivered")

    assert [choice["value"] for choice in offered] == ["seedance-1.5"]
    words, picture = alone.orders
    assert (words.slug, words.body) == (
        "seedance-v1.5-pro-t2v",
        {
            "prompt": PROMPT,
            "ratio": "9:16",
            "duration": 4,
            "resolution": "480p",
            "generate_audio": False,
            "watermark": False,
        },
    )
    assert picture.slug == "seedance-v1.5-pro-i2v"
    assert [Film.of(film) for film in posted(alone)] == [Film("h264", 120, 214, 4), Film("h264", 120, 240, 5)]
    assert [has_sound(film) for film in posted(alone)] == [False, True]
    assert {poll.task_id for poll in gateway.books.poll_log} == {words.task_id, picture.task_id}
    assert alone.spent == 4 * 500 + 5 * 500 * 2


NO_LONGER = "Kling 3 no longer makes this kind of video. Nothing was charged. Please choose another model."


async def test_an_endpoint_that_is_gone_is_not_asked_again_and_no_other_model_is_ordered_for_it(alone: Scene) -> None:
    await alone.stage.open(**approved(alone.stage))
    alone.stage.gateway.fault("submit", FaultKind.MODEL_NOT_FOUND)
    status = (await alone.order(model="kling-3")).reply
    await alone.reads(status, "Kling 3 is no longer offered. Nothing was charged. Available: Sora 2, ")

    again = await alone.order(model="kling-3")
    await alone.order("it grows", model="kling-3", image=UPRIGHT)
    await wait_until(lambda: alone.states[-1:] == ["delivered"], PATIENCE_SECONDS)

    assert (again.text, again.ephemeral) == (NO_LONGER, True)
    assert [order.slug for order in alone.orders] == ["kling-v3.0-std-i2v"]
    assert alone.stage.gateway.submits == 2


async def test_an_endpoint_stays_gone_over_a_restart_until_the_operator_presses_the_button_of_before(
    alone: Scene,
) -> None:
    await alone.stage.open(**approved(alone.stage))
    operator = alone.person(alone.club.owner)
    alone.stage.gateway.fault("submit", FaultKind.MODEL_NOT_FOUND)
    await alone.order(model="kling-3")
    await wait_until(lambda: bool(operator.dms()), PATIENCE_SECONDS)
    await alone.becomes("failed")
    await alone.stage.crash()
    await alone.stage.open(**approved(alone.stage))

    refused = await alone.order("a boat", model="kling-3")
    status = await operator.invoke("video-admin status", channel=alone.club.videos)
    (message,) = operator.dms()
    await operator.click(message, "Order there again")
    await alone.order("a tower", model="kling-3")
    await alone.becomes("failed", "delivered")

    assert (refused.text, refused.ephemeral) == (NO_LONGER, True)
    assert "No longer offered there: Kling 3." in status.text
    assert "orders go there again. If it refuses one, I tell you." in message.text
    assert [order.slug for order in alone.orders] == ["kling-v3.0-std-t2v"]
    assert alone.stage.gateway.submits == 2
    assert operator.dms() == [message]


async def test_a_model_that_is_gone_in_every_way_is_no_longer_offered_not_even_after_a_restart(alone: Scene) -> None:
    await alone.stage.open(**approved(alone.stage))
    alone.stage.gateway.fault("submit", FaultKind.MODEL_NOT_FOUND, times=2)
    orders: list[tuple[str, dict[str, object]]] = [("a boat", {}), ("a tower", {"image": UPRIGHT})]
    for number, (prompt, options) in enumerate(orders, 1):
        await alone.order(prompt, by=None, channel=None, model="kling-3", **options)
        await alone.becomes(*["failed"] * number)

    await alone.stage.crash()
    await alone.stage.open(**approved(alone.stage))
    again = await alone.order(model="kling-3")
    offered = await alone.mia.autocomplete("video", "model", "", channel=alone.club.videos)

    assert again.text.startswith("Kling 3 is no longer offered. Available: Sora 2, Veo 3.1 Fast")
    assert "kling-3" not in [choice["value"] for choice in offered]
    assert (alone.orders, alone.stage.gateway.submits, alone.spent) == ([], 2, 0)
