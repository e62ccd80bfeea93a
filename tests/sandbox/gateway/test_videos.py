import io
from fractions import Fraction
from urllib.parse import parse_qs, urlsplit

import aiohttp
import av
import pytest
from yarl import URL

from sandbox.gateway import GatewayServer, Plan, VideoShape
from sandbox.gateway.films import film
from tests.sandbox.gateway.caller import Caller, sora_body

SHORT = VideoShape(seconds=0.5)


@pytest.fixture(autouse=True)
def short_films(gateway: GatewayServer) -> None:
    gateway.default_plan = Plan(manual=True, video=SHORT)


@pytest.mark.parametrize(
    ("size", "duration", "ratio"),
    [("1280x720", 10, Fraction(16, 9)), ("720x1280", 15, Fraction(9, 16))],
)
async def test_the_video_is_real_and_as_ordered(
    gateway: GatewayServer, caller: Caller, size: str, duration: int, ratio: Fraction
) -> None:
    gateway.default_plan = Plan(manual=True)

    answered = await caller.get(await caller.video_url(sora_body(size=size, duration=duration)))

    assert answered.headers["Content-Type"] == "video/mp4"
    assert int(answered.headers["Content-Length"]) == len(answered.body)
    assert answered.body[4:8] == b"ftyp"
    assert answered.body.index(b"moov") < answered.body.index(b"mdat")
    with av.open(io.BytesIO(answered.body), "r") as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.codec_context.name, picture.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert Fraction(picture.width, picture.height) == ratio
        assert sound.codec_context.name == "aac"
        assert container.duration is not None
        assert container.duration / av.time_base == pytest.approx(duration, abs=0.1)
        assert len(list(container.decode(video=0))) == duration * 12


def test_the_picture_moves_and_the_sound_is_heard() -> None:
    with av.open(io.BytesIO(film(SHORT)), "r") as container:
        pictures = {bytes(frame.planes[0]) for frame in container.decode(video=0)}
    with av.open(io.BytesIO(film(SHORT)), "r") as container:
        loud = [any(bytes(frame.planes[0])) for frame in container.decode(audio=0)]

    assert len(pictures) == 6
    assert all(loud)


def test_a_film_of_another_codec_without_sound_can_be_made() -> None:
    with av.open(io.BytesIO(film(VideoShape(seconds=0.5, encoder="libx265", sound=False))), "r") as container:
        assert container.streams.video[0].codec_context.name == "hevc"
        assert not container.streams.audio


async def test_padding_makes_a_large_file_that_still_plays(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(Plan(manual=True, video=VideoShape(seconds=0.5, padding_bytes=3_000_000)))

    answered = await caller.get(await caller.video_url())

    assert len(answered.body) == len(film(SHORT)) + 3_000_000
    with av.open(io.BytesIO(answered.body), "r") as container:
        assert len(list(container.decode(video=0))) == 6


async def test_the_address_looks_presigned_and_must_not_be_altered(caller: Caller) -> None:
    url = await caller.video_url()

    query = parse_qs(urlsplit(url).query)
    normalised = await caller.get(url.replace("%2F", "/"))
    forged = await caller.get(url[:-1] + ("0" if url[-1] != "0" else "1"))
    whole = await caller.get(url)

    assert query["X-Amz-Expires"] == ["3600"]
    assert len(query["X-Amz-Signature"][0]) == 64
    assert (normalised.status, forged.status, whole.status) == (403, 403, 200)
    assert b"SignatureDoesNotMatch" in forged.body


async def test_an_address_runs_out_and_a_poll_gives_a_fresh_one(gateway: GatewayServer, caller: Caller) -> None:
    old = await caller.video_url()
    gateway.links.expire()

    late = await caller.get(old)
    fresh = str((await caller.poll(gateway.orders[0].task_id)).video["video_url"])

    assert late.status == 403
    assert b"Request has expired" in late.body
    assert fresh != old
    assert (await caller.get(fresh)).status == 200
    assert gateway.downloads == 2


async def test_the_time_to_live_counts(gateway: GatewayServer, caller: Caller) -> None:
    gateway.script(Plan(manual=True, video=SHORT, ttl=0))

    assert (await caller.get(await caller.video_url())).status == 403


@pytest.mark.parametrize(
    ("kind", "status"),
    [("not_found_html", 404), ("forbidden_html", 403), ("service_unavailable_html", 503), ("bad_gateway", 502)],
)
async def test_the_store_can_refuse(gateway: GatewayServer, caller: Caller, kind: str, status: int) -> None:
    url = await caller.video_url()
    gateway.fault("video", kind)

    assert [(await caller.get(url)).status for _ in range(2)] == [status, 200]


async def test_the_bytes_can_be_no_video(gateway: GatewayServer, caller: Caller) -> None:
    url = await caller.video_url()
    gateway.fault("video", "ok_html")

    answered = await caller.get(url)

    assert (answered.status, answered.headers["Content-Type"]) == (200, "video/mp4")
    assert answered.body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("location", [None, "http://169.254.169.254/latest"])
async def test_a_video_can_lead_elsewhere(gateway: GatewayServer, caller: Caller, location: str | None) -> None:
    url = await caller.video_url()
    gateway.fault("video", "found", location=location)

    answered = await caller.get(url)

    assert answered.status == 302
    assert answered.headers["Location"].startswith(location or "http://127.0.0.2:")


async def test_a_video_can_come_without_a_length(gateway: GatewayServer, caller: Caller) -> None:
    url = await caller.video_url()
    gateway.fault("video", "no_content_length")

    answered = await caller.get(url)

    assert "Content-Length" not in answered.headers
    assert answered.body == film(SHORT)


async def test_a_video_can_be_cut_in_the_middle(gateway: GatewayServer, caller: Caller) -> None:
    url = await caller.video_url()
    gateway.fault("video", "truncated_body", only=gateway.orders[0].task_id)
    got = b""

    with pytest.raises(aiohttp.ClientPayloadError):
        async with caller.session.get(URL(url, encoded=True)) as response:
            async for piece in response.content.iter_any():
                got += piece

    assert got == film(SHORT)[: len(film(SHORT)) // 2]


async def test_a_video_can_be_endless(gateway: GatewayServer, caller: Caller) -> None:
    url = await caller.video_url()
    gateway.fault("video", "endless")
    size = 0

    async with caller.session.get(URL(url, encoded=True)) as response:
        async for piece in response.content.iter_any():
            size += len(piece)
            if size > 2_000_000:
                break

    assert size > 2_000_000


async def test_a_video_can_be_too_slow(gateway: GatewayServer, caller: Caller) -> None:
    url = await caller.video_url()
    gateway.fault("video", "slow_drip", interval_seconds=1)
    caller.patience_seconds = 0.1

    with pytest.raises(aiohttp.SocketTimeoutError):
        await caller.get(url)
