"""Videos that are over an upload limit, from the order to what people can watch."""

import re
import socket
from contextlib import closing

import aiohttp
import pytest

from sandbox.discord import Message, wait_until
from sandbox.discord.ratelimits import Rate
from sandbox.gateway import Plan, VideoShape
from sandbox.gateway.films import film
from tests.e2e.conftest import approved
from tests.e2e.scene import PATIENCE_SECONDS, Film, Scene, job_id

MEBIBYTE = 1 << 20
SHAPE = VideoShape(seconds=2)


def plan(mebibytes: int, **changes: object) -> Plan:
    """A film of two seconds in a file of that size."""
    shape = VideoShape(seconds=2, padding_bytes=mebibytes * MEBIBYTE)
    return Plan(queued_seconds=0, processing_seconds=0, eta=False, video=shape, **changes)  # type: ignore[arg-type]


def refusals(scene: Scene) -> int:
    """How many uploads Discord refused as too large since the scene began."""
    mine = f"/channels/{scene.club.videos.id}/"
    return sum(item.status == 413 and mine in item.path for item in scene.stage.discord.exchanges.recorded)


@pytest.mark.parametrize(
    ("announced", "lowered", "refused"),
    [(10, None, 0), (20, 10, 1), (50, 10, 1)],
    ids=["known", "lowered", "boosts lost"],
)
async def test_a_video_over_the_limit_is_made_to_fit_and_says_so(
    scene: Scene, announced: int, lowered: int | None, refused: int
) -> None:
    guild = scene.club.guild
    guild.upload_limit = announced * MEBIBYTE
    guild.lowered_upload_limit = None if lowered is None else lowered * MEBIBYTE
    scene.stage.gateway.script(plan(12))

    await scene.order()

    result = await scene.result()
    assert len(result.attachments[0].data) <= 10 * MEBIBYTE
    assert Film.of(result.attachments[0]) == Film("h264", 320, 180, 2)
    assert " · re-encoded to fit this server's upload limit · " in result.text
    assert (refusals(scene), list(result.buttons)[-1]) == (refused, "Save as character")
    await scene.becomes("delivered")
    details = await scene.mia.menu("Video details", result)
    assert "File: H.264 · 320 × 180 · 2 s · 12 frames per second · AAC sound · " in details.text
    assert " · re-encoded to fit this server's upload limit\n" in details.text


async def test_a_boosted_server_gets_a_large_video_as_it_came(scene: Scene) -> None:
    scene.club.guild.set_boost_tier(2)
    scene.stage.gateway.script(plan(25))

    await scene.order()

    result = await scene.result()
    assert len(result.attachments[0].data) == len(film(SHAPE)) + 25 * MEBIBYTE
    assert "re-encoded" not in result.text
    assert refusals(scene) == 0


async def test_a_private_video_is_made_to_fit_direct_messages(scene: Scene) -> None:
    scene.club.guild.set_boost_tier(2)
    scene.stage.gateway.script(plan(25))

    await scene.order(private=True)

    result = await scene.result(scene.club.mia)
    assert len(result.attachments[0].data) <= 20 * MEBIBYTE
    assert " · re-encoded to fit the upload limit here · " in result.text
    copy = await scene.result(scene.club.log)
    assert len(copy.attachments[0].data) > 25 * MEBIBYTE


async def test_what_was_made_for_a_channel_that_is_busy_for_long_is_gone_after_a_stop(alone: Scene) -> None:
    stage = alone.stage
    await stage.open(**approved(stage))
    stage.discord.rate_limits.limit("POST", "/channels/{channel_id}/messages", Rate(1, 3600.0))
    await alone.order("a small one")
    await alone.result()
    stage.gateway.script(plan(21))
    await alone.order("a large one")
    await wait_until(lambda: "not told yet" in stage.program.told(), timeout=PATIENCE_SECONDS)
    waits = [path.stat().st_size for path in (stage.folder / "tmp").iterdir()]

    assert await stage.program.stop() == 0

    assert [0 < size <= 20 * MEBIBYTE for size in waits] == [True]
    assert list((stage.folder / "tmp").iterdir()) == []


