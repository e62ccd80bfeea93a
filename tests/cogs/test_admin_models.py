"""/video-admin models: what each model costs here, prices that a manager sets, the usual model, who may."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.audit import Act, Action
from bot.domain.guild import GuildChoices
from bot.domain.notice import NoticeKind
from bot.store import acts, notices
from bot.store.database import Database
from cogs import paging
from sandbox.discord import Answer, ClientRefusesError, DiscordServer, Message, Person, wait_until
from tests.bot.store.records import NOW
from tests.cogs.club import Club, open_club
from tests.sandbox.discord.conftest import wire_faults

UNPRICED = Path(__file__).parents[1] / "bot" / "catalogue" / "unpriced.toml"
"""Hailuo 2.3 has no price for what is usual with it."""
SET = "Set a price…"
MODEL, LENGTH, DOLLARS = "Model", "Length in seconds", "Dollars"
HAILUO = {MODEL: "hailuo-2.3"}
MANAGERS_ONLY = "Only members who may manage this server can do that."


@pytest.fixture
async def mall(database: Database, tmp_path: Path) -> AsyncIterator[Club]:
    """A club whose operator knows no price of Hailuo."""
    async with open_club(DiscordServer(), database, tmp_path, UNPRICED) as opened:
        await opened.settle_in()
        yield opened
    assert wire_faults(opened.server) == []


async def opened(club: Club) -> Message:
    """The panel as the manager sees it."""
    return (await club.manager.invoke("video-admin models", channel=club.videos)).reply


def menu(panel: Message) -> str:
    """The id of the menu of models."""
    (only,) = panel.selects
    return only


async def priced(club: Club, panel: Message, values: dict[str, object]) -> Answer:
    """What comes of sending the form."""
    return await club.manager.submit((await club.manager.click(panel, SET)).form, values)


async def choices(club: Club) -> GuildChoices:
    return (await club.chosen()).choices


async def recorded(club: Club) -> list[Act]:
    """What the server's managers have done, newest first."""
    return list(await club.ask(lambda tx: acts.of_guild(tx, club.guild.id, offset=0, limit=10)))


async def order(club: Club, **options: object) -> Answer:
    return await club.mia.invoke("video", {"prompt": "a cat", **options}, channel=club.videos)


async def test_the_panel_is_private_and_says_what_each_length_costs_and_what_is_an_estimate(club: Club) -> None:
    panel = await opened(club)

    assert panel.ephemeral
    remixes = "remix of 10 s: $0.15 · remix of 15 s: $0.225 (estimate)"
    assert f"**Sora 2**\n10 s: $0.15 · 15 s: $0.225 (estimate) · {remixes}" in panel.text


async def test_what_has_no_price_is_told_so_and_many_lengths_are_told_as_one(mall: Club) -> None:
    text = (await opened(mall)).text

    assert "**Hailuo 2.3**\n6 s: no price, can't be ordered · 10 s: no price, can't be ordered" in text
    assert "**Kling 3**\n3 to 15 s: $0.30 – $1.50 (estimate)" in text


async def test_a_length_without_a_price_cannot_be_ordered_until_a_manager_prices_it(mall: Club) -> None:
    panel = await opened(mall)
    refused = await order(mall, model="hailuo-2.3", duration=6)
    assert refused.text == (
        "Hailuo 2.3 with these options has no price yet, so it can't be ordered. "
        "A manager can set one with /video-admin models."
    )

    await priced(mall, panel, {**HAILUO, LENGTH: "6 s", DOLLARS: "0.30"})

    assert "Saved." in panel.text
    assert "6 s: $0.30 (set here) · 10 s: no price, can't be ordered" in panel.text
    still_refused = await order(mall, model="hailuo-2.3", duration=10)
    assert "has no price yet" in still_refused.text
    assert "Queued" in (await order(mall, model="hailuo-2.3", duration=6)).text
    assert (await mall.job()).price == 3_000


async def test_a_price_by_the_second_holds_for_every_length_that_has_none_of_its_own(mall: Club) -> None:
    panel = await opened(mall)
    await priced(mall, panel, {**HAILUO, LENGTH: "6", DOLLARS: "0.30"})

    await priced(mall, panel, {**HAILUO, LENGTH: "", DOLLARS: "0.04"})

    assert "6 s: $0.30 (set here) · 10 s: $0.40 (set here)" in panel.text
    assert "Each second of a length without a price of its own: $0.04 (set here)" in panel.text
    assert "Queued" in (await order(mall, model="hailuo-2.3", duration=10)).text
    assert (await mall.job()).price == 4_000


async def test_where_the_service_costs_more_than_the_managers_price_that_counts(mall: Club) -> None:
    panel = await opened(mall)
    await priced(mall, panel, {**HAILUO, LENGTH: "6", DOLLARS: "0.30"})
    form = (
        await mall.mia.invoke("video", {"prompt": "a", "model": "hailuo-2.3", "more": True}, channel=mall.videos)
    ).form

    await mall.mia.submit(form, {"Resolution": "1080P"})

    assert (await mall.job()).price == 4_165


async def test_a_price_is_taken_away_by_leaving_it_empty(mall: Club) -> None:
    await mall.settle_in(prices={"hailuo-2.3/6": 3_000})
    panel = await opened(mall)

    await priced(mall, panel, {**HAILUO, LENGTH: "6", DOLLARS: ""})

    assert (await choices(mall)).prices == {}
    assert "6 s: no price, can't be ordered" in panel.text


async def test_a_higher_price_than_the_services_is_what_members_are_charged(club: Club) -> None:
    panel = await opened(club)

    await priced(club, panel, {LENGTH: "10", DOLLARS: "0.50"})
    await order(club)

    assert (await choices(club)).prices == {"sora-2/10": 5_000}
    assert (await club.job()).price == 5_000


