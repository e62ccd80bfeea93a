"""A picture that the model does not take is refused before anything is ordered, from wherever it comes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.job import JobState
from bot.store.database import Database
from sandbox.discord import DiscordServer, Upload
from tests.bot.media.films import png
from tests.bot.store.records import NOW
from tests.cogs.club import Club, commands_done, open_club
from tests.cogs.test_forms import entered, newest, press_edit

SMALL = Upload("cat.png", png(200, 150), "image/png")
JUST_RIGHT = Upload("cat.png", png(300, 300), "image/png")
SENTENCE = (
    "Kling 3 takes pictures of at least 300 × 300 pixels; this one has 200 × 150. "
    "Please choose another picture or model."
)
OWN = """
[[models]]
id = "own"
title = "Own"
prompt_limit = 100
durations = { choices = [5], default = 5 }
sound = "never"
pictures.last_image = { max_side = 400 }
prices = [{ usd = 0.1, per = "video" }]
[[models.routes]]
slug = "own-i2v"
needs = ["image"]
takes = ["last_image"]
lacks = ["duration"]
[models.routes.body]
prompt = { from = "prompt" }
image = { from = "image" }
last = { from = "last_image" }
"""


@pytest.fixture
async def own(database: Database, tmp_path: Path) -> AsyncIterator[Club]:
    """A club with a model that says what it takes as a last picture."""
    file = tmp_path / "models.toml"
    file.write_text(OWN)
    async with open_club(DiscordServer(), database, tmp_path, file) as opened:
        await opened.settle_in()
        yield opened


async def test_an_attached_picture_that_is_too_small_is_refused_and_nothing_is_reserved(club: Club) -> None:
    options = {"prompt": "a cat", "model": "kling-3", "image": SMALL}

    answer = await club.mia.invoke("video", options, channel=club.videos)
    await answer.settled()

    assert answer.text == SENTENCE
    assert await club.jobs() == []


async def test_a_picture_of_exactly_the_least_size_is_ordered(club: Club) -> None:
    options = {"prompt": "a cat", "model": "kling-3", "image": JUST_RIGHT}

    answer = await club.mia.invoke("video", options, channel=club.videos)
    await answer.settled()

    assert (await club.job()).inputs.picture is not None


async def test_of_a_linked_picture_nothing_is_known_and_nothing_said(club: Club) -> None:
    options = {"prompt": "a cat", "model": "kling-3", "image_url": "https://93.184.216.34/cat.png"}

    answer = await club.mia.invoke("video", options, channel=club.videos)
    await answer.settled()

    assert (await club.job()).request.image == "https://93.184.216.34/cat.png"


async def test_a_picture_of_a_message_can_be_animated_by_another_model_instead(club: Club) -> None:
    opened = await club.mia.menu("Animate this picture", club.mia.post(club.videos, "look", (SMALL,)))

    refused = await club.mia.submit(opened.form, {"Prompt": "it runs", "Model": "kling-3"})
    await refused.settled()
    again = await club.mia.click(refused.reply, "Change it")
    before = await club.jobs()
    await (await club.mia.submit(again.form, {"Model": "veo-3.1-fast"})).settled()

    assert (refused.text, before) == (SENTENCE, [])
    assert entered(again)["Prompt"] == "it runs"
    made = await club.job()
    assert (made.model_id, made.inputs.picture is None) == ("veo-3.1-fast", False)


async def test_a_kept_picture_is_looked_at_when_another_model_shall_have_it(club: Club) -> None:
    first = await club.mia.invoke("video", {"prompt": "a cat", "image": SMALL}, channel=club.videos)
    await first.settled()
    source = await club.move(await club.job(), state=JobState.DELIVERED, created_at=NOW - timedelta(days=1))
    opened = await press_edit(club, source.id)

    refused = await club.mia.submit(opened.form, {"Model": "kling-3", "Length": "5"})
    await refused.settled()
    only = await club.jobs()
    again = await club.mia.click(refused.reply, "Change it")
    await (await club.mia.submit(again.form, {"Replace picture": JUST_RIGHT})).settled()
    await commands_done()

    assert refused.text == SENTENCE
    assert len(only) == 1
    made = await newest(club)
    assert made.model_id == "kling-3"
    assert made.inputs.picture not in {None, source.inputs.picture}


async def test_a_last_picture_in_the_form_for_more_is_told_apart_from_the_first(own: Club) -> None:
    options = {"prompt": "a cat", "model": "own", "image": Upload("a.png", png(500, 500), "image/png"), "more": True}
    opened = await own.mia.invoke("video", options, channel=own.videos)
    large, fitting = (Upload("b.png", png(side, 400), "image/png") for side in (401, 400))

    refused = await own.mia.submit(opened.form, {"Last picture": large})
    await refused.settled()
    again = await own.mia.click(refused.reply, "Change it")
    before = await own.jobs()
    await (await own.mia.submit(again.form, {"Last picture": fitting})).settled()

    assert refused.text == (
        "Own takes pictures of at most 400 × 400 pixels; the last picture has 401 × 400. "
        "Please choose another picture or model."
    )
    assert before == []
    assert (await own.job()).inputs.last_picture is not None
