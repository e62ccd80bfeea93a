"""What /video-admin setup ends with: what holds, what the bot may do in each channel, test messages."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web

import cogs
from bot.client.places import is_age_restricted
from bot.domain.notice import NoticeKind
from bot.store import notices
from sandbox.club import TRYING
from sandbox.discord import ChannelKind, ClientRefusesError, Permission, User, wait_until
from sandbox.discord.channels import Overwrite
from sandbox.discord.messages import SUPPRESS_NOTIFICATIONS
from sandbox.stops import Stage as Point
from tests.bot.client.stage import Notebook, answering
from tests.bot.store.records import NOW
from tests.cogs.club import Club
from tests.cogs.setting_up import (
    CLIPS,
    HIDDEN,
    LENDING,
    knows,
    opened,
    pick,
    picked,
    saved,
)


async def test_a_clip_channel_is_chosen_and_told(club: Club) -> None:
    clips = club.guild.add_channel("clips", overwrites={club.guild.everyone: HIDDEN, club.guild.me: LENDING})
    await wait_until(lambda: club.bot.get_channel(clips.id) is not None)
    panel = await opened(club)

    await pick(club, panel, CLIPS, [clips])
    assert await picked(club, panel, CLIPS) == [clips.id]
    report = await saved(club, panel)

    assert (await club.chosen()).choices.clip_channel_id == clips.id
    assert f"I hand pictures and clips to the video service in <#{clips.id}>." in report.text
    assert f"✓ In <#{clips.id}> I have every permission that I need" in report.text
    assert "Everybody can see" not in report.text


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        (Permission.VIEW_CHANNEL, "View Channel, Send Messages, Attach Files, Read Message History"),
        (Permission.SEND_MESSAGES, "Send Messages, Attach Files"),
        (Permission.ATTACH_FILES, "Attach Files"),
        (Permission.READ_MESSAGE_HISTORY, "Read Message History"),
    ],
)
async def test_what_the_bot_lacks_in_the_clip_channel_is_told(club: Club, denied: Permission, missing: str) -> None:
    club.log.overwrite(club.guild.me.id, Overwrite(deny=denied))
    await club.settle_in(clip_channel_id=club.log.id)

    report = (await saved(club, await opened(club))).text

    assert f"✗ In <#{club.log.id}> I cannot: {missing}." in report


async def test_a_clip_channel_that_everybody_sees_is_warned_of(club: Club) -> None:
    await club.settle_in(clip_channel_id=club.videos.id)

    report = (await saved(club, await opened(club))).text

    assert f"Everybody can see <#{club.videos.id}>, so I hand over nothing of others there." in report


async def test_a_log_channel_that_everybody_sees_is_warned_of(club: Club) -> None:
    hidden = club.guild.add_channel("hidden", overwrites={club.guild.everyone: HIDDEN, club.guild.me: LENDING})
    await wait_until(lambda: club.bot.get_channel(hidden.id) is not None)
    reports = []
    for channel in (club.log, hidden):
        await club.settle_in(log_channel_id=channel.id)
        reports.append((await saved(club, await opened(club))).text)

    told = "and with it private videos and reports. Please make it private."
    assert [told in report for report in reports] == [True, False]


async def test_a_clip_channel_that_is_gone_is_told_of_and_kept(club: Club) -> None:
    await club.settle_in(clip_channel_id=5)
    panel = await opened(club)

    report = (await saved(club, panel)).text

    assert "✗ I can't find <#5>. It may have been deleted." in report
    assert (await club.chosen()).choices.clip_channel_id == 5


async def test_without_a_clip_channel_the_report_says_what_that_means(club: Club) -> None:
    assert "No clip channel is chosen" in (await saved(club, await opened(club))).text


async def set_up_elsewhere(club: Club, owner: User | None) -> str:
    """The report of a setup in a server of its own."""
    other = club.server.world.add_guild("Elsewhere", owner=owner)
    room = other.add_channel("room")
    await wait_until(lambda: club.bot.get_guild(other.id) is not None)
    manager = club.server.person(other.owner)
    panel = (await manager.invoke("video-admin setup", channel=room)).reply
    return (await manager.click(panel, "Save")).text


async def test_who_may_order_by_the_operators_settings_is_told_where_no_role_is_chosen(club: Club) -> None:
    services = club.bot.services
    tiers = replace(services.tiers, default_roles=frozenset({club.makers.id, 5}))
    club.bot.serve(replace(services, tiers=tiers), Notebook(), cogs.setup)
    await club.settle_in(role_ids=frozenset())

    report = (await saved(club, await opened(club))).text

    assert f"Videos can be made by <@&{club.makers.id}> and by members with Manage Server." in report


async def test_a_server_that_the_operator_has_not_approved_is_told_so(club: Club) -> None:
    report = await set_up_elsewhere(club, None)

    assert "The operator of this bot has been asked to approve this server." in report
    (asked,) = await club.ask(lambda tx: notices.due(tx, NOW, limit=10))
    elsewhere = next(guild for guild in club.server.world.guilds.values() if guild.name == "Elsewhere")
    assert asked.kind is NoticeKind.APPROVE_SERVER
    assert asked.about == {
        "guild_id": elsewhere.id,
        "name": "Elsewhere",
        "members": len(elsewhere.members),
        "actor": elsewhere.owner.user.id,
    }


async def test_the_operators_own_setup_approves_the_server(club: Club) -> None:
    assert "This server is approved." in await set_up_elsewhere(club, club.server.world.owner)


async def test_what_the_bot_may_not_do_is_told_for_each_chosen_channel(club: Club) -> None:
    bot = club.server.world.application.bot
    forum = club.guild.add_channel("forum", kind=ChannelKind.FORUM)
    forum.overwrite(bot.id, Overwrite(deny=Permission.SEND_MESSAGES_IN_THREADS))
    club.videos.overwrite(bot.id, Overwrite(deny=Permission.ATTACH_FILES))
    club.log.overwrite(bot.id, Overwrite(deny=Permission.VIEW_CHANNEL))
    ids = frozenset({club.videos.id, forum.id, club.log.id, 5})
    await club.settle_in(channel_ids=ids, log_channel_id=club.log.id)

    report = (await saved(club, await opened(club))).text

    assert f"✗ In <#{club.videos.id}> I cannot: Attach Files.\n" in report
    assert f"✗ In <#{forum.id}> I cannot: Send Messages in Threads." in report
    assert f"✗ In <#{club.log.id}> I cannot: View Channel, Send Messages, Attach Files.\n" in report
    assert "✗ I can't find <#5>. It may have been deleted." in report
    assert report.count(f"In <#{club.log.id}> I cannot") == 1


async def test_every_kind_of_channel_is_looked_at(club: Club) -> None:
    bot = club.server.world.application.bot
    news, gallery = club.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT), club.guild.add_channel("gallery")
    for channel in (news, gallery):
        channel.overwrite(bot.id, Overwrite(deny=Permission.SEND_MESSAGES))
    await wait_until(lambda: club.bot.get_channel(gallery.id) is not None)
    await club.settle_in(
        announcement_channel_id=news.id, gallery_channel_id=gallery.id, log_channel_id=club.log.id, publish=True
    )

    report = (await saved(club, await opened(club))).text

    assert f"✗ In <#{news.id}> I cannot: Send Messages, Attach Files." in report
    assert f"✗ In <#{gallery.id}> I cannot: Send Messages, Attach Files." in report
    assert f"✓ In <#{club.log.id}> I have every permission that I need, and a test message worked." in report


async def test_publishing_asks_for_no_permission_besides_posting(club: Club) -> None:
    news = club.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT)
    await wait_until(lambda: club.bot.get_channel(news.id) is not None)
    await club.settle_in(announcement_channel_id=news.id, publish=True)

    report = (await saved(club, await opened(club))).text

    assert f"A copy of each video is posted in <#{news.id}> and published." in report
    assert "no announcement channel" not in report
    assert f"✓ In <#{news.id}> I have every permission that I need" in report


async def test_a_channel_in_which_nothing_can_be_published_is_told_of(club: Club) -> None:
    await club.settle_in(announcement_channel_id=club.log.id, publish=True)

    report = (await saved(club, await opened(club))).text

    assert f"<#{club.log.id}> is not one of Discord's announcement channels, so nothing can be" in report


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        (Permission.CREATE_PUBLIC_THREADS, "Create Public Threads"),
        (Permission.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
    ],
)
async def test_threads_are_looked_at_where_results_go_into_threads(
    club: Club, denied: Permission, missing: str
) -> None:
    club.videos.overwrite(club.guild.me.id, Overwrite(deny=denied))
    places = {"channel_ids": frozenset({club.videos.id}), "log_channel_id": club.log.id}

    await club.settle_in(**places, result_threads=True)
    in_threads = (await saved(club, await opened(club))).text
    await club.settle_in(**places, result_threads=False)
    in_channels = (await saved(club, await opened(club))).text

    assert f"✗ In <#{club.videos.id}> I cannot: {missing}." in in_threads
    assert f"✓ In <#{club.log.id}>" in in_threads
    assert "✗" not in in_channels


async def test_where_every_channel_is_chosen_those_are_told_where_members_can_write_and_the_bot_can_not(
    club: Club,
) -> None:
    everyone, me = club.guild.everyone, club.guild.me
    club.videos.overwrite(me.id, Overwrite(deny=Permission.ATTACH_FILES))
    read_only = Overwrite(deny=Permission.SEND_MESSAGES)
    rules = club.guild.add_channel("rules", overwrites={everyone: read_only, me: read_only})
    hidden = club.guild.add_channel("staff", overwrites={everyone: HIDDEN})
    await wait_until(lambda: club.bot.get_channel(hidden.id) is not None)

    report = (await saved(club, await opened(club))).text

    assert "Videos are made in every channel." in report
    assert f"✗ In <#{club.videos.id}> I cannot: Attach Files." in report
    for channel in (rules, hidden, club.log):
        assert f"<#{channel.id}>" not in report
        assert not channel.messages


async def test_a_gallery_is_told_of_where_buttons_or_videos_would_be_missed(club: Club) -> None:
    adults = club.guild.add_channel("adults")
    adults.restrict_age()
    await wait_until(lambda: is_age_restricted(club.bot.get_channel(adults.id)))
    await club.settle_in(channel_ids=frozenset({adults.id}), gallery_channel_id=club.log.id)

    report = (await saved(club, await opened(club))).text

    assert f"Members can't use **Again**, **Remix** and **Edit prompt** in <#{club.log.id}>, because" in report
    assert f"What is made in age-restricted channels is not shown in <#{club.log.id}>, which is not one." in report


async def test_a_gallery_in_which_all_works_gets_no_warning(club: Club) -> None:
    ids = frozenset({club.videos.id, club.log.id})
    await club.settle_in(channel_ids=ids, gallery_channel_id=club.log.id)

    report = (await saved(club, await opened(club))).text

    assert "Members can't use" not in report
    assert "is not shown in" not in report


async def test_a_silent_message_is_posted_and_deleted_in_each_channel_that_should_work(club: Club) -> None:
    forum = club.guild.add_channel("forum", kind=ChannelKind.FORUM)
    closed = club.guild.add_channel("closed", overwrites={club.guild.me: Overwrite(deny=Permission.ATTACH_FILES)})
    await wait_until(lambda: club.bot.get_channel(closed.id) is not None)
    ids = frozenset({club.videos.id, forum.id, closed.id})
    await club.settle_in(channel_ids=ids, log_channel_id=club.log.id)

    report = (await saved(club, await opened(club))).text

    for channel in (club.videos, club.log):
        (message,) = (each for each in channel.messages.values() if each.viewer is None)
        assert message.deleted
        assert message.flags & SUPPRESS_NOTIFICATIONS
        assert [attachment.filename for attachment in message.attachments] == ["clapboard-test.txt"]
        assert f"✓ In <#{channel.id}> I have every permission that I need, and a test message worked." in report
    assert not forum.messages
    assert not closed.messages
    assert f"✓ In <#{forum.id}> I have every permission that I need.\n" in f"{report}\n"


@pytest.mark.parametrize(
    ("method", "status", "code", "trouble"),
    [
        ("POST", 403, 50013, "Discord says that I lack a permission."),
        ("POST", 400, 240000, "Discord refused it (error 240000)."),
        ("DELETE", 403, 50013, "I could post it, but not delete it again. Please delete it."),
    ],
)
async def test_what_discord_refuses_although_all_should_be_well_is_told(
    club: Club, method: str, status: int, code: int, trouble: str
) -> None:
    await club.settle_in(channel_ids=frozenset({club.videos.id}), log_channel_id=club.log.id)
    refusal = answering(status, {"message": "No", "code": code})
    club.server.stops.at(Point.RECEIVED, method, f"/api/v10/channels/{club.videos.id}/messages", refusal)

    report = (await saved(club, await opened(club))).text

    every = "I have every permission that I need"
    assert f"✗ In <#{club.videos.id}> {every}, but a test message failed. {trouble}" in report
    assert f"✓ In <#{club.log.id}> {every}, and a test message worked." in report


async def test_at_most_ten_channels_are_tried(club: Club) -> None:
    rooms = [club.guild.add_channel(f"room-{number}") for number in range(12)]
    await wait_until(lambda: club.bot.get_channel(rooms[-1].id) is not None)
    await club.settle_in(channel_ids=frozenset(room.id for room in rooms))

    report = (await saved(club, await opened(club))).text

    assert sum(bool(room.messages) for room in rooms) == report.count("a test message worked") == 10
    assert report.count("✓") == 12


@pytest.mark.parametrize(
    ("permissions", "told"),
    [(Permission(0), True), (Permission.MODERATE_MEMBERS, False), (Permission.ADMINISTRATOR, False)],
)
async def test_a_moderator_role_that_discord_does_not_show_the_command_to_is_told_of(
    club: Club, permissions: Permission, told: bool
) -> None:
    helpers = club.guild.add_role("Helpers", permissions=permissions)
    helper = club.person(club.guild.add_member("hal", roles=[helpers]))
    await wait_until(lambda: knows(club, helpers.id))
    await club.settle_in(moderator_role_id=helpers.id)

    report = (await saved(club, await opened(club))).text

    sentence = (
        f"Discord shows /video-mod to <@&{helpers.id}> only with Moderate Members, "
        "or if you allow it under Server Settings → Integrations."
    )
    assert (sentence in report) is told
    if told:
        with pytest.raises(ClientRefusesError, match="not offered"):
            await helper.invoke("video-mod words", channel=club.videos)
    else:
        assert "## Blocked words" in (await helper.invoke("video-mod words", channel=club.videos)).text


@pytest.mark.parametrize("mentionable", [True, False])
async def test_a_role_that_a_mention_would_not_notify_is_told_of(club: Club, mentionable: bool) -> None:
    await club.settle_in(log_channel_id=club.log.id, alert_role_id=club.makers.id)
    if not mentionable:
        club.log.overwrite(club.guild.me.id, Overwrite(deny=Permission.MENTION_EVERYONE))

    report = (await saved(club, await opened(club))).text

    assert (f"Discord won't notify <@&{club.makers.id}>" in report) is not mentionable


async def test_the_report_is_there_at_once_and_complete_when_discord_has_answered(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)
    panel, answering_again = await opened(club), asyncio.Event()

    async def wait(_request: web.Request) -> None:
        await answering_again.wait()

    club.server.stops.at(Point.RECEIVED, "POST", f"/api/v10/channels/{club.log.id}/messages", wait)
    answer = await club.manager.click(panel, "Save")
    at_first = answer.text
    answering_again.set()
    await wait_until(lambda: TRYING not in answer.text)

    line = f"✓ In <#{club.log.id}> I have every permission that I need"
    assert TRYING in at_first
    assert f"{line}." in at_first
    assert f"{line}, and a test message worked." in answer.text
