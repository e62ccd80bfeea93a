"""/video-admin limits: tiers in words, the forms that change them, denied roles, who may."""

import json

import pytest

from bot.domain.audit import Act, Action
from bot.domain.guild import GuildChoices
from bot.domain.notice import NoticeKind
from bot.domain.tier import ALL_MODELS, NO_LIMIT, Tier
from bot.store import acts, notices
from cogs import paging
from sandbox.discord import Answer, ClientRefusesError, Message, Person, wait_until
from sandbox.discord.guild import Role
from tests.bot.store.records import NOW
from tests.cogs.club import Club

ROLE, DENIED, DELETED = range(3)
MANAGERS_ONLY = "Only members who may manage this server can do that."
AMOUNTS, APPROVAL = "Amounts…", "Approval and models…"
VIDEOS, AT_ONCE, SECONDS, MONTH = "Videos a day", "Videos at once", "Seconds of a video, at most", "Dollars a month"
ABOVE_SECONDS, ABOVE_PRICE = "A manager approves above (seconds)", "A manager approves above (dollars)"


async def opened(club: Club) -> Message:
    """The panel as the manager sees it."""
    return (await club.manager.invoke("video-admin limits", channel=club.videos)).reply


def menu(panel: Message, number: int) -> str:
    """The id of a menu, by its place."""
    return list(panel.selects)[number]


async def of_role(club: Club, role: Role) -> Message:
    """The panel with one role's limits open."""
    panel = await opened(club)
    await club.manager.select(panel, menu(panel, ROLE), [role])
    return panel


async def fill(club: Club, panel: Message, button: str, values: dict[str, object]) -> Answer:
    """What comes of sending a form of the panel."""
    return await club.manager.submit((await club.manager.click(panel, button)).form, values)


async def choices(club: Club) -> GuildChoices:
    return (await club.chosen()).choices


async def new_role(club: Club, name: str) -> Role:
    """A role that the bot has heard of."""
    role = club.guild.add_role(name)
    await wait_until(lambda: _knows(club, role.id))
    return role


def _knows(club: Club, role_id: int) -> bool:
    guild = club.bot.get_guild(club.guild.id)
    return guild is not None and guild.get_role(role_id) is not None


async def recorded(club: Club) -> list[Act]:
    """What the server's managers have done, newest first."""
    return list(await club.ask(lambda tx: acts.of_guild(tx, club.guild.id, offset=0, limit=10)))


async def test_the_panel_is_private_and_says_first_what_holds_for_everyone(club: Club) -> None:
    panel = await opened(club)

    assert panel.ephemeral
    assert (
        "**Everyone**\n3 videos a day, 1 at once, any length, any amount of dollars a month, every model, "
        "no approval by length, no approval by price" in panel.text
    )
    assert "Not chosen by anybody, so as usual: videos a day, videos at once, length, dollars a month" in panel.text


async def test_a_tier_is_told_in_words_with_what_it_says_nothing_of_and_what_changes_nothing(club: Club) -> None:
    tier = Tier(videos_a_day=5, seconds=15, month=50_000, models=frozenset({"sora-2"}), approval_price=5_000)
    everyone = Tier(seconds=10, approval_price=NO_LIMIT)
    await club.settle_in(tiers={club.makers.id: tier, club.guild.id: everyone})

    text = (await opened(club)).text

    assert (
        f"**<@&{club.makers.id}>**\n5 videos a day, 2 at once, up to 15 s, $5.00 a month, only Sora 2, "
        "a manager approves above $0.50\n"
        "Says nothing of approval by length: as for everyone.\n"
        "Changes nothing, because everyone has as much or more: dollars a month, models, and approval by price." in text
    )
    assert "3 videos a day, 1 at once, up to 10 s" in text


@pytest.mark.parametrize("tier", [Tier(approval_seconds=0), Tier(approval_price=0)])
async def test_approval_above_nothing_is_approval_of_every_video(club: Club, tier: Tier) -> None:
    await club.settle_in(tiers={club.makers.id: tier})

    text = (await opened(club)).text

    assert f"**<@&{club.makers.id}>**\n2 at once, a manager approves every video\n" in text


