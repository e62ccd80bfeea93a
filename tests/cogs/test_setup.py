"""/video-admin setup: the panel, the form for the time zone, the report."""

import asyncio

import pytest

from bot.domain.notice import NoticeKind
from bot.store import notices
from cogs.video_admin import cog
from sandbox.discord import Answer, ChannelKind, ClientRefusesError, Message, Permission, User, wait_until
from sandbox.discord.channels import Overwrite
from tests.bot.store.records import NOW
from tests.cogs.club import Club, nothing_unhandled

ROLES, CHANNELS, MODERATORS, LOG, CLIPS, LANGUAGE = range(6)
ABOVE = "Buttons ask first above (dollars)"
PRICES = "Show prices to members"
PICTURES = "Anybody's pictures may be animated"
HIDDEN = Overwrite(deny=Permission.VIEW_CHANNEL)
LENDING = Overwrite(
    allow=Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.ATTACH_FILES | Permission.READ_MESSAGE_HISTORY
)


def menu(panel: Message, number: int) -> str:
    """The id of a menu, by its place."""
    return list(panel.selects)[number]


def picked(panel: Message, number: int) -> list[int]:
    """What a menu has picked from the start."""
    return [int(each["id"]) for each in panel.selects[menu(panel, number)].get("default_values", [])]


async def opened(club: Club) -> Message:
    """The panel as the manager sees it."""
    return (await club.manager.invoke("video-admin setup", channel=club.videos)).reply


async def saved(club: Club, panel: Message) -> Answer:
    """The report after Save."""
    return await club.manager.click(panel, "Save")


async def test_the_panel_is_private_and_shows_the_present_choices(club: Club) -> None:
    await club.settle_in(channel_ids=frozenset({club.videos.id}), log_channel_id=club.log.id, time_zone="Asia/Tokyo")

    panel = await opened(club)

    assert panel.ephemeral
    assert picked(panel, ROLES) == [club.makers.id]
    assert picked(panel, CHANNELS) == [club.videos.id]
    assert picked(panel, MODERATORS) == []
    assert picked(panel, LOG) == [club.log.id]
    assert "Time zone: Asia/Tokyo" in panel.buttons


async def test_what_was_picked_is_saved_and_told(club: Club) -> None:
    editors = club.guild.add_role("Editors")
    panel = await opened(club)
    await club.manager.select(panel, menu(panel, ROLES), [club.makers, editors])
    await club.manager.select(panel, menu(panel, CHANNELS), [club.videos])
    await club.manager.select(panel, menu(panel, MODERATORS), [editors])
    await club.manager.select(panel, menu(panel, LOG), [club.log])
    await club.manager.select(panel, menu(panel, LANGUAGE), "de")

    report = await saved(club, panel)

    choices = (await club.chosen()).choices
    assert choices.role_ids == {club.makers.id, editors.id}
    assert choices.channel_ids == {club.videos.id}
    assert (choices.moderator_role_id, choices.log_channel_id) == (editors.id, club.log.id)
    assert choices.locale == "de"
    assert "This server is approved." in report.text
    assert f"made by <@&{club.makers.id}> and <@&{editors.id}> and by members with Manage Server." in report.text
    assert f"Videos are made in <#{club.videos.id}>." in report.text
    assert f"<@&{editors.id}> can cancel and remove the videos of others, and block members." in report.text
    assert f"Reports and private videos are shown to moderators in <#{club.log.id}>." in report.text
    assert "I can't post" not in report.text
    assert report.reply.selects == {}


async def test_every_pick_is_shown_as_picked(club: Club) -> None:
    panel = await opened(club)

    await club.manager.select(panel, menu(panel, CHANNELS), [club.log])

    assert picked(panel, CHANNELS) == [club.log.id]
    assert picked(panel, ROLES) == [club.makers.id]


async def test_saving_without_a_change_loses_nothing(club: Club) -> None:
    roles, places = frozenset({club.makers.id, 9}), frozenset({club.videos.id, 5})
    more = {"clip_channel_id": 6, "confirm_above": 1, "show_money": True, "animate_any": True}
    await club.settle_in(role_ids=roles, channel_ids=places, moderator_role_id=7, words=("gore",), **more)
    before = (await club.chosen()).choices

    await saved(club, await opened(club))

    assert (await club.chosen()).choices == before


async def test_what_was_deleted_meanwhile_is_not_shown_as_picked(club: Club) -> None:
    roles, places = frozenset({club.makers.id, 9}), frozenset({club.videos.id, 5})
    await club.settle_in(role_ids=roles, channel_ids=places, moderator_role_id=7, log_channel_id=6)

    panel = await opened(club)

    assert picked(panel, ROLES) == [club.makers.id]
    assert picked(panel, CHANNELS) == [club.videos.id]
    assert picked(panel, MODERATORS) == []
    assert picked(panel, LOG) == []


