"""Changing a finished video: the command, the menu on messages, where it is sent, and what its result says."""

from sandbox.discord import Message, wait_until
from sandbox.gateway.faults import FaultKind
from tests.e2e.conftest import approved
from tests.e2e.presses import AGAIN, EDIT, REMIX, forged, made, newcomer, press
from tests.e2e.scene import PROMPT, WAITING, Scene, job_id

MENU = "Remix this video"
CHANGE = "at night"
PRICE = 1500
LOST = (
    "The video service has forgotten the original of this remix, so it can't be changed any more. Nothing was charged."
)


async def remixed(scene: Scene, video: str, prompt: str = CHANGE) -> Message:
    """Mia's remix of a video by command, as it was posted."""
    before = len(scene.states)
    answer = await scene.mia.invoke("remix", {"video": video, "prompt": prompt}, channel=scene.club.videos)
    assert "**Queued" in answer.text
    await wait_until(lambda: scene.states[before:] == ["delivered"])
    return [message for message in scene.club.videos.history if message.attachments][-1]


async def test_a_remix_is_ordered_from_its_original_and_says_so(scene: Scene) -> None:
    original = await made(scene)

    result = await remixed(scene, f" `{job_id(original).upper()}` ")

    first, second = scene.orders
    assert second.slug == "sora-2-remix-reverse"
    assert second.body == {"prompt": CHANGE, "task_id": first.task_id}
    place = f"https://discord.com/channels/{scene.club.guild.id}/{scene.club.videos.id}/{original.id}"
    assert f" · Remix of [{job_id(original)}]({place}) · " in result.text
    assert list(result.buttons) == [AGAIN, EDIT, "Delete", "Save as character"]
    assert scene.spent == 2 * PRICE


async def test_a_remix_once_more_is_a_remix_of_the_same_original(scene: Scene) -> None:
    result = await remixed(scene, job_id(await made(scene)))

    await press(newcomer(scene), result, AGAIN)

    await scene.becomes("delivered", "delivered", "delivered")
    bodies = [order.body for order in scene.orders]
    assert bodies[2] == bodies[1]


async def test_a_remix_is_not_remixed(scene: Scene) -> None:
    original = await made(scene)
    result = await remixed(scene, job_id(original))

    answer = await scene.mia.click(forged(scene, f"cb:remix:{job_id(result)}"), "Press")

    assert answer.text == (
        f"This video is a remix already, and only originals can be remixed. Its original is `{job_id(original)}`."
    )


async def test_ones_own_finished_videos_are_offered_while_typing(scene: Scene) -> None:
    boat = job_id(await made(scene, "a paper boat"))
    plane = job_id(await made(scene, "a PAPER plane"))
    scene.stage.gateway.script(WAITING)
    await scene.order("a paper hat")

    async def offered(typed: str) -> list[object]:
        choices = await scene.mia.autocomplete("remix", "video", typed, channel=scene.club.videos)
        return [choice["value"] for choice in choices]

    assert await offered("") == [plane, boat]
    assert await offered("paper PLANE") == [plane]
    assert await offered(boat) == [boat]
    assert await newcomer(scene).autocomplete("remix", "video", "", channel=scene.club.videos) == []


async def test_the_menu_opens_the_form_for_the_video_of_a_message(scene: Scene) -> None:
    original, noa = await made(scene), newcomer(scene)

    opened = await noa.menu(MENU, original)
    refused = await scene.person(scene.club.tom).menu(MENU, original)

    assert opened.form is not None
    assert opened.form.title == f"Remix {job_id(original)}"
    assert opened.form.data["components"][0]["component"]["placeholder"] == PROMPT
    assert refused.text.startswith("You need one of these roles")
    answer = await noa.submit(opened.form, {"What shall change": CHANGE})
    assert f"<@{noa.user.id}>" in answer.text
    await scene.becomes("delivered", "delivered")
    assert scene.orders[1].body["prompt"] == CHANGE


async def test_the_menu_knows_other_messages_from_videos(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    status = (await scene.order()).reply
    chat = scene.mia.post(scene.club.general, "clapboard")

    on_chat = await scene.mia.menu(MENU, chat)
    unfinished = await scene.mia.menu(MENU, status)

    assert (on_chat.text, on_chat.ephemeral) == ("This is not one of my videos.", True)
    assert unfinished.text == "This video isn't finished, so it can't be remixed."


async def test_an_original_that_the_gateway_has_forgotten_costs_nothing(scene: Scene) -> None:
    original = await made(scene)
    scene.stage.gateway.books.forget(scene.orders[0].task)

    status = (await press(scene.mia, original, REMIX, CHANGE)).reply

    await scene.reads(status, f"**Failed**\n{LOST}")
    assert status.buttons == {}
    assert (scene.states, scene.spent) == (["delivered", "failed"], PRICE)


async def test_a_remix_goes_to_the_gateway_that_made_the_original(alone: Scene) -> None:
    await alone.stage.open(**approved(alone.stage, GATEWAYS="myrouter,highway"))
    alone.stage.gateway.fault("submit", FaultKind.SERVICE_NOT_AVAILABLE)
    original = await made(alone)

    await remixed(alone, job_id(original))

    assert alone.orders == []
    assert [order.slug for order in alone.stage.highway.orders] == ["sora-2-video-reverse", "sora-2-remix-reverse"]
