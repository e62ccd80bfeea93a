"""/video-admin setup: the panel, the form for the time zone, the report."""

import asyncio

import pytest

from bot.domain.guild import GuildChoices
from bot.domain.notice import NoticeKind
from bot.domain.tier import NO_LIMIT, Tier
from bot.store import guilds, notices
from cogs.video_admin import cog
from sandbox.club import TRYING
from sandbox.discord import Answer, ChannelKind, ClientRefusesError, Message, Permission, Person, User, wait_until
from sandbox.discord.channels import Overwrite
from sandbox.discord.components import walk
from sandbox.discord.messages import SUPPRESS_NOTIFICATIONS
from sandbox.stage import BOT_PERMISSIONS
from sandbox.stops import Stage as Point
from tests.bot.client.stage import answering
from tests.bot.store.records import NOW
from tests.cogs.club import Club, nothing_unhandled

CHANNELS, CLIPS, ANNOUNCEMENTS, GALLERY = ((0, place) for place in range(4))
ROLES, DENIED, MODERATORS = ((1, place) for place in range(3))
LOG, ALERTED, LANGUAGE = ((2, place) for place in range(3))
ABOVE = "Buttons ask first above (dollars)"
PRICES = "Show prices to members"
PICTURES = "Anybody's pictures may be animated"
RESULTS = "How videos are shown"
HIDDEN_PROMPTS = "Hide prompts in messages that everybody sees"
SPOILERS = "Every video as a spoiler, hidden until it is clicked"
AGE_RESTRICTED = "Make videos in age-restricted channels only"
AMOUNTS, APPROVAL, BUDGET = "Everyone's amounts…", "Everyone's approval and models…", "Budget…"
HIDDEN = Overwrite(deny=Permission.VIEW_CHANNEL)
LENDING = Overwrite(
    allow=Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.ATTACH_FILES | Permission.READ_MESSAGE_HISTORY
)


Place = tuple[int, int]
"""Of a menu: its step, and its place there."""


def step_of(panel: Message) -> int:
    """The step that the panel shows, counted from 0."""
    return int(panel.text.split("step ")[1][0]) - 1


async def at(club: Club, panel: Message, step: int) -> Message:
    """The panel, turned to a step."""
    while step_of(panel) != step:
        await club.manager.click(panel, "Next" if step_of(panel) < step else "Back")
    return panel


def menu(panel: Message, place: Place) -> str:
    """The id of a menu of the step that is shown."""
    assert step_of(panel) == place[0]
    return list(panel.selects)[place[1]]


async def pick(club: Club, panel: Message, place: Place, values: object) -> Answer:
    """Turn to a menu's step and choose there."""
    return await club.manager.select(panel, menu(await at(club, panel, place[0]), place), values)


async def press(club: Club, panel: Message, label: str, step: int = 2) -> Answer:
    """Turn to a step and press a button there."""
    return await club.manager.click(await at(club, panel, step), label)


async def picked(club: Club, panel: Message, place: Place) -> list[int]:
    """What a menu has picked from the start."""
    shown = await at(club, panel, place[0])
    return [int(each["id"]) for each in shown.selects[menu(shown, place)].get("default_values", [])]


async def opened(club: Club) -> Message:
    """The panel as the manager sees it."""
    return (await club.manager.invoke("video-admin setup", channel=club.videos)).reply


async def saved(club: Club, panel: Message, by: Person | None = None) -> Answer:
    """The report after Save, once it is complete."""
    answer = await (by or club.manager).click(panel, "Save")
    await wait_until(lambda: TRYING not in answer.text)
    return answer


async def test_the_panel_is_private_and_shows_the_present_choices(club: Club) -> None:
    await club.settle_in(channel_ids=frozenset({club.videos.id}), log_channel_id=club.log.id, time_zone="Asia/Tokyo")

    panel = await opened(club)

    assert panel.ephemeral
    assert await picked(club, panel, ROLES) == [club.makers.id]
    assert await picked(club, panel, CHANNELS) == [club.videos.id]
    assert await picked(club, panel, MODERATORS) == []
    assert await picked(club, panel, LOG) == [club.log.id]
    assert "Time zone: Asia/Tokyo" in (await at(club, panel, 2)).buttons


