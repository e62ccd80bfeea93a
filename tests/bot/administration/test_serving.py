"""Which servers are served: the operators alone decide, as often as they like, and each decision is recorded."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.administration.serving import AllowedBySettingError, Decision, NotAskedError, Serving
from bot.administration.setup import Administration, Introduction
from bot.domain.audit import Act, Action
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import Notice, NoticeKind, ServerAsks
from bot.policy.errors import NotApprovedError, OperatorsOnlyError, ServerDeclinedError
from bot.policy.gate import Gate
from bot.policy.limits import Budgets
from bot.store import acts, guilds, notices
from bot.store.database import Database
from tests.bot.policy.askers import ROLE, asker
from tests.bot.store.records import ALICE, BOB, GUILD, NOW, ask

OPERATOR = asker(user_id=BOB, guild_id=None, operates=True)
CHOICES = GuildChoices(role_ids=frozenset({ROLE}), log_channel_id=8)
ASKS = ServerAsks(GUILD, "Film Club", 42, ALICE)


@pytest.fixture
async def serving(database: Database) -> Serving:
    """A server whose manager, Alice, has run setup."""
    administration = Administration(
        database, lambda: NOW, frozenset(), frozenset({"en-US"}), Budgets(200_000, 1_000_000)
    )
    await administration.set_up(asker(manages=True), CHOICES, introduction=Introduction("Film Club", 42))
    return Serving(database, lambda: NOW)


async def stored(serving: Serving) -> Guild:
    return await ask(serving.database, lambda tx: guilds.get(tx, GUILD))


async def decisions(serving: Serving) -> list[Act]:
    record = await ask(serving.database, lambda tx: acts.of_guild(tx, GUILD, offset=0, limit=9))
    return [act for act in record if act.action in {Action.SERVE, Action.TURN_AWAY}]


async def told(serving: Serving) -> Sequence[Notice]:
    due = await ask(serving.database, lambda tx: notices.due(tx, NOW, limit=9))
    return [notice for notice in due if notice.kind is NoticeKind.SERVED]


def refusal(guild: Guild) -> type[RefusalError] | None:
    try:
        Gate().admit(asker(role_ids=frozenset({ROLE})), guild)
    except RefusalError as error:
        return type(error)
    return None


async def test_an_approved_server_is_served_its_record_says_by_whom_and_its_managers_are_told(
    serving: Serving,
) -> None:
    assert refusal(await stored(serving)) is NotApprovedError

    decision = await serving.decide(OPERATOR, GUILD, approve=True)

    assert decision == Decision(ASKS, approved=True, is_new=True)
    assert refusal(await stored(serving)) is None
    assert await decisions(serving) == [Act(NOW, GUILD, BOB, Action.SERVE)]
    (notice,) = await told(serving)
    assert (notice.guild_id, notice.about) == (GUILD, {"approved": True, "name": "Film Club", "by": ALICE})


async def test_a_server_that_is_turned_away_is_refused_until_an_operator_thinks_otherwise(serving: Serving) -> None:
    await serving.decide(OPERATOR, GUILD, approve=True)

    await serving.decide(OPERATOR, GUILD, approve=False)

    assert refusal(await stored(serving)) is ServerDeclinedError
    await serving.decide(OPERATOR, GUILD, approve=True)
    assert refusal(await stored(serving)) is None
    assert [act.action for act in await decisions(serving)] == [Action.SERVE, Action.TURN_AWAY, Action.SERVE]


@pytest.mark.parametrize("approve", [True, False])
async def test_the_same_decision_again_says_that_it_holds_and_records_and_tells_nothing(
    serving: Serving, approve: bool
) -> None:
    await serving.decide(OPERATOR, GUILD, approve=approve)

    again = await serving.decide(replace(OPERATOR, user_id=ALICE), GUILD, approve=approve)

    assert again == Decision(ASKS, approve, is_new=False)
    assert len(await decisions(serving)) == len(await told(serving)) == 1


@pytest.mark.parametrize("approve", [True, False])
@pytest.mark.parametrize("changes", [{"manages": True}, {"moderates": True}, {"guild_id": None}])
async def test_nobody_else_decides(serving: Serving, approve: bool, changes: dict[str, object]) -> None:
    before = await stored(serving)

    with pytest.raises(OperatorsOnlyError):
        await serving.decide(asker(**changes), GUILD, approve=approve)

    assert await stored(serving) == before
    assert await decisions(serving) == []


async def test_a_server_that_has_not_asked_is_not_made_up(serving: Serving) -> None:
    with pytest.raises(NotAskedError):
        await serving.decide(OPERATOR, GUILD + 1, approve=True)

    assert await ask(serving.database, lambda tx: guilds.get(tx, GUILD + 1)) == Guild(GUILD + 1)


async def test_a_server_that_the_settings_allow_is_not_turned_away_by_a_press(serving: Serving) -> None:
    allowing = replace(serving, allowed_guilds=frozenset({GUILD}))

    with pytest.raises(AllowedBySettingError):
        await allowing.decide(OPERATOR, GUILD, approve=False)

    assert not (await stored(serving)).declined


async def test_a_decision_leaves_what_the_managers_have_chosen(serving: Serving) -> None:
    before = (await stored(serving)).choices

    await serving.decide(OPERATOR, GUILD, approve=True)

    assert (await stored(serving)).choices == before
