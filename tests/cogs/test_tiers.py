"""Tiers as members meet them: in combination, and on every way to an order."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.domain.job import Job, JobState
from bot.domain.preferences import Preferences
from bot.domain.request import VideoRequest
from bot.domain.tier import ALL_MODELS, NO_LIMIT, Tier
from bot.store import people
from sandbox.discord import Answer
from tests.bot.store.records import NOW, add, add_reserved, job
from tests.cogs.club import Club
from tests.cogs.posting import press

KLING = frozenset({"kling-3"})
EVERYONE, MAKERS, EDITORS = "everyone", "makers", "editors"
TOMORROW, NEXT_MONTH = 1773532800, 1775001600
"""Midnight of 15 March and of 1 April 2026, UTC."""
TOO_LONG = "15 s needs one of these roles: {editors}"
NO_MODEL = "Sora 2 needs one of these roles: {editors}"
DAY_USED = f"used 1 of 1 video today. You can make another <t:{TOMORROW}:R>."
MONTH_SHORT = (
    "This video costs more than is left of your video budget for this month. A cheaper one may still fit. "
    f"More is possible <t:{NEXT_MONTH}:R>"
)
LONG = {"duration": 15}


async def tiered(club: Club, tiers: dict[str, Tier], **choices: object) -> dict[str, str]:
    """Give everyone, Makers and Editors their limits; Editors have to be held besides. What they are called."""
    roles = {MAKERS: club.makers, EDITORS: club.guild.add_role("Editors"), EVERYONE: club.guild.everyone}
    await club.settle_in(tiers={roles[name].id: tier for name, tier in tiers.items()}, **choices)
    return {name: role.mention for name, role in roles.items()}


def promote(club: Club) -> None:
    """Make Mia an editor."""
    club.mia_member.give(next(role for role in club.guild.roles.values() if role.name == "Editors"))


async def order(club: Club, **options: object) -> Answer:
    answer = await club.mia.invoke("video", {"prompt": "a cat", **options}, channel=club.videos)
    return await answer.settled()


async def made(club: Club, **columns: object) -> Job:
    """A video of Mia's that was delivered a while ago and counts."""
    old = job(
        author_id=club.mia_member.user.id,
        guild_id=club.guild.id,
        server_id=club.guild.id,
        channel_id=club.videos.id,
        created_at=NOW - timedelta(hours=1),
        **columns,
    )
    return await add_reserved(club.database, old, state=JobState.DELIVERED)


@pytest.mark.parametrize(
    ("everyone", "makers", "editors", "options", "told"),
    [
        (Tier(seconds=10), Tier(), Tier(seconds=15), LONG, TOO_LONG),
        (Tier(seconds=10), Tier(seconds=5), Tier(seconds=NO_LIMIT), LONG, TOO_LONG),
        (Tier(models=KLING), Tier(), Tier(models=ALL_MODELS), {}, NO_MODEL),
        (Tier(models=KLING), Tier(models=frozenset({"wan-2.6"})), Tier(models=frozenset({"sora-2"})), {}, NO_MODEL),
        (Tier(videos_a_day=1), Tier(), Tier(videos_a_day=5), {}, DAY_USED),
        (Tier(videos_a_day=9, month=2_000), Tier(month=2_900), Tier(month=NO_LIMIT), {}, MONTH_SHORT),
    ],
)
async def test_the_most_generous_of_a_members_tiers_wins_limit_by_limit(
    club: Club, everyone: Tier, makers: Tier, editors: Tier, options: dict[str, object], told: str
) -> None:
    names = await tiered(club, {EVERYONE: everyone, MAKERS: makers, EDITORS: editors})
    await made(club)

    refused = await order(club, **options)
    promote(club)
    taken = await order(club, **options)

    assert refused.ephemeral
    assert told.format(**names) in refused.text
    assert "Queued" in taken.text


async def test_different_limits_may_come_from_different_roles(club: Club) -> None:
    tiers = {EVERYONE: Tier(seconds=10, models=KLING), MAKERS: Tier(models=ALL_MODELS), EDITORS: Tier(seconds=15)}
    await tiered(club, tiers)
    promote(club)

    assert "Queued" in (await order(club, model="sora-2", duration=15)).text


