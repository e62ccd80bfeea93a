"""Edit prompt and /video more:True with the whole program: what the gateway is given, what is not lost."""

from collections.abc import Iterator

import pytest

from sandbox.discord import Upload
from tests.bot.media.films import png
from tests.e2e import books
from tests.e2e.presses import EDIT, made, newcomer, press
from tests.e2e.scene import Scene

PICTURE = Upload("cat.png", png(), "image/png")
OTHER = Upload("tree.jpg", png(48, 48), "image/jpeg")
PRICE = 1500
TOO_OLD = "This form is too old; please start again."


@pytest.fixture
def fetching(scene: Scene) -> Iterator[Scene]:
    """A gateway that fetches what it is given, as the real ones do."""
    scene.stage.gateway.fetch_inputs = True
    yield scene
    scene.stage.gateway.fetch_inputs = False


async def test_an_edit_has_the_old_choices_and_the_new_picture(fetching: Scene) -> None:
    await fetching.order("a paper boat", duration=15, orientation="portrait")
    result = await fetching.result()
    form = (await fetching.mia.click(result, EDIT)).form

    await (await fetching.mia.submit(form, {"Prompt": "a tin boat", "First picture": OTHER})).settled()

    await fetching.becomes("delivered", "delivered")
    first, second = fetching.orders
    assert second.body == first.body | {"prompt": "a tin boat", "image": second.body["image"]}
    assert [(given.status, given.content_type) for given in second.inputs] == [(200, "image/jpeg")]


async def test_the_picture_of_an_edited_video_stays(fetching: Scene) -> None:
    await fetching.order(image=PICTURE)
    result = await fetching.result()

    await press(fetching.mia, result, EDIT, "a tin boat")

    await fetching.becomes("delivered", "delivered")
    first, second = fetching.orders
    assert second.body["image"] != first.body["image"]
    assert [(given.status, given.content_type) for given in second.inputs] == [(200, "image/png")]


async def test_after_a_refusal_the_form_comes_back_and_the_sender_pays_once(scene: Scene) -> None:
    result, noa = await made(scene), newcomer(scene)
    form = (await noa.click(result, EDIT)).form

    refused = await noa.submit(form, {"Prompt": "w" * 2001, "Length": "15 s"})
    again = (await noa.click(refused.reply, "Change it")).form
    await noa.submit(again, {"Prompt": "a tin boat"})

    assert refused.ephemeral
    await scene.becomes("delivered", "delivered")
    assert (scene.orders[1].body["prompt"], scene.orders[1].body["duration"]) == ("a tin boat", 15)
    assert books.paid_by(scene.stage, scene.club.guild) == {scene.mia.user.id: PRICE, noa.user.id: PRICE * 3 // 2}


async def test_more_is_ordered_with_what_the_command_had(fetching: Scene) -> None:
    options = {"prompt": "a boat", "image": PICTURE, "duration": 15, "more": True}
    opened = await fetching.mia.invoke("video", options, channel=fetching.club.videos)

    await (await fetching.mia.submit(opened.form, {"Options": ["spoiler"]})).settled()

    result = await fetching.result()
    (order,) = fetching.orders
    assert (order.body["duration"], order.body["watermark"]) == (15, False)
    assert [given.status for given in order.inputs] == [200]
    assert result.attachments[0].filename.startswith("SPOILER_")


async def test_two_open_forms_of_one_video_do_not_mix(scene: Scene) -> None:
    result, noa = await made(scene), newcomer(scene)
    hers, his = (await scene.mia.click(result, EDIT)).form, (await noa.click(result, EDIT)).form

    await noa.submit(his, {"Prompt": "a boat of noa's"})
    await scene.mia.submit(hers, {"Prompt": "a boat of mia's"})

    await scene.becomes("delivered", "delivered", "delivered")
    assert [order.body["prompt"] for order in scene.orders[1:]] == ["a boat of noa's", "a boat of mia's"]
    assert books.paid_by(scene.stage, scene.club.guild) == {scene.mia.user.id: 2 * PRICE, noa.user.id: PRICE}
