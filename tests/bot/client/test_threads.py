"""Results in a gallery, and in threads below their status messages."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.client.threads import open_archived
from bot.domain.guild import GuildChoices
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.request import VideoRequest
from bot.worker.herald import Place, PlaceClosedError
from sandbox.discord import ChannelKind, Overwrite, Permission, wait_until
from sandbox.discord.threads import Thread
from tests.bot.client.herald import Post, answered
from tests.bot.client.jobs import STANDING

PROMPT = "a **paper** boat\n@everyone on a lake " + "far away " * 20


@pytest.fixture
async def cached(post: Post) -> Post:
    """The bot knows the channel, as it does a moment after it has connected."""
    await wait_until(lambda: post.stage.bot.get_channel(post.stage.channel.id) is not None)
    return post


def thread_of(post: Post, job: Job) -> Thread:
    """The thread that begins with the job's status."""
    assert job.status is not None
    return post.stage.guild.threads[job.status.message_id]


async def test_a_result_stands_in_a_thread_below_its_status(cached: Post) -> None:
    job = await cached.status_of(cached.job(request=VideoRequest(PROMPT)))

    message = cached.message(await cached.result(job, Place.THREAD))

    thread = thread_of(cached, job)
    assert (message.place, thread.parent) == (thread, cached.stage.channel)
    assert thread.name.startswith("a **paper** boat @everyone on a lake far away")
    assert 90 < len(thread.name) <= 100
    assert thread.auto_archive_minutes == 1440
    assert message.notified == [cached.stage.member.user]
    assert "elsewhere=False" in message.content


async def test_where_prompts_are_hidden_a_thread_is_named_after_its_job(cached: Post) -> None:
    job = await cached.status_of(cached.job())
    hidden = replace(STANDING, hides_prompt=True)

    await cached.herald.post_result(job, hidden, Place.THREAD, cached.video, size_bytes=42, nonce="cb:1:thread")

    assert thread_of(cached, job).name == job.id


async def test_a_thread_that_a_dead_process_made_is_used(cached: Post) -> None:
    job = await cached.status_of(cached.job())
    assert job.status is not None
    made = cached.stage.guild.add_thread("boats", cached.stage.channel, thread_id=job.status.message_id)

    there = await cached.result(job, Place.THREAD)

    assert cached.message(there).place is made
    assert await cached.herald.find_result(job) == there


async def test_the_answer_to_a_command_begins_a_thread_too(cached: Post) -> None:
    job, _ = await answered(cached)

    assert (await cached.result(job, Place.THREAD)).channel_id == thread_of(cached, job).id


async def _no_right_to_make(post: Post) -> None:
    await _deny(post, Permission.CREATE_PUBLIC_THREADS)


async def _no_right_to_send(post: Post) -> None:
    await _deny(post, Permission.SEND_MESSAGES_IN_THREADS)


async def _no_right_to_attach(post: Post) -> None:
    await _deny(post, Permission.ATTACH_FILES)


async def _deny(post: Post, denied: Permission) -> None:
    post.stage.channel.overwrite(post.stage.server.world.application.bot.id, Overwrite(deny=denied))
    channel = post.stage.bot.get_channel(post.stage.channel.id)
    await wait_until(lambda: bool(getattr(channel, "overwrites", {})))


async def _no_status(post: Post) -> None:
    for message in post.stage.channel.history:
        message.delete()


@pytest.mark.parametrize("closing", [_no_right_to_make, _no_right_to_send, _no_right_to_attach, _no_status])
async def test_where_there_can_be_no_thread_none_is_made(
    cached: Post, closing: Callable[[Post], Awaitable[None]]
) -> None:
    job = await cached.status_of(cached.job())
    await closing(cached)

    with pytest.raises(PlaceClosedError):
        await cached.result(job, Place.THREAD)
    assert cached.stage.guild.threads == {}


@pytest.mark.parametrize("kind", ["thread", "forum", "voice", "private", "no status"])
async def test_in_other_places_there_is_no_thread(cached: Post, kind: str) -> None:
    guild = cached.stage.guild
    forum = guild.add_channel("ideas", kind=ChannelKind.FORUM)
    where = {
        "thread": guild.add_thread("talk", cached.stage.channel),
        "forum": guild.add_thread("a post", forum),
        "voice": guild.add_channel("lounge", kind=ChannelKind.VOICE),
    }
    before = dict(guild.threads)
    job = cached.job(where.get(kind), private=kind == "private")
    if kind != "no status":
        job = await cached.status_of(job)

    with pytest.raises(PlaceClosedError):
        await cached.result(job, Place.THREAD)
    assert guild.threads == before


