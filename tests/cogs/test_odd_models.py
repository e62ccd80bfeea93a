"""Models of an operator's own that are as odd as a file may have them: Discord takes what is made of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.price import Price
from bot.domain.request import VideoRequest
from bot.locales import Translator
from bot.store.database import Database
from cogs.video import choices
from cogs.video.edit import edit_form
from sandbox.discord import DiscordServer, Upload, checks
from tests.bot.media.films import png
from tests.bot.orders.menus import menu_of
from tests.bot.store.records import add, job
from tests.cogs.club import Club, open_club
from tests.cogs.posting import press
from tests.cogs.test_forms import entered
from tests.sandbox.discord.conftest import wire_faults

PICTURE = Upload("cat.png", png(), "image/png")
MODEL = """
[[models]]
id = "{id}"
title = "{title}"
prompt_limit = 4000
durations = {durations}
aspects = {{ choices = {{ {aspects} }}, default = "{first}" }}
resolutions = {{ choices = [{resolutions}], default = "r0" }}
sound = "optional"
watermark = false
seed = {{ min = -9223372036854775808, max = 18446744073709551615 }}
negative_limit = 9000
[[models.prices]]
usd = 0.0123
per = "second"
estimate = true
[[models.routes]]
slug = "{id}-t2v"
takes = ["image", "last_image"]
[models.routes.body]
prompt = {{ from = "prompt" }}
duration = {{ from = "duration" }}
aspect = {{ from = "aspect" }}
resolution = {{ from = "resolution" }}
audio = {{ from = "audio" }}
watermark = {{ from = "watermark" }}
seed = {{ from = "seed" }}
negative = {{ from = "negative" }}
image = {{ from = "image" }}
last = {{ from = "last_image" }}
"""


def odd(number: int, durations: str = "{ min = 1, max = 600, default = 600 }") -> str:
    """A model with the longest names, the most choices, and letters that take two of Discord's."""
    words = [f"{'🦭' * 37}{number % 9}{each:02}" for each in range(25)]
    return MODEL.format(
        id=f"{'m' * 46}{number:04}",
        title=f"{'🦭' * 46}{number:04}",
        durations=durations,
        aspects=", ".join(f'"{word}" = "{place}:1"' for place, word in enumerate(words)),
        first=words[0],
        resolutions=", ".join(f'"r{each}"' if each < 24 else f'"{"r" * 40}"' for each in range(25)),
    )


@pytest.fixture
async def club(database: Database, tmp_path: Path) -> AsyncIterator[Club]:
    """A club with a hundred models besides those that ship."""
    file = tmp_path / "models.toml"
    usual = "{ min = 1, max = 16, default = 16 }"
    file.write_text("".join([*map(odd, range(10)), *(odd(number, usual) for number in range(10, 100))]), "utf-8")
    async with open_club(DiscordServer(), database, tmp_path, file) as opened:
        await opened.settle_in(show_money=True)
        yield opened
    assert wire_faults(opened.server) == []


async def test_each_completion_has_at_most_as_much_as_discord_takes(club: Club) -> None:
    model = f"{'m' * 46}0007"
    found = [
        await club.mia.autocomplete("video", option, "", channel=club.videos, options=options)
        for option, options in (("model", {}), ("duration", {"model": model}), ("orientation", {"model": model}))
    ]

    assert [len(each) for each in found] == [25, 25, 25]


