"""/video from typing to the status message."""

import asyncio

import pytest

from bot.domain.job import JobState
from bot.domain.ledger import Settlement
from sandbox.discord import Permission, Upload, wait_until
from sandbox.discord.channels import Overwrite
from sandbox.stops import Stage as Point
from tests.bot.client.stage import answering
from tests.bot.media.films import png
from tests.cogs.club import Club, commands_done

CALLBACK = "/api/v10/interactions/"
PICTURE = Upload("cat.png", png(), "image/png")
DOWN = {"message": "Internal Server Error", "code": 0}


async def test_an_order_is_answered_with_its_status_message(club: Club) -> None:
    answer = await club.mia.invoke("video", {"prompt": "a *cat*"}, channel=club.videos)

    job = await club.job()
    assert not answer.ephemeral
    assert "a \\*cat\\*" in answer.text
    assert "**Queued · #1 in line**" in answer.text
    assert answer.reply.buttons["Cancel"].custom_id == f"cb:cancel:{job.id}"
    assert answer.reply.notified == []


async def test_an_order_is_acknowledged_where_it_was_answered(club: Club) -> None:
    answer = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    await wait_until(lambda: bool(club.woken.jobs))
    job = await club.job()
    assert job.status is not None
    assert (job.status.channel_id, job.status.message_id) == (club.videos.id, answer.reply.id)
    assert job.acknowledged_at is not None
    assert job.reply is not None
    assert job.reply.token == answer.interaction.token
    assert await club.settlement(job) is Settlement.RESERVED


async def test_what_was_chosen_is_what_is_ordered(club: Club) -> None:
    options = {"prompt": "a cat", "duration": 15, "orientation": "Portrait", "clip_url": "https://example.com/c.mp4"}

    answer = await club.mia.invoke("video", {**options, "clip_range": "0.5-2.5"}, channel=club.videos)

    await answer.settled()
    request = (await club.job()).request
    assert (request.duration, request.aspect) == (15, "9:16")
    assert request.character is not None
    assert (str(request.character.start), str(request.character.end)) == ("0.500", "2.500")


async def test_the_first_use_is_explained_once_and_privately(club: Club) -> None:
    first = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)
    await wait_until(lambda: bool(first.followups))
    await club.move(await club.job(), state=JobState.DELIVERED)
    second = await club.mia.invoke("video", {"prompt": "a dog"}, channel=club.videos)
    await commands_done()

    note = first.followups[0]
    assert note.ephemeral
    assert "go to the video service (myrouter). I keep them 90 days. /my-videos erase deletes them." in note.text
    assert "https://example.com/privacy" in note.text
    assert second.followups == []


async def test_a_refusal_is_private_and_writes_nothing(club: Club) -> None:
    answer = await club.tom.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    assert answer.ephemeral
    assert answer.text == f"You need one of these roles to make videos here: <@&{club.makers.id}>"
    assert await club.jobs() == []
    assert club.videos.history == []


async def test_everyone_can_be_chosen_as_the_role_that_may_order(club: Club) -> None:
    await club.settle_in(role_ids=frozenset({club.guild.id}))

    answer = await club.tom.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    assert "Queued" in answer.text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"prompt": "\u3000"}, "Please describe the video in the prompt."),
        ({"prompt": "w" * 2001}, "takes at most 2,000"),
        ({"prompt": "a", "duration": 7}, "does not make 7 s videos"),
        ({"prompt": "a", "orientation": "round"}, "does not make round videos. It offers: landscape and portrait."),
        ({"prompt": "a", "clip_range": "1-2"}, "clip_range chooses seconds of a clip"),
        ({"prompt": "a", "image_url": "https://example.com/a.gif"}, "has to end in .jpg, .jpeg or .png."),
        ({"prompt": "a", "clip_url": "ftp://example.com/a"}, "Links have to begin with https:// or http://."),
        ({"prompt": "a", "clip_url": "http://10.0.0.1/a", "clip_range": "x"}, "I can't read that range."),
    ],
)
async def test_what_cannot_be_ordered_is_refused_with_the_reason(
    club: Club, options: dict[str, object], told: str
) -> None:
    answer = await club.mia.invoke("video", options, channel=club.videos)

    await answer.settled()
    assert told in answer.text
    assert answer.ephemeral
    assert await club.jobs() == []


