"""Where a video appears: in direct messages, in the log, and somewhere else when its channel is gone or too small."""

import re

from aiohttp import web

from sandbox.discord import wait_until
from sandbox.gateway import Plan, VideoShape
from sandbox.stops import Stage as Reached
from tests.e2e.scene import PROMPT, WAITING, Film, Scene, job_id

MEBIBYTE = 1 << 20
LARGE = Plan(queued_seconds=0, processing_seconds=0, eta=False, video=VideoShape(seconds=1, padding_bytes=3 * MEBIBYTE))
NO_DIRECT_MESSAGES = (
    "I can't message you privately. Allow direct messages from this server or leave out private. Nothing was charged."
)


async def test_a_private_video_is_sent_to_its_author_alone(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)

    answer = await scene.order(private=True)

    status = await scene.status(scene.club.mia)
    assert answer.ephemeral
    assert f"https://discord.com/channels/@me/{status.place.id}/{status.id}" in answer.text
    await scene.reads(status, "**Rendering · 42 %")
    (await scene.task()).finish()
    result = await scene.result(scene.club.mia)
    assert Film.of(result.attachments[0]).codec == "h264"
    assert PROMPT in result.text
    await wait_until(lambda: status.deleted)
    assert scene.club.videos.history == []
    assert scene.entries == ["reserve", "commit"]


async def test_a_private_video_is_stopped_from_the_direct_messages(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order(private=True)
    status = await scene.status(scene.club.mia)
    await scene.reads(status, "**Rendering · 42 %")

    answer = await scene.mia.click(status, "Don't post")

    assert answer.text == "Already ordered, so it counts. I won't post it; find it in /my-videos history."
    (await scene.task()).finish()
    await scene.becomes("undelivered")
    assert [message for message in scene.mia.dms() if message.attachments] == []


async def test_a_private_result_is_deleted_from_the_direct_messages(scene: Scene) -> None:
    await scene.order(private=True)
    result = await scene.result(scene.club.mia)
    await scene.becomes("delivered")

    question = await (await scene.mia.click(result, "Delete")).settled()
    answer = await (await scene.mia.click(question.reply, "Delete")).settled()

    assert answer.text == "Deleted."
    assert result.deleted


async def test_moderators_see_a_private_video_in_the_log_without_a_ping(scene: Scene) -> None:
    await scene.order(private=True)

    copy = await scene.result(scene.club.log)
    assert copy.text.startswith(f"Private video of {scene.club.mia.mention}\n{PROMPT}\n-# AI-generated · Sora 2 · ")
    assert "cost $0.15" in copy.text
    assert copy.notified == []
    assert copy.attachments[0].filename == f"SPOILER_clapboard-{job_id(copy)}.mp4"


async def test_a_private_video_is_refused_where_direct_messages_are_closed(scene: Scene) -> None:
    scene.club.mia.close_direct_messages()

    await scene.is_refused(NO_DIRECT_MESSAGES, private=True)

    assert scene.mia.dms() == []


async def test_a_video_whose_channel_was_deleted_comes_as_a_direct_message(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    task = await scene.task()

    scene.club.videos.delete()
    task.finish()

    result = await scene.result(scene.club.mia)
    assert f"I couldn't post in {scene.club.videos.mention}." in result.text
    await scene.becomes("delivered")
    assert (len(scene.orders), scene.entries) == (1, ["reserve", "commit"])


async def test_without_channel_and_direct_messages_it_comes_to_the_log(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    task = await scene.task()

    scene.club.mia.close_direct_messages()
    scene.club.videos.delete()
    task.finish()

    result = await scene.result(scene.club.log)
    assert f"I couldn't post in {scene.club.videos.mention}." in result.text


async def test_a_thread_that_was_deleted_leaves_the_video_to_its_channel(scene: Scene) -> None:
    thread = scene.club.guild.add_thread("boats", scene.club.videos)
    scene.stage.gateway.script(WAITING)
    answer = await scene.order(channel=thread)
    task = await scene.task()
    scene.stage.discord.expire_token(answer.interaction)

    thread.archive(locked=True)
    task.finish()

    result = await scene.result()
    assert f"I couldn't post in {thread.mention}." in result.text


async def test_a_video_that_discord_takes_nowhere_near_is_posted_as_a_link_with_its_end(scene: Scene) -> None:
    scene.club.guild.lowered_upload_limit = MEBIBYTE
    scene.stage.gateway.script(LARGE)

    await scene.order()

    await _assert_posted_as_link(scene)
    statuses = [item.status for item in scene.stage.discord.exchanges.recorded]
    assert statuses.count(413) == 1


async def _assert_posted_as_link(scene: Scene) -> None:
    result = await scene.stage.discord.wait_for_message(scene.club.videos, "is over this server's upload limit.")
    size, link, end = result.text.splitlines()[2:5]
    assert re.fullmatch(r"3\.\d MB is over this server's upload limit\.", size)
    assert link == "Download it with the button."
    assert re.fullmatch(r"The link works until <t:\d+:f>\.", end)
    download = result.buttons["Download"]
    assert download.url is not None
    assert download.url.startswith(f"{scene.stage.gateway.url}/results/{scene.orders[0].task_id}/")
    assert result.attachments == []
    assert result.notified == [scene.club.mia.user]
    await scene.becomes("delivered")


async def test_an_address_that_ran_out_before_the_download_is_asked_for_again(scene: Scene) -> None:
    gateway = scene.stage.gateway

    async def run_out(_: web.Request) -> None:
        gateway.links.expire()

    stop = gateway.stops.at(Reached.RECEIVED, "GET", "/results/", run_out)

    await scene.order()

    await scene.result()
    assert stop.hits == 1
    await scene.becomes("delivered")
    assert (len(scene.orders), scene.entries) == (1, ["reserve", "commit"])
