"""Status messages, failures and the moderators' copy."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.job import Job, JobState
from bot.domain.record import Record
from bot.worker.herald import Place, PlaceClosedError, TooLargeError, TryAgainError
from sandbox.discord import Overwrite, Permission
from sandbox.stops import Stage as Point
from tests.bot.client.herald import Post, answered
from tests.bot.client.jobs import STANDING
from tests.bot.client.stage import answering

RECORD = Record(STANDING)


def edits(post: Post) -> list[str]:
    """The paths of the edits and deletions so far."""
    recorded = post.stage.server.exchanges.recorded
    return [exchange.template for exchange in recorded if exchange.method in {"PATCH", "DELETE"}]


async def test_a_status_is_brought_up_to_date_in_its_channel(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.QUEUED))

    assert await post.herald.show_status(replace(job, state=JobState.RENDERING), STANDING)

    assert job.status is not None
    assert f"status {job.id} rendering" in post.message(job.status).text


async def test_while_the_reply_token_lives_it_is_edited_by_token_without_rights_in_the_channel(post: Post) -> None:
    job, answer = await answered(post)
    post.stage.channel.overwrite(post.stage.guild.everyone.id, Overwrite(deny=Permission.VIEW_CHANNEL))

    assert await post.herald.show_status(job, STANDING)

    assert "rendering" in answer.reply.text
    assert edits(post) == ["/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"]


async def test_an_answer_whose_place_was_not_written_down_is_found_by_its_token(post: Post) -> None:
    job, answer = await answered(post)

    assert await post.herald.show_status(replace(job, status=None), STANDING)

    assert "rendering" in answer.reply.text


async def test_the_status_of_a_job_that_was_taken_back_is_found_in_the_channel(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.QUEUED))
    assert job.status is not None

    assert await post.herald.show_status(replace(job, state=JobState.CANCELLED, status=None), STANDING)

    assert f"status {job.id} cancelled" in post.message(job.status).text


async def test_a_token_without_an_answer_has_no_status_to_show(post: Post) -> None:
    job, answer = await answered(post)
    answer.reply.delete()

    assert not await post.herald.show_status(replace(job, status=None), STANDING)


async def test_once_the_reply_token_has_ended_by_our_clock_it_is_not_tried(post: Post) -> None:
    job, answer = await answered(post)
    assert job.reply is not None
    ended = replace(job, reply=replace(job.reply, expires_at=datetime.now(UTC)))

    assert await post.herald.show_status(ended, STANDING)

    assert "rendering" in answer.reply.text
    assert edits(post) == ["/channels/{channel_id}/messages/{message_id}"]


async def test_a_reply_token_that_discord_does_not_take_is_no_hindrance(post: Post) -> None:
    job, answer = await answered(post)
    post.stage.server.expire_token(answer.interaction)

    assert await post.herald.show_status(job, STANDING)

    assert "rendering" in answer.reply.text
    assert len(edits(post)) == 2


async def test_trouble_with_the_token_is_tried_again_later(post: Post) -> None:
    job, _ = await answered(post)
    post.stage.server.stops.at(Point.RECEIVED, "PATCH", ".*/webhooks/.*", answering(429, "banned"))

    with pytest.raises(TryAgainError):
        await post.herald.show_status(job, STANDING)


@pytest.mark.parametrize("by_token", [True, False])
async def test_the_status_of_a_delivered_job_is_deleted(post: Post, by_token: bool) -> None:
    job, answer = await answered(post)
    job = replace(job, state=JobState.DELIVERED, reply=job.reply if by_token else None)

    assert await post.herald.show_status(job, STANDING)

    assert answer.reply.deleted


@pytest.mark.parametrize("by_token", [True, False])
async def test_a_status_that_is_kept_is_edited(post: Post, by_token: bool) -> None:
    job, answer = await answered(post)
    job = replace(job, state=JobState.DELIVERED, reply=job.reply if by_token else None)

    assert await post.herald.show_status(job, replace(STANDING, keeps_status=True))

    assert f"status {job.id} delivered" in answer.reply.text


async def test_a_job_without_a_status_has_none_to_show(post: Post) -> None:
    assert not await post.herald.show_status(post.job(), STANDING)


async def _deleted(post: Post, job: Job) -> None:
    assert job.status is not None
    post.message(job.status).delete()


async def _in_a_deleted_channel(post: Post, job: Job) -> None:
    post.stage.channel.delete()


async def _in_a_hidden_channel(post: Post, job: Job) -> None:
    post.stage.channel.overwrite(post.stage.guild.everyone.id, Overwrite(deny=Permission.VIEW_CHANNEL))


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.DELIVERED])
@pytest.mark.parametrize("lost", [_deleted, _in_a_deleted_channel, _in_a_hidden_channel])
async def test_a_status_that_is_out_of_reach_is_reported_as_such(
    post: Post, state: JobState, lost: Callable[[Post, Job], Awaitable[None]]
) -> None:
    job = replace(await post.status_of(post.job()), state=state)
    await lost(post, job)

    assert not await post.herald.show_status(job, STANDING)


async def test_in_an_archived_thread_a_status_can_not_be_edited(post: Post) -> None:
    thread = post.stage.guild.add_thread("talk", post.stage.channel)
    job = await post.status_of(post.job(thread, state=JobState.FAILED))
    thread.archive()

    assert not await post.herald.show_status(job, STANDING)


async def test_too_many_edits_of_an_old_message_are_tried_again_later(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.FAILED))
    refuse = answering(429, {"code": 30046, "message": "Maximum number of edits", "retry_after": 40, "global": False})
    post.stage.server.stops.at(Point.RECEIVED, "PATCH", ".*", refuse)

    with pytest.raises(TryAgainError):
        await post.herald.show_status(job, STANDING)


async def test_edits_ping_nobody(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.FAILED))

    await post.herald.show_status(job, STANDING)

    body = post.stage.server.exchanges.recorded[-1].body
    assert isinstance(body, dict)
    assert body["allowed_mentions"] == {"parse": []}


async def test_a_failure_is_told_with_a_ping_below_the_status(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.FAILED))
    assert job.status is not None

    told = post.message(await post.herald.ping_failure(job, STANDING, Place.CHANNEL, "cb:1:ping"))

    assert told.notified == [post.stage.member.user]
    assert told.reference is post.message(job.status)
    assert told.nonce == "cb:1:ping"


async def test_a_failure_is_told_without_a_reply_where_histories_can_not_be_read(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.FAILED))
    post.stage.channel.overwrite(post.stage.guild.everyone.id, Overwrite(deny=Permission.READ_MESSAGE_HISTORY))

    told = post.message(await post.herald.ping_failure(job, STANDING, Place.CHANNEL, "ping"))

    assert told.reference is None
    assert told.notified == [post.stage.member.user]


async def test_a_failure_is_told_although_the_status_was_deleted(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.FAILED))
    await _deleted(post, job)

    told = await post.herald.ping_failure(job, STANDING, Place.CHANNEL, "ping")

    assert post.message(told).reference is None


async def test_a_failure_can_be_told_in_direct_messages(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.FAILED))

    await post.herald.ping_failure(job, STANDING, Place.DIRECT, "ping")

    assert f"<@{job.author_id}> failed" in post.dms[0].content


async def test_where_nothing_can_be_said_the_place_is_closed(post: Post) -> None:
    job = await post.status_of(post.job(state=JobState.FAILED))
    post.stage.channel.overwrite(post.stage.guild.everyone.id, Overwrite(deny=Permission.SEND_MESSAGES))

    with pytest.raises(PlaceClosedError):
        await post.herald.ping_failure(job, STANDING, Place.CHANNEL, "ping")


async def test_the_same_ping_twice_is_one(post: Post) -> None:
    job = post.job(state=JobState.FAILED)

    first = await post.herald.ping_failure(job, STANDING, Place.CHANNEL, "ping")

    assert await post.herald.ping_failure(job, STANDING, Place.CHANNEL, "ping") == first


async def test_moderators_see_a_private_video_behind_a_spoiler_and_nobody_is_pinged(post: Post) -> None:
    log = post.log_channel()

    await post.herald.log_result(post.job(private=True), STANDING, post.video, "log")

    [message] = log.history
    assert message.attachments[0].filename.startswith("SPOILER_clapboard-")
    assert message.notified == []


async def test_moderators_are_told_of_a_private_video_without_its_file(post: Post) -> None:
    log = post.log_channel()

    await post.herald.log_result(post.job(private=True), STANDING, None, "log")

    assert log.history[0].attachments == []


async def test_a_copy_that_is_too_large_for_the_log_is_told_apart(post: Post) -> None:
    post.log_channel()
    post.stage.guild.lowered_upload_limit = 10

    with pytest.raises(TooLargeError):
        await post.herald.log_result(post.job(private=True), STANDING, post.video, "log")


async def test_the_card_about_a_job_is_posted_once_pings_nobody_and_is_changed(post: Post) -> None:
    log, job = post.log_channel(), post.job(state=JobState.UNSURE)
    first = await post.herald.post_card(job, RECORD, "card")
    second = await post.herald.post_card(job, RECORD, "card")

    await post.herald.change_card(replace(job, state=JobState.DROPPED), RECORD, first)

    [message] = log.history
    assert first == second
    assert message.text == f"card {job.id} dropped of <@{job.author_id}>"
    assert message.notified == []


async def test_a_card_is_changed_where_it_stands_also_when_the_log_channel_is_another_by_now(post: Post) -> None:
    before, job = post.log_channel(), post.job(state=JobState.UNSURE)
    card = await post.herald.post_card(job, RECORD, "card")
    after = post.log_channel()

    await post.herald.change_card(replace(job, state=JobState.DROPPED), RECORD, card)

    assert "dropped" in before.history[0].text
    assert after.history == []


async def test_there_is_no_card_without_a_log_channel_nor_where_it_was_deleted(post: Post) -> None:
    job = post.job(state=JobState.UNSURE)
    with pytest.raises(PlaceClosedError):
        await post.herald.post_card(job, RECORD, "card")
    log = post.log_channel()
    card = await post.herald.post_card(job, RECORD, "card")
    log.history[0].delete()

    with pytest.raises(PlaceClosedError):
        await post.herald.change_card(job, RECORD, card)


async def test_a_card_that_an_earlier_try_has_posted_says_what_is_so_now(post: Post) -> None:
    log, job = post.log_channel(), post.job(state=JobState.AWAITING_APPROVAL)
    first = await post.herald.post_card(job, RECORD, "card")

    second = await post.herald.post_card(replace(job, state=JobState.DELIVERED), RECORD, "card")

    [message] = log.history
    assert first == second
    assert message.text == f"card {job.id} delivered of <@{job.author_id}>"


async def test_a_card_is_found_again(post: Post) -> None:
    log, job = post.log_channel(), post.job(state=JobState.UNSURE)
    there = await post.herald.post_card(job, RECORD, "card")
    await post.herald.post_card(post.job(state=JobState.UNSURE), RECORD, "another")
    await post.herald.log_result(job, STANDING, None, "private copy")
    log.post(post.stage.member.user, f"look at `{job.id}`")

    assert await post.herald.find_card(job) == there
    assert await post.herald.find_card(post.job()) is None


async def test_a_fresh_card_is_not_changed_at_once(post: Post) -> None:
    post.log_channel()

    await post.herald.post_card(post.job(state=JobState.UNSURE), RECORD, "card")

    assert edits(post) == []
