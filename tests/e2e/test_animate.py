"""Animate this picture with the whole program: the gateway is given the picture of the message."""

import pytest

from sandbox.discord import Upload
from tests.bot.media.films import png
from tests.e2e import books
from tests.e2e.presses import newcomer
from tests.e2e.scene import Scene

MENU = "Animate this picture"
PICTURE = Upload("cat.png", png(), "image/png")
NO_PICTURE = "There is no picture in this message."
NOT_YOURS = "You can only animate pictures from your own messages here."
PRICE = 1500


async def test_a_picture_is_animated_and_charged_to_whoever_does_it(scene: Scene) -> None:
    noa = newcomer(scene)
    message = noa.post(scene.club.videos, "my cat", (PICTURE,))
    address = message.attachments[0].url.partition("?")[0]
    opened = await noa.menu(MENU, message)

    answer = await noa.submit(opened.form, {"Prompt": "it runs", "Orientation": "portrait"})
    await answer.settled()

    await scene.becomes("delivered")
    (order,) = scene.orders
    assert (order.body["prompt"], order.body["size"]) == ("it runs", "720x1280")
    assert str(order.body["image"]).startswith(address)
    assert books.paid_by(scene.stage, scene.club.guild) == {noa.user.id: PRICE}


@pytest.mark.parametrize(
    ("by", "author", "uploads", "sentence"),
    [
        ("mia", "mod", (PICTURE,), NOT_YOURS),
        ("mia", "mia", (), NO_PICTURE),
        ("tom", "tom", (PICTURE,), "You need one of these roles to make videos here"),
    ],
    ids=["somebody else's", "no picture", "without the role"],
)
async def test_a_refusal_comes_before_the_form_and_nothing_is_charged(
    scene: Scene, by: str, author: str, uploads: tuple[Upload, ...], sentence: str
) -> None:
    message = scene.person(getattr(scene.club, author)).post(scene.club.videos, "look", uploads)

    answer = await scene.person(getattr(scene.club, by)).menu(MENU, message)

    assert answer.form is None
    assert answer.ephemeral
    assert answer.text.startswith(sentence)
    assert (scene.states, scene.entries, scene.orders) == ([], [], [])


async def test_the_bots_own_videos_are_no_pictures(scene: Scene) -> None:
    await scene.order()

    answer = await scene.mia.menu(MENU, await scene.result())

    assert answer.text == NO_PICTURE
    assert scene.spent == PRICE
