"""/video-admin budget: what is spent, what may be, who is told, and who may change it."""

import json

import pytest

from bot.domain.audit import Act, Action
from bot.domain.guild import GuildChoices
from bot.domain.notice import NoticeKind
from bot.store import acts, notices
from cogs import paging
from sandbox.discord import ClientRefusesError, Message, Person, wait_until
from tests.bot.store.records import NOW
from tests.cogs.club import Club, commands_done, nothing_unhandled

CHANGE = "Change budgets…"
DAY, MONTH = "Dollars a day", "Dollars a month"
MANAGERS_ONLY = "Only members who may manage this server can do that."
TOMORROW, NEXT_MONTH = 1773532800, 1775001600
"""Midnight of 15 March and of 1 April 2026, UTC."""


async def opened(club: Club) -> Message:
    """The panel as the manager sees it."""
    return (await club.manager.invoke("video-admin budget", channel=club.videos)).reply


def menu(panel: Message) -> str:
    """The id of the menu of roles."""
    (only,) = panel.selects
    return only


async def choices(club: Club) -> GuildChoices:
    return (await club.chosen()).choices


async def recorded(club: Club) -> list[Act]:
    """What the server's managers have done, newest first."""
    return list(await club.ask(lambda tx: acts.of_guild(tx, club.guild.id, offset=0, limit=10)))


async def noted(club: Club, kind: NoticeKind) -> list[object]:
    """What is to be told of a kind."""
    return [each.about for each in await club.ask(lambda tx: notices.due(tx, NOW, limit=50)) if each.kind is kind]


async def test_the_panel_is_private_and_says_what_is_spent_and_when_it_begins_anew(club: Club) -> None:
    await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    panel = await opened(club)

    assert panel.ephemeral
    assert f"Today: $0.15, without a limit of its own. The next day begins <t:{TOMORROW}:R>." in panel.text
    told = f"This month: $0.15 of $20.00. The next month begins <t:{NEXT_MONTH}:R>, on <t:{NEXT_MONTH}:f>."
    assert told in panel.text
    assert (
        "This server may spend $20.00 a month, which the operator of this bot pays for. You can choose less."
        in panel.text
    )
    assert "Nobody is told at 50 %, 80 %, and 100 %, because no log channel is chosen" in panel.text


async def test_days_and_months_are_those_of_the_servers_time_zone(club: Club) -> None:
    await club.settle_in(time_zone="Asia/Tokyo", log_channel_id=club.log.id)

    text = (await opened(club)).text

    assert f"The next day begins <t:{TOMORROW + 15 * 3600}:R>." in text
    assert "Days and months are those of the time zone Asia/Tokyo." in text
    assert f"At 50 %, 80 %, and 100 % of a budget I tell it once in <#{club.log.id}>." in text


async def test_budgets_are_typed_into_a_form_and_hold_for_the_very_next_order(club: Club) -> None:
    panel = await opened(club)

    await club.manager.submit((await club.manager.click(panel, CHANGE)).form, {DAY: "0,10", MONTH: "$5"})
    refused = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    assert ((await choices(club)).budget_day, (await choices(club)).budget_month) == (1_000, 50_000)
    assert "Today: $0.00 of $0.10." in panel.text
    assert "This server may spend $5.00 a month; the operator of this bot pays for up to $20.00." in panel.text
    assert "Saved." in panel.text
    assert refused.text == (
        "This video costs more than is left of this server's video budget for today. "
        f"A cheaper one may still fit. More is possible <t:{TOMORROW}:R>."
    )


@pytest.mark.parametrize("label", [DAY, MONTH])
async def test_more_than_the_operator_pays_for_is_refused_with_what_that_is(club: Club, label: str) -> None:
    panel = await opened(club)

    refusal = await club.manager.submit((await club.manager.click(panel, CHANGE)).form, {label: "20.01"})

    assert refusal.ephemeral
    assert refusal.text == (
        "The operator of this bot pays up to $20.00 a month for this server, so $20.01 can't be chosen. "
        "Nothing was changed."
    )
    form = (await club.manager.click(refusal.reply, "Change it")).form
    await club.manager.submit(form, {label: "20"})
    assert {(await choices(club)).budget_day, (await choices(club)).budget_month} == {None, 200_000}


@pytest.mark.parametrize("typed", ["", "no limit"])
async def test_budgets_can_be_taken_back(club: Club, typed: str) -> None:
    await club.settle_in(budget_day=1_000, budget_month=50_000)
    panel = await opened(club)
    form = (await club.manager.click(panel, CHANGE)).form
    assert form is not None
    assert [field.component["value"] for field in form.fields] == ["0.1", "5"]

    await club.manager.submit(form, {DAY: typed, MONTH: typed})

    assert ((await choices(club)).budget_day, (await choices(club)).budget_month) == (None, None)


@pytest.mark.parametrize("typed", ["0", "much"])
async def test_what_is_no_amount_is_refused(club: Club, typed: str) -> None:
    panel = await opened(club)

    refusal = await club.manager.submit((await club.manager.click(panel, CHANGE)).form, {DAY: typed})

    assert refusal.text.startswith(f"Dollars a day: I can't take {typed}.")
    assert (await choices(club)).budget_day is None


