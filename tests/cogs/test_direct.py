"""Private videos that were ordered in a server: what is made of them among the direct messages is that server's too."""

import discord
import pytest

from bot.domain.character import Sharing
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.standing import Standing
from cogs.cards import JobCards
from sandbox.discord import Channel, Message, Overwrite, Permission, Upload, wait_until
from sandbox.stops import Stage as Point
from tests.bot.client.stage import answering
from tests.cogs.club import NOTICE, Club
from tests.cogs.test_character import FILM, mias, submitted

OFF = "I don't make videos in direct messages. Please use /video in a server where I am set up."


async def private(club: Club, where: Channel | None = None) -> tuple[Job, Message]:
    """A finished private video of Mia's, and the bot's post of it among her direct messages."""
    order = {"prompt": "a cat", "private": True}
    await (await club.mia.invoke("video", order, channel=where or club.videos)).settled()
    await wait_until(lambda: bool(club.woken.jobs))
    job = await club.move(await club.job(), gateway="myrouter", task_id="t-1", state=JobState.DELIVERED)
    cards = JobCards(club.bot.services.catalogue, NOTICE, club.bot.services.clock)
    post = cards.result(job, Standing(Settlement.CHARGED), size_bytes=None, posted_elsewhere=False)
    place = await club.bot.create_dm(discord.Object(club.mia.user.id))
    sent = await place.send(post.content, view=post.view)
    job = await club.move(job, message_channel_id=place.id, message_id=sent.id)
    return job, next(message for message in club.mia.dms() if message.id == sent.id)


async def newest(club: Club) -> Job:
    """The job that was made last; there are two."""
    _, made = await club.jobs()
    return made


async def test_again_makes_another_private_video_of_the_same_server(club: Club) -> None:
    first, post = await private(club)

    answer = await (await club.mia.click(post, "Again")).settled()

    made = await newest(club)
    assert (made.guild_id, made.channel_id, made.private) == (club.guild.id, first.channel_id, True)
    assert "Your video is in line: https://discord.com/channels/@me/" in answer.text
    assert club.videos.history == []


@pytest.mark.parametrize("restricted", [True, False])
async def test_what_counts_is_the_age_that_was_asked_for_where_it_was_ordered(club: Club, restricted: bool) -> None:
    _, post = await private(club)
    await club.settle_in(age_restricted_only=True)
    club.videos.restrict_age(restricted)
    await wait_until(lambda: getattr(club.bot.get_channel(club.videos.id), "nsfw", None) is restricted)

    answer = await (await club.mia.click(post, "Again")).settled()

    assert len(await club.jobs()) == 1 + restricted
    assert ("Videos are made in age-restricted channels only here." in answer.text) is not restricted


@pytest.mark.parametrize(("button", "field"), [("Remix", "What shall change"), ("Edit prompt", "Prompt")])
async def test_so_do_the_forms(club: Club, button: str, field: str) -> None:
    _, post = await private(club)
    form = (await club.mia.click(post, button)).form
    assert form is not None

    await (await club.mia.submit(form, {field: "a dog"})).settled()

    made = await newest(club)
    assert (made.guild_id, made.private, made.request.prompt) == (club.guild.id, True, "a dog")


async def test_above_the_amount_of_that_server_it_asks_first(club: Club) -> None:
    _, post = await private(club)
    await club.settle_in(confirm_above=1)

    question = await club.mia.click(post, "Again")
    await (await club.mia.click(question.reply, "Make it")).settled()

    assert (await newest(club)).guild_id == club.guild.id


async def test_what_was_ordered_in_a_thread_belongs_to_its_channel(club: Club) -> None:
    thread = club.guild.add_thread("talk", club.videos, members=[club.mia_member, club.guild.me])
    await club.settle_in(channel_ids=frozenset({club.videos.id}))
    _, post = await private(club, thread)

    await (await club.mia.click(post, "Again")).settled()

    assert (await newest(club)).channel_id == thread.id


async def test_in_a_channel_that_is_not_allowed_any_more_nothing_is_made(club: Club) -> None:
    _, post = await private(club)
    await club.settle_in(channel_ids=frozenset({club.log.id}))

    assert (await club.mia.click(post, "Again")).text == f"Videos are made in {club.log.mention}."


async def test_a_manager_of_the_server_needs_no_role(club: Club) -> None:
    _, post = await private(club)
    club.mia_member.take(club.makers)
    club.mia_member.give(*club.manager_member.roles)

    await (await club.mia.click(post, "Again")).settled()

    assert (await newest(club)).guild_id == club.guild.id


async def test_who_lost_the_role_is_told_so(club: Club) -> None:
    _, post = await private(club)
    club.mia_member.take(club.makers)

    answer = await club.mia.click(post, "Again")

    assert answer.text == f"You need one of these roles to make videos here: {club.makers.mention}"
    assert len(await club.jobs()) == 1


async def test_who_is_a_member_no_more_is_no_member_among_direct_messages_either(club: Club) -> None:
    _, post = await private(club)
    club.mia_member.leave()

    for button in ("Again", "Remix", "Edit prompt", "Save as character"):
        assert (await club.mia.click(post, button)).text == OFF, button


async def test_who_may_not_use_the_channel_may_not_from_among_direct_messages(club: Club) -> None:
    _, post = await private(club)
    club.videos.overwrite(club.makers.id, Overwrite(deny=Permission.VIEW_CHANNEL))
    seen = club.bot.get_channel(club.videos.id)
    assert isinstance(seen, discord.TextChannel)
    await wait_until(lambda: bool(seen.overwrites))

    assert (await club.mia.click(post, "Again")).text == OFF


async def test_if_discord_does_not_say_who_is_a_member_nobody_is(club: Club) -> None:
    _, post = await private(club)
    refuse = answering(403, {"message": "Missing Access", "code": 50001})
    club.server.stops.at(Point.RECEIVED, "GET", f"/api/v10/guilds/{club.guild.id}/members/", refuse)

    assert (await club.mia.click(post, "Again")).text == OFF


async def test_a_character_is_saved_from_a_private_video(club: Club) -> None:
    _, post = await private(club)
    bot = club.server.world.application.bot
    with_file = post.place.post(bot, post.text, (Upload("clapboard.mp4", FILM, "video/mp4"),))
    with_file.components = post.components

    answer = await submitted(club, await club.mia.click(with_file, "Save as character"), Name="Mimi")

    (one,) = await mias(club)
    assert "**Mimi**" in answer.text
    assert (one.guild_id, one.sharing) == (club.guild.id, Sharing.ME)