async def test_a_role_gets_limits_and_may_make_videos_from_then_on(club: Club) -> None:
    editors = await new_role(club, "Editors")
    panel = await of_role(club, editors)
    assert "This role has no limits of its own." in panel.text

    await fill(club, panel, AMOUNTS, {VIDEOS: "5", AT_ONCE: "no limit", SECONDS: "15 s", MONTH: "$2,5"})

    assert (await choices(club)).tiers == {editors.id: Tier(5, NO_LIMIT, 15, 25_000)}
    assert (await choices(club)).role_ids == {club.makers.id, editors.id}
    assert "5 videos a day, any number at once, up to 15 s, $2.50 a month" in panel.text
    assert "Saved. Members with this role may make videos from now on." in panel.text


async def test_the_two_forms_leave_each_others_rows_alone(club: Club) -> None:
    await club.settle_in(tiers={club.makers.id: Tier(5, 3, 15, 50_000)})
    panel = await of_role(club, club.makers)

    await fill(club, panel, APPROVAL, {ABOVE_SECONDS: "10", ABOVE_PRICE: "0", "Models": ["Sora 2"]})
    await fill(club, panel, AMOUNTS, {VIDEOS: ""})

    expected = Tier(None, 3, 15, 50_000, frozenset({"sora-2"}), 10, 0)
    assert (await choices(club)).tiers == {club.makers.id: expected}
    assert "may make videos from now on" not in panel.text


async def test_every_model_is_one_entry_and_none_says_nothing(club: Club) -> None:
    panel = await of_role(club, club.makers)

    await fill(club, panel, APPROVAL, {"Models": ["Every model, also future ones", "Sora 2"]})
    assert (await choices(club)).tiers[club.makers.id].models == ALL_MODELS

    await fill(club, panel, APPROVAL, {"Models": []})
    assert (await choices(club)).tiers[club.makers.id].models is None


async def test_everyones_limits_have_a_button_of_their_own(club: Club) -> None:
    panel = await opened(club)
    await club.manager.click(panel, "Everyone's limits")

    form = (await club.manager.click(panel, AMOUNTS)).form
    assert form is not None
    assert form.title == "Limits: everyone"
    assert "Left empty: 3." in form.text
    await club.manager.submit(form, {VIDEOS: "1"})

    assert (await choices(club)).tiers == {club.guild.id: Tier(videos_a_day=1)}
    assert (await choices(club)).role_ids == {club.makers.id}
    assert "1 video a day, 1 at once" in panel.text


async def test_limits_hold_for_the_very_next_order(club: Club) -> None:
    panel = await of_role(club, club.makers)
    await fill(club, panel, AMOUNTS, {AT_ONCE: "no limit"})
    for prompt in ("a cat", "a dog"):
        await club.mia.invoke("video", {"prompt": prompt}, channel=club.videos)
    await club.manager.click(panel, "Back")
    await club.manager.click(panel, "Everyone's limits")
    await fill(club, panel, AMOUNTS, {VIDEOS: "2"})

    answer = await club.mia.invoke("video", {"prompt": "a cow"}, channel=club.videos)

    assert answer.text.startswith("You have used 2 of 2 videos today.")