async def test_what_was_picked_is_saved_and_told(club: Club) -> None:
    editors = club.guild.add_role("Editors")
    panel = await opened(club)
    await pick(club, panel, ROLES, [club.makers, editors])
    await pick(club, panel, CHANNELS, [club.videos])
    await pick(club, panel, MODERATORS, [editors])
    await pick(club, panel, LOG, [club.log])
    await pick(club, panel, LANGUAGE, "de")

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
    assert "✗" not in report.text
    assert report.reply.selects == {}


async def test_every_pick_is_shown_as_picked(club: Club) -> None:
    panel = await opened(club)

    await pick(club, panel, CHANNELS, [club.log])

    assert await picked(club, panel, CHANNELS) == [club.log.id]
    assert await picked(club, panel, ROLES) == [club.makers.id]


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

    assert await picked(club, panel, ROLES) == [club.makers.id]
    assert await picked(club, panel, CHANNELS) == [club.videos.id]
    assert await picked(club, panel, MODERATORS) == []
    assert await picked(club, panel, LOG) == []


async def test_choices_can_be_taken_back(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)
    panel = await opened(club)
    await pick(club, panel, ROLES, [])
    await pick(club, panel, LOG, [])

    report = await saved(club, panel)

    choices = (await club.chosen()).choices
    assert (choices.role_ids, choices.log_channel_id) == (frozenset(), None)
    assert "members with Manage Server only" in report.text
    assert "Videos are made in every channel." in report.text
    assert "because no log channel is chosen" in report.text


async def test_the_time_zone_is_typed_into_a_form(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, "Time zone: UTC")).form

    await club.manager.submit(form, {"A name such as Europe/Berlin": " america/new york"})
    report = await saved(club, panel)

    assert "Time zone: America/New_York" not in panel.buttons
    assert "A day begins at midnight in America/New_York." in report.text
    assert (await club.chosen()).choices.time_zone == "America/New_York"


async def test_an_unknown_time_zone_is_refused_and_the_panel_stays(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, "Time zone: UTC")).form

    answer = await club.manager.submit(form, {"A name such as Europe/Berlin": "Middle Earth"})

    assert answer.ephemeral
    assert answer.text.startswith("I don't know the time zone Middle Earth.")
    assert "Time zone: UTC" in panel.buttons


async def test_prices_and_pictures_are_chosen_in_a_form_and_told(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, "More…")).form

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
    form = (await press(club, panel, "More…")).form
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
    form = (await press(club, panel, "More…")).form

    answer = await club.manager.submit(form, {ABOVE: "a few", PRICES: True})
    await saved(club, panel)

    assert answer.ephemeral
    assert answer.text.startswith("I can't read a few as dollars.")
    assert not (await club.chosen()).choices.show_money


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

    assert f"<#{club.log.id}> is no announcement channel, so nothing can be published there." in report


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


MANAGERS_ONLY = "Only members who may manage this server can do that."


@pytest.mark.parametrize("step", range(3))
async def test_who_is_no_manager_any_more_is_refused_at_every_button_and_menu(club: Club, step: int) -> None:
    panel = await at(club, await opened(club), step)
    before, shown = await club.chosen(), panel.text
    club.manager_member.take(*club.manager_member.roles)

    answers = [await club.manager.click(panel, label) for label in panel.buttons]
    for custom_id, each in panel.selects.items():
        values = ["en-US"] if each.get("options") else []
        answers.append(await club.manager.select(panel, custom_id, values))

    assert {(answer.text, answer.ephemeral) for answer in answers} == {(MANAGERS_ONLY, True)}
    assert len(answers) == len(panel.buttons) + len(panel.selects) > 5
    assert (panel.text, await club.chosen()) == (shown, before)


