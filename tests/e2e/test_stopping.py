"""Stopping videos and deleting posts: by their author, by moderators, and not by strangers."""

import pytest

from sandbox.discord import Message, wait_until
from tests.e2e.conftest import approved
from tests.e2e.presses import press
from tests.e2e.scene import PROMPT, WAITING, Scene, job_id

FREE = "Cancelled, not charged."
ORDERED = "Already ordered, so it counts. I won't post it; find it in /my-videos history."
NOT_YOURS = "Only the person who asked for this video and moderators can do that."
GONE = "This video is no longer in my records."
ENDED = "This video has ended already, so there is nothing to cancel."
PRICE = 1500


async def test_a_video_that_waits_in_line_is_cancelled_for_free(alone: Scene) -> None:
    alone.stage.gateway.default_plan = WAITING
    await alone.stage.open(**approved(alone.stage, MAX_RENDERING="1"))
    await alone.order(by=alone.club.owner)
    await alone.becomes("rendering")
    waiting = await alone.order()

    answer = await alone.mia.click(waiting.reply, "Cancel")

    assert (answer.text, answer.ephemeral) == (FREE, True)
    await alone.reads(waiting.reply, f"**{FREE}**")
    assert list(waiting.reply.buttons) == ["Try again", "Edit prompt"]
    assert alone.states == ["rendering", "cancelled"]
    assert (len(alone.orders), alone.entries, alone.spent) == (1, ["reserve", "reserve", "refund"], PRICE)


async def test_an_ordered_video_is_not_posted_but_charged(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    status = (await scene.order()).reply
    task = await scene.task()
    await wait_until(lambda: "Don't post" in status.buttons)

    answer = await scene.mia.click(status, "Don't post")

    assert (answer.text, answer.ephemeral) == (ORDERED, True)
    await scene.reads(status, ORDERED)
    task.finish()
    await scene.becomes("undelivered")
    await scene.reads(status, "**Finished, but not posted**")
    assert status.buttons == {}
    assert (scene.entries, scene.spent) == (["reserve", "commit"], PRICE)
    assert not any(message.attachments for message in scene.club.videos.history)


async def test_a_moderator_stops_the_video_of_another_and_a_stranger_does_not(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    status = (await scene.order()).reply
    await wait_until(lambda: "Don't post" in status.buttons)

    stranger = await scene.person(scene.club.tom).click(status, "Don't post")
    moderator = await scene.mod.click(status, "Don't post")

    assert (stranger.text, stranger.ephemeral) == (NOT_YOURS, True)
    assert moderator.text == "I won't post it. Its status message tells its author, and what came of its cost."
    await scene.reads(status, ORDERED)


async def test_the_queue_lists_ones_own_videos_with_links(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    status = (await scene.order()).reply
    await scene.becomes("rendering")

    mine = await scene.mia.invoke("my-videos queue", channel=scene.club.videos)
    others = await scene.person(scene.club.tom).invoke("my-videos queue", channel=scene.club.videos)

    assert mine.ephemeral
    assert "**1 video on its way**" in mine.text
    assert f"https://discord.com/channels/{scene.club.guild.id}/{status.place.id}/{status.id}" in mine.text
    assert PROMPT in mine.text
    assert others.text == "You have no videos on their way. Make one with /video."


async def test_a_video_is_chosen_from_the_offered_ones_and_cancelled(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    status = (await scene.order()).reply
    await scene.becomes("rendering")

    offered = await scene.mia.autocomplete("my-videos cancel", "video", "paper", channel=scene.club.videos)
    others = await scene.person(scene.club.tom).autocomplete("my-videos cancel", "video", "", channel=scene.club.videos)
    chosen = {"video": offered[0]["value"]}
    answer = await scene.mia.invoke("my-videos cancel", chosen, channel=scene.club.videos)

    assert [choice["value"] for choice in offered] == [job_id(status)]
    assert others == []
    assert (answer.text, answer.ephemeral) == (ORDERED, True)


@pytest.mark.parametrize(("typed", "sentence"), [("0123456789", GONE), ("the boat", GONE)])
async def test_cancelling_what_there_is_not_is_answered(scene: Scene, typed: str, sentence: str) -> None:
    answer = await scene.mia.invoke("my-videos cancel", {"video": typed}, channel=scene.club.videos)

    assert (answer.text, answer.ephemeral) == (sentence, True)


async def test_cancelling_what_has_ended_is_answered(scene: Scene) -> None:
    await scene.order()
    video = job_id(await scene.result())
    await scene.becomes("delivered")

    answer = await scene.mia.invoke("my-videos cancel", {"video": video}, channel=scene.club.videos)

    assert (answer.text, answer.ephemeral) == (ENDED, True)


async def test_a_post_is_deleted_by_its_author_who_is_asked_once(scene: Scene) -> None:
    result = await _posted(scene)

    question = await press(scene.mia, result, "Delete")
    assert question.text.startswith("Delete this video's post? I can't post it again;")
    assert question.ephemeral
    assert result in scene.club.videos.history
    answer = await press(scene.mia, question.reply, "Delete")

    assert result not in scene.club.videos.history
    assert answer.text == "Deleted."
    assert answer.reply.buttons == {}


async def test_a_post_stays_when_its_author_keeps_it(scene: Scene) -> None:
    result = await _posted(scene)

    question = await press(scene.mia, result, "Delete")
    answer = await press(scene.mia, question.reply, "Keep")

    assert answer.text == "Nothing was deleted."
    assert not result.deleted


async def test_a_post_is_deleted_by_a_moderator_and_not_by_a_stranger(scene: Scene) -> None:
    result = await _posted(scene)

    stranger = await scene.person(scene.club.tom).click(result, "Delete")
    question = await press(scene.mod, result, "Delete")
    await (await scene.mod.click(question.reply, "Remove")).settled()

    assert (stranger.text, stranger.ephemeral) == (NOT_YOURS, True)
    assert result.deleted


async def _posted(scene: Scene) -> Message:
    await scene.order()
    result = await scene.result()
    await scene.becomes("delivered")
    return result