@pytest.mark.parametrize(
    ("button", "label", "typed", "told"),
    [
        (AMOUNTS, VIDEOS, "five", "Videos a day: I can't take five. Write a whole number from 1 to 100,000, or no"),
        (AMOUNTS, AT_ONCE, "0", "Videos at once: I can't take 0. Write a whole number from 1"),
        (AMOUNTS, MONTH, "lots", "Dollars a month: I can't take lots. Write dollars such as 0.50 or 2, at least $0.01"),
        (APPROVAL, ABOVE_PRICE, "-1", "A manager approves above (dollars): I can't take \\-1."),
    ],
)
async def test_what_cannot_be_read_is_refused_and_the_form_opens_again_as_it_was_filled_in(
    club: Club, button: str, label: str, typed: str, told: str
) -> None:
    await club.settle_in(tiers={club.makers.id: Tier(videos_a_day=5)})
    panel = await of_role(club, club.makers)

    refusal = await fill(club, panel, button, {label: typed})
    assert refusal.ephemeral
    assert refusal.text.startswith(told)
    assert (await choices(club)).tiers == {club.makers.id: Tier(videos_a_day=5)}
    form = (await club.manager.click(refusal.reply, "Change it")).form
    assert form is not None
    assert {field.label: field.component.get("value") for field in form.fields}[label] == typed

    await club.manager.submit(form, {label: "7"})

    assert refusal.reply.text == "Saved."
    assert refusal.reply.buttons == {}
    await wait_until(lambda: "Saved." in panel.text)
    assert (await choices(club)).tiers[club.makers.id] != Tier(videos_a_day=5)


async def test_models_that_were_picked_stay_picked_in_a_form_that_was_refused(club: Club) -> None:
    panel = await of_role(club, club.makers)
    refusal = await fill(club, panel, APPROVAL, {ABOVE_SECONDS: "x", "Models": ["Sora 2"]})
    form = (await club.manager.click(refusal.reply, "Change it")).form

    await club.manager.submit(form, {ABOVE_SECONDS: "10"})

    assert (await choices(club)).tiers[club.makers.id] == Tier(models=frozenset({"sora-2"}), approval_seconds=10)


async def test_removed_limits_leave_everyones(club: Club) -> None:
    await club.settle_in(tiers={club.makers.id: Tier(videos_a_day=5)})
    panel = await of_role(club, club.makers)

    await club.manager.click(panel, "Remove these limits")

    assert (await choices(club)).tiers == {}
    assert (await choices(club)).role_ids == {club.makers.id}
    assert "Removed: everyone's limits hold instead." in panel.text


async def test_everyones_removed_limits_are_the_usual_ones_again(club: Club) -> None:
    await club.settle_in(tiers={club.guild.id: Tier(videos_a_day=9)})
    panel = await opened(club)
    await club.manager.click(panel, "Everyone's limits")

    await club.manager.click(panel, "Remove these limits")

    assert "Removed: the usual limits hold instead." in panel.text
    assert "**Everyone**\n3 videos a day" in panel.text
    assert (await choices(club)).tiers == {}


async def test_a_role_with_limits_that_may_not_order_is_told_of(club: Club) -> None:
    editors = await new_role(club, "Editors")
    denied = frozenset({club.makers.id})
    await club.settle_in(tiers={editors.id: Tier(), club.makers.id: Tier()}, denied_role_ids=denied)

    text = (await opened(club)).text

    assert "It isn't among the roles that may make videos: see /video-admin setup." in text
    assert "Its members can't make videos: the role is among those that may not." in text


async def test_a_renamed_role_keeps_its_limits(club: Club) -> None:
    await club.settle_in(tiers={club.makers.id: Tier(videos_a_day=1)})

    club.makers.rename("Directors")
    await wait_until(lambda: _named(club, club.makers.id) == "Directors")
    panel = await of_role(club, club.makers)
    await fill(club, panel, AMOUNTS, {AT_ONCE: "5"})

    assert (await club.manager.click(panel, AMOUNTS)).form.title == "Limits: Directors"  # type: ignore[union-attr]
    assert (await choices(club)).tiers == {club.makers.id: Tier(videos_a_day=1, at_once=5)}
    assert (await choices(club)).role_ids == {club.makers.id}


def _named(club: Club, role_id: int) -> str | None:
    guild = club.bot.get_guild(club.guild.id)
    role = guild and guild.get_role(role_id)
    return role.name if role else None


