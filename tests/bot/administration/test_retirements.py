"""An operator, and nobody else, has a model ordered again where a gateway has said that it does not know it."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.administration.retirements import Retirements
from bot.domain.audit import Act, Action
from bot.domain.retirement import Retirement
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.policy.errors import OperatorsOnlyError
from bot.store import acts, retirements
from bot.store.database import Database
from tests.bot.policy.askers import asker
from tests.bot.store.records import BOB, GUILD, NOW, ask

SLUG = "wan2.6-t2v"
GONE = Retirement("myrouter", SLUG, NOW)


@pytest.fixture
async def room(database: Database) -> AsyncIterator[Retirements]:
    """A gateway that has retired one endpoint."""
    async with GatewayHttp() as http:
        gateways = Gateways([GatewayClient("myrouter", "http://127.0.0.1:9", SecretStr("key"), http, Pace(60))])
        gateways.mark_retired("myrouter", SLUG)
        async with database.write() as tx:
            await retirements.add(tx, GONE)
        yield Retirements(database, gateways, lambda: NOW)


async def recorded(room: Retirements, guild_id: int) -> list[Act]:
    return list(await ask(room.database, lambda tx: acts.of_guild(tx, guild_id, offset=0, limit=9)))


@pytest.mark.parametrize("guild_id", [GUILD, None])
async def test_an_operator_ends_it_and_the_record_says_who(room: Retirements, guild_id: int | None) -> None:
    ended = await room.end(asker(user_id=BOB, guild_id=guild_id, operates=True), "myrouter", SLUG)

    assert ended
    assert room.gateways.sells(SLUG)
    assert await ask(room.database, retirements.known) == []
    act = Act(NOW, guild_id or 0, BOB, Action.OFFER, after=f'{{"endpoint":"myrouter {SLUG}"}}')
    assert await recorded(room, guild_id or 0) == [act]


@pytest.mark.parametrize(("gateway", "slug"), [("highway", SLUG), ("myrouter", "wan2.6-i2v")])
async def test_what_is_not_retired_can_not_be_ended(room: Retirements, gateway: str, slug: str) -> None:
    ended = await room.end(asker(guild_id=None, operates=True), gateway, slug)

    assert not ended
    assert not room.gateways.sells(SLUG)
    assert await recorded(room, 0) == []


@pytest.mark.parametrize("changes", [{"manages": True}, {"moderates": True}, {"guild_id": None}])
async def test_nobody_else_ends_it(room: Retirements, changes: dict[str, object]) -> None:
    with pytest.raises(OperatorsOnlyError):
        await room.end(asker(**changes), "myrouter", SLUG)

    assert not room.gateways.sells(SLUG)
    assert await ask(room.database, retirements.known) == [GONE]


async def test_what_the_worker_is_about_to_write_down_stays_retired(room: Retirements) -> None:
    room.gateways.mark_retired("myrouter", "wan2.6-i2v")

    assert not await room.end(asker(guild_id=None, operates=True), "myrouter", "wan2.6-i2v")

    assert not room.gateways.sells("wan2.6-i2v")
