"""What managers see of their server, and that they see nothing of another."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.administration.overview import ON_A_PAGE, Overview
from bot.domain.audit import Act, Action
from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import JobState
from bot.domain.sentence import Instant
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.policy import calendar
from bot.policy.alerts import alerting
from bot.policy.asker import Asker
from bot.policy.errors import ManagersOnlyError, ProcessBudgetError
from bot.policy.limits import Budgets
from bot.store import acts, guilds
from bot.store.database import Database
from bot.store.open_jobs import Open
from tests.bot.policy.askers import MOD_ROLE, asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, SECOND, add, job

MANAGER = asker(user_id=BOB, manages=True)
OTHER = 1130000000000000009
ELSEWHERE = replace(MANAGER, guild_id=OTHER)


@pytest.fixture
async def overview(database: Database) -> AsyncIterator[Overview]:
    async with GatewayHttp() as http:
        gateway = GatewayClient("myrouter", "http://127.0.0.1:9", SecretStr("key"), http, Pace(60))
        yield Overview(database, Gateways([gateway]), lambda: NOW, frozenset({OTHER}), lambda: NOW - SECOND)


async def _act(database: Database, guild_id: int = GUILD, **about: object) -> None:
    values: dict[str, object] = {"at": NOW, "guild_id": guild_id, "actor_id": BOB, "action": Action.BLOCK}
    async with database.write() as tx:
        await acts.add(tx, Act(**(values | about)))  # type: ignore[arg-type]


async def test_the_jobs_of_a_server_are_counted_by_where_they_stand(overview: Overview) -> None:
    database = overview.database
    for state in JobState:
        await add(database, job(state=state))

    status = await overview.status(MANAGER)

    assert status.open == Open(awaiting_approval=1, queued=1, rendering=3, finishing=2, unsure=1)
    assert status.looked_at == NOW - SECOND
    assert [condition.name for condition in status.conditions] == ["myrouter"]


async def test_the_oldest_that_waits_is_the_servers_own(overview: Overview) -> None:
    database = overview.database
    await add(database, job(created_at=NOW - timedelta(hours=2), guild_id=OTHER))
    await add(database, job(created_at=NOW - timedelta(hours=3), state=JobState.RENDERING))
    oldest = await add(database, job(created_at=NOW - timedelta(hours=1)))
    await add(database, job())

    status = await overview.status(MANAGER)

    assert status.oldest is not None
    assert status.oldest.id == oldest.id
    assert status.open == Open(queued=2, rendering=1)
    assert (await overview.status(ELSEWHERE)).open == Open(queued=1)


async def test_a_server_is_approved_by_the_operator_or_from_the_start(overview: Overview) -> None:
    before = await overview.status(MANAGER)
    async with overview.database.write() as tx:
        await guilds.save(tx, Guild(GUILD, GuildChoices(pause="tea"), approved=True), BOB)

    after = await overview.status(MANAGER)

    assert (before.approved, after.approved, (await overview.status(ELSEWHERE)).approved) == (False, True, True)
    assert after.guild.choices.pause == "tea"


async def test_a_budget_of_the_process_that_is_used_up_is_told_until_its_day_ends(overview: Overview) -> None:
    before = await overview.status(MANAGER)
    guild, budgets = Guild(GUILD), Budgets(guild_month=10**9, process_day=0)
    with pytest.raises(ProcessBudgetError):
        async with alerting(overview.database, guild, budgets, 1, NOW):
            raise ProcessBudgetError(again=Instant(NOW))

    after = await overview.status(MANAGER)

    assert (before.process_until, after.process_until) == (None, calendar.day(NOW, "UTC")[1])


async def test_the_record_is_turned_page_by_page_newest_first(overview: Overview) -> None:
    for number in range(ON_A_PAGE + 1):
        await _act(overview.database, reason=str(number))
    await _act(overview.database, OTHER, reason="of another server")

    first, second = await overview.acts(MANAGER, 0), await overview.acts(MANAGER, 1)
    beyond = await overview.acts(MANAGER, 7)

    assert [act.reason for act in first.acts] == [str(number) for number in range(ON_A_PAGE, 0, -1)]
    assert [act.reason for act in second.acts] == [act.reason for act in beyond.acts] == ["0"]
    assert (first.pages, first.number, beyond.number) == (2, 0, 1)


async def test_an_empty_record_has_one_page(overview: Overview) -> None:
    page = await overview.acts(MANAGER, 0)

    assert (list(page.acts), page.pages, page.number) == ([], 1, 0)


async def test_the_jobs_that_a_page_names_are_those_of_the_server(overview: Overview) -> None:
    own = await add(overview.database)
    other = await add(overview.database, job(guild_id=OTHER))
    for job_id in (own.id, other.id, "zzzzzzzzzz"):
        await _act(overview.database, action=Action.REMOVE, job_id=job_id, member_id=ALICE)

    page = await overview.acts(MANAGER, 0)

    assert list(page.jobs) == [own.id]


@pytest.mark.parametrize(
    "who",
    [
        asker(),
        asker(moderates=True),
        asker(role_ids=frozenset({MOD_ROLE})),
        asker(operates=True),
        asker(guild_id=None, manages=True),
    ],
    ids=["a member", "a moderator", "by role", "the operator", "in direct messages"],
)
async def test_nobody_but_managers_sees_any_of_it(overview: Overview, who: Asker) -> None:
    with pytest.raises(ManagersOnlyError):
        await overview.status(who)
    with pytest.raises(ManagersOnlyError):
        await overview.acts(who, 0)