async def test_a_deleted_roles_limits_are_shown_as_such_and_can_be_removed(club: Club) -> None:
    gone = await new_role(club, "Gone")
    both = frozenset({club.makers.id, gone.id})
    tiers = {gone.id: Tier(videos_a_day=9), club.makers.id: Tier(videos_a_day=5)}
    await club.settle_in(tiers=tiers, role_ids=both, denied_role_ids=frozenset({gone.id}))
    gone.delete()
    await wait_until(lambda: not _knows(club, gone.id))

    panel = await opened(club)
    assert f"***deleted role* `{gone.id}`**\n9 videos a day" in panel.text
    assert panel.selects[menu(panel, DENIED)].get("default_values", []) == []
    await club.manager.select(panel, menu(panel, DELETED), str(gone.id))

    assert (await choices(club)).tiers == {club.makers.id: Tier(videos_a_day=5)}
    assert (await choices(club)).role_ids == {club.makers.id}
    assert (await choices(club)).denied_role_ids == frozenset()
    assert "deleted role" not in panel.text
    assert len(panel.selects) == 2


async def test_a_denied_role_beats_every_tier(club: Club) -> None:
    muted = await new_role(club, "Muted")
    await club.settle_in(tiers={club.makers.id: Tier(videos_a_day=NO_LIMIT)})
    club.mia_member.give(muted)
    panel = await opened(club)

    await club.manager.select(panel, menu(panel, DENIED), [muted])
    answer = await club.mia.invoke("video", {"prompt": "a cat"}, channel=club.videos)

    assert answer.text == f"Members with one of these roles can't make videos here: <@&{muted.id}>"
    assert [value["id"] for value in panel.selects[menu(panel, DENIED)]["default_values"]] == [str(muted.id)]
    assert "Saved." in panel.text


async def test_of_two_managers_at_once_neither_takes_back_what_the_other_has_denied(club: Club) -> None:
    muted, banned = await new_role(club, "Muted"), await new_role(club, "Banned")
    panel, others = await opened(club), (await club.owner.invoke("video-admin limits", channel=club.videos)).reply

    await club.owner.select(others, menu(others, DENIED), [banned])
    await club.manager.select(panel, menu(panel, DENIED), [muted])

    assert (await choices(club)).denied_role_ids == {muted.id, banned.id}
    await club.manager.select(panel, menu(panel, DENIED), [muted])
    assert (await choices(club)).denied_role_ids == {muted.id}


async def test_more_denied_roles_than_a_menu_takes_stay_denied(club: Club) -> None:
    many = sorted([await new_role(club, f"Muted {number}") for number in range(27)], key=lambda role: role.id)
    await club.settle_in(denied_role_ids=frozenset(role.id for role in many))
    panel = await opened(club)

    await club.manager.select(panel, menu(panel, DENIED), [many[0]])

    assert (await choices(club)).denied_role_ids == {role.id for role in (many[0], *many[25:])}


async def test_everyone_cannot_be_denied(club: Club) -> None:
    panel = await opened(club)

    answer = await club.manager.select(panel, menu(panel, DENIED), [club.guild.everyone])

    assert answer.ephemeral
    assert answer.text.startswith("Everybody has the role @everyone, so nobody could make videos.")
    assert (await choices(club)).denied_role_ids == frozenset()


async def test_many_tiers_are_turned_page_by_page(club: Club) -> None:
    """However long each of them is: Discord takes 4000 characters of a message."""
    ids = range(1, 51)
    models = frozenset(f"{number}-{'x' * 46}" for number in range(30))
    everything = Tier(100_000, 100_000, 100_000, 9_999_999_999, models, 100_000, 9_999_999_999)
    await club.settle_in(tiers=dict.fromkeys(ids, everything))
    panel = await opened(club)
    seen = [panel.text]
    while not panel.buttons["Next"].disabled:
        await club.manager.click(panel, "Next")
        seen.append(panel.text)

    assert all(any(f"role* `{id_}`" in text for text in seen) for id_ in ids)
    assert all("**Everyone**" in text and len(text) < 3000 for text in seen)
    assert all("and 27 more" in text for text in seen)


