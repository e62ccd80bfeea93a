"""Seeing, stopping and deleting one's own videos."""

import asyncio

import pytest

from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.standing import Standing
from bot.store import ledger
from cogs import question as question_
from cogs.cards import JobCards
from sandbox.discord import Message, wait_until
from sandbox.stops import Stage as Point
from tests.bot.client.stage import answering
from tests.bot.store.records import NOW
from tests.cogs.cards.gallery import read
from tests.cogs.club import NOTICE, Club, nothing_unhandled


async def ordered(club: Club, prompt: str = "a cat") -> tuple[Job, Message]:
    """A video of Mia's that is in line, and its status message."""
    answer = await club.mia.invoke("video", {"prompt": prompt}, channel=club.videos)
    await wait_until(lambda: bool(club.woken.jobs))
    club.woken.jobs.clear()
    return await club.job(), answer.reply


async def delivered(club: Club) -> tuple[Job, Message]:
    """A finished video of Mia's, and the bot's post of it."""
    job, _ = await ordered(club)
    services = club.bot.services
    standing = Standing(Settlement.CHARGED)
    cards = JobCards(services.catalogue, NOTICE, services.clock)
    post = cards.result(job, standing, size_bytes=None, posted_elsewhere=False)
    sent = await club.bot.get_partial_messageable(club.videos.id).send(post.content, view=post.view)
    job = await club.move(job, state=JobState.DELIVERED, message_channel_id=club.videos.id, message_id=sent.id)
    return job, club.videos.messages[sent.id]


async def test_cancel_before_the_order_costs_nothing(club: Club) -> None:
    job, status = await ordered(club)

    answer = await club.mia.click(status, "Cancel")

    assert answer.ephemeral
    assert answer.text == "Cancelled, not charged."
    assert (await club.job()).state is JobState.CANCELLED
    assert await club.settlement(job) is Settlement.REFUNDED
    assert club.woken.jobs == [job.id]


async def test_after_the_order_the_same_button_keeps_the_video_from_being_posted(club: Club) -> None:
    job, status = await ordered(club)
    await club.move(job, state=JobState.RENDERING)

    answer = await club.mia.click(status, "Cancel")

    assert answer.text == "Already ordered, so it counts. I won't post it; find it in /my-videos history."
    assert (await club.job()).dont_post


@pytest.mark.parametrize(
    ("state", "refunded", "told"),
    [
        (JobState.SUBMITTING, False, "It is being ordered right now, so it may count. I won't post it."),
        (JobState.OVERDUE, True, "Not charged to you. I won't post it."),
        (JobState.UNSURE, False, "I can't tell whether it was ordered. Its cost stays reserved. I won't post it."),
        (JobState.UNSURE, True, "I can't tell whether it was ordered. Nothing was charged. I won't post it."),
    ],
)
@pytest.mark.parametrize("by_button", [True, False])
async def test_the_answer_claims_no_more_about_money_than_the_card(
    club: Club, state: JobState, refunded: bool, told: str, by_button: bool
) -> None:
    job, status = await ordered(club)
    await club.move(job, state=state)
    if refunded:
        async with club.database.write() as tx:
            await ledger.refund(tx, job, NOW, "no answer")

    answer = await (
        club.mia.click(status, "Cancel")
        if by_button
        else club.mia.invoke("my-videos cancel", {"video": job.id}, channel=club.videos)
    )

    assert answer.text == told
    found = await club.job()
    assert told in _on_the_card(club, found, Standing(await club.settlement(found)))


def _on_the_card(club: Club, job: Job, standing: Standing) -> str:
    services = club.bot.services
    view = JobCards(services.catalogue, NOTICE, services.clock).status(job, standing)
    return read(view)


async def test_a_private_video_is_cancelled_in_direct_messages(club: Club) -> None:
    await (await club.mia.invoke("video", {"prompt": "a cat", "private": True}, channel=club.videos)).settled()

    answer = await club.mia.click(club.mia.dms()[0], "Cancel")

    assert answer.text == "Cancelled, not charged."


async def test_the_button_of_somebody_else_is_refused(club: Club) -> None:
    _, status = await ordered(club)

    answer = await club.tom.click(status, "Cancel")

    assert answer.ephemeral
    assert answer.text == "Only the person who asked for this video and moderators can do that."


async def test_moderators_may_cancel(club: Club) -> None:
    _, status = await ordered(club)

    assert (await club.mod.click(status, "Cancel")).text == "Cancelled, not charged."


async def test_the_command_cancels_by_id_however_it_was_pasted(club: Club) -> None:
    job, _ = await ordered(club)

    answer = await club.mia.invoke("my-videos cancel", {"video": f" `{job.id.upper()}` "}, channel=club.videos)

    assert answer.text == "Cancelled, not charged."


