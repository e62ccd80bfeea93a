"""Kept files on their way to the gateway: in the clip channel, by a follow-up, under the bot's own address."""

import socket

from sandbox.discord import Member, Overwrite, Upload, wait_until
from sandbox.discord.messages import SUPPRESS_NOTIFICATIONS
from sandbox.gateway.inputs import links_in
from tests.bot.media.films import png
from tests.e2e.conftest import approved
from tests.e2e.lending import CLIP, EVERYONE, HELD, begun, lent, lent_at, saved
from tests.e2e.scene import PATIENCE_SECONDS, Film, Scene

PICTURE = Upload("cat.png", png(), "image/png")
NO_PLACE = (
    "This needs a picture or clip of somebody else, and I have no place to hand it to the video service. A manager "
    "of this server can choose a clip channel with /video-admin setup. Nothing was charged."
)
EVERYBODY_SEES = (
    "This needs a picture or clip of somebody else, and you can see the clip channel of this server, where I would "
    "hand it over. A manager can make that channel private. Nothing was charged."
)
NOT_LENT = (
    "I couldn't hand the picture or clip of this video to the video service. Nothing was charged. "
    "Please try again in a few minutes."
)
FILE_GONE = (
    "I don't keep the picture or clip that this needs any more. Please use /video and attach it again. "
    "Nothing was charged."
)


def newcomer(scene: Scene) -> Member:
    """Another member who may make videos."""
    return scene.club.guild.add_member("noa", roles=[scene.club.makers])


async def test_the_clip_lies_in_the_clip_channel_until_rendering_begins(fetching: Scene) -> None:
    noa = newcomer(fetching)
    await saved(fetching, who=EVERYONE)
    fetching.stage.discord.world.files.expire()
    fetching.stage.gateway.script(HELD)

    answer = await fetching.order(by=noa, character="mimi")

    message = await lent(fetching)
    assert (message.notified, message.content) == ([], "")
    assert message.flags & SUPPRESS_NOTIFICATIONS
    assert [file.filename.partition("-")[2] for file in message.attachments] == ["clip.mp4"]
    assert not fetching.person(noa).sees(message)
    assert all(not shown.attachments for shown in [answer.reply, *answer.followups])
    order = await begun(fetching)
    await wait_until(lambda: message.deleted, PATIENCE_SECONDS)
    assert lent_at(order) == [(200, "video/mp4")]
    assert order.body["character_timestamps"] == "0,2"
    assert fetching.states == ["rendering"]


async def test_again_keeps_picture_and_clip_after_their_links_have_expired(fetching: Scene) -> None:
    await fetching.order(image=PICTURE, clip=CLIP, clip_range="1-3")
    result = await fetching.result()
    fetching.stage.discord.world.files.expire()

    await (await fetching.mia.click(result, "Again")).settled()

    await fetching.becomes("delivered", "delivered")
    assert fetching.orders[1].body["character_timestamps"] == "0,2"
    assert sorted(lent_at(fetching.orders[1])) == [(200, "image/png"), (200, "video/mp4")]
    assert fetching.club.clips.history == []


async def test_what_was_never_seen_rendering_is_taken_back_at_the_end(fetching: Scene) -> None:
    await saved(fetching)
    fetching.stage.gateway.script(HELD)
    await fetching.order(character="mimi")
    message = await lent(fetching)

    (await fetching.task()).finish()

    await fetching.becomes("delivered")
    await wait_until(lambda: message.deleted, PATIENCE_SECONDS)


async def test_without_a_clip_channel_ones_own_clip_goes_by_a_follow_up(without_clips: Scene) -> None:
    scene = without_clips
    await saved(scene)
    scene.stage.gateway.script(HELD)

    answer = await scene.order(character="mimi")

    (message,) = [shown for shown in (answer.reply, *answer.followups) if shown.attachments]
    assert message.ephemeral
    assert "The video service fetches this file of yours from here." in message.text
    order = await begun(scene)
    await wait_until(lambda: message.deleted, PATIENCE_SECONDS)
    assert lent_at(order) == [(200, "video/mp4")]


async def test_without_a_clip_channel_what_is_shared_is_refused(without_clips: Scene) -> None:
    scene, noa = without_clips, newcomer(without_clips)
    await saved(scene, who=EVERYONE)

    await scene.is_refused(NO_PLACE, by=noa, character="mimi")


async def test_where_the_clip_channel_is_gone_ones_own_clip_goes_by_a_follow_up(fetching: Scene) -> None:
    noa = newcomer(fetching)
    await saved(fetching, who=EVERYONE)
    fetching.club.clips.delete()

    await fetching.is_refused(NOT_LENT, by=noa, character="mimi")
    await fetching.order(character="mimi")

    await fetching.becomes("delivered")
    assert lent_at(fetching.orders[0]) == [(200, "video/mp4")]


async def test_nothing_of_others_is_handed_over_where_everybody_sees_it(fetching: Scene) -> None:
    noa = newcomer(fetching)
    await saved(fetching, who=EVERYONE)
    fetching.club.clips.overwrite(fetching.club.guild.everyone.id, Overwrite())

    await fetching.is_refused(EVERYBODY_SEES, by=noa, character="mimi")
    await fetching.order(character="mimi")

    await fetching.becomes("delivered")
    assert lent_at(fetching.orders[0]) == [(200, "video/mp4")]
    assert fetching.club.clips.history == []


async def test_a_kept_file_that_is_missing_is_told_before_anything_is_charged(scene: Scene) -> None:
    await saved(scene)
    for kept in (scene.stage.folder / "inputs").glob("*.mp4"):
        kept.unlink()

    await scene.is_refused(FILE_GONE, character="mimi")


async def test_with_a_public_address_the_bot_serves_the_clip_itself(alone: Scene) -> None:
    port = _free_port()
    alone.stage.gateway.fetch_inputs = True
    address = f"http://127.0.0.1:{port}"
    await alone.stage.open(**approved(alone.stage), HTTP_LISTEN=f"127.0.0.1:{port}", PUBLIC_URL=address)
    await saved(alone, who=EVERYONE)

    answer = await alone.order(by=newcomer(alone), character="mimi")

    await alone.becomes("delivered")
    (order,) = alone.orders
    assert str(order.body["character_url"]).startswith(f"{address}/files/")
    assert lent_at(order) == [(200, "video/mp4")]
    assert all(not shown.attachments for shown in [answer.reply, *answer.followups])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_a_model_without_a_range_gets_the_chosen_seconds_as_a_file_of_their_own(fetching: Scene) -> None:
    fetching.stage.gateway.script(HELD)

    await fetching.order(model="seedance-2", clip=CLIP, clip_range="1-3")

    message = await lent(fetching)
    order = await begun(fetching)
    (piece,) = message.attachments
    # The signature in an address is another one in the next second.
    assert [url.partition("?")[0] for url in links_in(order.body)] == [piece.url.partition("?")[0]]
    assert Film.of(piece).seconds == 2
    await wait_until(lambda: message.deleted, PATIENCE_SECONDS)
    assert lent_at(order) == [(200, "video/mp4")]
    order.task.finish()
    await fetching.becomes("delivered")


async def test_seconds_that_such_a_model_does_not_take_are_refused(fetching: Scene) -> None:
    sentence = "Seedance 2 Fast takes 2 to 3 s of a clip. Please choose another range."

    await fetching.is_refused(sentence, model="seedance-2", clip=CLIP, clip_range="1-2")

    assert fetching.club.clips.history == []