@pytest.mark.parametrize("options", [{}, {"image": PICTURE}])
async def test_where_the_bot_can_not_post_the_answer_is_kept_to_be_used_again(
    club: Club, options: dict[str, object]
) -> None:
    bot = club.server.world.application.bot
    club.videos.overwrite(bot.id, Overwrite(deny=Permission.ATTACH_FILES))

    answer = await club.mia.invoke("video", {"prompt": "a cat", **options}, channel=club.videos)

    await wait_until(lambda: bool(answer.followups))
    assert answer.followups[0].text.startswith("I can't post here: missing Attach Files.")
    job = await club.job()
    assert job.reply is not None
    assert job.reply.token == answer.interaction.token
    assert job.status is not None
    assert job.status.message_id == answer.reply.id


async def test_an_answer_that_can_not_become_the_status_takes_the_order_back(club: Club) -> None:
    bot = club.server.world.application.bot
    club.videos.overwrite(bot.id, Overwrite(deny=Permission.ATTACH_FILES))
    club.server.stops.at(Point.RECEIVED, "PATCH", "/api/v10/webhooks/", answering(400, {"message": "no", "code": 1}))

    answer = await club.mia.invoke("video", {"prompt": "a cat", "image": PICTURE}, channel=club.videos)

    await answer.settled()
    job = await club.job()
    assert job.state is JobState.CANCELLED
    assert await club.settlement(job) is Settlement.REFUNDED
    assert "Nothing was charged." in answer.text


async def test_an_order_whose_answer_fails_is_taken_back(club: Club) -> None:
    club.server.stops.at(Point.RECEIVED, "POST", CALLBACK, answering(400, {"message": "no", "code": 10062}))

    answer = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    await wait_until(answer.interaction.answered.is_set)
    job = await club.job()
    assert job.state is JobState.CANCELLED
    assert await club.settlement(job) is Settlement.REFUNDED
    assert "Nothing was charged." in answer.text


async def test_an_answer_that_arrived_although_discord_stumbled_counts(club: Club) -> None:
    club.server.stops.at(Point.APPLIED, "POST", CALLBACK, answering(502, DOWN))

    answer = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    await wait_until(lambda: bool(club.woken.jobs))
    job = await club.job()
    assert job.status is not None
    assert job.status.message_id == answer.reply.id
    assert job.acknowledged_at is not None


async def test_with_a_picture_the_status_is_the_bots_own_message(club: Club) -> None:
    answer = await club.mia.invoke("video", {"prompt": "a cat", "image": PICTURE}, channel=club.videos)
    await answer.settled()

    (status,) = club.videos.history
    job = await club.job()
    assert answer.ephemeral
    assert f"Your video is in line: https://discord.com/channels/{club.guild.id}/{club.videos.id}/{status.id}" in (
        answer.text
    )
    assert "go to the video service" in answer.text
    assert "**Queued · #1 in line**" in status.text
    assert status.nonce == f"cb:{job.id}:status"
    assert job.status is not None
    assert job.status.message_id == status.id
    assert job.reply is None
    assert job.request.image is not None


async def test_in_a_thread_of_a_chosen_channel_the_status_is_in_the_thread(club: Club) -> None:
    await club.settle_in(channel_ids=frozenset({club.videos.id}))
    thread = club.guild.add_thread("cats", club.videos)

    answer = await club.mia.invoke("video", {"prompt": "a cat", "image": PICTURE}, channel=thread)
    await answer.settled()

    assert [message.place for message in thread.history] == [thread]
    assert (await club.job()).channel_id == thread.id


async def test_a_picture_that_is_none_is_refused_privately(club: Club) -> None:
    fake = Upload("cat.png", b"GIF89a" + bytes(50), "image/png")

    answer = await club.mia.invoke("video", {"prompt": "a cat", "image": fake}, channel=club.videos)
    await answer.settled()

    assert answer.ephemeral
    assert "Please attach a PNG or JPEG picture." in answer.text
    assert await club.jobs() == []
    assert club.videos.history == []


async def test_a_status_that_cannot_be_posted_takes_the_order_back(club: Club) -> None:
    refuse = answering(403, {"message": "Missing Access", "code": 50001})
    club.server.stops.at(Point.RECEIVED, "POST", f"/api/v10/channels/{club.videos.id}/messages", refuse)

    answer = await club.mia.invoke("video", {"prompt": "a cat", "image": PICTURE}, channel=club.videos)
    await answer.settled()

    job = await club.job()
    assert "I didn't order it. Nothing was charged." in answer.text
    assert job.state is JobState.CANCELLED
    assert await club.settlement(job) is Settlement.REFUNDED


