"""Posting by an interaction's token, where the bot may not post by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import file_name
from bot.domain.job import JobState, ReplyToken
from bot.worker.herald import Place, PlaceClosedError, TellError, TooLargeError, TryAgainError
from sandbox.discord import Overwrite, Permission
from sandbox.stops import Stage as Point
from tests.bot.client.herald import Post, answered
from tests.bot.client.jobs import STANDING
from tests.bot.client.stage import answering

FOLLOW_UPS = r"/api/v10/webhooks/\d+/[^/]+$"


async def test_a_reply_needs_no_right_in_the_channel(post: Post) -> None:
    job, _ = await answered(post)
    post.stage.channel.overwrite(post.stage.guild.everyone.id, Overwrite(deny=Permission.VIEW_CHANNEL))

    message = post.message(await post.result(job, Place.REPLY))

    assert message.place is post.stage.channel
    assert not message.ephemeral
    assert message.attachments[0].filename == file_name(job.id)
    assert message.buttons["Delete"].custom_id == f"cb:delete:{job.id}"
    assert message.notified == [post.stage.member.user]
    assert "elsewhere=False" in message.content


async def test_a_reply_is_found_in_the_channel(post: Post) -> None:
    job, _ = await answered(post)
    posted = await post.result(job, Place.REPLY)

    assert await post.herald.find_result(job) == posted


async def test_a_repeated_reply_is_another_message(post: Post) -> None:
    """Why the worker makes one only once."""
    job, _ = await answered(post)

    assert await post.result(job, Place.REPLY) != await post.result(job, Place.REPLY)


async def test_a_job_without_a_token_has_no_reply(post: Post) -> None:
    with pytest.raises(PlaceClosedError):
        await post.result(post.job(), Place.REPLY)


async def test_a_token_that_has_ended_is_not_tried(post: Post) -> None:
    job, answer = await answered(post)
    over = replace(job, reply=ReplyToken(answer.interaction.token, datetime.now(UTC) - timedelta(seconds=1)))

    with pytest.raises(PlaceClosedError):
        await post.result(over, Place.REPLY)

    assert answer.followups == []


async def test_a_token_that_discord_does_not_take_any_more_is_a_closed_place(post: Post) -> None:
    job, answer = await answered(post)
    post.stage.server.expire_token(answer.interaction)

    with pytest.raises(PlaceClosedError):
        await post.result(job, Place.REPLY)


async def test_the_token_of_a_channel_that_is_gone_is_a_closed_place(post: Post) -> None:
    job, _ = await answered(post)
    post.stage.channel.delete()

    with pytest.raises(PlaceClosedError):
        await post.result(job, Place.REPLY)


async def test_a_reply_over_the_upload_limit_is_told_apart(post: Post) -> None:
    job, _ = await answered(post)
    post.stage.guild.lowered_upload_limit = 10

    with pytest.raises(TooLargeError):
        await post.result(job, Place.REPLY)


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [(400, 40094, PlaceClosedError), (403, 50013, PlaceClosedError), (503, 0, TryAgainError)],
)
async def test_what_discord_says_to_a_reply_has_its_meaning(
    post: Post, status: int, code: int, meaning: type[TellError]
) -> None:
    job, _ = await answered(post)
    refuse = answering(status, {"code": code, "message": "no"})
    post.stage.server.stops.at(Point.RECEIVED, "POST", FOLLOW_UPS, refuse)

    with pytest.raises(meaning):
        await post.result(job, Place.REPLY)


async def test_a_reply_that_was_posted_although_discord_stumbled_is_not_made_twice(post: Post) -> None:
    job, answer = await answered(post)
    post.stage.server.stops.at(Point.APPLIED, "POST", FOLLOW_UPS, answering(502, "down"))

    with pytest.raises(TryAgainError):
        await post.result(job, Place.REPLY)

    assert len(answer.followups) == 1


async def test_a_failure_is_told_by_reply(post: Post) -> None:
    job, answer = await answered(post)

    await post.herald.ping_failure(replace(job, state=JobState.FAILED), STANDING, Place.REPLY, "ping")

    (told,) = answer.followups
    assert told.notified == [post.stage.member.user]