async def test_a_tier_too_many_is_refused(club: Club) -> None:
    await club.settle_in(tiers={id_: Tier() for id_ in range(1, 51)})
    panel = await of_role(club, club.makers)

    refusal = await fill(club, panel, AMOUNTS, {VIDEOS: "5"})

    assert refusal.text.startswith("50 roles have limits already, and I keep no more.")
    assert club.makers.id not in (await choices(club)).tiers


async def test_every_change_is_recorded_with_before_and_after_and_noted_for_the_log_channel(club: Club) -> None:
    await club.settle_in(tiers={club.makers.id: Tier(videos_a_day=5)}, log_channel_id=club.log.id)
    panel = await of_role(club, club.makers)

    await fill(club, panel, AMOUNTS, {VIDEOS: "6"})

    (act,) = await recorded(club)
    assert (act.action, act.actor_id, act.at) == (Action.LIMITS, club.manager_member.user.id, NOW)
    before, after = json.loads(act.before or ""), json.loads(act.after or "")
    assert before["tiers"][str(club.makers.id)]["videos_a_day"] == 5
    assert after["tiers"][str(club.makers.id)]["videos_a_day"] == 6
    (noted,) = await club.ask(lambda tx: notices.due(tx, NOW, limit=10))
    assert (noted.kind, noted.guild_id) == (NoticeKind.CHANGED, club.guild.id)


async def test_what_changes_nothing_is_not_recorded(club: Club) -> None:
    await club.settle_in(tiers={club.makers.id: Tier(videos_a_day=5)})
    panel = await of_role(club, club.makers)

    await fill(club, panel, AMOUNTS, {})

    assert await recorded(club) == []


@pytest.mark.parametrize("who", ["mia", "mod"])
async def test_members_and_moderators_are_not_offered_the_command(club: Club, who: str) -> None:
    person: Person = getattr(club, who)

    with pytest.raises(ClientRefusesError, match="not offered"):
        await person.invoke("video-admin limits", channel=club.videos)


@pytest.mark.parametrize("press", ["Everyone's limits", AMOUNTS, APPROVAL, "Remove these limits", "Back", "Next"])
async def test_who_is_no_manager_any_more_can_press_nothing(club: Club, press: str) -> None:
    tiers = {id_: Tier(videos_a_day=5) for id_ in (club.makers.id, *range(1, 9))}
    await club.settle_in(tiers=tiers)
    in_list = press in {"Everyone's limits", "Next"}
    panel = await (opened(club) if in_list else of_role(club, club.makers))
    club.manager_member.take(*club.manager_member.roles)

    answer = await club.manager.click(panel, press)

    assert answer.text == MANAGERS_ONLY
    assert (await choices(club)).tiers == tiers


@pytest.mark.parametrize("number", [ROLE, DENIED, DELETED])
async def test_who_is_no_manager_any_more_can_pick_nothing(club: Club, number: int) -> None:
    await club.settle_in(tiers={5: Tier()})
    panel = await opened(club)
    before = await choices(club)
    club.manager_member.take(*club.manager_member.roles)

    picked = "5" if number == DELETED else [club.makers]
    answer = await club.manager.select(panel, menu(panel, number), picked)

    assert answer.text == MANAGERS_ONLY
    assert await choices(club) == before


@pytest.mark.parametrize("button", [AMOUNTS, APPROVAL])
async def test_a_form_that_was_opened_as_a_manager_is_refused_from_somebody_who_is_none_any_more(
    club: Club, button: str
) -> None:
    panel = await of_role(club, club.makers)
    form = (await club.manager.click(panel, button)).form
    club.manager_member.take(*club.manager_member.roles)

    answer = await club.manager.submit(form, {})

    assert answer.text == MANAGERS_ONLY
    assert (await choices(club)).tiers == {}
    assert await recorded(club) == []


async def test_a_panel_that_nobody_presses_closes_with_a_sentence(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "OPEN_SECONDS", 0.05)

    panel = await opened(club)

    await wait_until(lambda: not panel.selects)
    assert "This panel was closed. What was saved is in effect" in panel.text
    assert panel.buttons == {}
