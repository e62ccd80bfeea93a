"""What goes on while a connection is not there: to Discord's gateway, to the first of two video gateways."""

import pytest

from sandbox.discord import wait_until
from sandbox.gateway.unreachable import refusing_url
from tests.e2e.conftest import approved
from tests.e2e.scene import WAITING, Scene


@pytest.mark.parametrize("how", ["drop", "ask_to_reconnect", "invalidate"])
async def test_a_video_arrives_although_discords_gateway_breaks_off(scene: Scene, how: str) -> None:
    gateway = scene.stage.discord.gateway
    scene.stage.gateway.script(WAITING)
    await scene.order()
    task = await scene.task()
    begun = gateway.identified + gateway.resumed

    getattr(gateway, how)()
    task.finish()

    await scene.result()
    await wait_until(lambda: gateway.identified + gateway.resumed == begun + 1)
    await scene.becomes("delivered")
    again = await scene.order()
    assert "**Queued" in again.text


async def test_when_the_first_gateway_refuses_connections_the_second_takes_the_order_once(alone: Scene) -> None:
    with refusing_url() as nowhere:
        await alone.stage.open(**approved(alone.stage, GATEWAYS="highway,myrouter", HIGHWAY_URL=nowhere))

        await alone.order()

        await alone.result()
    assert (len(alone.orders), alone.stage.gateway.submits) == (1, 1)
    assert alone.orders[0].key == alone.stage.gateway.key
    await alone.becomes("delivered")
    assert alone.entries == ["reserve", "commit"]


async def test_the_first_gateway_in_the_list_gets_the_order(alone: Scene) -> None:
    await alone.stage.open(**approved(alone.stage, GATEWAYS="highway,myrouter"))

    await alone.order()

    await alone.result()
    assert [order.key for order in alone.stage.highway.orders] == [alone.stage.highway.key]
    assert alone.stage.gateway.submits == 0