@pytest.mark.parametrize(
    ("length", "dollars", "told"),
    [
        ("10", "0.14", "Sora 2, 10 s: the video service takes $0.15, and videos can't be cheaper here."),
        ("", "0.0149", "Sora 2, 10 s: the video service takes $0.15, and videos can't be cheaper here."),
        ("remix", "0.10", "Sora 2, remix: the video service takes $0.15, and videos can't be cheaper here."),
        ("10", "0.009", "A price is at least $0.01."),
        ("12", "1", "Sora 2 makes no videos of this length. It makes: 10 s, 15 s."),
        ("long", "1", "Sora 2 makes no videos of this length."),
        ("0", "1", "Sora 2 makes no videos of this length."),
        ("10", "much", "I can't read much as dollars."),
    ],
)
async def test_what_cannot_be_a_price_is_refused_with_the_reason_and_can_be_changed(
    club: Club, length: str, dollars: str, told: str
) -> None:
    panel = await opened(club)

    refusal = await priced(club, panel, {LENGTH: length, DOLLARS: dollars})

    assert refusal.ephemeral
    assert refusal.text.startswith(told)
    assert (await choices(club)).prices == {}
    form = (await club.manager.click(refusal.reply, "Change it")).form
    assert form is not None
    assert [field.component.get("value", "") for field in form.fields[1:]] == [length, dollars]
    await club.manager.submit(form, {LENGTH: "10", DOLLARS: "1"})
    assert (await choices(club)).prices == {"sora-2/10": 10_000}
    await wait_until(lambda: "10 s: $1.00 (set here)" in panel.text)


async def test_a_remix_has_a_price_of_its_own(club: Club) -> None:
    panel = await opened(club)

    await priced(club, panel, {LENGTH: "Remix", DOLLARS: "0.20"})

    assert (await choices(club)).prices == {"sora-2/0": 2_000}
    assert "remix of 10 s: $0.20 (set here) · remix of 15 s: $0.225 (estimate)" in panel.text


async def test_the_usual_model_is_chosen_and_taken_back(mall: Club) -> None:
    panel = await opened(mall)

    await mall.manager.select(panel, menu(panel), "kling-3")
    await order(mall)
    assert (await choices(mall)).model_id == "kling-3"
    assert (await mall.job()).model_id == "kling-3"

    await mall.manager.select(panel, menu(panel), "The bot's own choice: Sora 2")
    assert (await choices(mall)).model_id is None


async def test_many_models_are_turned_page_by_page(mall: Club) -> None:
    lengths = {f"{model.id}/{seconds}": 9_999_999_999 for model in mall.catalogue.models for seconds in range(1, 16, 2)}
    await mall.settle_in(prices=lengths)
    panel = await opened(mall)
    seen = panel.text
    while not panel.buttons["Next"].disabled:
        await mall.manager.click(panel, "Next")
        assert len(panel.text) < 3000
        seen += panel.text

    assert all(f"**{model.title}**" in seen for model in mall.catalogue.models)
    assert "more lengths" in seen
    last = mall.catalogue.models[-1]
    form = (await mall.manager.click(panel, SET)).form
    assert form is not None
    assert last.id in [option["value"] for option in form.fields[0].component["options"]]


async def test_every_change_is_recorded_with_before_and_after_and_noted_for_the_log_channel(club: Club) -> None:
    await club.settle_in(prices={"sora-2/15": 4_000}, log_channel_id=club.log.id)
    panel = await opened(club)

    await priced(club, panel, {LENGTH: "15", DOLLARS: "0.50"})
    await club.manager.select(panel, menu(panel), "sora-2")

    chosen, set_ = await recorded(club)
    assert {(act.action, act.actor_id, act.at) for act in (chosen, set_)} == {
        (Action.MODELS, club.manager_member.user.id, NOW)
    }
    assert (json.loads(set_.before or ""), json.loads(set_.after or "")) == (
        {"prices": {"sora-2/15": 4_000}},
        {"prices": {"sora-2/15": 5_000}},
    )
    assert (json.loads(chosen.before or ""), json.loads(chosen.after or "")) == (
        {"model_id": None},
        {"model_id": "sora-2"},
    )
    told = await club.ask(lambda tx: notices.due(tx, NOW, limit=10))
    assert [each.kind for each in told] == [NoticeKind.CHANGED] * 2


@pytest.mark.parametrize("who", ["mia", "mod"])
async def test_members_and_moderators_are_not_offered_the_command(club: Club, who: str) -> None:
    person: Person = getattr(club, who)

    with pytest.raises(ClientRefusesError, match="not offered"):
        await person.invoke("video-admin models", channel=club.videos)


async def test_who_is_no_manager_any_more_can_press_pick_and_send_nothing(mall: Club) -> None:
    panel = await opened(mall)
    form = (await mall.manager.click(panel, SET)).form
    mall.manager_member.take(*mall.manager_member.roles)

    answers = [
        await mall.manager.click(panel, SET),
        await mall.manager.click(panel, "Next"),
        await mall.manager.select(panel, menu(panel), "kling-3"),
        await mall.manager.submit(form, {**HAILUO, LENGTH: "6", DOLLARS: "1"}),
    ]

    assert [answer.text for answer in answers] == [MANAGERS_ONLY] * 4
    assert ((await choices(mall)).prices, (await choices(mall)).model_id) == ({}, None)
    assert await recorded(mall) == []


async def test_a_panel_that_nobody_presses_closes_with_a_sentence(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.05)

    panel = await opened(club)

    await wait_until(lambda: not panel.selects)
    assert "This panel was closed. What was saved is in effect" in panel.text