async def test_every_form_and_panel_opens(club: Club) -> None:
    id_ = f"{'m' * 46}0007"
    request = VideoRequest("a cat", 600, "3:1", "r2", audio=True, seed=2**64 - 1, watermark=False, negative="n" * 4000)
    source = await add(
        club.database,
        job(
            guild_id=club.guild.id,
            server_id=club.guild.id,
            channel_id=club.videos.id,
            author_id=club.mia_member.user.id,
            model_id=id_,
            request=request,
        ),
    )
    message = club.mia.post(club.videos, "look", (PICTURE,))
    more = {"prompt": "a cat", "model": id_, "image": PICTURE, "more": True}

    opened = [
        await press(club, "edit", "Edit prompt", source.id),
        await club.mia.menu("Animate this picture", message),
        await club.mia.invoke("video", more, channel=club.videos),
    ]
    shown = [
        await club.mia.invoke("video-help", channel=club.videos),
        await club.manager.invoke("video-admin models", channel=club.videos),
        await club.mia.invoke("video", {"prompt": "a cat", "model": "zoetrope"}, channel=club.videos),
        await club.mia.invoke("video", {"prompt": "a cat", "orientation": "x" * 6000}, channel=club.videos),
        await club.mia.invoke("video", {"prompt": "a cat", "model": "x" * 6000}, channel=club.videos),
        await club.mia.invoke("my-videos preferences", channel=club.videos),
    ]

    assert all(form.form is not None for form in opened), [form.text for form in opened]
    assert all(each.text for each in shown)
    assert not any("went wrong" in each.text for each in (*opened, *shown))


async def test_a_watermark_is_ticked_where_the_model_has_one_by_itself(club: Club) -> None:
    models = ("sora-2", f"{'m' * 46}0007")

    opened = [
        await club.mia.invoke("video", {"prompt": "a cat", "model": model, "more": True}, channel=club.videos)
        for model in models
    ]

    assert [entered(answer)["Options"] for answer in opened] == [["watermark"], []]


def test_a_form_shows_the_chosen_orientation_however_many_there_are(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text("".join(map(odd, range(9))), "utf-8")
    id_ = f"{'m' * 46}0007"
    source = job(model_id=id_, request=VideoRequest("a cat", 600, "3:1", "r2", audio=True))

    form = edit_form(source, menu_of(Catalogue.load(file)), Translator("en-US")).to_dict()

    rows = {row["label"]: row["component"].get("options", []) for row in form["components"]}
    assert checks.modal(form) is None
    assert [option["value"][-3:] for option in rows["Orientation"] if option.get("default")] == ["703"]


def test_an_id_that_was_offered_is_that_model_whatever_others_are_called(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    one, other = odd(1).replace(f"{'🦭' * 46}0001", "the-other"), odd(2).replace(f"{'m' * 46}0002", "the-other")
    file.write_text(one + other, "utf-8")
    catalogue = Catalogue.load(file)

    assert choices.model_id(catalogue, "The-Other ") == "the-other"
    assert catalogue.get("the-other").title == f"{'🦭' * 46}0002"
    assert choices.model_id(catalogue, "sora 2") == "sora-2"
    assert choices.model_id(catalogue, "nothing") == "nothing"


async def test_the_panel_of_models_prices_no_model_but_those_of_its_page(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    priced, price = set[str](), Model.price

    def noting(model: Model, request: VideoRequest) -> Price | None:
        priced.add(model.id)
        return price(model, request)

    monkeypatch.setattr(Model, "price", noting)

    panel = (await club.manager.invoke("video-admin models", channel=club.videos)).reply
    first = set(priced)
    priced.clear()
    await club.manager.click(panel, "Next")

    ids = [model.id for model in club.catalogue.models]
    assert (first, priced) == (set(ids[:5]), set(ids[5:10]))


async def test_the_panels_of_managers_hold_a_hundred_models(club: Club) -> None:
    limits = (await club.manager.invoke("video-admin limits", channel=club.videos)).reply
    await club.manager.click(limits, "Everyone's limits")
    approval = await club.manager.click(limits, "Approval and models…")
    panel = (await club.manager.invoke("video-admin models", channel=club.videos)).reply
    pages = 1
    while not panel.buttons["Next"].disabled:
        await club.manager.click(panel, "Next")
        pages += 1
    opened = await club.manager.click(panel, "Set a price…")
    shown = [
        await club.manager.invoke("video-admin status", channel=club.videos),
        await club.manager.invoke("video-admin budget", channel=club.videos),
        await club.mia.invoke("my-videos preferences", channel=club.videos),
    ]

    assert pages == 22
    assert all(each.form is not None for each in (approval, opened))
    assert not any("went wrong" in each.text for each in shown)
