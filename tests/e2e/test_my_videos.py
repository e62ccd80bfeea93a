"""One's own videos and records, with the whole program between a local Discord and a local gateway."""

import pytest

from bot.domain.ids import file_name
from sandbox.discord import Answer, Member, wait_until
from sandbox.gateway import Plan, VideoShape
from tests.e2e import books
from tests.e2e.conftest import approved
from tests.e2e.scene import PATIENCE_SECONDS, PROMPT, WAITING, Film, Scene, job_id

GONE = "This video is no longer in my records."
LOST = "The video service doesn't have this video any more, so I can't show it again."
MEBIBYTE = 1 << 20
LARGE = Plan(queued_seconds=0, processing_seconds=0, eta=False, video=VideoShape(seconds=1, padding_bytes=3 * MEBIBYTE))


async def run(scene: Scene, command: str, by: Member | None = None, **options: object) -> Answer:
    """/my-videos …, by mia or somebody else."""
    person = scene.mia if by is None else scene.person(by)
    return await (await person.invoke(f"my-videos {command}", options, channel=scene.club.videos)).settled()


async def delivered(scene: Scene, **options: object) -> str:
    """A video of mia's that stands in #videos; its id."""
    await scene.order(**options)  # type: ignore[arg-type]
    result = await scene.result()
    await scene.becomes("delivered")
    return job_id(result)


async def test_a_video_whose_post_stands_is_linked_to(scene: Scene) -> None:
    video = await delivered(scene)
    result = await scene.result()

    shown, listed = await run(scene, "show", video=video), await run(scene, "history")

    link = f"https://discord.com/channels/{scene.club.guild.id}/{scene.club.videos.id}/{result.id}"
    assert shown.text == f"Your video is here: {link}"
    assert f"{PROMPT}\n-# Finished · Sora 2 · 10 s · " in listed.text
    assert f"{link} · `{video}`" in listed.text


async def test_a_video_whose_post_is_gone_is_given_back_to_its_author_alone(scene: Scene) -> None:
    video = await delivered(scene)
    (await scene.result()).delete()
    scene.stage.gateway.links.expire()

    panel = (await run(scene, "history")).reply
    shown = await (await scene.mia.select(panel, next(iter(panel.selects)), [video])).settled()

    (file,) = shown.reply.attachments
    assert shown.ephemeral
    assert Film.of(file).codec == "h264"
    assert (file.filename, file.description) == (file_name(video), f"AI video: {PROMPT}")
    assert PROMPT in shown.text
    assert [message for message in scene.club.videos.history if message.attachments] == []
    assert (len(scene.orders), scene.entries) == (1, ["reserve", "commit"])


