"""Copies of results in a server's announcement channel."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.guild import GuildChoices
from bot.domain.ids import file_name, nonce
from bot.domain.job import Job, MessagePlace
from bot.worker.herald import Place, PlaceClosedError, TryAgainError
from sandbox.discord import Channel, ChannelKind, Overwrite, Permission, wait_until
from sandbox.discord.messages import CROSSPOSTED
from sandbox.discord.ratelimits import Rate
from tests.bot.client.herald import VIDEO, Post
from tests.bot.client.jobs import STANDING

PUBLISH = ("POST", "/channels/{channel_id}/messages/{message_id}/crosspost")


async def announcing(post: Post, kind: ChannelKind = ChannelKind.ANNOUNCEMENT, **choices: Any) -> Channel:
    """The announcement channel that the server has chosen."""
    channel = post.stage.guild.add_channel("news", kind=kind)
    chosen = GuildChoices(announcement_channel_id=channel.id, **choices)
    post.choices.of[post.stage.guild.id] = chosen
    await wait_until(lambda: post.stage.bot.get_channel(channel.id) is not None)
    return channel


async def copied(post: Post, job: Job, *, with_file: bool = True) -> MessagePlace:
    """Where a copy of the job's video stands."""
    return await post.herald.announce(job, STANDING, post.video if with_file else None, nonce(job.id, "copy"))


async def test_a_copy_has_the_file_and_its_alt_text_pings_nobody_and_has_no_buttons(post: Post) -> None:
    channel, job = await announcing(post), post.job()

    message = post.message(await copied(post, job))

    assert message.place is channel
    [file] = message.attachments
    assert (file.filename, file.description, file.data) == (file_name(job.id), "AI video: a cat", VIDEO)
    assert (message.notified, message.buttons) == ([], {})


async def test_a_copy_is_made_once_by_its_nonce(post: Post) -> None:
    channel, job = await announcing(post), post.job()

    assert await copied(post, job) == await copied(post, job)
    assert len(channel.history) == 1


async def test_a_copy_is_hidden_like_its_video(post: Post) -> None:
    await announcing(post)
    job = post.job()

    hidden = replace(STANDING, is_spoiler=True)
    message = post.message(await post.herald.announce(job, hidden, post.video, nonce(job.id, "copy")))

    assert message.attachments[0].filename == f"SPOILER_{file_name(job.id)}"


async def test_without_a_channel_nothing_is_announced(post: Post) -> None:
    with pytest.raises(PlaceClosedError):
        await copied(post, post.job())


async def test_a_private_video_is_not_announced(post: Post) -> None:
    channel = await announcing(post)

    with pytest.raises(PlaceClosedError):
        await copied(post, post.job(private=True))
    assert channel.history == []


@pytest.mark.parametrize("denied", [Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.ATTACH_FILES])
async def test_where_the_bot_may_not_post_nothing_is_announced(post: Post, denied: Permission) -> None:
    channel = await announcing(post)
    channel.overwrite(post.stage.server.world.application.bot.id, Overwrite(deny=denied))

    with pytest.raises(PlaceClosedError):
        await copied(post, post.job())


@pytest.mark.parametrize(
    ("only", "made_restricted", "news_restricted", "shown"),
    [
        (True, True, False, False),
        (False, True, False, False),
        (True, False, False, False),
        (True, True, True, True),
        (False, False, False, True),
        (False, False, True, True),
    ],
)
async def test_what_discord_asks_for_age_for_is_not_shown_to_everybody(
    post: Post, only: bool, made_restricted: bool, news_restricted: bool, shown: bool
) -> None:
    channel = await announcing(post, age_restricted_only=only)
    channel.restrict_age(news_restricted)
    post.stage.channel.restrict_age(made_restricted)
    own = post.stage.bot.get_channel
    await wait_until(lambda: getattr(own(channel.id), "nsfw", None) is news_restricted)
    await wait_until(lambda: getattr(own(post.stage.channel.id), "nsfw", None) is made_restricted)

    if shown:
        await copied(post, post.job())
    else:
        with pytest.raises(PlaceClosedError):
            await copied(post, post.job())
    assert len(channel.history) == shown


@pytest.mark.parametrize("with_file", [True, False])
async def test_a_copy_is_found_again(post: Post, with_file: bool) -> None:
    channel, job = await announcing(post), post.job()
    channel.post(post.stage.member.user, f"look at `{job.id}`")
    there = await copied(post, job, with_file=with_file)
    await copied(post, post.job(), with_file=with_file)

    assert await post.herald.find_copy(job, Place.ANNOUNCEMENT) == there
    assert await post.herald.find_copy(post.job(), Place.ANNOUNCEMENT) is None


async def test_a_copy_is_published_once(post: Post) -> None:
    await announcing(post)
    there = await copied(post, post.job())

    await post.herald.publish(there)
    await post.herald.publish(there)

    assert post.message(there).flags & CROSSPOSTED


async def test_where_nobody_can_follow_nothing_is_published(post: Post) -> None:
    await announcing(post, ChannelKind.TEXT)
    there = await copied(post, post.job())
    post.stage.server.exchanges.recorded.clear()

    await post.herald.publish(there)

    assert post.stage.server.exchanges.recorded == []


async def test_a_channel_publishes_so_many_an_hour(post: Post) -> None:
    post.stage.server.rate_limits.limit(*PUBLISH, Rate(1, 3600.0))
    await announcing(post)
    there = [await copied(post, post.job()) for _ in range(2)]
    await post.herald.publish(there[0])

    with pytest.raises(TryAgainError):
        await post.herald.publish(there[1])


async def test_a_copy_that_may_not_be_published_is_told_apart(post: Post) -> None:
    channel = await announcing(post)
    there = await copied(post, post.job())
    channel.overwrite(post.stage.server.world.application.bot.id, Overwrite(deny=Permission.SEND_MESSAGES))

    with pytest.raises(PlaceClosedError):
        await post.herald.publish(there)
