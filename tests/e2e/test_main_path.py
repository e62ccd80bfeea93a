"""From /video to the video in the channel, through the program as its own process."""

from sandbox.discord import wait_until
from sandbox.gateway import Plan
from tests.e2e.scene import PROMPT, WAITING, Film, Scene, job_id

ESTIMATING = Plan(manual=True, queued_seconds=0, processing_seconds=100, progress=(7,))
PRICE = 1500


async def test_the_status_goes_from_queued_to_the_gateways_percentage_to_the_video(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)

    answer = await scene.order()

    status = answer.reply
    assert not answer.ephemeral
    assert "**Queued · #1 in line**" in answer.text
    assert PROMPT in answer.text
    assert list(status.buttons) == ["Cancel"]
    await scene.reads(status, "**Rendering · 42 %")
    assert list(status.buttons) == ["Don't post"]
    (await scene.task()).finish()
    await scene.result()
    await wait_until(lambda: status.deleted)


async def test_the_gateways_estimate_is_shown(scene: Scene) -> None:
    scene.stage.gateway.script(ESTIMATING)

    answer = await scene.order()

    await scene.reads(answer.reply, "**Rendering · 7 % · ready in about 2 min")


async def test_a_prompt_becomes_a_video_in_the_channel(scene: Scene) -> None:
    answer = await scene.order("*a* paper boat")

    result = await scene.result()
    (attachment,) = result.attachments
    assert attachment.filename == f"clapboard-{job_id(result)}.mp4"
    assert attachment.content_type == "video/mp4"
    assert attachment.description == "AI video: *a* paper boat"
    assert Film.of(attachment) == Film("h264", 320, 180, 10)
    assert result.notified == [scene.club.mia.user]
    assert "\\*a\\* paper boat" in result.text
    assert list(result.buttons) == ["Again", "Remix", "Edit prompt", "Delete", "Save as character"]
    await wait_until(lambda: answer.reply.deleted)
    assert [message for message in scene.club.videos.history if message.notified] == [result]


async def test_the_result_says_what_it_is(scene: Scene) -> None:
    await scene.order()

    result = await scene.result()
    line = result.text.splitlines()[-1]
    assert line.startswith("-# AI-generated · Sora 2 · 10 s · landscape · with sound · took ")
    assert line.endswith(f" · 2 videos left today · `{job_id(result)}`")


async def test_a_prompt_pings_nobody(scene: Scene) -> None:
    prompt = f"@everyone {scene.club.tom.mention} {scene.club.makers.mention} @here **look** https://example.com"

    answer = await scene.order(prompt)

    result = await scene.result()
    assert answer.reply.notified == []
    assert result.notified == [scene.club.mia.user]
    assert scene.orders[0].body["prompt"] == prompt


async def test_everything_that_has_a_default_is_sent(scene: Scene) -> None:
    await scene.order()

    (await scene.task()).finish()
    (order,) = scene.orders
    assert order.slug == "sora-2-video-reverse"
    assert order.body == {"prompt": PROMPT, "duration": 10, "size": "1280x720", "watermark": True}


async def test_the_price_is_reserved_and_then_charged(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    task = await scene.task()
    assert (scene.entries, scene.spent) == (["reserve"], PRICE)

    task.finish()

    await scene.becomes("delivered")
    assert (scene.entries, scene.spent) == (["reserve", "commit"], PRICE)


async def test_a_portrait_of_15_seconds_costs_half_as_much_again(scene: Scene) -> None:
    await scene.order(duration=15, orientation="portrait")

    result = await scene.result()
    assert scene.orders[0].body == {"prompt": PROMPT, "duration": 15, "size": "720x1280", "watermark": True}
    assert Film.of(result.attachments[0]) == Film("h264", 180, 320, 15)
    assert "Sora 2 · 15 s · portrait" in result.text
    assert scene.spent == PRICE * 3 // 2


async def test_lengths_and_orientations_are_offered_while_typing(scene: Scene) -> None:
    lengths = await scene.mia.autocomplete("video", "duration", "", channel=scene.club.videos)
    shapes = await scene.mia.autocomplete("video", "orientation", "por", channel=scene.club.videos)

    assert [choice["value"] for choice in lengths] == [10, 15]
    assert [choice["value"] for choice in shapes] == ["portrait"]


async def test_a_member_is_told_once_where_prompts_go(scene: Scene) -> None:
    first = await scene.order()
    await wait_until(lambda: bool(first.followups))
    await scene.becomes("delivered")
    second = await scene.order()
    await scene.becomes("delivered", "delivered")

    (note,) = first.followups
    assert note.ephemeral
    assert "go to the video service (myrouter). I keep them 90 days. /my-videos erase deletes them." in note.text
    assert second.followups == []


async def test_help_explains_the_command_to_one_person(scene: Scene) -> None:
    answer = await scene.person(scene.club.tom).invoke("video-help", channel=scene.club.general)

    assert answer.ephemeral
    assert "Type `/video`" in answer.text
    assert "Sora 2: 10, 15 s" in answer.text


async def test_a_video_asked_for_in_a_thread_appears_in_the_thread(scene: Scene) -> None:
    thread = scene.club.guild.add_thread("boats", scene.club.videos)

    await scene.order(channel=thread)

    result = await scene.result(thread)
    assert result.notified == [scene.club.mia.user]
    assert scene.club.videos.history == []
