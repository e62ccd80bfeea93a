"""Budgets of a server that many spend at once, and what the operator is told: the whole program over real sockets."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.guild import Guild, GuildChoices
from bot.store import guilds
from bot.store.database import Database
from sandbox.discord import Message, wait_until
from sandbox.gateway import FaultKind
from tests.e2e.conftest import approved
from tests.e2e.scene import PATIENCE_SECONDS, PROMPT, WAITING, Scene

PRICE = 1500
"""Of a video that names no length, in units of a ten-thousandth of a dollar."""
ZONES = ("Asia/Tokyo", "America/Los_Angeles")


async def choose(scene: Scene, **choices: object) -> None:
    """Have the server set up before the bot starts: Makers may order, and there is a log channel."""
    club = scene.club
    usual: dict[str, object] = {"role_ids": frozenset({club.makers.id}), "log_channel_id": club.log.id}
    chosen = GuildChoices(**(usual | choices))  # type: ignore[arg-type]
    async with Database(scene.stage.folder / "clapboard.db") as database, database.write() as tx:
        await guilds.save(tx, Guild(club.guild.id, chosen, approved=True, set_up_at=datetime.now(UTC)), club.owner.id)


async def order_all_at_once(scene: Scene, people: int) -> list[str]:
    """That many makers order at the same moment; the refusals."""
    club = scene.club
    makers = [scene.person(club.guild.add_member(f"maker {number}", roles=[club.makers])) for number in range(people)]
    orders = (
        maker.invoke("video", {"prompt": f"{PROMPT} {number}"}, channel=club.videos)
        for number, maker in enumerate(makers)
    )
    return [answer.text for answer in await asyncio.gather(*orders) if answer.ephemeral]


def alerts(scene: Scene) -> list[Message]:
    return [message for message in scene.club.log.history if "budget" in message.text]


def ends_of_today(zone: str) -> datetime:
    today = datetime.now(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1)).astimezone(UTC)


async def test_of_fifty_orders_at_once_each_alert_comes_once_and_pings_the_role_for_it(alone: Scene) -> None:
    alone.stage.gateway.default_plan = WAITING
    treasurers = alone.club.guild.add_role("Treasurers", mentionable=True)
    treasurer = alone.club.guild.add_member("tess", roles=[treasurers])
    await choose(alone, budget_month=10 * PRICE, alert_role_id=treasurers.id)
    await alone.stage.open()

    refused = await order_all_at_once(alone, 50)

    await wait_until(lambda: len(alerts(alone)) >= 3, PATIENCE_SECONDS)
    assert len(refused) == 40
    told = [message.text for message in alerts(alone)]
    begins = [
        f"{treasurers.mention} {level} % of this month's budget is used: {used} of $1.50."
        for level, used in ((50, "$0.75"), (80, "$1.20"), (100, "$1.50"))
    ]
    assert [text[: len(begin)] for text, begin in zip(told, begins, strict=True)] == begins
    assert "New orders pause until <t:" in told[-1]
    assert {user for message in alerts(alone) for user in message.notified} == {treasurer.user}


async def test_after_a_restart_no_alert_comes_again(alone: Scene) -> None:
    alone.stage.gateway.default_plan = WAITING
    await choose(alone, budget_month=2 * PRICE)
    await alone.stage.open()
    await order_all_at_once(alone, 3)
    await wait_until(lambda: len(alerts(alone)) >= 3, PATIENCE_SECONDS)

    await alone.stage.crash()
    await alone.stage.open()
    refused = await order_all_at_once(alone, 3)

    assert len(refused) == 3
    await asyncio.sleep(2.5)
    assert len(alerts(alone)) == 3


@pytest.mark.parametrize("zone", ZONES)
async def test_a_days_budget_is_refused_until_midnight_in_the_servers_zone(alone: Scene, zone: str) -> None:
    alone.stage.gateway.default_plan = WAITING
    await choose(alone, budget_day=2 * PRICE, time_zone=zone)
    await alone.stage.open()

    refused = await order_all_at_once(alone, 5)

    ends = ends_of_today(zone)
    again = f"<t:{ends.timestamp():.0f}:R>"
    sentence = f"This server's video budget for today is used up. New videos are possible again {again}."
    assert refused == [sentence] * 3
    await wait_until(lambda: len(alerts(alone)) >= 3, PATIENCE_SECONDS)
    last = alerts(alone)[-1].text
    assert last == (
        f"100 % of today's budget is used: $0.30 of $0.30. New orders pause until <t:{ends.timestamp():.0f}:f>."
    )


async def test_the_operator_is_told_of_a_refused_key_and_of_the_day_once_each(alone: Scene) -> None:
    alone.stage.gateway.fault("submit", FaultKind.FAILED_TO_AUTH, times=None)
    settings = approved(alone.stage, BUDGET_USD_PER_DAY="0.20", GATEWAYS="myrouter,highway")
    await alone.stage.open(**settings)
    refused = await order_all_at_once(alone, 5)

    operator = alone.person(alone.club.owner)
    await wait_until(lambda: len(operator.dms()) >= 2, PATIENCE_SECONDS)

    assert len(refused) == 4
    told = sorted(message.text for message in operator.dms())
    assert [text[: text.index(" ", 10)] for text in told] == ["An order did", "myrouter refuses"]
    log = alone.stage.program.told()
    assert log.count("for the operator") == 2
    assert alone.stage.gateway.key not in log