@pytest.mark.parametrize(
    ("everyone", "options", "told"),
    [
        (Tier(seconds=10), {"duration": 15}, "15 s is too long for this server. Up to 10 s is possible."),
        (Tier(models=KLING), {"model": "sora-2"}, "Sora 2 can't be used in this server."),
    ],
)
async def test_what_no_role_may_is_told_so(club: Club, everyone: Tier, options: dict[str, object], told: str) -> None:
    await tiered(club, {EVERYONE: everyone})

    assert (await order(club, **options)).text == told


@pytest.mark.parametrize(("tier", "running"), [(None, 1), (Tier(), 2), (Tier(at_once=3), 3)])
async def test_a_role_with_limits_has_two_at_once_and_a_member_without_one(
    club: Club, tier: Tier | None, running: int
) -> None:
    await tiered(club, {EVERYONE: Tier(videos_a_day=NO_LIMIT), **({MAKERS: tier} if tier else {})})

    answers = [(await order(club, duration=10, orientation=shape)).text for shape in ("portrait", "landscape")]
    answers += [(await order(club, duration=15, orientation=shape)).text for shape in ("portrait", "landscape")]

    assert ["Queued" in text for text in answers] == [True] * running + [False] * (4 - running)
    assert "still on " in answers[running]


@pytest.mark.parametrize(
    ("tiers", "state"),
    [
        ({}, JobState.QUEUED),
        ({EVERYONE: Tier(approval_seconds=10)}, JobState.AWAITING_APPROVAL),
        ({EVERYONE: Tier(approval_price=2_249)}, JobState.AWAITING_APPROVAL),
        ({EVERYONE: Tier(approval_price=2_250)}, JobState.QUEUED),
        ({EVERYONE: Tier(approval_seconds=10), MAKERS: Tier(approval_seconds=15)}, JobState.QUEUED),
        ({EVERYONE: Tier(approval_seconds=10), MAKERS: Tier(approval_price=NO_LIMIT)}, JobState.AWAITING_APPROVAL),
    ],
)
async def test_the_most_generous_tier_says_what_needs_approval(
    club: Club, tiers: dict[str, Tier], state: JobState
) -> None:
    await tiered(club, tiers, log_channel_id=club.log.id)

    await order(club, duration=15)

    assert (await club.job()).state is state


async def test_what_needs_approval_is_refused_where_nobody_could_be_asked(club: Club) -> None:
    await tiered(club, {EVERYONE: Tier(approval_seconds=10)})

    answer = await order(club, duration=15)

    assert answer.text.startswith("A manager has to approve this video, but this server has no log channel")
    assert await club.jobs() == []


async def test_managers_pass_the_role_gate_and_have_limits_all_the_same(club: Club) -> None:
    await tiered(club, {EVERYONE: Tier(videos_a_day=1, seconds=10)})
    invoke, place = club.owner.invoke, club.videos

    first = await invoke("video", {"prompt": "a cat"}, channel=place)
    longer = await invoke("video", {"prompt": "a dog", "duration": 15}, channel=place)
    second = await invoke("video", {"prompt": "a dog"}, channel=place)

    assert "Queued" in first.text
    assert longer.text == "15 s is too long for this server. Up to 10 s is possible."
    assert second.text.startswith("You have used 1 of 1 video today.")


async def by_command(club: Club, _job_id: str) -> Answer:
    return await order(club, duration=15, model="sora-2")


async def by_button(club: Club, job_id: str) -> Answer:
    return await (await press(club, "again", "Again", job_id)).settled()


async def by_form(club: Club, job_id: str) -> Answer:
    form = (await press(club, "edit", "Edit prompt", job_id)).form
    return await (await club.mia.submit(form, {"Prompt": "a dog"})).settled()


async def delivered(club: Club, request: VideoRequest) -> Job:
    """A video of Mia's from long ago."""
    of_mia = job(
        author_id=club.mia_member.user.id,
        guild_id=club.guild.id,
        server_id=club.guild.id,
        channel_id=club.videos.id,
        created_at=NOW - timedelta(days=40),
        request=request,
    )
    return await add(club.database, of_mia, state=JobState.DELIVERED)


