import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from pydantic import JsonValue

from sandbox.gateway import GatewayServer, Plan
from sandbox.gateway.unreachable import refusing_url
from tests.bot.media.films import png
from tests.sandbox.gateway.caller import Caller, sora_body


@pytest.fixture
async def media_url() -> AsyncIterator[str]:
    async def picture(request: web.Request) -> web.Response:
        # The address is signed: only as it was written is it good.
        good = request.raw_path == "/a.png?hm=a%2Fb"
        if request.raw_path == "/a.png?hm=upright":
            return web.Response(content_type="image/png", body=png(32, 64))
        return web.Response(status=200 if good else 403, content_type="image/png", body=b"png")

    app = web.Application()
    app.router.add_get("/a.png", picture)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{site.port}/a.png"
    await runner.cleanup()


@pytest.fixture
async def fetching() -> AsyncIterator[Caller]:
    async with GatewayServer(fetch_inputs=True) as server, aiohttp.ClientSession() as session:
        server.default_plan = Plan(manual=True)
        yield Caller(session, server)


async def test_the_media_of_an_order_are_fetched(fetching: Caller, media_url: str) -> None:
    url = f"{media_url}?hm=a%2Fb"
    await fetching.order(sora_body(image=url, prompt="http://not.a.medium/"))
    (order,) = fetching.gateway.orders

    await fetching.gateway.wait_for(lambda: bool(order.inputs))

    (found,) = order.inputs
    assert (found.url, found.status, found.content_type, found.size_bytes) == (url, 200, "image/png", 3)
    assert order.task.ending is None


async def test_the_film_of_a_model_without_a_shape_follows_the_picture(fetching: Caller, media_url: str) -> None:
    body: dict[str, JsonValue] = {"prompt": "x", "image": f"{media_url}?hm=upright", "duration": 3}
    await fetching.order(body, slug="kling-v3.0-std-i2v")
    (order,) = fetching.gateway.orders

    await fetching.gateway.wait_for(lambda: bool(order.inputs))

    assert (order.task.shape.width, order.task.shape.height) == (180, 360)
    assert (order.task.shape.seconds, order.task.shape.sound) == (3, False)


async def test_a_medium_that_cannot_be_fetched_fails_the_task(fetching: Caller, media_url: str) -> None:
    task_id = await fetching.order(sora_body(image=media_url))
    await fetching.gateway.wait_for(lambda: bool(fetching.gateway.orders[0].inputs))

    about = await fetching.task(task_id)

    assert (about["status"], about["reason"]) == (
        "TASK_STATUS_FAILED",
        "failed to download input (status 403)",
    )


async def test_a_medium_of_nobody_is_noted_with_status_0(fetching: Caller) -> None:
    with refusing_url() as nowhere:
        await fetching.order(sora_body(character_url=f"{nowhere}/clip.mp4"))
        await fetching.gateway.wait_for(lambda: bool(fetching.gateway.orders[0].inputs))

    assert fetching.gateway.orders[0].inputs[0].status == 0


async def test_by_default_nothing_is_fetched(gateway: GatewayServer, caller: Caller, media_url: str) -> None:
    await caller.order(sora_body(image=media_url))
    await gateway.stop()

    assert gateway.orders[0].inputs == []
    assert gateway.orders[0].task.ending is None


async def test_media_can_be_fetched_as_late_as_processing_begins(fetching: Caller, media_url: str) -> None:
    gateway = fetching.gateway
    gateway.script(Plan(manual=True, fetches_late=True))
    task_id = await fetching.order(sora_body(image=f"{media_url}?hm=a%2Fb"))
    (order,) = gateway.orders
    await asyncio.sleep(0.03)
    before = list(order.inputs)

    gateway.tasks[task_id].advance()
    await gateway.wait_for(lambda: bool(order.inputs))

    assert before == []
    assert order.inputs[0].status == 200


async def test_a_medium_that_is_gone_by_then_fails_the_task(fetching: Caller, media_url: str) -> None:
    fetching.gateway.script(Plan(manual=True, fetches_late=True))
    task_id = await fetching.order(sora_body(character_url=f"{media_url}?hm=gone", character_timestamps="1,3"))

    fetching.gateway.tasks[task_id].advance()
    await fetching.gateway.wait_for(lambda: bool(fetching.gateway.orders[0].inputs))

    about = await fetching.task(task_id)
    assert (about["status"], about["reason"]) == ("TASK_STATUS_FAILED", "failed to download input (status 403)")
