"""What moderators do about videos and members, with the whole program."""

import pytest

from sandbox.discord import Message, wait_until
from tests.e2e.scene import PATIENCE_SECONDS, WAITING, Scene, job_id

REPORT = "Report this video"
NO_MODERATOR = "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."
REMOVED = "A moderator removed this video, so it can't be used any more."


async def reported(scene: Scene, message: Message) -> Message:
    """The card of a video that Tom reports."""
    tom = scene.person(scene.club.tom)
    form = (await tom.menu(REPORT, message)).form
    await (await tom.submit(form, {})).settled()
    return scene.reported


async def test_a_removed_private_video_goes_from_everywhere(scene: Scene) -> None:
    await scene.order(private=True)
    copy = await scene.result(scene.club.log)
    await scene.becomes("delivered")
    direct = await scene.result(scene.club.mia)

    answer = await scene.mod.invoke("video-mod remove", {"video": job_id(copy)}, channel=scene.club.videos)

    assert (await answer.settled()).text == "Removed: its posts are deleted, and nobody can get it back."
    assert direct.deleted
    assert copy.deleted


async def test_the_buttons_of_a_removed_video_say_so_where_its_post_could_not_be_deleted(scene: Scene) -> None:
    await scene.order()
    result = await scene.result()
    await scene.becomes("delivered")
    await (await scene.mod.invoke("video-mod remove", {"video": job_id(result)}, channel=scene.club.videos)).settled()
    left = scene.club.videos.post(scene.stage.discord.world.application.bot, "left over")
    left.components = result.components

    for button in ("Again", "Remix", "Edit prompt"):
        assert (await scene.mia.click(left, button)).text == REMOVED
    left.delete()


async def test_a_removed_video_that_is_rendering_is_not_posted(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    status = await scene.status()
    task = await scene.task()

    answer = await scene.mod.invoke("video-mod remove", {"video": job_id(status)}, channel=scene.club.videos)
    await answer.settled()
    task.finish()
    await scene.becomes("undelivered")

    assert status.deleted
    assert not any(message.attachments for message in scene.club.videos.history)


@pytest.mark.parametrize("button", ["Remove", "Block", "Dismiss"])
async def test_the_buttons_of_a_report_are_for_moderators(scene: Scene, button: str) -> None:
    await scene.order()
    result = await scene.result()
    await scene.becomes("delivered")
    card = await reported(scene, result)

    assert (await scene.mia.click(card, button)).text == NO_MODERATOR
    assert (await scene.person(scene.club.tom).click(card, button)).text == NO_MODERATOR

    assert list(card.buttons) == ["Remove", "Block", "Dismiss"]


async def test_a_blocked_member_is_told_until_when_and_can_order_after_the_unblock(scene: Scene) -> None:
    await scene.order()
    result = await scene.result()
    await scene.becomes("delivered")
    card = await reported(scene, result)
    question = (await scene.mod.click(card, "Block")).reply
    await scene.mod.click(question, "1 hour")
    await wait_until(lambda: not card.buttons, PATIENCE_SECONDS)

    refused = await scene.order()
    assert refused.ephemeral
    assert refused.text.startswith("The moderators don't let you make videos here until <t:")
    assert (await scene.mia.click(result, "Again")).text == refused.text
    assert scene.states == ["delivered"]

    await scene.mod.invoke("video-mod unblock", {"member": scene.club.mia}, channel=scene.club.videos)
    assert "**Queued" in (await scene.order()).text


async def test_a_block_counts_in_its_own_server_only(scene: Scene) -> None:
    await scene.mod.invoke("video-mod block", {"member": scene.club.mia, "for": "good"}, channel=scene.club.videos)
    elsewhere = Scene(scene.stage, type(scene.club).found(scene.stage.discord, name="Other Club"))
    await elsewhere.club.set_up()
    elsewhere.club.guild.add_member(scene.club.mia.user, roles=[elsewhere.club.makers])

    await scene.is_refused("The moderators don't let you make videos here.")

    there = await scene.mia.invoke("video", {"prompt": "a paper boat"}, channel=elsewhere.club.videos)
    assert "**Queued" in there.text
    await elsewhere.becomes("delivered")


async def test_five_declined_prompts_pause_their_member_and_the_log_channel_is_told_once(scene: Scene) -> None:
    mia, log = scene.club.mia, scene.club.log

    told = [
        (await scene.mia.invoke("video", {"prompt": "a beheading"}, channel=scene.club.videos)).text for _ in range(6)
    ]
    by_others = await scene.order(by=scene.club.owner)

    refused = "A word in your prompt is not allowed here. Please rephrase it. Nothing was charged."
    assert told[:4] == [refused] * 4
    assert told[4].startswith(f"{refused} That makes 5 declined prompts today, so you can make videos here again <t:")
    assert told[5].startswith("Too many of your prompts were declined today. You can make videos here again <t:")
    assert "**Queued" in by_others.text
    await wait_until(lambda: any("declined today" in card.text for card in log.history), PATIENCE_SECONDS)
    (card,) = [card for card in log.history if "declined today" in card.text]
    assert f"5 prompts of {mia.mention} were declined today." in card.text
