"""Telling people about jobs: where, once, and what a no of Discord's means."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.client import delivery
from bot.client.delivery import ChannelHerald
from bot.domain.ids import file_name, nonce
from bot.domain.job import JobState
from bot.worker.herald import Place, PlaceClosedError, PostDeletedError, TellError, TooLargeError, TryAgainError
from sandbox.discord import ChannelKind, Overwrite, Permission, wait_until
from sandbox.discord.channels import Place as Where
from sandbox.stops import Stage as Point
from tests.bot.client.herald import VIDEO, Post
from tests.bot.client.jobs import STANDING, PlainCards, field
from tests.bot.client.stage import answering

SENDS = r"/api/v10/channels/\d+/messages$"


async def test_a_result_is_a_new_message_with_the_file_its_alt_text_and_its_buttons(post: Post) -> None:
    job = post.job()

    message = post.message(await post.result(job))

    assert message.place is post.stage.channel
    [file] = message.attachments
    assert (file.filename, file.description, file.data) == (file_name(job.id), "AI video: a cat", VIDEO)
    assert message.buttons["Delete"].custom_id == f"cb:delete:{job.id}"
    assert "size=None elsewhere=False" in message.content


async def test_a_spoiler_is_hidden_until_it_is_clicked(post: Post) -> None:
    job, hidden = post.job(), replace(STANDING, is_spoiler=True)

    tag = nonce(job.id, "done")
    message = post.message(
        await post.herald.post_result(job, hidden, Place.CHANNEL, post.video, size_bytes=42, nonce=tag)
    )

    assert message.attachments[0].filename == f"SPOILER_{file_name(job.id)}"


async def test_a_result_pings_its_author_and_nobody_else(post: Post) -> None:
    message = post.message(await post.result(post.job()))

    assert message.notified == [post.stage.member.user]


async def test_links_in_a_result_do_not_unfold(post: Post) -> None:
    await post.result(post.job())

    assert field(post.stage.server.exchanges.recorded[-1].body, "flags") == 4


async def test_a_post_that_was_deleted_is_not_made_again(post: Post) -> None:
    job = post.job()
    post.message(await post.result(job)).delete()

    with pytest.raises(PostDeletedError):
        await post.result(job)

    assert post.stage.channel.history == []


async def test_the_same_nonce_twice_gives_one_message(post: Post) -> None:
    job = post.job()

    first, second = await post.result(job), await post.result(job)

    assert first == second
    assert len(post.stage.channel.history) == 1
    bodies = [item.body for item in post.stage.server.exchanges.recorded if item.path.endswith("/messages")]
    assert [(field(body, "nonce"), field(body, "enforce_nonce")) for body in bodies] == [
        (f"cb:{job.id}:done", True)
    ] * 2


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells which files are open")
async def test_the_video_goes_up_by_its_path_and_is_closed_afterwards(post: Post) -> None:
    await post.result(post.job())

    assert post.video not in open_files()


def open_files() -> list[Path]:
    """The files that this process holds open."""
    return [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]


async def test_a_video_that_is_too_large_is_posted_as_a_link_with_its_size(post: Post) -> None:
    message = post.message(await post.result(post.job(), as_link=True))

    assert message.attachments == []
    assert "size=42" in message.content


async def test_an_upload_over_the_limit_is_told_apart(post: Post) -> None:
    post.stage.guild.lowered_upload_limit = 10

    with pytest.raises(TooLargeError):
        await post.result(post.job())


MIB = 1 << 20
LIMITS = [
    (0, 20 * MIB, 20 * MIB),
    (0, 10 * MIB, 10 * MIB),
    (0, 500 * MIB, 20 * MIB),
    (2, 20 * MIB, 50 * MIB),
    (3, 500 * MIB, 100 * MIB),
]


@pytest.mark.parametrize(("tier", "said", "limit"), LIMITS)
async def test_the_upload_limit_is_that_of_the_server_by_now_and_not_of_a_members_plan(
    post: Post, tier: int, said: int, limit: int
) -> None:
    bot, guild = post.stage.bot, post.stage.guild
    guild.set_boost_tier(tier)
    await wait_until(lambda: getattr(bot.get_guild(guild.id), "premium_tier", None) == tier)

    job = post.job(size_limit=said, server_id=post.stage.guild.id)

    assert post.herald.takes_bytes(job, Place.CHANNEL) == limit
    assert post.herald.takes_bytes(job, Place.LOG) == limit
    assert post.herald.takes_bytes(job, Place.REPLY) == said


@pytest.mark.parametrize(("said", "limit"), [(100 * MIB, 20 * MIB), (10 * MIB, 10 * MIB)])
async def test_direct_messages_take_what_every_server_takes(post: Post, said: int, limit: int) -> None:
    post.stage.guild.set_boost_tier(3)

    job = post.job(size_limit=said, private=True)

    assert post.herald.takes_bytes(job, Place.CHANNEL) == limit
    assert post.herald.takes_bytes(post.job(size_limit=said), Place.DIRECT) == limit


async def test_of_a_server_that_is_not_known_the_interactions_limit_is(post: Post) -> None:
    job = replace(post.job(size_limit=33 * MIB), server_id=1, guild_id=None)

    assert post.herald.takes_bytes(job, Place.CHANNEL) == 33 * MIB


async def test_a_private_result_goes_to_its_author(post: Post) -> None:
    await post.result(post.job(private=True))

    assert not post.stage.channel.history
    assert "elsewhere=False" in post.dms[0].content


async def test_a_private_result_has_no_parent_to_go_to(post: Post) -> None:
    thread = post.stage.guild.add_thread("talk", post.stage.channel)

    with pytest.raises(PlaceClosedError):
        await post.result(post.job(thread, private=True), Place.PARENT)


@pytest.mark.parametrize("cached", [True, False])
async def test_a_threads_parent_is_found(post: Post, cached: bool) -> None:
    thread = post.stage.guild.add_thread("talk", post.stage.channel)
    if not cached:
        thread.archive()
        post.stage.guild.tell("THREAD_DELETE", thread.payload())

    await post.result(post.job(thread), Place.PARENT)

    assert "elsewhere=True" in post.stage.channel.history[0].content
    assert thread.history == []


async def test_a_channel_has_no_parent_to_post_in(post: Post) -> None:
    with pytest.raises(PlaceClosedError):
        await post.result(post.job(), Place.PARENT)


async def test_the_parent_of_a_thread_that_is_gone_is_not_known(post: Post) -> None:
    thread = post.stage.guild.add_thread("talk", post.stage.channel)
    job = post.job(thread)
    thread.delete()
    await asyncio.sleep(0.05)

    with pytest.raises(PlaceClosedError):
        await post.result(job, Place.PARENT)


async def test_the_log_channel_is_the_servers_choice(post: Post) -> None:
    log = post.log_channel()

    await post.result(post.job(), Place.LOG)

    assert len(log.history) == 1


@pytest.mark.parametrize("in_guild", [True, False])
async def test_without_a_log_channel_that_place_is_closed(post: Post, in_guild: bool) -> None:
    job = post.job() if in_guild else replace(post.job(), guild_id=None)

    with pytest.raises(PlaceClosedError):
        await post.result(job, Place.LOG)


async def test_an_archived_thread_is_revived_by_a_result(post: Post) -> None:
    thread = post.stage.guild.add_thread("talk", post.stage.channel)
    thread.archive()

    await post.result(post.job(thread))

    assert len(thread.history) == 1


def _gone(post: Post) -> Where:
    post.stage.channel.delete()
    return post.stage.channel


def _hidden(post: Post) -> Where:
    return _denied(post, Permission.VIEW_CHANNEL)


def _without_files(post: Post) -> Where:
    return _denied(post, Permission.ATTACH_FILES)


def _denied(post: Post, permission: Permission) -> Where:
    post.stage.channel.overwrite(post.stage.guild.everyone.id, Overwrite(deny=permission))
    return post.stage.channel


def _locked(post: Post) -> Where:
    thread = post.stage.guild.add_thread("talk", post.stage.channel)
    thread.archive(locked=True)
    return thread


def _forum(post: Post) -> Where:
    return post.stage.guild.add_channel("forum", kind=ChannelKind.FORUM)


@pytest.mark.parametrize("closed", [_gone, _hidden, _without_files, _locked, _forum])
async def test_where_a_result_can_not_be_posted_the_place_is_closed(
    post: Post, closed: Callable[[Post], Where]
) -> None:
    with pytest.raises(PlaceClosedError):
        await post.result(post.job(closed(post)))


async def test_an_author_who_takes_no_messages_is_a_closed_place(post: Post) -> None:
    post.stage.member.close_direct_messages()

    with pytest.raises(PlaceClosedError):
        await post.result(post.job(), Place.DIRECT)


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (400, {"code": 50083, "message": "Thread is archived"}, PlaceClosedError),
        (403, {"code": 50278, "message": "No mutual guilds"}, PlaceClosedError),
        (404, {"code": 10004, "message": "Unknown Guild"}, PlaceClosedError),
        (400, {"code": 50035, "message": "Invalid Form Body"}, PlaceClosedError),
        (400, {"code": 40005, "message": "Request entity too large"}, TooLargeError),
        (413, "<html>too large</html>", TooLargeError),
        (403, "<html>banned</html>", TryAgainError),
        (401, {"code": 0, "message": "401: Unauthorized"}, TryAgainError),
        (429, "<html>banned</html>", TryAgainError),
        (503, "<html>down</html>", TryAgainError),
    ],
)
async def test_every_no_of_discords_has_its_meaning(
    post: Post, status: int, body: Any, meaning: type[TellError]
) -> None:
    post.stage.server.stops.at(Point.RECEIVED, "POST", SENDS, answering(status, body))

    with pytest.raises(TellError) as told:
        await post.result(post.job())

    assert type(told.value) is meaning


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Via": "1.1 sandbox"}, {"message": "slow down", "retry_after": 99.5, "global": False}, 99.5),
        ({"Retry-After": "77"}, "<html>banned</html>", 77.0),
    ],
)
async def test_how_long_discord_wants_to_be_left_alone_is_passed_on(
    post: Post, headers: dict[str, str], body: Any, seconds: float
) -> None:
    post.stage.server.stops.at(Point.RECEIVED, "POST", SENDS, answering(429, body, **headers))

    with pytest.raises(TryAgainError) as told:
        await post.result(post.job())

    assert told.value.retry_after_seconds == seconds


async def test_a_connection_that_breaks_is_tried_again_later(post: Post) -> None:
    await post.stage.server.stop()

    with pytest.raises(TryAgainError):
        await post.result(post.job())


async def test_a_discord_that_does_not_answer_is_left_in_time(post: Post) -> None:
    async def stall(_request: object) -> None:
        await asyncio.sleep(0.5)

    post.stage.server.stops.at(Point.RECEIVED, "POST", SENDS, stall)
    hasty = ChannelHerald(
        post.stage.bot, PlainCards(), post.choices, lambda: datetime.now(UTC), tell_seconds=0.1, upload_seconds=0.1
    )

    with pytest.raises(TryAgainError):
        await replace(post, herald=hasty).result(post.job())


async def test_a_large_file_gets_as_long_as_a_slow_line_takes(post: Post) -> None:
    async def stall(_request: object) -> None:
        await asyncio.sleep(0.5)

    with post.video.open("ab") as file:
        file.truncate(2 * delivery.SLOWEST_UPLOAD_BYTES)
    post.stage.server.stops.at(Point.RECEIVED, "POST", SENDS, stall)
    hasty = ChannelHerald(
        post.stage.bot, PlainCards(), post.choices, lambda: datetime.now(UTC), tell_seconds=0.1, upload_seconds=0.1
    )

    message = post.message(await replace(post, herald=hasty).result(post.job()))

    assert len(message.attachments[0].data) == 2 * delivery.SLOWEST_UPLOAD_BYTES


async def test_after_the_bot_is_closed_it_is_tried_again_later(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.FAILED))
    await post.stage.bot.close()

    with pytest.raises(TryAgainError):
        await post.herald.show_status(job, STANDING)


async def test_the_limits_of_time_are_below_a_lease() -> None:
    assert delivery.TELL_SECONDS < delivery.UPLOAD_SECONDS < 60


async def test_a_post_is_taken_down_and_one_that_is_gone_is_no_matter(post: Post) -> None:
    job = post.job()
    place = await post.result(job)

    await post.herald.take_down(job, place)
    await post.herald.take_down(job, place)

    assert post.stage.channel.messages[place.message_id].deleted


async def test_a_post_in_a_channel_that_is_out_of_reach_can_not_be_taken_down(post: Post) -> None:
    job = post.job()
    place = await post.result(job)
    _hidden(post)

    with pytest.raises(PlaceClosedError):
        await post.herald.take_down(job, place)