async def test_a_private_order_is_followed_in_direct_messages(club: Club) -> None:
    answer = await club.mia.invoke("video", {"prompt": "a cat", "private": True}, channel=club.videos)
    await answer.settled()

    (status,) = club.mia.dms()
    job = await club.job()
    assert "**Queued · #1 in line**" in status.text
    assert f"https://discord.com/channels/@me/{status.place.id}/{status.id}" in answer.text
    assert answer.ephemeral
    assert club.videos.history == []
    assert job.private
    assert job.status is not None
    assert job.status.message_id == status.id
    assert job.acknowledged_at is not None


async def test_a_private_order_that_cannot_be_messaged_is_refused_before_it_is_written(club: Club) -> None:
    club.mia_member.close_direct_messages()

    answer = await club.mia.invoke("video", {"prompt": "a cat", "private": True}, channel=club.videos)
    await answer.settled()

    assert answer.text == (
        "I can't message you privately. Allow direct messages from this server or leave out private. "
        "Nothing was charged."
    )
    assert await club.jobs() == []


async def test_a_private_order_that_discord_fails_at_says_so(club: Club) -> None:
    club.server.stops.at(Point.RECEIVED, "POST", "/api/v10/users/@me/channels", answering(400, DOWN))

    answer = await club.mia.invoke("video", {"prompt": "a cat", "private": True}, channel=club.videos)
    await answer.settled()

    assert "I didn't order it. Nothing was charged." in answer.text
    assert await club.jobs() == []


async def test_a_private_order_that_is_refused_at_last_leaves_no_message(club: Club) -> None:
    paused = []

    async def take_the_role(_request: object) -> None:
        paused.append(True)
        await club.settle_in(role_ids=frozenset({1}))

    club.server.stops.at(Point.APPLIED, "POST", "/api/v10/channels/", take_the_role)
    club.server.stops.at(Point.APPLIED, "DELETE", "/api/v10/channels/", answering(400, DOWN))

    answer = await club.mia.invoke("video", {"prompt": "a cat", "private": True}, channel=club.videos)
    await answer.settled()

    assert paused
    assert answer.text.startswith("You need one of these roles")
    assert club.mia.dms() == []
    assert await club.jobs() == []


async def test_an_order_in_whose_middle_the_bot_is_stopped_is_taken_back(club: Club) -> None:
    reached = asyncio.Event()

    async def stall(_request: object) -> None:
        reached.set()
        await asyncio.sleep(5)

    club.server.stops.at(Point.RECEIVED, "POST", CALLBACK, stall)
    typing = asyncio.create_task(club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos))
    await asyncio.wait_for(reached.wait(), 60)

    (command,) = [task for task in asyncio.all_tasks() if task.get_name() == "CommandTree-invoker"]
    command.cancel()
    await asyncio.wait({command})

    assert (await club.job()).state is JobState.CANCELLED
    typing.cancel()
    await asyncio.wait({typing})


async def test_an_order_stands_even_if_its_author_is_told_no_more(club: Club) -> None:
    club.server.stops.at(Point.RECEIVED, "POST", "/api/v10/webhooks/", answering(400, DOWN))

    answer = await club.mia.invoke("video", {"prompt": "a cat", "image": PICTURE}, channel=club.videos)
    await commands_done()

    assert not club.server.stops.armed
    assert "wrong" not in answer.text
    assert (await club.job()).acknowledged_at is not None
    assert len(club.videos.history) == 1


async def test_a_private_status_that_cannot_be_completed_takes_the_order_back(club: Club) -> None:
    club.server.stops.at(Point.RECEIVED, "PATCH", "/api/v10/channels/", answering(400, DOWN))

    answer = await club.mia.invoke("video", {"prompt": "a cat", "private": True}, channel=club.videos)
    await answer.settled()

    job = await club.job()
    assert "I didn't order it. Nothing was charged." in answer.text
    assert job.state is JobState.CANCELLED
    assert job.status is not None


async def test_lengths_and_orientations_are_the_models(club: Club) -> None:
    lengths = await club.mia.autocomplete("video", "duration", "1", channel=club.videos)
    few = await club.mia.autocomplete("video", "duration", "15", channel=club.videos)
    shapes = await club.mia.autocomplete("video", "orientation", "Por", channel=club.videos)

    assert lengths == [{"name": "10 s", "value": 10}, {"name": "15 s", "value": 15}]
    assert few == [{"name": "15 s", "value": 15}]
    assert shapes == [{"name": "portrait", "value": "portrait"}]


async def test_who_may_not_order_is_offered_nothing(club: Club) -> None:
    assert await club.tom.autocomplete("video", "duration", "", channel=club.videos) == []
    assert await club.tom.autocomplete("video", "orientation", "", channel=club.videos) == []