WAYS = (by_command, by_button, by_form)


LENGTH = (Tier(seconds=10), Tier(seconds=15), TOO_LONG)
MODEL = (Tier(models=KLING), Tier(models=ALL_MODELS), NO_MODEL)
MONEY = (Tier(month=2_000), Tier(month=NO_LIMIT), MONTH_SHORT)


@pytest.mark.parametrize(
    ("way", "everyone", "editors", "told"),
    [
        *((way, *limit) for way in WAYS for limit in (LENGTH, MONEY)),
        # The form has only the models of one's tiers.
        *((way, *MODEL) for way in (by_command, by_button)),
    ],
)
async def test_a_limit_of_ones_tiers_is_told_on_every_way_to_an_order(
    club: Club, way: Callable[[Club, str], Awaitable[Answer]], everyone: Tier, editors: Tier, told: str
) -> None:
    names = await tiered(club, {EVERYONE: everyone, EDITORS: editors})
    request = VideoRequest("a cat", 15, "16:9", audio=True, watermark=True)
    source = await delivered(club, request)

    refused = await way(club, source.id)

    assert refused.ephemeral
    assert refused.text.startswith(told.format(**names))
    assert len(await club.jobs()) == 1
    promote(club)
    assert "Queued" in (await way(club, source.id)).text


async def names_of(club: Club, option: str, **options: object) -> list[str]:
    """What an option offers mia."""
    offered = await club.mia.autocomplete("video", option, "", channel=club.videos, options=options)
    return [str(choice["name"]) for choice in offered]


async def test_options_offer_only_what_ones_tiers_have(club: Club) -> None:
    tier = Tier(models=KLING | {"veo-3.1-fast"}, seconds=6)
    await tiered(club, {EVERYONE: tier, EDITORS: Tier(models=ALL_MODELS, seconds=NO_LIMIT)})

    few = await names_of(club, "model")
    lengths = await names_of(club, "duration", model="veo-3.1-fast")
    barred = [await names_of(club, option, model="sora-2") for option in ("duration", "orientation")]
    usual = await names_of(club, "duration")
    promote(club)

    assert few == ["Kling 3 · 3 to 6 s", "Veo 3.1 Fast · 4 or 6 s"]
    assert lengths == ["4 s", "6 s"]
    assert (barred, usual) == ([[], []], [])
    assert {"Sora 2 · 10 or 15 s", "Veo 3.1 Fast · 4, 6, or 8 s"} <= set(await names_of(club, "model"))
    assert await names_of(club, "duration", model="veo-3.1-fast") == ["4 s", "6 s", "8 s"]


async def test_the_form_has_the_models_of_ones_tiers_and_says_what_is_not_among_them(club: Club) -> None:
    await tiered(club, {EVERYONE: Tier(models=KLING | {"veo-3.1-fast"}), EDITORS: Tier(models=ALL_MODELS)})
    source = await delivered(club, VideoRequest("a cat", 10, "16:9", audio=True, watermark=True))

    opened = await press(club, "edit", "Edit prompt", source.id)

    assert opened.form is not None
    rows = {field.label: field.component.get("options", []) for field in opened.form.fields}
    assert [option["value"] for option in rows["Model"]] == ["kling-3", "veo-3.1-fast"]
    assert "Sora 2, which it was made with, is not there for you to choose." in opened.text
    assert "Queued" in (await club.mia.submit(opened.form, {"Prompt": "a dog"})).text
    made = max(await club.jobs(), key=lambda each: each.created_at)
    assert (made.model_id, made.request.duration, made.request.audio) == ("kling-3", 10, False)


async def test_a_preference_from_before_a_limit_refuses_no_order(club: Club) -> None:
    await tiered(club, {EVERYONE: Tier(models=KLING, seconds=5), EDITORS: Tier(models=ALL_MODELS)}, model_id="kling-3")
    async with club.database.write() as tx:
        await people.save_preferences(tx, club.mia_member.user.id, Preferences(model_id="sora-2", duration=10))

    taken = await order(club)

    assert "Queued" in taken.text
    made = await club.job()
    assert (made.model_id, made.request.duration) == ("kling-3", 5)
