"""The worked example of docs/for-owners.md, ordered as it is told there."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.administration.amounts import count, dollars
from bot.domain.guild import GuildChoices
from bot.domain.job import JobState
from bot.domain.sentence import roles
from bot.domain.tier import Tier
from bot.orders.draft import Draft
from bot.policy.asker import Asker
from bot.policy.errors import (
    AtOnceError,
    DailyLimitError,
    GuildBudgetError,
    GuildDayBudgetError,
    LengthNotInTierError,
    MemberBudgetError,
)
from bot.store import moves
from tests.bot.orders.desk import MEMBER, Desk
from tests.bot.store.records import GUILD, NOW, rows

OWNERS = Path(__file__).parents[3] / "docs" / "for-owners.md"
MEMBERS, PATRONS, FILM_TEAM = 501, 502, 503
NAMES = {"everyone": GUILD, "@Patrons": PATRONS, "@Film team": FILM_TEAM}
DAY = timedelta(days=1)


def told() -> Iterator[tuple[int, Tier]]:
    """The tiers of the example's table, read as the forms read them."""
    part = OWNERS.read_text("utf-8").partition("## A worked example")[2].partition("\n## ")[0]
    for line in re.findall(r"^\| (.*) \|$", part, re.MULTILINE)[1:]:
        name, a_day, at_once, seconds, month, above = (cell.strip() for cell in line.split("|"))
        a_day_, at_once_, seconds_, above_ = (count("row", cell) for cell in (a_day, at_once, seconds, above))
        yield NAMES[name.strip("`")], Tier(a_day_, at_once_, seconds_, dollars("row", month), None, above_)


CHOICES = GuildChoices(
    role_ids=frozenset({MEMBERS, PATRONS, FILM_TEAM}), tiers=dict(told()), budget_day=15_000, log_channel_id=7
)


def with_roles(*held: int, user_id: int = 1) -> Asker:
    return replace(MEMBER, user_id=user_id, role_ids=frozenset({GUILD, *held}))


@pytest.fixture
async def server(desk: Desk) -> Desk:
    await desk.set_up(replace(CHOICES, budget_month=150_000))
    return desk


async def makes(desk: Desk, who: Asker, seconds: int = 10, *, finished: bool = True) -> JobState:
    """One video, which is finished before the next."""
    prompt = f"cat {len(await rows(desk.database, 'SELECT 1 FROM jobs'))}"
    job = await desk.accept(who, Draft(prompt, seconds))
    if finished:
        async with desk.database.write() as tx:
            await moves.note_on(tx, job.id, state=JobState.DELIVERED)
    return job.state


async def test_a_member_makes_one_of_ten_seconds_a_day_and_three_in_a_month(server: Desk) -> None:
    member = with_roles(MEMBERS)
    with pytest.raises(LengthNotInTierError) as refused:
        await makes(server, member, 15)
    assert refused.value.sentence.params == {"seconds": 15, "roles": roles((PATRONS, FILM_TEAM))}
    for _ in range(3):
        assert await makes(server, member) is JobState.QUEUED
        with pytest.raises(DailyLimitError):
            await makes(server, member)
        server.now += DAY

    with pytest.raises(MemberBudgetError):
        await makes(server, member)


async def test_a_patrons_longer_video_waits_and_a_shorter_one_does_not(server: Desk) -> None:
    patron = with_roles(PATRONS)

    states = [await makes(server, patron, seconds, finished=False) for seconds in (10, 15)]

    assert states == [JobState.QUEUED, JobState.AWAITING_APPROVAL]
    with pytest.raises(AtOnceError):
        await makes(server, patron)


async def test_a_patron_makes_five_a_day(server: Desk) -> None:
    for _ in range(5):
        await makes(server, with_roles(PATRONS))

    with pytest.raises(DailyLimitError):
        await makes(server, with_roles(PATRONS))


async def test_who_has_both_roles_has_the_better_of_each_row(server: Desk) -> None:
    both = with_roles(PATRONS, FILM_TEAM)

    states = [await makes(server, both, 15, finished=False) for _ in range(4)]

    assert states == [JobState.QUEUED] * 4
    with pytest.raises(AtOnceError):
        await makes(server, both)


async def test_ten_videos_are_a_day_and_a_hundred_are_the_month(server: Desk) -> None:
    for number in range(10):
        for _ in range(10):
            await makes(server, with_roles(FILM_TEAM, user_id=number))
        if not number:
            with pytest.raises(GuildDayBudgetError):
                await makes(server, with_roles(MEMBERS, user_id=99))
            levels = await rows(
                server.database, "SELECT json_extract(about, '$.spent') FROM notices WHERE about LIKE '%day%'"
            )
            assert levels == [(7500,), (12_000,), (15_000,)]
        server.now += DAY

    with pytest.raises(GuildBudgetError):
        await makes(server, with_roles(MEMBERS, user_id=99))
    assert server.now - NOW == 10 * DAY