async def test_choices_can_be_taken_back(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)
    panel = await opened(club)
    await club.manager.select(panel, menu(panel, ROLES), [])
    await club.manager.select(panel, menu(panel, LOG), [])

    report = await saved(club, panel)

    choices = (await club.chosen()).choices
    assert (choices.role_ids, choices.log_channel_id) == (frozenset(), None)
    assert "members with Manage Server only" in report.text
    assert "Videos are made in every channel." in report.text
    assert "because no log channel is chosen" in report.text


async def test_the_time_zone_is_typed_into_a_form(club: Club) -> None:
    panel = await opened(club)
    form = (await club.manager.click(panel, "Time zone: UTC")).form

    await club.manager.submit(form, {"A name such as Europe/Berlin": " america/new york"})
    report = await saved(club, panel)

    assert "Time zone: America/New_York" not in panel.buttons
    assert "A day begins at midnight in America/New_York." in report.text
    assert (await club.chosen()).choices.time_zone == "America/New_York"


async def test_an_unknown_time_zone_is_refused_and_the_panel_stays(club: Club) -> None:
    panel = await opened(club)
    form = (await club.manager.click(panel, "Time zone: UTC")).form

    answer = await club.manager.submit(form, {"A name such as Europe/Berlin": "Middle Earth"})

    assert answer.ephemeral
    assert answer.text.startswith("I don't know the time zone Middle Earth.")
    assert "Time zone: UTC" in panel.buttons


async def test_prices_and_pictures_are_chosen_in_a_form_and_told(club: Club) -> None:
    panel = await opened(club)
    form = (await club.manager.click(panel, "More…")).form

    await club.manager.submit(form, {ABOVE: "$0,5", PRICES: True, PICTURES: True})
    report = await saved(club, panel)

    choices = (await club.chosen()).choices
    assert (choices.confirm_above, choices.show_money, choices.animate_any) == (5000, True, True)
    assert "Buttons ask first when a video costs more than $0.50." in report.text
    assert "Members see prices." in report.text
    assert "Members may animate pictures that others have posted." in report.text


async def test_the_form_begins_with_what_is_chosen_and_takes_it_back(club: Club) -> None:
    await club.settle_in(confirm_above=12_345, show_money=True, animate_any=True)
    panel = await opened(club)
    form = (await club.manager.click(panel, "More…")).form
    assert form is not None
    preset = {field.label: field.component.get("value", field.component.get("default")) for field in form.fields}
    assert preset == {ABOVE: "1.2345", PRICES: True, PICTURES: True}

    await club.manager.submit(form, {ABOVE: "", PRICES: False, PICTURES: False})
    report = await saved(club, panel)

    choices = (await club.chosen()).choices
    assert (choices.confirm_above, choices.show_money, choices.animate_any) == (None, False, False)
    assert "Buttons ask first" not in report.text
    assert "Members see prices." not in report.text


async def test_an_amount_that_is_none_is_refused_and_nothing_changes(club: Club) -> None:
    panel = await opened(club)
    form = (await club.manager.click(panel, "More…")).form

    answer = await club.manager.submit(form, {ABOVE: "a few", PRICES: True})
    await saved(club, panel)

    assert answer.ephemeral
    assert answer.text.startswith("I can't read a few as dollars.")
    assert not (await club.chosen()).choices.show_money


async def test_a_clip_channel_is_chosen_and_told(club: Club) -> None:
    clips = club.guild.add_channel("clips", overwrites={club.guild.everyone: HIDDEN, club.guild.me: LENDING})
    await wait_until(lambda: club.bot.get_channel(clips.id) is not None)
    panel = await opened(club)

    await club.manager.select(panel, menu(panel, CLIPS), [clips])
    assert picked(panel, CLIPS) == [clips.id]
    report = await saved(club, panel)

    assert (await club.chosen()).choices.clip_channel_id == clips.id
    assert f"I hand pictures and clips to the video service in <#{clips.id}>." in report.text
    assert "missing" not in report.text
    assert "Everybody can see" not in report.text


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        (Permission.VIEW_CHANNEL, "View Channel, Send Messages, Attach Files, and Read Message History"),
        (Permission.SEND_MESSAGES, "Send Messages and Attach Files"),
        (Permission.ATTACH_FILES, "Attach Files"),
        (Permission.READ_MESSAGE_HISTORY, "Read Message History"),
    ],
)
async def test_what_the_bot_lacks_in_the_clip_channel_is_told(club: Club, denied: Permission, missing: str) -> None:
    club.log.overwrite(club.guild.me.id, Overwrite(deny=denied))
    await club.settle_in(clip_channel_id=club.log.id)

    report = (await saved(club, await opened(club))).text

    assert f"I can't hand anything over in <#{club.log.id}>: missing {missing}." in report