async def test_a_result_stands_in_the_gallery(cached: Post) -> None:
    gallery = cached.stage.guild.add_channel("gallery")
    cached.choices.of[cached.stage.guild.id] = GuildChoices(gallery_channel_id=gallery.id)
    job = cached.job()

    there = await cached.result(job, Place.GALLERY)

    assert cached.message(there).place is gallery
    assert "elsewhere=False" in cached.message(there).content
    assert await cached.herald.find_result(job) == there


async def test_a_gallery_that_is_not_age_restricted_shows_nothing_of_a_channel_that_is(cached: Post) -> None:
    gallery = cached.stage.guild.add_channel("gallery")
    cached.choices.of[cached.stage.guild.id] = GuildChoices(gallery_channel_id=gallery.id)
    cached.stage.channel.restrict_age()
    own = cached.stage.bot.get_channel
    await wait_until(lambda: getattr(own(cached.stage.channel.id), "nsfw", False))

    with pytest.raises(PlaceClosedError):
        await cached.result(cached.job(), Place.GALLERY)

    gallery.restrict_age()
    await wait_until(lambda: getattr(own(gallery.id), "nsfw", False))
    await cached.result(cached.job(), Place.GALLERY)
    assert len(gallery.history) == 1


async def test_without_a_gallery_there_is_none(cached: Post) -> None:
    with pytest.raises(PlaceClosedError):
        await cached.result(cached.job(), Place.GALLERY)


@pytest.mark.parametrize("archived", [True, False])
@pytest.mark.parametrize("gone_before", [True, False])
async def test_what_is_taken_down_leaves_no_words_of_the_prompt(
    cached: Post, archived: bool, gone_before: bool
) -> None:
    job = await cached.status_of(cached.job(request=VideoRequest(PROMPT), server_id=cached.stage.guild.id))
    there = await cached.result(job, Place.THREAD)
    thread = thread_of(cached, job)
    if archived:
        thread.archive()
    assert job.status is not None
    if gone_before:
        cached.message(job.status).delete()

    done = replace(job, state=JobState.DELIVERED, message=there)
    await cached.herald.take_down(done, there)
    await cached.herald.take_down(done, job.status)

    assert cached.message(there).deleted
    assert cached.message(job.status).deleted
    assert thread.name == job.id


async def test_a_thread_that_somebody_else_has_made_keeps_its_name(cached: Post) -> None:
    job = await cached.status_of(cached.job(server_id=cached.stage.guild.id))
    assert job.status is not None
    made = cached.stage.guild.add_thread("our talk", cached.stage.channel, thread_id=job.status.message_id)

    await cached.herald.take_down(job, job.status)

    assert made.name == "our talk"


async def test_a_message_without_a_thread_is_taken_down_alone(cached: Post) -> None:
    job = await cached.status_of(cached.job(server_id=cached.stage.guild.id))
    assert job.status is not None

    await cached.herald.take_down(job, job.status)

    assert cached.message(job.status).deleted


async def test_a_locked_thread_keeps_what_is_in_it(cached: Post) -> None:
    job = await cached.status_of(cached.job(server_id=cached.stage.guild.id))
    there: MessagePlace = await cached.result(job, Place.THREAD)
    thread_of(cached, job).archive(locked=True)

    with pytest.raises(PlaceClosedError):
        await cached.herald.take_down(replace(job, message=there), there)


@pytest.mark.parametrize("locked", [True, False])
async def test_an_archived_thread_is_opened_where_somebody_presses_a_button(cached: Post, locked: bool) -> None:
    """A locked one stays as it is, and what was pressed goes on."""
    made = cached.stage.guild.add_thread("talk", cached.stage.channel)
    made.archive(locked=locked)

    await open_archived(await cached.stage.bot.fetch_channel(made.id))

    assert made.archived is locked


async def test_a_thread_that_is_open_is_left_alone(cached: Post) -> None:
    made = cached.stage.guild.add_thread("talk", cached.stage.channel)
    thread = await cached.stage.bot.fetch_channel(made.id)
    cached.stage.server.exchanges.recorded.clear()

    await open_archived(thread)
    await open_archived(None)

    assert cached.stage.server.exchanges.recorded == []
