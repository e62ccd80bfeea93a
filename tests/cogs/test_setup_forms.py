"""The forms of /video-admin setup: limits, budget, time zone, prices, results."""

import pytest

from bot.domain.tier import NO_LIMIT, Tier
from sandbox.discord import Form, wait_until
from tests.cogs.club import Club
from tests.cogs.setting_up import (
    ABOVE,
    AGE_RESTRICTED,
    AMOUNTS,
    APPROVAL,
    BUDGET,
    HIDDEN_PROMPTS,
    MANAGERS_ONLY,
    PICTURES,
    PRICES,
    RESULTS,
    SPOILERS,
    WATERMARK,
    at,
    opened,
    press,
    saved,
)


def ticked(form: Form | None) -> list[str]:
    """The boxes of a form that are ticked as it opens."""
    assert form is not None
    options = [option for field in form.fields for option in field.component.get("options", ())]
    return [option["label"] for option in options if option.get("default")]


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


async def test_a_form_that_was_refused_opens_again_with_all_that_was_entered(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, "More…")).form

    refused = (await club.manager.submit(form, {ABOVE: "a few", PRICES: True, PICTURES: True})).reply
    again = (await club.manager.click(refused, "Change it")).form
    await club.manager.submit(again, {ABOVE: "2"})
    await saved(club, panel)

    choices = (await club.chosen()).choices
    assert (choices.confirm_above, choices.show_money, choices.animate_any) == (20_000, True, True)


async def test_a_time_zone_that_was_refused_can_be_mended(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, "Time zone: UTC")).form

    refused = (await club.manager.submit(form, {"A name such as Europe/Berlin": "Berlin"})).reply
    again = (await club.manager.click(refused, "Change it")).form
    await club.manager.submit(again, {"A name such as Europe/Berlin": "Europe/Berlin"})

    await wait_until(lambda: "Time zone: Europe/Berlin" in panel.buttons)


async def test_an_amount_that_is_none_is_refused_and_nothing_changes(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, "More…")).form

    answer = await club.manager.submit(form, {ABOVE: "a few", PRICES: True})
    await saved(club, panel)

    assert answer.ephemeral
    assert answer.text.startswith("I can't read a few as dollars.")
    assert not (await club.chosen()).choices.show_money


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

    assert list(answer.reply.buttons) == []
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


async def test_the_watermark_is_there_until_its_tick_is_taken_away_which_is_told(club: Club) -> None:
    panel = await opened(club)
    at_first = (await press(club, panel, "Results…")).form
    await club.manager.submit(at_first, {RESULTS: []})
    told = panel.text
    without = (await press(club, panel, "Results…")).form
    report = await saved(club, panel)
    chosen = (await club.chosen()).choices.watermark

    panel = await opened(club)
    await club.manager.submit((await press(club, panel, "Results…")).form, {RESULTS: [WATERMARK]})
    again = await saved(club, panel)

    assert (ticked(at_first), ticked(without), chosen) == ([WATERMARK], [], False)
    assert "Chosen with **More…** and **Results…**: No watermark" in told
    assert "Videos have no watermark unless their member wants one." in report.text
    assert (await club.chosen()).choices.watermark
    assert "watermark" not in again.text


async def test_the_last_step_says_what_its_forms_have_chosen(club: Club) -> None:
    await club.settle_in(confirm_above=5000, show_money=True)
    panel = await opened(club)
    before = (await at(club, panel, 2)).text
    form = (await press(club, panel, "Results…")).form

    await club.manager.submit(form, {RESULTS: [SPOILERS, WATERMARK]})

    chosen = "Chosen with **More…** and **Results…**: Buttons ask first above $0.50 · Show prices to members"
    assert chosen in before
    assert f"{chosen} · Every video as a spoiler" in panel.text
    assert not (await club.chosen()).choices.spoilers


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
    shown = (await at(club, panel, 1)).text
    assert "This server may spend $20.00 a month, which the operator of this bot pays for." in shown

    form = (await press(club, panel, BUDGET, 1)).form
    await club.manager.submit(form, {"Dollars a day": "1", "Dollars a month": "5"})
    report = (await saved(club, panel)).text

    choices = (await club.chosen()).choices
    assert (choices.budget_day, choices.budget_month) == (10_000, 50_000)
    assert "This server may spend $1.00 a day." in report
    assert "This server may spend $5.00 a month; the operator of this bot pays for up to $20.00." in report


async def test_a_form_that_was_refused_can_be_sent_again_and_the_panel_shows_it(club: Club) -> None:
    panel = await opened(club)
    form = (await press(club, panel, BUDGET, 1)).form

    refused = (await club.manager.submit(form, {"Dollars a day": "", "Dollars a month": "21"})).reply
    because = refused.text
    again = (await club.manager.click(refused, "Change it")).form
    told = await club.manager.submit(again, {"Dollars a month": "20"})
    await wait_until(lambda: "This server may spend $20.00 a month;" in panel.text)
    await saved(club, panel)

    assert because.startswith("The operator of this bot pays up to $20.00 a month for this server, so $21.00")
    assert told.text == "The panel above shows it. It is in effect once you press **Save** there."
    assert (await club.chosen()).choices.budget_month == 200_000
