import pytest
from aiohttp import web

from sandbox.gateway import GatewayServer, Plan, VideoShape
from sandbox.stops import Stage
from tests.sandbox.gateway.caller import Caller


@pytest.mark.parametrize(("stage", "orders"), [(Stage.RECEIVED, 0), (Stage.APPLIED, 1), (Stage.ANSWERED, 1)])
async def test_an_order_can_be_stopped_at_each_stage(
    gateway: GatewayServer, caller: Caller, stage: Stage, orders: int
) -> None:
    counted: list[int] = []

    async def look(_: web.Request) -> None:
        counted.append(len(gateway.orders))

    gateway.stops.at(stage, "POST", "/v3/async/", look)

    answered = await caller.submit()

    assert answered.status == 200
    await gateway.wait_for(lambda: bool(counted))
    assert counted == [orders]


@pytest.mark.parametrize("stage", list(Stage))
async def test_a_download_can_be_stopped_at_each_stage(gateway: GatewayServer, caller: Caller, stage: Stage) -> None:
    gateway.script(Plan(manual=True, video=VideoShape(seconds=0.5)))
    url = await caller.video_url()
    counted: list[int] = []

    async def look(_: web.Request) -> None:
        counted.append(gateway.downloads)

    gateway.stops.at(stage, "GET", "/results/", look)

    answered = await caller.get(url)

    assert answered.status == 200
    await gateway.wait_for(lambda: bool(counted))
    assert counted == [0 if stage is Stage.RECEIVED else 1]


async def test_a_refusal_and_a_fault_pass_the_stops_too(gateway: GatewayServer, caller: Caller) -> None:
    seen: list[str] = []

    async def look(request: web.Request) -> None:
        seen.append(request.path)

    gateway.stops.at(Stage.ANSWERED, "POST", "/v3/async/", look, times=2)
    gateway.fault("submit", "truncated_body", skip=1)

    await caller.submit({})
    with pytest.raises(Exception, match="payload"):
        await caller.submit()

    await gateway.wait_for(lambda: len(seen) == 2)
