"""Emptying messages that name somebody who wants to be erased."""

import pytest

from bot.client.blanking import Blanking
from bot.domain.ids import nonce
from bot.domain.job import MessagePlace
from bot.worker.herald import PlaceClosedError, TryAgainError
from sandbox.stops import Stage as At
from tests.bot.client.herald import Post
from tests.bot.client.jobs import STANDING
from tests.bot.client.stage import answering

ERASED = "Erased at the person's wish."


@pytest.fixture
def blank(post: Post) -> Blanking:
    return Blanking(post.stage.bot, post.choices)


async def test_a_copy_with_its_video_becomes_one_line(post: Post, blank: Blanking) -> None:
    post.log_channel()
    job = post.job(private=True)
    where = await post.herald.log_result(job, STANDING, post.video, nonce(job.id, "log"))

    await blank(where)
    await blank(where)

    message = post.message(where)
    assert (message.text, message.attachments, message.buttons) == (ERASED, [], {})


async def test_a_card_becomes_one_line(post: Post, blank: Blanking) -> None:
    job = await post.status_of(post.job())
    assert job.status is not None

    await blank(job.status)

    message = post.message(job.status)
    assert (message.text, message.buttons) == (ERASED, {})


async def test_a_message_that_is_gone_is_a_closed_place(post: Post, blank: Blanking) -> None:
    with pytest.raises(PlaceClosedError):
        await blank(MessagePlace(post.stage.channel.id, 5))


async def test_a_discord_that_fails_is_asked_again_later(post: Post, blank: Blanking) -> None:
    job = await post.status_of(post.job())
    assert job.status is not None
    refuse = answering(503, {"message": "busy", "code": 0})
    post.stage.server.stops.at(At.RECEIVED, "PATCH", "/api/v10/channels/", refuse, times=10)

    with pytest.raises(TryAgainError):
        await blank(job.status)


async def test_a_bot_that_is_not_connected_tries_nothing(post: Post, blank: Blanking) -> None:
    await post.stage.bot.close()

    with pytest.raises(TryAgainError):
        await blank(MessagePlace(1, 2))