@pytest.mark.parametrize(
    ("step", "label"),
    [(2, "Time zone: UTC"), (2, "More…"), (2, "Results…"), (1, AMOUNTS), (1, APPROVAL), (1, BUDGET)],
)
async def test_who_is_no_manager_any_more_is_refused_by_a_form_that_is_open(club: Club, step: int, label: str) -> None:
    panel = await opened(club)
    form = (await press(club, panel, label, step)).form
    club.manager_member.take(*club.manager_member.roles)

    answer = await club.manager.submit(form, {})

    assert (answer.text, answer.ephemeral) == (MANAGERS_ONLY, True)


async def test_a_form_that_is_sent_after_the_panel_was_saved_is_too_old(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, "Results…")).form
    await saved(club, panel)

    answer = await club.manager.submit(form, {RESULTS: [SPOILERS]})

    assert answer.text == "This form is too old; please start again."
    assert not (await club.chosen()).choices.spoilers


async def test_how_results_are_shown_is_ticked_in_a_form_and_told(club: Club) -> None:
    await club.settle_in(keep_status=True, hide_prompts=True)
    panel = await opened(club)
    form = (await press(club, panel, "Results…")).form

    await club.manager.submit(form, {RESULTS: [HIDDEN_PROMPTS, SPOILERS, AGE_RESTRICTED]})
    report = await saved(club, panel)

    choices = (await club.chosen()).choices
    ticked = (choices.hide_prompts, choices.spoilers, choices.age_restricted_only)
    unticked = (choices.keep_status, choices.publish, choices.result_threads)
    assert ticked == (True, True, True)
    assert unticked == (False, False, False)
    assert "Prompts are hidden in messages that everybody sees." in report.text
    assert "Every video is a spoiler." in report.text
    assert "Of these, only age-restricted channels count." in report.text


async def test_where_results_go_and_who_is_alerted_is_chosen_and_told(club: Club) -> None:
    news, gallery = club.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT), club.guild.add_channel("gallery")
    await wait_until(lambda: club.bot.get_channel(gallery.id) is not None)
    panel = await opened(club)

    await pick(club, panel, ANNOUNCEMENTS, [news])
    await pick(club, panel, GALLERY, [gallery])
    await pick(club, panel, DENIED, [club.makers])
    await pick(club, panel, LOG, [club.log])
    await pick(club, panel, ALERTED, [club.makers])
    report = (await saved(club, panel)).text

    choices = (await club.chosen()).choices
    assert (choices.announcement_channel_id, choices.gallery_channel_id) == (news.id, gallery.id)
    assert choices.denied_role_ids == {club.makers.id}
    assert choices.alert_role_id == club.makers.id
    assert f"A copy of each video is posted in <#{news.id}>." in report
    assert f"Finished videos are posted in <#{gallery.id}>." in report
    assert f"Nobody with one of these roles can make videos: <@&{club.makers.id}>." in report
    assert f"<@&{club.makers.id}> is notified there when a budget is nearly or fully used." in report


@pytest.mark.parametrize("mentionable", [True, False])
async def test_a_role_that_a_mention_would_not_notify_is_told_of(club: Club, mentionable: bool) -> None:
    await club.settle_in(log_channel_id=club.log.id, alert_role_id=club.makers.id)
    if not mentionable:
        club.log.overwrite(club.guild.me.id, Overwrite(deny=Permission.MENTION_EVERYONE))

    report = (await saved(club, await opened(club))).text

    assert (f"Discord won't notify <@&{club.makers.id}>" in report) is not mentionable


def answers_given(club: Club) -> int:
    """How many commands, buttons and menus the bot has answered."""
    return sum(each.path.endswith("/callback") for each in club.server.exchanges.recorded)


