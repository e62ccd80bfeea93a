"""Where results go when a server wants more than one place for them, and what it hides."""

from collections.abc import Iterator

import pytest
from aiohttp import web

from sandbox.discord import Channel, ChannelKind, Message, Overwrite, Permission, wait_until
from sandbox.discord.messages import CROSSPOSTED
from sandbox.gateway.faults import FaultKind
from sandbox.stops import Stage as Reached
from tests.e2e import books
from tests.e2e.conftest import approved
from tests.e2e.presses import EDIT, REMIX, RETRY, newcomer
from tests.e2e.scene import PATIENCE_SECONDS, PROMPT, Film, Scene, job_id

FINISHED = "Finished"
MESSAGES = r"/api/v10/channels/{}/messages$"
AGE = "Videos are made in age-restricted channels only here."


def choose(scene: Scene, **choices: object) -> None:
    """What the server's managers have chosen."""
    books.choose(scene.stage, scene.club.guild, **choices)


def news(scene: Scene) -> Channel:
    """A channel that other servers can follow."""
    return scene.club.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT)


async def told(scene: Scene) -> None:
    """Everything is told of the club's videos."""
    await wait_until(lambda: set(scene.states) <= {"delivered", "failed"}, PATIENCE_SECONDS)
    await wait_until(lambda: not books.untold(scene.stage, scene.club.guild), PATIENCE_SECONDS)


def link_to(message: Message) -> str:
    """Where a message stands."""
    assert message.place.guild is not None
    return f"https://discord.com/channels/{message.place.guild.id}/{message.place.id}/{message.id}"


async def test_a_result_is_announced_without_a_ping_and_published(scene: Scene) -> None:
    channel = news(scene)
    choose(scene, announcement_channel_id=channel.id, publish=True)

    await scene.order()

    result, copy = await scene.result(), await scene.result(channel)
    await wait_until(lambda: bool(copy.flags & CROSSPOSTED), PATIENCE_SECONDS)
    assert Film.of(copy.attachments[0]) == Film.of(result.attachments[0])
    assert copy.attachments[0].description == result.attachments[0].description == f"AI video: {PROMPT}"
    assert (copy.notified, copy.buttons) == ([], {})
    heading = f"{scene.club.mia.mention} has made a video: {link_to(result)}\n{PROMPT}\n-# AI-generated · Sora 2 · "
    assert copy.text.startswith(heading)
    assert result.notified == [scene.club.mia.user]


async def test_a_private_result_is_not_announced(scene: Scene) -> None:
    channel = news(scene)
    choose(scene, announcement_channel_id=channel.id)

    await scene.order(private=True)

    await told(scene)
    assert channel.history == []


async def test_what_is_made_in_the_announcement_channel_is_there_once(scene: Scene) -> None:
    choose(scene, announcement_channel_id=scene.club.videos.id)

    await scene.order()

    await told(scene)
    assert len([message for message in scene.club.videos.history if message.attachments]) == 1


async def test_the_author_deletes_the_copy_with_the_post(scene: Scene) -> None:
    channel = news(scene)
    choose(scene, announcement_channel_id=channel.id, keep_status=True)
    await scene.order()
    result, copy = await scene.result(), await scene.result(channel)
    await told(scene)
    (status,) = [message for message in scene.club.videos.history if FINISHED in message.text]

    question = await (await scene.mia.click(result, "Delete")).settled()
    await (await scene.mia.click(question.reply, "Delete")).settled()

    await wait_until(lambda: result.deleted and copy.deleted and status.deleted, PATIENCE_SECONDS)


async def test_a_moderator_removes_the_copy_with_the_post(scene: Scene) -> None:
    channel = news(scene)
    choose(scene, announcement_channel_id=channel.id)
    await scene.order()
    result, copy = await scene.result(), await scene.result(channel)
    await told(scene)

    await scene.mod.invoke("video-mod remove", {"video": job_id(result)}, channel=scene.club.videos)

    await wait_until(lambda: result.deleted and copy.deleted, PATIENCE_SECONDS)


@pytest.mark.parametrize("denied", [Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.ATTACH_FILES])
async def test_a_copy_that_is_not_allowed_costs_nothing_else(scene: Scene, denied: Permission) -> None:
    channel = news(scene)
    channel.overwrite(scene.club.guild.me.id, Overwrite(deny=denied))
    choose(scene, announcement_channel_id=channel.id, publish=True)

    await scene.order()

    await scene.result()
    await told(scene)
    assert (channel.history, scene.entries) == ([], ["reserve", "commit"])


