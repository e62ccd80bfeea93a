"""What must never be written down: tokens, keys, and signed addresses, even in the most talkative log."""

import re

from aiohttp import web

from sandbox.discord import Upload, wait_until
from sandbox.gateway import VideoShape
from sandbox.gateway.faults import FaultKind
from sandbox.gateway.films import film
from sandbox.stops import Stage as Reached
from tests.e2e.conftest import approved
from tests.e2e.scene import Scene

CLIP = Upload("puppet.mp4", film(VideoShape(width=160, height=90, seconds=2)), "video/mp4")


async def test_neither_the_log_nor_the_database_of_a_whole_run_holds_a_secret(alone: Scene) -> None:
    stage = alone.stage
    await stage.open(**approved(stage, LOG_LEVEL="DEBUG", GATEWAYS="myrouter,highway"))
    await _delivered_after_trouble(alone)
    await _refused_by_a_gateway_that_repeats_what_it_was_sent(alone)
    await _unsure(alone)
    assert await stage.program.stop() == 0

    told = stage.program.told()
    for event in ("delivered", "result address refused", "order refused", "order unsure"):
        assert event in told
    doors = {"token": stage.discord.token, "myrouter": stage.gateway.key, "highway": stage.highway.key}
    assert [name for name, secret in (doors | _signed(alone)).items() if secret in told] == []
    kept = b"".join(path.read_bytes() for path in stage.folder.glob("clapboard.db*")).decode(errors="replace")
    assert "repeated" in kept
    assert [name for name, secret in doors.items() if secret in kept] == []


async def _delivered_after_trouble(scene: Scene) -> None:
    scene.stage.gateway.fault("poll", FaultKind.INTERNAL_ERROR_TEXT)
    scene.stage.gateway.fault("video", FaultKind.FORBIDDEN_HTML)
    await scene.order(clip=CLIP)
    await scene.becomes("delivered")


async def _refused_by_a_gateway_that_repeats_what_it_was_sent(scene: Scene) -> None:
    async def repeat(request: web.Request) -> web.Response:
        message = f"repeated: {request.headers['Authorization']} {await request.text()}"
        return web.json_response({"code": 400, "reason": "INVALID_REQUEST", "message": message}, status=400)

    scene.stage.gateway.stops.at(Reached.RECEIVED, "POST", "/v3/async/", repeat)
    await scene.order(clip=CLIP)
    await scene.becomes("delivered", "failed")


async def _unsure(scene: Scene) -> None:
    scene.stage.gateway.fault("submit", FaultKind.RESET_AFTER_ORDER)
    await scene.order(private=True)
    await wait_until(lambda: "unsure" in scene.states)


def _signed(scene: Scene) -> dict[str, str]:
    """What signs an address or an answer, by where it was used."""
    stage = scene.stage
    signed = {f"result {number}": text for number, text in enumerate(stage.gateway.links.issued)}
    for exchange in stage.discord.exchanges.recorded:
        token = re.match(r"/api/v10/(?:interactions|webhooks)/\d+/([^/]+)", exchange.path)
        if token is not None:
            signed[exchange.template] = token[1]
    for order in scene.orders:
        signature = re.search("hm=([0-9a-f]+)", str(order.body))
        if signature is not None:
            signed[f"clip of {order.task_id}"] = signature[1]
    assert len(signed) > 4
    return signed
