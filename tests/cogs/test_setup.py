"""/video-admin setup: three steps, what is picked and kept, and who may."""

import asyncio

import pytest

from bot.domain.guild import GuildChoices
from bot.domain.tier import Tier
from bot.store import guilds
from cogs.video_admin import cog
from sandbox.discord import ChannelKind, wait_until
from sandbox.discord.components import walk
from sandbox.stage import BOT_PERMISSIONS
from tests.bot.store.records import NOW
from tests.cogs.club import Club, nothing_unhandled
from tests.cogs.setting_up import (
    ALERTED,
    ANNOUNCEMENTS,
    CHANNELS,
    DENIED,
    GALLERY,
    LANGUAGE,
    LOG,
    MANAGERS_ONLY,
    MODERATORS,
    ROLES,
    Place,
    at,
    knows,
    menu,
    opened,
    pick,
    picked,
    saved,
    step_of,
)


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
    assert f"Moderators see every video, also private ones, and reports in <#{club.log.id}>." in report.text
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
    assert f"Budget alerts there mention <@&{club.makers.id}>." in report


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
    await wait_until(lambda: knows(club, roles[-1].id))
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


async def test_a_double_press_of_next_turns_one_step(club: Club) -> None:
    panel = await at(club, await opened(club), 1)

    answers = await asyncio.gather(*(club.manager.click(panel, "Next") for _ in range(2)))

    assert [answer.message for answer in answers] == [panel, panel]
    assert step_of(panel) == 2


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
    await wait_until(lambda: knows(club, roles[-1].id) and club.bot.get_channel(rooms[-1].id) is not None)
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