async def test_a_result_stands_in_the_gallery_and_the_status_leads_there(scene: Scene) -> None:
    gallery = scene.club.guild.add_channel("gallery")
    choose(scene, gallery_channel_id=gallery.id)

    status = (await scene.order()).reply

    result = await scene.result(gallery)
    assert result.notified == [scene.club.mia.user]
    assert "I couldn't post" not in result.text
    await scene.reads(status, FINISHED)
    line = f"-# {scene.club.mia.mention} · Finished · {link_to(result)} · `{job_id(result)}`"
    assert (status.text, status.buttons, status.deleted) == (line, {}, False)
    assert scene.club.videos.history == [status]


@pytest.mark.parametrize("denied", [Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.ATTACH_FILES])
async def test_a_gallery_that_is_closed_leaves_the_result_to_its_channel(scene: Scene, denied: Permission) -> None:
    gallery = scene.club.guild.add_channel("gallery")
    gallery.overwrite(scene.club.guild.me.id, Overwrite(deny=denied))
    choose(scene, gallery_channel_id=gallery.id)

    status = (await scene.order()).reply

    result = await scene.result()
    assert result.notified == [scene.club.mia.user]
    await wait_until(lambda: status.deleted, PATIENCE_SECONDS)
    assert (gallery.history, scene.states) == ([], ["delivered"])


async def test_a_result_stands_in_a_thread_below_its_status(scene: Scene) -> None:
    choose(scene, result_threads=True)

    status = (await scene.order()).reply

    await wait_until(lambda: status.id in scene.club.guild.threads, PATIENCE_SECONDS)
    thread = scene.club.guild.threads[status.id]
    result = await scene.result(thread)
    assert (thread.name, thread.parent, thread.auto_archive_minutes) == (PROMPT, scene.club.videos, 1440)
    assert result.notified == [scene.club.mia.user]
    await scene.reads(status, link_to(result))
    assert not status.deleted


async def test_a_removed_result_leaves_its_thread_without_the_prompt(scene: Scene) -> None:
    choose(scene, result_threads=True)
    status = (await scene.order()).reply
    await wait_until(lambda: status.id in scene.club.guild.threads, PATIENCE_SECONDS)
    thread = scene.club.guild.threads[status.id]
    result = await scene.result(thread)
    await told(scene)
    thread.archive()

    await scene.mod.invoke("video-mod remove", {"video": job_id(result)}, channel=scene.club.videos)

    await wait_until(lambda: thread.name == job_id(result), PATIENCE_SECONDS)
    assert result.deleted
    assert status.deleted


async def test_the_author_deletes_a_result_from_a_thread_that_was_archived(scene: Scene) -> None:
    choose(scene, result_threads=True)
    status = (await scene.order()).reply
    await wait_until(lambda: status.id in scene.club.guild.threads, PATIENCE_SECONDS)
    thread = scene.club.guild.threads[status.id]
    result = await scene.result(thread)
    await told(scene)
    thread.archive()

    question = await (await scene.mia.click(result, "Delete")).settled()
    await (await scene.mia.click(question.reply, "Delete")).settled()

    await wait_until(lambda: result.deleted and status.deleted, PATIENCE_SECONDS)
    await wait_until(lambda: thread.name == job_id(result), PATIENCE_SECONDS)


@pytest.mark.parametrize(
    "denied", [Permission.CREATE_PUBLIC_THREADS, Permission.SEND_MESSAGES_IN_THREADS], ids=["create", "send"]
)
async def test_without_the_right_to_threads_the_result_stands_in_the_channel(scene: Scene, denied: Permission) -> None:
    scene.club.videos.overwrite(scene.club.guild.me.id, Overwrite(deny=denied))
    choose(scene, result_threads=True)

    status = (await scene.order()).reply

    await scene.result()
    await wait_until(lambda: status.deleted, PATIENCE_SECONDS)
    assert (scene.club.guild.threads, scene.states) == ({}, ["delivered"])


async def test_the_status_is_kept_as_a_link_where_that_is_wanted(scene: Scene) -> None:
    choose(scene, keep_status=True)

    status = (await scene.order()).reply

    result = await scene.result()
    await scene.reads(status, link_to(result))
    assert not status.deleted


