"""The web server over real sockets: what it serves, and that it serves nothing else."""

import logging

import pytest
from yarl import URL

from bot.settings import Listen
from bot.worker.listening import ListenError
from bot.worker.web import WebServer
from tests.bot.worker.web_house import CONTENT, HOUR, House


async def test_it_says_that_the_process_lives(house: House) -> None:
    await house.open(public=False)

    response, body = await house.ask("/healthz")

    assert (response.status, response.content_type, body) == (200, "text/plain", b"ok")
    assert await house.status("/healthz", "HEAD") == 200


@pytest.mark.parametrize(("suffix", "kind"), [(".png", "image/png"), (".jpg", "image/jpeg"), (".mp4", "video/mp4")])
async def test_a_kept_file_is_served_as_what_it_is_and_for_nobody_to_keep(house: House, suffix: str, kind: str) -> None:
    _, path = await house.keep(suffix)
    await house.open()

    response, body = await house.ask(path)

    assert (response.status, body) == (200, CONTENT)
    told = {name: response.headers.get(name) for name in ("Content-Type", "Content-Length", "Content-Disposition")}
    assert told == {"Content-Type": kind, "Content-Length": str(len(CONTENT)), "Content-Disposition": "inline"}
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in response.headers


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [(".mp4", "video/mp4"), (".mov", "video/quicktime"), (".webm", "video/webm"), (".mkv", "video/x-matroska")],
)
async def test_a_finished_video_is_served_under_its_own_name_and_can_be_sought_in(
    house: House, suffix: str, kind: str
) -> None:
    path = await house.offer(suffix)
    await house.open()

    response, body = await house.ask(path)
    part, middle = await house.ask(path, Range="bytes=500-")

    assert path.endswith(f"/clapboard-7q2m0x9dkt{suffix}")
    assert (response.status, response.headers["Content-Type"], body) == (200, kind, CONTENT)
    assert (response.headers["Accept-Ranges"], part.status, middle) == ("bytes", 206, CONTENT[500:])


async def test_the_size_can_be_asked_for_alone(house: House) -> None:
    _, path = await house.keep()
    await house.open()

    response, body = await house.ask(path, "HEAD")

    assert (response.status, response.headers["Content-Length"], body) == (200, str(len(CONTENT)), b"")
    assert response.headers["Accept-Ranges"] == "bytes"


async def test_a_part_can_be_asked_for(house: House) -> None:
    _, path = await house.keep(".mp4")
    await house.open()

    part, body = await house.ask(path, Range="bytes=100-299")
    beyond, _ = await house.ask(path, Range=f"bytes={len(CONTENT)}-")

    assert (part.status, body) == (206, CONTENT[100:300])
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(CONTENT)}"
    assert (part.headers["Content-Type"], beyond.status) == ("video/mp4", 416)


async def test_what_has_expired_or_is_gone_or_never_was_gets_the_same_answer(house: House) -> None:
    _, expired = await house.keep()
    house.now += HOUR
    gone, removed = await house.keep(".mp4")
    house.kept.remove(gone)
    _, sound = await house.keep(".jpg")
    token = URL(sound).parts[2]
    await house.open()

    answers = [
        await house.ask(path)
        for path in (expired, removed, f"/files/{token[:-1]}/picture.jpg", f"/files/{token}/picture.png", "/nowhere")
    ]

    assert {(response.status, body) for response, body in answers} == {(404, b"404: Not Found")}
    assert len({tuple(sorted(set(response.headers) - {"Date"})) for response, _ in answers}) == 1
    assert await house.status(sound) == 200


async def test_nothing_else_is_served(house: House) -> None:
    name, path = await house.keep()
    token = URL(path).parts[2]
    await house.open()

    for other in (
        "/",
        "/files",
        "/files/",
        f"/files/{token}",
        f"/files/{token}/",
        f"/files/{token}/{name}",
        f"/files/{name}/picture.png",
        f"/inputs/{name}",
        f"/files/{token}/../../{name}",
        f"/files/..%2F..%2Fsource/{name}",
        "/files/%2e%2e/source",
        "/files/%00/picture.png",
        "/readyz",
        "/metrics",
    ):
        assert await house.status(other) == 404, other


async def test_while_the_records_can_not_be_reached_it_says_to_come_back_later(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    path = await house.offer(".mp4")
    house.records_down = True
    await house.open()

    assert await house.status(path) == 503
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_nothing_can_be_sent_to_it(house: House) -> None:
    _, path = await house.keep()
    await house.open()

    assert [await house.status(path, method) for method in ("POST", "PUT", "DELETE")] == [405] * 3


async def test_without_a_public_address_no_file_is_served(house: House) -> None:
    _, path = await house.keep()
    await house.open(public=False)

    assert await house.status(path) == 404


async def test_no_address_is_ever_logged(house: House, caplog: pytest.LogCaptureFixture) -> None:
    _, path = await house.keep()
    await house.open()
    caplog.set_level(logging.DEBUG)

    await house.ask(path)
    await house.ask(f"{path}x")
    reader, writer = await house.connect()
    writer.write(f"GET {path} \x01 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    answer = await reader.readline()
    writer.close()

    assert b" 400 " in answer
    assert URL(path).parts[2] not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_port_in_use_is_told_in_a_sentence(house: House) -> None:
    await house.open()
    port = house.server.port

    with pytest.raises(ListenError) as told:
        await WebServer(Listen("127.0.0.1", port), None, house.find).__aenter__()

    assert str(told.value) == (
        f"HTTP_LISTEN: 127.0.0.1:{port} can't be used: Address already in use. Choose another address or port, or off."
    )


@pytest.mark.parametrize(
    ("host", "reason"),
    [("203.0.113.7", "Cannot assign requested address"), ("x" * 64, "not an address"), ("::ffff:zz", "")],
)
async def test_a_host_that_is_not_here_is_told_in_a_sentence(house: House, host: str, reason: str) -> None:
    with pytest.raises(ListenError) as told:
        await WebServer(Listen(host, 0), None, house.find).__aenter__()

    assert str(told.value).startswith("HTTP_LISTEN: ")
    assert f":0 can't be used: {reason}" in str(told.value)
    assert "None" not in str(told.value)
