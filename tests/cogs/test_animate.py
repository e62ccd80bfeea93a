"""Animate this picture: which picture, whose, and the form that orders a video of it."""

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.locales import Translator
from bot.orders.draft import Draft
from cogs.video.form_video import Offer, VideoForm
from sandbox.discord import Message, Upload, checks
from sandbox.discord.wire import Payload
from tests.bot.media.films import png
from tests.bot.orders.menus import menu_of
from tests.cogs.club import Club
from tests.cogs.test_forms import GIF, entered

MENU = "Animate this picture"
PICTURE = Upload("cat.png", png(), "image/png")
FILM = Upload("cat.mp4", b"film", "video/mp4")
NO_PICTURE = "There is no picture in this message."
NOT_YOURS = "You can only animate pictures from your own messages here."


def embedded(message: Message, **media: Payload) -> Message:
    """The message with an embed in it."""
    message.embeds = [{"type": "image", "url": "https://example.com/", **media}]
    return message


async def test_the_first_attached_picture_becomes_the_first_of_a_video(club: Club) -> None:
    message = club.mia.post(club.videos, "look", (FILM, PICTURE, Upload("dog.png", png(32, 32), "image/png")))
    opened = await club.mia.menu(MENU, message)

    answer = await club.mia.submit(opened.form, {"Prompt": "it runs", "Orientation": "portrait"})
    await answer.settled()

    made = await club.job()
    assert entered(opened) == {"Prompt": "", "Model": ["sora-2"], "Length": [], "Orientation": []}
    assert "The video begins with cat.png." in opened.text
    assert (made.request.prompt, made.request.duration, made.request.aspect) == ("it runs", 10, "9:16")
    assert made.request.image is not None
    assert "/cat.png" in made.request.image
    assert made.inputs.picture is not None
    assert made.author_id == club.mia_member.user.id


@pytest.mark.parametrize("place", ["image", "thumbnail"])
async def test_an_embedded_picture_is_taken_from_discords_own_copy(club: Club, place: str) -> None:
    hidden = club.guild.add_channel("files").post(club.guild.owner.user, "", (PICTURE,)).attachments[0]
    address = hidden.url
    picture = {"url": "https://example.com/cat.png", "proxy_url": address}
    message = embedded(club.mia.post(club.videos, "https://example.com/"), **{place: picture})
    opened = await club.mia.menu(MENU, message)

    answer = await club.mia.submit(opened.form, {"Prompt": "it runs"})
    await answer.settled()

    made = await club.job()
    assert made.request.image == address
    assert made.inputs.picture is not None


@pytest.mark.parametrize(
    ("by", "author", "uploads", "sentence"),
    [
        ("mia", "mod", (PICTURE,), NOT_YOURS),
        ("mia", "mia", (), NO_PICTURE),
        ("mia", "mia", (FILM,), NO_PICTURE),
        ("mia", "bot", (PICTURE,), NO_PICTURE),
        ("tom", "tom", (PICTURE,), "You need one of these roles to make videos here"),
    ],
    ids=["somebody else's", "no file", "a film", "the bot's own", "without the role"],
)
async def test_a_refusal_comes_before_the_form(
    club: Club, by: str, author: str, uploads: tuple[Upload, ...], sentence: str
) -> None:
    bot = club.server.world.application.bot
    user = bot if author == "bot" else getattr(club, author).user
    message = club.videos.post(user, "look", uploads)

    answer = await getattr(club, by).menu(MENU, message)

    assert answer.form is None
    assert answer.ephemeral
    assert answer.text.startswith(sentence)
    assert await club.jobs() == []


async def test_managers_can_let_members_animate_any_picture(club: Club) -> None:
    await club.settle_in(animate_any=True)
    message = club.mod.post(club.videos, "look", (PICTURE,))

    opened = await club.mia.menu(MENU, message)

    assert opened.form is not None
    assert opened.form.title == MENU


async def test_what_is_no_picture_is_told_and_the_words_stay(club: Club) -> None:
    message = club.mia.post(club.videos, "look", (GIF,))
    opened = await club.mia.menu(MENU, message)

    refused = await club.mia.submit(opened.form, {"Prompt": "it runs", "Length": "15"})
    await refused.settled()
    again = await club.mia.click(refused.reply, "Change it")

    assert refused.text == "This file is GIF. Please attach a PNG or JPEG picture."
    assert entered(again) == {"Prompt": "it runs", "Model": ["sora-2"], "Length": ["15"], "Orientation": []}
    assert await club.jobs() == []


async def test_the_name_of_a_file_is_shown_as_it_is(club: Club) -> None:
    message = club.mia.post(club.videos, "look", (Upload("_cat_**x**.png", png(), "image/png"),))

    opened = await club.mia.menu(MENU, message)

    assert "The video begins with _cat_**x**.png." in opened.text


def test_where_there_is_one_model_it_is_named_and_nothing_in_its_line_is_markdown() -> None:
    catalogue, telling = Catalogue.load(), "The video begins with {things}."
    offer = Offer("Animate", menu_of(catalogue), (catalogue.default,), telling, ("_cat_**x**.png",))

    form = VideoForm(offer, Draft(prompt="", model_id="sora-2"), Translator("en-US")).to_dict()

    assert checks.modal(form) is None
    lines = [row["content"] for row in form["components"] if "content" in row]
    assert lines == ["**Sora 2**\nThe video begins with \\_cat\\_\\*\\*x\\*\\*.png."]