async def test_a_fresh_server_is_set_up_by_the_panel_alone_in_seven_interactions(club: Club) -> None:
    other = club.server.world.add_guild("Elsewhere", owner=club.server.world.owner, bot_permissions=BOT_PERMISSIONS)
    videos, log = other.add_channel("videos"), other.add_channel("log")
    makers = other.add_role("Makers")
    await wait_until(lambda: club.bot.get_guild(other.id) is not None)
    owner, before = club.server.person(other.owner), answers_given(club)

    panel = (await owner.invoke("video-admin setup", channel=videos)).reply
    await owner.select(panel, menu(panel, CHANNELS), [videos])
    await owner.click(panel, "Next")
    await owner.select(panel, menu(panel, ROLES), [makers])
    await owner.click(panel, "Next")
    await owner.select(panel, menu(panel, LOG), [log])
    report = await saved(club, panel, owner)

    assert answers_given(club) - before == 7
    assert "This server is approved." in report.text
    assert report.text.count("✓") == 2
    chosen = await club.ask(lambda tx: guilds.get(tx, other.id))
    assert chosen.approved
    assert chosen.set_up_at == NOW
    assert chosen.choices == GuildChoices(
        channel_ids=frozenset({videos.id}), role_ids=frozenset({makers.id}), log_channel_id=log.id
    )


async def test_what_others_change_while_the_panel_is_open_stays(club: Club) -> None:
    panel = await opened(club)
    await pick(club, panel, LOG, [club.log])
    await club.settle_in(words=("gore",), pause="cleaning", prices={"sora-2": 1}, budget_month=5)

    await saved(club, panel)

    choices = (await club.chosen()).choices
    assert (choices.words, choices.pause, choices.prices) == (("gore",), "cleaning", {"sora-2": 1})
    assert (choices.budget_month, choices.log_channel_id) == (5, club.log.id)


async def test_roles_that_a_menu_has_no_room_for_are_kept(club: Club) -> None:
    roles = [club.guild.add_role(f"Role {number}") for number in range(30)]
    await wait_until(lambda: _knows(club, roles[-1].id))
    await club.settle_in(role_ids=frozenset(role.id for role in roles))
    panel = await opened(club)
    shown = await picked(club, panel, ROLES)

    await pick(club, panel, ROLES, [club.makers])
    await saved(club, panel)

    assert len(shown) == 25
    assert (await club.chosen()).choices.role_ids == {club.makers.id} | ({role.id for role in roles} - set(shown))


async def test_one_can_go_back_and_nothing_chosen_is_lost(club: Club) -> None:
    panel = await opened(club)
    await pick(club, panel, CHANNELS, [club.log])
    await pick(club, panel, LANGUAGE, "de")

    assert await picked(club, panel, CHANNELS) == [club.log.id]
    assert "Back" not in panel.buttons
    assert "Next" not in (await at(club, panel, 2)).buttons


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
    await pick(club, panel, CHANNELS, [club.log])

    club.server.expire_token(answer.interaction)

    await wait_until(lambda: panel.text.startswith("This panel was closed"))


async def test_a_report_is_not_closed_when_the_panel_would_have_been(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cog, "PANEL_SECONDS", 0.4)
    report = await saved(club, await opened(club))

    await asyncio.sleep(0.5)

    assert "This server is approved." in report.text


async def test_the_limits_of_everyone_are_entered_in_forms_and_told(club: Club) -> None:
    panel = await opened(club)
    assert "Limits of everyone: 3 videos a day, 1 at once, any length" in (await at(club, panel, 1)).text

    amounts = (await press(club, panel, AMOUNTS, 1)).form
    await club.manager.submit(amounts, {"Videos a day": "5", "Videos at once": "no limit", "Dollars a month": "2.50"})
    approval = (await press(club, panel, APPROVAL, 1)).form
    await club.manager.submit(approval, {"A manager approves above (seconds)": "10"})
    shown = panel.text
    before = (await club.chosen()).choices.tiers
    report = (await saved(club, panel)).text

    assert before == {}
    tier = Tier(videos_a_day=5, at_once=NO_LIMIT, month=25_000, approval_seconds=10)
    assert (await club.chosen()).choices.tiers == {club.guild.id: tier}
    told = "Limits of everyone: 5 videos a day, any number at once, any length, $2.50 a month, every model, "
    for text in (shown, report):
        assert f"{told}a manager approves above 10 s, no approval by price." in text
    assert "What a manager has to approve can't be ordered, because no log channel is chosen." in report