async def test_a_role_to_mention_is_chosen_and_taken_back(club: Club) -> None:
    panel = await opened(club)

    await club.manager.select(panel, menu(panel), [club.makers])
    assert (await choices(club)).alert_role_id == club.makers.id
    assert [each["id"] for each in panel.selects[menu(panel)]["default_values"]] == [str(club.makers.id)]

    await club.manager.select(panel, menu(panel), [])
    assert (await choices(club)).alert_role_id is None


async def test_everyone_is_not_mentioned_by_alerts(club: Club) -> None:
    panel = await opened(club)

    answer = await club.manager.select(panel, menu(panel), [club.guild.everyone])

    assert answer.text == "Alerts can't mention @everyone. Please choose another role. Nothing was changed."
    assert (await choices(club)).alert_role_id is None


async def test_a_role_that_was_deleted_is_not_shown_as_picked(club: Club) -> None:
    await club.settle_in(alert_role_id=5)

    panel = await opened(club)

    assert panel.selects[menu(panel)].get("default_values", []) == []


async def test_what_was_spent_meanwhile_is_shown_on_a_press(club: Club) -> None:
    panel = await opened(club)
    await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    await club.manager.click(panel, "Refresh")

    assert "Today: $0.15" in panel.text


async def test_a_budget_lowered_below_what_is_spent_is_alerted_of_once(club: Club) -> None:
    await club.settle_in(log_channel_id=club.log.id)
    await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)
    panel = await opened(club)

    for _ in range(2):
        await club.manager.submit((await club.manager.click(panel, CHANGE)).form, {MONTH: "0.18"})

    levels = [about["level"] for about in await noted(club, NoticeKind.BUDGET) if isinstance(about, dict)]
    assert levels == [50, 80]


async def test_every_change_is_recorded_with_before_and_after_and_noted_for_the_log_channel(club: Club) -> None:
    await club.settle_in(budget_month=50_000, log_channel_id=club.log.id)
    panel = await opened(club)

    await club.manager.submit((await club.manager.click(panel, CHANGE)).form, {MONTH: "6"})

    (act,) = await recorded(club)
    assert (act.action, act.actor_id, act.at) == (Action.BUDGET, club.manager_member.user.id, NOW)
    assert (json.loads(act.before or ""), json.loads(act.after or "")) == (
        {"budget_month": 50_000},
        {"budget_month": 60_000},
    )
    assert len(await noted(club, NoticeKind.CHANGED)) == 1


@pytest.mark.parametrize("who", ["mia", "mod"])
async def test_members_and_moderators_are_not_offered_the_command(club: Club, who: str) -> None:
    person: Person = getattr(club, who)

    with pytest.raises(ClientRefusesError, match="not offered"):
        await person.invoke("video-admin budget", channel=club.videos)


async def test_who_is_no_manager_any_more_can_press_pick_and_send_nothing(club: Club) -> None:
    panel = await opened(club)
    form = (await club.manager.click(panel, CHANGE)).form
    club.manager_member.take(*club.manager_member.roles)

    answers = [
        await club.manager.click(panel, CHANGE),
        await club.manager.click(panel, "Refresh"),
        await club.manager.select(panel, menu(panel), [club.makers]),
        await club.manager.submit(form, {DAY: "1"}),
    ]

    assert [answer.text for answer in answers] == [MANAGERS_ONLY] * 4
    assert ((await choices(club)).budget_day, (await choices(club)).alert_role_id) == (None, None)
    assert await recorded(club) == []


async def test_a_panel_that_nobody_presses_closes_with_a_sentence(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.05)

    panel = await opened(club)

    await wait_until(lambda: not panel.selects)
    assert "This panel was closed. What was saved is in effect" in panel.text


async def test_a_form_that_was_filled_in_for_longer_than_the_panel_lives_saves_and_brings_no_dead_buttons_back(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.3)
    panel = await opened(club)
    form = (await club.manager.click(panel, CHANGE)).form
    await wait_until(lambda: not panel.selects)

    await club.manager.submit(form, {DAY: "1"})

    assert (await choices(club)).budget_day == 10_000
    assert "of $1.00" in panel.text
    assert (list(panel.buttons), list(panel.selects)) == ([], [])


@pytest.mark.parametrize("seconds", [0.3, 600])
async def test_what_is_sent_after_the_panel_has_gone_is_saved_all_the_same(
    club: Club, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", seconds)
    with nothing_unhandled():
        panel = await opened(club)
        refusal = await club.manager.submit((await club.manager.click(panel, CHANGE)).form, {DAY: "x"})
        form = (await club.manager.click(refusal.reply, "Change it")).form
        if seconds < 1:
            await wait_until(lambda: not panel.selects)
        else:
            panel.delete()

        await club.manager.submit(form, {DAY: "1"})
        await commands_done()

    assert refusal.reply.text == "Saved."
    assert (await choices(club)).budget_day == 10_000