@pytest.mark.parametrize("video", ["nonsense", "0000000000"])
async def test_a_video_that_is_not_known_is_said_to_be_gone(club: Club, video: str) -> None:
    answer = await club.mia.invoke("my-videos cancel", {"video": video}, channel=club.videos)

    assert answer.text == "This video is no longer in my records."


async def test_the_command_offers_ones_own_running_videos(club: Club) -> None:
    job, _ = await ordered(club, "a *cat*\nin the rain " + "w" * 200)

    async def offered(typed: str) -> list[str]:
        choices = await club.mia.autocomplete("my-videos cancel", "video", typed, channel=club.videos)
        return [choice["value"] for choice in choices]

    assert await offered("") == [job.id]
    assert await offered("CAT") == [job.id]
    assert await offered(job.id) == [job.id]
    assert await offered("dog") == []
    assert await club.tom.autocomplete("my-videos cancel", "video", "", channel=club.videos) == []


async def test_without_records_nothing_is_offered(club: Club) -> None:
    club.database.path.unlink()
    await club.database.reader.dispose()

    assert await club.mia.autocomplete("my-videos cancel", "video", "", channel=club.videos) == []


async def test_the_queue_is_private_and_links_to_the_status(club: Club) -> None:
    job, status = await ordered(club)

    answer = await club.mia.invoke("my-videos queue", channel=club.videos)

    assert answer.ephemeral
    assert "**1 video on its way**\na cat\n-# 1 · Queued · #1 in line" in answer.text
    assert f"https://discord.com/channels/{club.guild.id}/{club.videos.id}/{status.id} · `{job.id}`" in answer.text


async def test_delete_asks_once_and_then_deletes(club: Club) -> None:
    _, post = await delivered(club)

    question = await (await club.mia.click(post, "Delete")).settled()
    asked, was_deleted, was_ephemeral = question.text, post.deleted, question.ephemeral
    answer = await (await club.mia.click(question.reply, "Delete")).settled()

    assert was_ephemeral
    assert asked.startswith("Delete this video's post? I can't post it again; /my-videos show gives it to you")
    assert not was_deleted
    assert post.deleted
    assert answer.text == "Deleted."
    assert answer.reply.buttons == {}
    assert (await club.job()).message is None


async def test_delete_can_be_thought_better_of(club: Club) -> None:
    _, post = await delivered(club)

    question = await (await club.mia.click(post, "Delete")).settled()
    answer = await club.mia.click(question.reply, "Keep")
    by_a_moderator = await club.mod.click((await club.mod.click(post, "Delete")).reply, "Keep")

    assert answer.text == "Nothing was deleted."
    assert by_a_moderator.text == "Nothing was removed."
    assert not post.deleted


async def test_others_may_not_delete(club: Club) -> None:
    _, post = await delivered(club)

    answer = await club.tom.click(post, "Delete")

    assert answer.text == "Only the person who asked for this video and moderators can do that."


async def test_a_post_that_somebody_else_deleted_first_is_deleted(club: Club) -> None:
    _, post = await delivered(club)
    question = await (await club.mia.click(post, "Delete")).settled()
    post.delete()

    assert (await (await club.mia.click(question.reply, "Delete")).settled()).text == "Deleted."


async def test_a_post_that_discord_keeps_is_said_to_be_kept(club: Club) -> None:
    _, post = await delivered(club)
    question = await (await club.mia.click(post, "Delete")).settled()
    refuse = answering(403, {"message": "Missing Access", "code": 50001})
    club.server.stops.at(Point.RECEIVED, "DELETE", "/api/v10/webhooks/", refuse)

    answer = await (await club.mia.click(question.reply, "Delete")).settled()

    assert answer.text == "Discord doesn't let me delete this post. Please ask a moderator."


async def test_a_job_without_a_post_has_nothing_to_delete(club: Club) -> None:
    job, post = await delivered(club)
    await club.move(job, message_channel_id=None, message_id=None)

    assert (await club.mia.click(post, "Delete")).text == "There is no post of this video to delete."


async def test_a_question_that_is_not_answered_deletes_nothing(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    _, post = await delivered(club)
    monkeypatch.setattr(question_, "ANSWER_WITHIN_SECONDS", 0.05)

    question = await (await club.mia.click(post, "Delete")).settled()

    await wait_until(lambda: not question.reply.buttons)
    assert question.text == "Nothing was deleted: you did not answer in time."
    assert not post.deleted
    assert "Delete" in post.buttons


async def test_a_question_that_was_dismissed_ends_quietly(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    _, post = await delivered(club)
    monkeypatch.setattr(question_, "ANSWER_WITHIN_SECONDS", 0.05)

    with nothing_unhandled():
        question = await (await club.mia.click(post, "Delete")).settled()
        question.reply.delete()
        await wait_until(lambda: any(each.method == "PATCH" and each.status for each in club.server.exchanges.recorded))
        await asyncio.sleep(0.02)

    assert not post.deleted
