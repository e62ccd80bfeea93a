"""Finding our own post again after its confirmation was lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.domain.ids import file_name
from bot.domain.job import MessagePlace
from bot.domain.record import Record
from bot.worker.herald import Place, PlaceClosedError, TryAgainError
from sandbox.discord import Overwrite, Permission, Upload
from sandbox.stops import Stage as Point
from tests.bot.client.herald import Post
from tests.bot.client.jobs import STANDING
from tests.bot.client.stage import answering


async def test_a_post_whose_answer_was_lost_is_found_by_its_file(post: Post) -> None:
    job = post.job()
    post.stage.server.stops.at(Point.APPLIED, "POST", r".*/messages$", answering(503, "down"))
    with pytest.raises(TryAgainError):
        await post.result(job)
    post.stage.ada.post(post.stage.channel, "nice")

    found = await post.herald.find_result(job)

    [message] = [each for each in post.stage.channel.history if each.attachments]
    assert found == MessagePlace(post.stage.channel.id, message.id)


@pytest.mark.parametrize("spoiler", [False, True])
async def test_a_post_is_found_by_its_file_alone(post: Post, spoiler: bool) -> None:
    job = post.job(spoiler=spoiler)
    file = discord.File(post.video, file_name(job.id), spoiler=spoiler)
    sent = await post.stage.bot.get_partial_messageable(job.channel_id).send(file=file)

    assert await post.herald.find_result(job) == MessagePlace(job.channel_id, sent.id)


async def test_a_post_is_found_although_the_first_place_is_gone(post: Post) -> None:
    job = post.job()
    posted = await post.result(job, Place.DIRECT)
    post.stage.channel.delete()

    assert await post.herald.find_result(job) == posted


async def test_a_post_with_a_link_is_found_by_its_buttons(post: Post) -> None:
    job = post.job()
    posted = await post.result(job, as_link=True)

    assert await post.herald.find_result(job) == posted


@pytest.mark.parametrize("place", [Place.PARENT, Place.DIRECT, Place.LOG])
async def test_a_post_is_found_wherever_it_can_have_gone(post: Post, place: Place) -> None:
    post.log_channel()
    thread = post.stage.guild.add_thread("talk", post.stage.channel)
    job = post.job(thread)
    post.stage.ada.post(thread, "hello")
    posted = await post.result(job, place)

    assert await post.herald.find_result(job) == posted


async def test_a_private_post_is_found_in_direct_messages(post: Post) -> None:
    job = post.job(private=True)
    posted = await post.result(job)

    assert await post.herald.find_result(job) == posted


async def test_the_moderators_copy_of_a_private_video_is_no_post(post: Post) -> None:
    post.log_channel()
    job = post.job(private=True)
    await post.herald.log_result(job, STANDING, post.video, "log")
    await post.stage.bot.get_partial_messageable(post.dm_id).send("hello")

    assert await post.herald.find_result(job) is None


async def test_the_moderators_copy_is_found_beside_the_cards_of_its_job(post: Post) -> None:
    log, job = post.log_channel(), post.job(private=True)
    await post.herald.post_card(job, Record(STANDING), "before")
    there = await post.herald.log_result(job, STANDING, post.video, "log")
    await post.herald.post_card(job, Record(STANDING), "after")
    assert len(log.history) == 3

    assert await post.herald.find_copy(job, Place.LOG) == there
    assert await post.herald.find_copy(post.job(private=True), Place.LOG) is None


async def test_the_status_of_a_job_is_no_post_of_it(post: Post) -> None:
    job = await post.status_of(post.job())

    assert await post.herald.find_result(job) is None


async def test_what_somebody_else_posts_under_the_same_name_is_no_post(post: Post) -> None:
    job = post.job()
    post.stage.ada.post(post.stage.channel, "mine", (Upload(file_name(job.id), b"x"),))

    assert await post.herald.find_result(job) is None


async def test_what_was_posted_long_before_the_delivery_is_not_looked_at(post: Post) -> None:
    job = post.job()
    await post.result(job)
    later = replace(job, deliver_first_at=datetime.now(UTC) + timedelta(minutes=10))

    assert await post.herald.find_result(later) is None


async def test_a_post_is_found_behind_many_others(post: Post) -> None:
    job = post.job()
    posted = await post.result(job)
    for number in range(150):
        post.stage.ada.post(post.stage.channel, str(number))

    assert await post.herald.find_result(job) == posted


async def test_only_so_many_messages_are_looked_at(post: Post) -> None:
    job = post.job()
    await post.result(job)
    for number in range(510):
        post.stage.ada.post(post.stage.channel, str(number))

    assert await post.herald.find_result(job) is None
    pages = [item for item in post.stage.server.exchanges.recorded if item.path.endswith(f"{job.channel_id}/messages")]
    assert sum(item.method == "GET" for item in pages) == 5


@pytest.mark.parametrize("denied", [Permission.READ_MESSAGE_HISTORY, Permission.VIEW_CHANNEL])
async def test_a_history_that_can_not_be_read_is_told_apart_from_one_without_the_post(
    post: Post, denied: Permission
) -> None:
    job = post.job()
    await post.result(job)
    post.stage.channel.overwrite(post.stage.guild.everyone.id, Overwrite(deny=denied))

    with pytest.raises(PlaceClosedError):
        await post.herald.find_result(job)


async def test_a_server_without_a_log_channel_is_no_hindrance(post: Post) -> None:
    job = post.job()
    post.stage.ada.post(post.stage.channel, "hello")

    assert await post.herald.find_result(job) is None


async def test_after_somebody_deleted_the_post_it_is_not_found(post: Post) -> None:
    job = post.job()
    post.stage.ada.post(post.stage.channel, "hello")
    post.message(await post.result(job)).delete()

    assert await post.herald.find_result(job) is None


async def test_buttons_that_lead_elsewhere_are_no_mark(post: Post) -> None:
    job = post.job()
    view = discord.ui.View().add_item(discord.ui.Button(label="Docs", url=f"https://example.org/{job.id}"))
    await post.stage.bot.get_partial_messageable(job.channel_id).send("see", view=view)

    assert await post.herald.find_result(job) is None