async def test_a_hidden_prompt_is_nowhere_that_others_see(scene: Scene) -> None:
    channel = news(scene)
    choose(scene, hide_prompts=True, result_threads=True, announcement_channel_id=channel.id)
    status = (await scene.order()).reply
    await wait_until(lambda: status.id in scene.club.guild.threads, PATIENCE_SECONDS)
    thread = scene.club.guild.threads[status.id]
    result = await scene.result(thread)
    await scene.result(channel)
    scene.stage.gateway.fault("submit", FaultKind.INVALID_REQUEST_BODY)
    failure = (await scene.order()).reply
    await wait_until(lambda: RETRY in failure.buttons, PATIENCE_SECONDS)
    noa = newcomer(scene)
    forms = [(await noa.click(result, label)).form for label in (EDIT, REMIX)]
    await told(scene)

    assert thread.name == job_id(result)
    assert [text for text in _public(scene) if PROMPT in text] == []
    assert PROMPT not in str(forms)
    assert all(form is not None for form in forms)
    details = await scene.mia.menu("Video details", result)
    assert PROMPT in details.text
    assert PROMPT not in (await noa.menu("Video details", result)).text
    assert PROMPT in (await scene.mod.menu("Video details", result)).text


def _public(scene: Scene) -> Iterator[str]:
    """All that members could ever read: messages as they are, and what was sent to make them."""
    guild, log = scene.club.guild, scene.club.log
    for place in (*guild.channels.values(), *guild.threads.values()):
        yield place.name
        for message in place.messages.values():
            if place is not log and message.viewer is None:
                yield message.text
                yield from (file.description or "" for file in message.attachments)
    for exchange in scene.stage.discord.exchanges.recorded:
        is_private = "'flags': 64" in str(exchange.body) or f"/channels/{log.id}/" in exchange.path
        if exchange.method in {"POST", "PATCH"} and not is_private and "'type': 9" not in str(exchange.body):
            yield str(exchange.body)


async def test_every_result_is_a_spoiler_where_that_is_wanted(scene: Scene) -> None:
    channel = news(scene)
    choose(scene, spoilers=True, announcement_channel_id=channel.id)

    await scene.order()

    for where in (scene.club.videos, channel):
        result = await scene.result(where)
        assert result.attachments[0].filename == f"SPOILER_clapboard-{job_id(result)}.mp4"


async def test_where_only_age_restricted_channels_count_others_are_refused(scene: Scene) -> None:
    channel, gallery = news(scene), scene.club.guild.add_channel("gallery")
    choose(scene, age_restricted_only=True, announcement_channel_id=channel.id, gallery_channel_id=gallery.id)
    await scene.is_refused(AGE)

    scene.club.videos.restrict_age()
    await scene.order()

    await scene.result()
    await told(scene)
    assert (channel.history, gallery.history) == ([], [])
    assert "channel not age-restricted" in scene.stage.program.told()


@pytest.mark.parametrize("reached", [Reached.RECEIVED, Reached.APPLIED])
async def test_a_process_killed_while_it_announces_leaves_one_copy(alone: Scene, reached: Reached) -> None:
    stage, channel = alone.stage, news(alone)
    await stage.open(**approved(stage))
    await stage.set_up()
    choose(alone, announcement_channel_id=channel.id, publish=True)

    async def kill(_: web.Request) -> web.Response | None:
        stage.program.kill()
        # Received and never looked at, or applied and its answer lost.
        return web.Response(status=500) if reached is Reached.RECEIVED else None

    stage.discord.stops.at(reached, "POST", MESSAGES.format(channel.id), kill)
    await alone.order()
    await stage.gone()
    await stage.open(**approved(stage))

    await told(alone)
    (copy,) = channel.history
    assert copy.flags & CROSSPOSTED
    assert len([message for message in alone.club.videos.history if message.attachments]) == 1


@pytest.mark.parametrize("reached", [Reached.RECEIVED, Reached.APPLIED])
@pytest.mark.parametrize("request_", ["thread", "result"])
async def test_a_process_killed_while_it_posts_into_a_thread_leaves_one_result(
    alone: Scene, reached: Reached, request_: str
) -> None:
    stage = alone.stage
    await stage.open(**approved(stage))
    await stage.set_up()
    choose(alone, result_threads=True)

    async def kill(_: web.Request) -> web.Response | None:
        stage.program.kill()
        return web.Response(status=500) if reached is Reached.RECEIVED else None

    path = (
        r"/api/v10/channels/\d+/messages/\d+/threads$"
        if request_ == "thread"
        else MESSAGES.format(rf"(?!{alone.club.log.id}/)\d+")
    )
    stage.discord.stops.at(reached, "POST", path, kill)
    status = (await alone.order()).reply
    await stage.gone()
    await stage.open(**approved(stage))

    await told(alone)
    (thread,) = alone.club.guild.threads.values()
    (result,) = [message for message in thread.history if message.attachments]
    assert link_to(result) in status.text
    assert alone.club.videos.history == [status]