async def test_without_re_encoding_a_large_video_is_a_link_and_an_odd_one_may_not_play(alone: Scene) -> None:
    stage = alone.stage
    await stage.open(**approved(stage), REENCODE="off")
    await stage.set_up()
    odd = VideoShape(seconds=2, encoder="libx265")
    stage.gateway.script(Plan(queued_seconds=0, processing_seconds=0, eta=False, video=odd))
    await alone.order()
    doubtful = await alone.result()
    alone.club.guild.lowered_upload_limit = 10 * MEBIBYTE
    stage.gateway.script(plan(12))

    await alone.order("a large one")

    assert "\nThis video may not play in Discord; download it to watch it.\n" in doubtful.text
    link = await linked(alone)
    assert "12.1 MB is over this server's upload limit." in link.text
    assert (link.attachments, "re-encoded" in link.text) == ([], False)


async def linked(scene: Scene) -> Message:
    """The first video in #videos that was posted as a link."""
    return await scene.stage.discord.wait_for_message(
        scene.club.videos, lambda message: "Download" in message.buttons, timeout=PATIENCE_SECONDS
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as plug:
        plug.bind(("127.0.0.1", 0))
        port: int = plug.getsockname()[1]
        return port


async def fetch(url: str, **headers: str) -> tuple[int, bytes, str]:
    """What a browser gets: status, content and type."""
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.read(), response.headers["Content-Type"]


def public() -> dict[str, str]:
    """Settings by which members fetch what is kept from this machine."""
    port = free_port()
    return {"HTTP_LISTEN": f"127.0.0.1:{port}", "PUBLIC_URL": f"http://127.0.0.1:{port}"}


async def given_out(scene: Scene, listen: dict[str, str]) -> Message:
    """A video of 12 MB that was posted as a link of our own, because ten is the most there."""
    await scene.stage.open(**approved(scene.stage), REENCODE="off", **listen)
    await scene.stage.set_up()
    scene.club.guild.lowered_upload_limit = 10 * MEBIBYTE
    scene.stage.gateway.script(plan(12, ttl=600))
    await scene.order()
    return await linked(scene)


async def test_a_link_of_our_own_is_given_again_although_its_post_and_the_service_are_gone(alone: Scene) -> None:
    stage, listen = alone.stage, public()
    result = await given_out(alone, listen)
    await alone.becomes("delivered")
    result.delete()
    stage.gateway.links.expire()
    del stage.gateway.tasks[alone.orders[0].task_id]

    for _ in range(2):
        shown = await alone.mia.invoke("my-videos show", {"video": job_id(result)}, channel=alone.club.videos)
        shown = await shown.settled()

        assert shown.ephemeral
        assert "12.1 MB is over the upload limit here.\nThe link works until <t:" in shown.text
        assert shown.reply.buttons["Download"].url == result.buttons["Download"].url
    assert (await fetch(shown.reply.buttons["Download"].url or ""))[0] == 200


async def test_a_link_of_our_own_outlives_a_restart_and_ends_with_its_post(alone: Scene) -> None:
    stage, listen = alone.stage, public()
    result = await given_out(alone, listen)
    url = result.buttons["Download"].url or ""
    await alone.becomes("delivered")
    await stage.crash()
    await stage.open(**approved(stage), **listen)

    whole, part = await fetch(url), await fetch(url, Range="bytes=1048576-2097151")

    assert url.startswith(f"{listen['PUBLIC_URL']}/files/")
    assert url.endswith(f"/clapboard-{job_id(result)}.mp4")
    assert re.search(r"\nThe link works until <t:\d+:f>\.\n", result.text)
    assert (whole[0], len(whole[1]), whole[2]) == (200, len(film(SHAPE)) + 12 * MEBIBYTE, "video/mp4")
    assert (part[0], part[1]) == (206, whole[1][MEBIBYTE : 2 * MEBIBYTE])
    await alone.mod.invoke("video-mod remove", {"video": job_id(result)}, channel=alone.club.videos)
    await wait_until(lambda: result.deleted, PATIENCE_SECONDS)
    assert (await fetch(url))[0] == 404
