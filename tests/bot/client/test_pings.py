"""How a finished video is told of: a ping here, a direct message, both, neither."""

from dataclasses import replace

import pytest

from bot.domain.ids import nonce
from bot.domain.job import JobState, MessagePlace
from bot.domain.preferences import Ping
from bot.worker.herald import Place, PlaceClosedError
from tests.bot.client.herald import Post
from tests.bot.client.jobs import STANDING


@pytest.mark.parametrize(
    ("ping", "pinged"), [(Ping.HERE, True), (Ping.BOTH, True), (Ping.DIRECT, False), (Ping.SILENT, False)]
)
async def test_the_ping_in_the_channel_is_the_authors_choice(post: Post, ping: Ping, pinged: bool) -> None:
    job, standing = post.job(), replace(STANDING, ping=ping)

    where = await post.herald.post_result(
        job, standing, Place.CHANNEL, post.video, size_bytes=42, nonce=nonce(job.id, "done")
    )

    message = post.message(where)
    assert message.notified == ([post.stage.member.user] if pinged else [])
    assert f"<@{job.author_id}>" in message.text


async def test_a_direct_message_links_to_the_video_and_pings_nobody_else(post: Post) -> None:
    job = post.job(state=JobState.DELIVERED, message=MessagePlace(post.stage.channel.id, 5))

    await post.herald.tell_directly(job, STANDING, nonce(job.id, "told"))
    await post.herald.tell_directly(job, STANDING, nonce(job.id, "told"))

    (message,) = post.dms
    assert message.text.startswith(f"ready {job.id}")
    assert message.notified == []


async def test_a_failure_is_told_directly_in_its_own_words(post: Post) -> None:
    job = post.job(state=JobState.FAILED)

    await post.herald.tell_directly(job, STANDING, nonce(job.id, "told"))

    assert "failed" in post.dms[0].text


async def test_a_video_that_stands_in_the_direct_messages_is_not_told_there_again(post: Post) -> None:
    job = post.job(state=JobState.DELIVERED, message=MessagePlace(post.dm_id, 5))

    await post.herald.tell_directly(job, STANDING, nonce(job.id, "told"))

    assert post.dms == []


async def test_somebody_who_takes_no_messages_is_a_closed_place(post: Post) -> None:
    post.stage.member.close_direct_messages()
    job = post.job(state=JobState.DELIVERED)

    with pytest.raises(PlaceClosedError):
        await post.herald.tell_directly(job, STANDING, nonce(job.id, "told"))


@pytest.mark.parametrize(("ping", "pinged"), [(Ping.HERE, True), (Ping.SILENT, False)])
async def test_a_failure_pings_unless_its_author_wants_none(post: Post, ping: Ping, pinged: bool) -> None:
    job = post.job(state=JobState.FAILED)

    where = await post.herald.ping_failure(job, replace(STANDING, ping=ping), Place.CHANNEL, nonce(job.id, "fail"))

    assert bool(post.message(where).notified) == pinged


async def test_where_the_log_copy_stands_is_known(post: Post) -> None:
    log = post.log_channel()
    job = post.job(private=True)

    where = await post.herald.log_result(job, STANDING, post.video, nonce(job.id, "log"))

    assert post.message(where).place is log