async def test_the_limits_of_roles_stay_when_those_of_everyone_are_entered(club: Club) -> None:
    tiers = {club.makers.id: Tier(videos_a_day=9), club.guild.id: Tier(seconds=15)}
    await club.settle_in(tiers=tiers)
    panel = await opened(club)

    form = (await press(club, panel, AMOUNTS, 1)).form
    await club.manager.submit(form, {"Videos a day": "5"})
    await saved(club, panel)

    everyone = Tier(seconds=15, videos_a_day=5)
    assert (await club.chosen()).choices.tiers == {**tiers, club.guild.id: everyone}


async def test_the_budget_is_entered_in_a_form_and_told(club: Club) -> None:
    panel = await opened(club)
    assert "The operator of this bot pays up to $20.00 a month." in (await at(club, panel, 1)).text

    form = (await press(club, panel, BUDGET, 1)).form
    await club.manager.submit(form, {"Dollars a day": "1", "Dollars a month": "5"})
    report = (await saved(club, panel)).text

    choices = (await club.chosen()).choices
    assert (choices.budget_day, choices.budget_month) == (10_000, 50_000)
    assert "You have chosen $1.00 a day." in report
    assert "You have chosen $5.00 a month; the operator of this bot pays up to $20.00." in report


async def test_a_form_that_was_refused_can_be_sent_again_and_the_panel_shows_it(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, BUDGET, 1)).form

    refused = (await club.manager.submit(form, {"Dollars a day": "", "Dollars a month": "21"})).reply
    because = refused.text
    again = (await club.manager.click(refused, "Change it")).form
    told = await club.manager.submit(again, {"Dollars a month": "20"})
    await wait_until(lambda: "You have chosen $20.00 a month" in panel.text)
    await saved(club, panel)

    assert because.startswith("The operator of this bot pays up to $20.00 a month for this server, so $21.00")
    assert told.text == "The panel above shows it. It is in effect once you press **Save** there."
    assert (await club.chosen()).choices.budget_month == 200_000


@pytest.mark.parametrize(
    ("place", "told"),
    [(DENIED, "Everybody has the role @everyone"), (ALERTED, "Alerts can't mention @everyone.")],
)
async def test_everybody_can_neither_be_denied_nor_alerted(club: Club, place: Place, told: str) -> None:
    panel = await opened(club)

    answer = await pick(club, panel, place, [club.guild.everyone])
    await saved(club, panel)

    assert answer.ephemeral
    assert answer.text.startswith(told)
    choices = (await club.chosen()).choices
    assert (choices.denied_role_ids, choices.alert_role_id) == (frozenset(), None)


async def test_each_step_of_the_largest_choices_is_below_discords_limits(club: Club) -> None:
    rooms = [club.guild.add_channel(f"room-{number}-{'x' * 80}") for number in range(26)]
    roles = [club.guild.add_role(f"Role {number} {'x' * 80}") for number in range(26)]
    await wait_until(lambda: _knows(club, roles[-1].id) and club.bot.get_channel(rooms[-1].id) is not None)
    many, places = frozenset(role.id for role in roles), frozenset(room.id for room in rooms)
    limits = Tier(99_999, 99_999, 99_999, 9_999_999_999, frozenset({"sora-2", "x" * 60}), 99_999, 9_999_999_999)
    await club.settle_in(
        role_ids=many,
        denied_role_ids=many,
        channel_ids=places,
        clip_channel_id=rooms[0].id,
        gallery_channel_id=rooms[0].id,
        log_channel_id=rooms[0].id,
        tiers={club.guild.id: limits},
        budget_day=199_999,
        budget_month=199_999,
        time_zone="America/Argentina/ComodRivadavia",
    )
    panel = await opened(club)

    for step in range(3):
        shown = await at(club, panel, step)
        assert len(list(walk(shown.components))) <= 40
        assert len(shown.text) <= 2000
        assert all(len(label) <= 80 for label in shown.buttons)