async def test_a_video_that_its_author_did_not_want_posted_is_found_in_the_history(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    status = await scene.status()
    await scene.reads(status, "**Rendering · 42 %")
    await scene.mia.click(status, "Don't post")
    (await scene.task()).finish()
    await scene.becomes("undelivered")

    shown = await run(scene, "show", video=job_id(status))

    assert len(shown.reply.attachments) == 1
    assert "Finished, but not posted" in (await run(scene, "history")).text


async def test_a_video_over_the_limit_is_made_to_fit_and_says_so(scene: Scene) -> None:
    scene.stage.gateway.script(LARGE)
    video = await delivered(scene)
    (await scene.result()).delete()
    scene.club.guild.upload_limit = MEBIBYTE

    shown = await run(scene, "show", video=video)

    assert shown.ephemeral
    assert len(shown.reply.attachments[0].data) <= MEBIBYTE
    assert " · re-encoded to fit this server's upload limit · " in shown.text


async def test_a_video_that_can_not_be_made_to_fit_is_given_as_a_link_with_its_end(scene: Scene) -> None:
    scene.stage.gateway.script(LARGE)
    video = await delivered(scene)
    (await scene.result()).delete()
    scene.club.guild.upload_limit = 20_000

    shown = await run(scene, "show", video=video)

    assert shown.ephemeral
    assert shown.reply.attachments == []
    assert "is over the upload limit here.\nThe link works until <t:" in shown.text
    assert shown.reply.buttons["Download"].url is not None


async def test_a_limit_that_was_lowered_meanwhile_turns_the_file_into_a_link(scene: Scene) -> None:
    scene.stage.gateway.script(LARGE)
    video = await delivered(scene)
    (await scene.result()).delete()
    scene.club.guild.upload_limit, scene.club.guild.lowered_upload_limit = MEBIBYTE, 10_000

    shown = await run(scene, "show", video=video)

    assert "Download" in shown.reply.buttons
    # What is told is the video that the link leads to, not what Discord would not take.
    assert "3.1 MB is over the upload limit here." in shown.text
    assert "re-encoded" not in shown.text


async def test_one_that_may_not_play_is_given_with_that_word(alone: Scene) -> None:
    await alone.stage.open(**approved(alone.stage), REENCODE="off")
    await alone.stage.set_up()
    shape = VideoShape(seconds=1, encoder="libx265")
    alone.stage.gateway.script(Plan(queued_seconds=0, processing_seconds=0, eta=False, video=shape))
    video = await delivered(alone)
    (await alone.result()).delete()

    shown = await run(alone, "show", video=video)

    assert shown.text.endswith("\nThis video may not play in Discord; download it to watch it.")


async def test_a_video_that_its_service_has_forgotten_is_said_to_be_lost(scene: Scene) -> None:
    video = await delivered(scene)
    (await scene.result()).delete()
    scene.stage.gateway.links.expire()
    del scene.stage.gateway.tasks[scene.orders[0].task_id]

    assert (await run(scene, "show", video=video)).text == LOST


@pytest.mark.parametrize("command", ["show", "cancel"])
async def test_the_id_of_somebody_elses_video_is_as_good_as_none(scene: Scene, command: str) -> None:
    video = await delivered(scene)

    for id_ in (video, "0000000000"):
        answer = await run(scene, command, scene.club.tom, video=id_)
        assert (answer.text, answer.ephemeral) == (GONE, True)


async def test_somebody_without_videos_gets_an_answer_to_everything(scene: Scene) -> None:
    tom = scene.club.tom

    said = {name: (await run(scene, name, tom)).text for name in ("queue", "history", "usage", "preferences", "export")}

    assert said["queue"] == "You have no videos on their way. Make one with /video."
    assert said["history"].startswith("None of your videos has ended yet.")
    assert "Today: 0 of 3." in said["usage"]
    assert said["preferences"].startswith("## Your preferences")
    assert said["export"].startswith("This is all that I keep about you")


async def test_a_direct_message_tells_of_a_video_where_that_is_wanted(scene: Scene) -> None:
    panel = (await run(scene, "preferences")).reply
    await scene.mia.select(panel, next(iter(panel.selects)), ["direct"])

    await delivered(scene)

    result = await scene.result()
    told = await scene.stage.discord.wait_for_message(scene.club.mia, "Your video is ready: ")
    assert str(result.id) in told.text
    assert result.notified == []


async def test_an_erased_person_is_unknown_and_has_used_up_what_they_had(scene: Scene) -> None:
    video = await delivered(scene)
    await wait_until(lambda: not books.untold(scene.stage, scene.club.guild), PATIENCE_SECONDS)
    asked = await run(scene, "erase")

    answer = await (await scene.mia.click(asked.reply, "Erase everything")).settled()

    assert answer.text == "Erased. Files and messages for moderators follow within about an hour."
    assert scene.states == []
    assert scene.entries == ["reserve", "commit"]
    assert (await run(scene, "show", video=video)).text == GONE
    assert "Today: 1 of 3." in (await run(scene, "usage")).text
    again = await scene.mia.click(await scene.result(), "Delete")
    assert again.text == GONE


async def test_erasing_stops_a_video_on_its_way(scene: Scene) -> None:
    scene.stage.gateway.script(WAITING)
    await scene.order()
    task = await scene.task()
    status = await scene.status()

    await scene.mia.click((await run(scene, "erase")).reply, "Erase everything")
    # It is in no history later, so that is not promised.
    await scene.reads(status, "Already ordered, so it counts. I won't post it.")
    task.finish()

    await scene.becomes("undelivered")
    await wait_until(lambda: bool(scene.club.videos.history), PATIENCE_SECONDS)
    assert [message for message in scene.club.videos.history if message.attachments] == []