async def test_a_clip_channel_that_everybody_sees_is_warned_of(club: Club) -> None:
    await club.settle_in(clip_channel_id=club.videos.id)

    report = (await saved(club, await opened(club))).text

    assert f"Everybody can see <#{club.videos.id}>, so I hand over nothing of others there." in report


async def test_a_clip_channel_that_is_gone_is_told_of_and_kept(club: Club) -> None:
    await club.settle_in(clip_channel_id=5)
    panel = await opened(club)

    report = (await saved(club, panel)).text

    assert "I can't hand anything over in <#5>: missing View Channel." in report
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


async def test_what_the_bot_lacks_is_told_for_each_chosen_channel(club: Club) -> None:
    bot = club.server.world.application.bot
    forum = club.guild.add_channel("forum", kind=ChannelKind.FORUM)
    forum.overwrite(bot.id, Overwrite(deny=Permission.SEND_MESSAGES_IN_THREADS))
    club.videos.overwrite(bot.id, Overwrite(deny=Permission.ATTACH_FILES))
    club.log.overwrite(bot.id, Overwrite(deny=Permission.VIEW_CHANNEL))
    ids = frozenset({club.videos.id, forum.id, club.log.id, 5})
    await club.settle_in(channel_ids=ids, log_channel_id=club.log.id)

    report = (await saved(club, await opened(club))).text

    assert f"I can't post in <#{club.videos.id}>: missing Attach Files." in report
    assert f"I can't post in <#{forum.id}>: missing Send Messages in Threads." in report
    assert f"I can't post in <#{club.log.id}>: missing View Channel" in report
    assert "I can't post in <#5>: missing View Channel." in report


@pytest.mark.parametrize(
    ("permissions", "told"),
    [(Permission(0), True), (Permission.MODERATE_MEMBERS, False), (Permission.ADMINISTRATOR, False)],
)
async def test_a_moderator_role_that_discord_does_not_show_the_command_to_is_told_of(
    club: Club, permissions: Permission, told: bool
) -> None:
    helpers = club.guild.add_role("Helpers", permissions=permissions)
    helper = club.person(club.guild.add_member("hal", roles=[helpers]))
    await wait_until(lambda: _knows(club, helpers.id))
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


def _knows(club: Club, role_id: int) -> bool:
    guild = club.bot.get_guild(club.guild.id)
    return guild is not None and guild.get_role(role_id) is not None


@pytest.mark.parametrize("press", ["Save", "More…", "Time zone: UTC"])
async def test_who_is_no_manager_any_more_can_press_nothing(club: Club, press: str) -> None:
    panel = await opened(club)
    club.manager_member.take(*club.manager_member.roles)

    answer = await club.manager.click(panel, press)
    pick = await club.manager.select(panel, menu(panel, ROLES), [])

    assert answer.text == "Only members who may manage this server can do that."
    assert pick.text == answer.text
    assert (await club.chosen()).choices.role_ids == {club.makers.id}


async def test_a_panel_that_nobody_presses_closes_with_a_sentence(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cog, "PANEL_SECONDS", 0.05)

    panel = await opened(club)

    await wait_until(lambda: not panel.selects)
    assert panel.text.startswith("This panel was closed")
    assert panel.buttons == {}


async def test_a_panel_that_was_dismissed_closes_quietly(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cog, "PANEL_SECONDS", 0.05)

    with nothing_unhandled():
        panel = await opened(club)
        panel.delete()
        await wait_until(lambda: any(each.method == "PATCH" and each.status for each in club.server.exchanges.recorded))
        await asyncio.sleep(0.02)

    assert panel.deleted


async def test_a_panel_outlives_the_token_of_the_command_that_opened_it(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cog, "PANEL_SECONDS", 0.4)
    answer = await club.manager.invoke("video-admin setup", channel=club.videos)
    panel = answer.reply
    await club.manager.select(panel, menu(panel, CHANNELS), [club.log])

    club.server.expire_token(answer.interaction)

    await wait_until(lambda: panel.text.startswith("This panel was closed"))


async def test_a_report_is_not_closed_when_the_panel_would_have_been(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cog, "PANEL_SECONDS", 0.4)
    report = await saved(club, await opened(club))

    await asyncio.sleep(0.5)

    assert "This server is approved." in report.text
