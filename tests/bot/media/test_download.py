"""Finished videos are streamed to a temporary file, from public addresses or the gateway's own host."""

import asyncio
import gzip
import resource
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import pytest
from aiohttp import web

from bot.media.containers import Container
from bot.media.download import Downloads
from bot.media.errors import (
    NotAVideoError,
    TemporaryFileError,
    VideoAddressError,
    VideoCutShortError,
    VideoFetchError,
    VideoGoneError,
    VideoTooLargeError,
    VideoTransientError,
)
from bot.media.transport import REDIRECT_LIMIT, PublicResolver, Timeouts, host_and_port
from tests.bot.media.conftest import Handler, Serve
from tests.bot.media.films import make_film

AMPLE = Timeouts(total_seconds=60, idle_seconds=60, connect_seconds=60)


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    return make_film(tmp_path / "film.mp4", seconds=0.5).read_bytes()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "tmp"


def answer(**arguments: object) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(**arguments)  # type: ignore[arg-type]

    return handler


def left_over(directory: Path) -> list[Path]:
    return list(directory.iterdir()) if directory.exists() else []


async def fetch(downloads: Downloads, base: str) -> bytes:
    async with downloads.video(base + "v.mp4", allowed_hosts=frozenset({host_and_port(base)})) as file:
        assert file.path.stat().st_size == file.size_bytes
        return file.path.read_bytes()


async def test_a_video_is_a_file_until_its_context_ends(serve: Serve, film: bytes, directory: Path) -> None:
    base = await serve(answer(body=film))
    downloads = Downloads(directory, timeouts=AMPLE)

    async with downloads.video(base, allowed_hosts=frozenset({host_and_port(base)})) as file:
        assert file.path.read_bytes() == film
        assert file.size_bytes == len(film)
        assert file.container is Container.MP4
        assert file.path.parent == directory

    assert left_over(directory) == []


async def test_a_long_video_arrives_whole_in_many_pieces(serve: Serve, film: bytes, directory: Path) -> None:
    padding = bytes(range(256)) * 4096
    body = film + 3 * ((len(padding) + 8).to_bytes(4, "big") + b"free" + padding)

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(body[:10])
        await asyncio.sleep(0.01)
        await response.write(body[10:])
        return response

    assert await fetch(Downloads(directory, timeouts=AMPLE), await serve(drip)) == body


async def test_the_file_is_gone_after_an_error_in_its_context(serve: Serve, film: bytes, directory: Path) -> None:
    base = await serve(answer(body=film))

    with pytest.raises(ZeroDivisionError):
        async with Downloads(directory).video(base, allowed_hosts=frozenset({host_and_port(base)})):
            raise ZeroDivisionError

    assert left_over(directory) == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, VideoGoneError),
        (401, VideoGoneError),
        (403, VideoGoneError),
        (404, VideoGoneError),
        (410, VideoGoneError),
        (408, VideoTransientError),
        (425, VideoTransientError),
        (429, VideoTransientError),
        (500, VideoTransientError),
        (503, VideoTransientError),
        (204, VideoTransientError),
        (304, VideoTransientError),
        (302, VideoTransientError),
    ],
)
async def test_the_status_tells_gone_from_try_again(
    serve: Serve, directory: Path, status: int, error: type[VideoFetchError]
) -> None:
    base = await serve(answer(status=status))

    with pytest.raises(error):
        await fetch(Downloads(directory, timeouts=AMPLE), base)

    assert left_over(directory) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"<!DOCTYPE html><html><body>not here</body></html>", "HTML"),
        (b"\n <html>" + b" " * 100, "HTML"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "XML"),
        (b'{"error": "not here"}', "JSON"),
        (b"GIF89a" + bytes(100), "GIF"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
        (b"\x00\x00\x00\x18ftypM4A " + bytes(100), "unknown"),
        (b"RIFF\x00\x00\x00\x00AVI " + bytes(100), "AVI"),
        (b"RIFF\x00\x00\x00\x00WAVE" + bytes(100), "unknown"),
        (b"ftyp", "unknown"),
        (b"x", "unknown"),
    ],
)
async def test_a_body_that_is_no_video_is_refused_by_its_bytes(
    serve: Serve, directory: Path, body: bytes, found: str
) -> None:
    base = await serve(answer(body=body, content_type="video/mp4"))

    with pytest.raises(NotAVideoError) as error:
        await fetch(Downloads(directory, timeouts=AMPLE), base)

    assert error.value.sentence.params == {"found": found}
    assert left_over(directory) == []


async def test_an_endless_page_is_refused_at_its_first_bytes(serve: Serve, directory: Path) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<html>" + b" " * 100)
        await asyncio.Event().wait()
        return response

    with pytest.raises(NotAVideoError):
        await fetch(Downloads(directory, timeouts=AMPLE), await serve(endless))


async def test_an_empty_body_is_tried_again(serve: Serve, directory: Path) -> None:
    with pytest.raises(VideoTransientError):
        await fetch(Downloads(directory, timeouts=AMPLE), await serve(answer(body=b"")))


async def test_a_body_shorter_than_announced_is_tried_again(serve: Serve, film: bytes, directory: Path) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(film))})
        await response.prepare(request)
        await response.write(film[:-100])
        assert request.transport is not None
        request.transport.close()
        return response

    with pytest.raises(VideoTransientError):
        await fetch(Downloads(directory, timeouts=AMPLE), await serve(cut))

    assert left_over(directory) == []


async def test_a_file_whose_boxes_end_after_it_does_is_tried_again(serve: Serve, film: bytes, directory: Path) -> None:
    with pytest.raises(VideoCutShortError):
        await fetch(Downloads(directory, timeouts=AMPLE), await serve(answer(body=film[:-100])))


async def test_a_video_over_the_cap_is_refused_by_its_announced_length(serve: Serve, directory: Path) -> None:
    async def announce(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1001"})
        await response.prepare(request)
        await asyncio.Event().wait()
        return response

    with pytest.raises(VideoTooLargeError):
        await fetch(Downloads(directory, max_bytes=1000, timeouts=AMPLE), await serve(announce))


async def test_a_compressed_body_is_not_unpacked(serve: Serve, film: bytes, directory: Path) -> None:
    packed = answer(body=gzip.compress(film), headers={"Content-Encoding": "gzip"})

    with pytest.raises(NotAVideoError):
        await fetch(Downloads(directory, timeouts=AMPLE), await serve(packed))


async def test_a_video_over_the_cap_is_refused_while_it_arrives(serve: Serve, film: bytes, directory: Path) -> None:
    async def unannounced(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(film)
        return response

    base = await serve(unannounced)

    with pytest.raises(VideoTooLargeError):
        await fetch(Downloads(directory, max_bytes=len(film) - 1, timeouts=AMPLE), base)
    assert await fetch(Downloads(directory, max_bytes=len(film), timeouts=AMPLE), base) == film
    assert left_over(directory) == []


@pytest.mark.parametrize(
    "timeouts",
    [
        Timeouts(total_seconds=60, idle_seconds=0.05, connect_seconds=60),
        Timeouts(total_seconds=0.05, idle_seconds=60, connect_seconds=60),
    ],
    ids=["idle", "total"],
)
async def test_a_server_that_falls_silent_is_given_up(
    serve: Serve, film: bytes, directory: Path, timeouts: Timeouts
) -> None:
    async def stall(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(film))})
        await response.prepare(request)
        await response.write(film[:100])
        await asyncio.Event().wait()
        return response

    with pytest.raises(VideoTransientError):
        async with asyncio.timeout(50):
            await fetch(Downloads(directory, timeouts=timeouts), await serve(stall))

    assert left_over(directory) == []


async def test_a_cancelled_download_leaves_nothing(serve: Serve, film: bytes, directory: Path) -> None:
    begun = asyncio.Event()

    async def stall(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(film[:100])
        begun.set()
        await asyncio.Event().wait()
        return response

    task = asyncio.create_task(fetch(Downloads(directory, timeouts=AMPLE), await serve(stall)))
    await asyncio.wait_for(begun.wait(), 60)
    assert len(left_over(directory)) == 1
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert left_over(directory) == []


async def test_nobody_listening_is_tried_again(directory: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{unused.getsockname()[1]}/"

        with pytest.raises(VideoTransientError):
            await fetch(Downloads(directory, timeouts=AMPLE), base)


async def test_no_more_than_a_few_run_at_once(serve: Serve, film: bytes, directory: Path) -> None:
    running = 0
    most = 0

    async def slow(_: web.Request) -> web.StreamResponse:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        return web.Response(body=film)

    base = await serve(slow)
    downloads = Downloads(directory, at_once=2, timeouts=AMPLE)

    films = await asyncio.gather(*(fetch(downloads, base) for _ in range(6)))

    assert films == [film] * 6
    assert most == 2


async def test_a_directory_that_cannot_be_made_is_told(film: bytes, tmp_path: Path, serve: Serve) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(TemporaryFileError):
        await fetch(Downloads(tmp_path / "file" / "tmp"), await serve(answer(body=film)))


@pytest.fixture
def full_disk() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [1_000, 1_000_000], ids=["within the buffer", "past the buffer"])
async def test_a_full_disk_is_told_and_leaves_nothing(
    serve: Serve, film: bytes, directory: Path, full_disk: None, size: int
) -> None:
    base = await serve(answer(body=film + bytes(size)))

    with pytest.raises(TemporaryFileError):
        await fetch(Downloads(directory, timeouts=AMPLE), base)

    assert left_over(directory) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/v.mp4",
        "http://10.0.0.1/v.mp4",
        "http://[::1]/v.mp4",
        "http://[::ffff:127.0.0.1]/v.mp4",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/v.mp4",
        "http://127.1/v.mp4",
        "http://2130706433/v.mp4",
        "http://0x7f000001/v.mp4",
        "file:///etc/passwd",
        "ftp://example.com/v.mp4",
        "http://user:secret@example.com/v.mp4",
        "http:///v.mp4",
        "http://[v/v.mp4",
        "http://[::1%25lo]/v.mp4",
        "http://example.com:99999/v.mp4",
        "http://example.com:x/v.mp4",
        "http://1.2.3/v.mp4",
        "http:\\\\127.0.0.1/v.mp4",
        "",
    ],
)
async def test_an_address_that_is_not_public_is_never_fetched(directory: Path, url: str) -> None:
    with pytest.raises(VideoAddressError):
        async with Downloads(directory, timeouts=AMPLE).video(url):
            pass


async def test_a_local_gateways_own_host_is_allowed_at_its_own_port_only(
    serve: Serve, film: bytes, directory: Path
) -> None:
    own = await serve(answer(body=film))
    other = await serve(answer(body=film))
    downloads = Downloads(directory, timeouts=AMPLE)

    async with downloads.video(own, allowed_hosts=frozenset({host_and_port(own)})) as file:
        assert file.size_bytes == len(film)
    with pytest.raises(VideoAddressError):
        async with downloads.video(other, allowed_hosts=frozenset({host_and_port(own)})):
            pass


async def test_a_local_gateway_may_be_given_by_name(serve: Serve, film: bytes, directory: Path) -> None:
    own = (await serve(answer(body=film))).replace("127.0.0.1", "localhost")

    assert await fetch(Downloads(directory, timeouts=AMPLE), own) == film


def redirecting(to: Callable[[web.Request], str], status: int = 302) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": to(request)})

    return handler


async def test_a_redirect_to_a_private_address_is_not_followed(serve: Serve, film: bytes, directory: Path) -> None:
    asked: list[str] = []

    async def private(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(body=film)

    target = await serve(private)
    base = await serve(redirecting(lambda _: target + "secret"))

    with pytest.raises(VideoAddressError):
        await fetch(Downloads(directory, timeouts=AMPLE), base)
    assert asked == []


@pytest.mark.parametrize("location", ["file:///etc/passwd", "http://localhost:1/", "http://[::1", "//10.0.0.1/x"])
async def test_a_redirect_to_what_may_not_be_fetched_is_not_followed(
    serve: Serve, directory: Path, location: str
) -> None:
    base = await serve(redirecting(lambda _: location))

    with pytest.raises(VideoAddressError):
        await fetch(Downloads(directory, timeouts=AMPLE), base)


def hops(count: int, film: bytes) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        hop = int(request.query.get("hop", "0"))
        if hop == count:
            return web.Response(body=film)
        return web.Response(status=307, headers={"Location": f"next?hop={hop + 1}"})

    return handler


async def test_five_redirects_are_followed(serve: Serve, film: bytes, directory: Path) -> None:
    base = await serve(hops(REDIRECT_LIMIT, film))

    assert await fetch(Downloads(directory, timeouts=AMPLE), base) == film


async def test_six_redirects_are_too_many(serve: Serve, film: bytes, directory: Path) -> None:
    base = await serve(hops(REDIRECT_LIMIT + 1, film))

    with pytest.raises(VideoAddressError):
        await fetch(Downloads(directory, timeouts=AMPLE), base)


async def test_a_presigned_address_is_asked_for_exactly_as_it_was_given(
    serve: Serve, film: bytes, directory: Path
) -> None:
    asked: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.raw_path)
        assert request.headers["Accept-Encoding"] == "identity"
        return web.Response(body=film)

    base = await serve(handler)
    tail = "a%2Fb%20c.mp4?X-Sig=a%2Bb%3D%3d&e=%7E~(1)"

    async with Downloads(directory, timeouts=AMPLE).video(base + tail, allowed_hosts=frozenset({host_and_port(base)})):
        pass

    assert asked == ["/" + tail]


def rebinding(*answers: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A name service that answers differently each time it is asked, and fails when it is asked once more."""
    remaining = iter(answers)

    async def lookup(host: str, port: int) -> Sequence[str]:
        return next(remaining)

    return lookup


async def test_a_name_is_asked_once_and_its_judged_address_is_connected_to(
    serve: Serve, film: bytes, directory: Path
) -> None:
    base = (await serve(answer(body=film))).replace("127.0.0.1", "gateway.example")
    downloads = Downloads(directory, lookup=rebinding(["127.0.0.1"]), timeouts=AMPLE)

    assert await fetch(downloads, base) == film


async def test_a_name_that_changes_its_meaning_is_judged_again() -> None:
    resolver = PublicResolver(frozenset(), rebinding(["8.8.8.8", "2606:4700::1111"], ["127.0.0.1"]))

    first = await resolver.resolve("rebind.example", 443)
    with pytest.raises(VideoAddressError):
        await resolver.resolve("rebind.example", 443)

    assert [(found["host"], found["port"], found["family"]) for found in first] == [
        ("8.8.8.8", 443, socket.AF_INET),
        ("2606:4700::1111", 443, socket.AF_INET6),
    ]


async def test_a_redirect_to_a_name_with_a_private_address_is_not_followed(serve: Serve, directory: Path) -> None:
    base = await serve(redirecting(lambda request: f"http://rebind.example:{request.url.port}/"))
    downloads = Downloads(directory, lookup=rebinding(["127.0.0.1"]), timeouts=AMPLE)

    with pytest.raises(VideoAddressError):
        await fetch(downloads, base)


async def test_one_private_address_among_public_ones_is_enough_to_refuse(directory: Path) -> None:
    downloads = Downloads(directory, lookup=rebinding(["8.8.8.8", "10.0.0.1"]), timeouts=AMPLE)

    with pytest.raises(VideoAddressError):
        async with downloads.video("http://mixed.example/"):
            pass


async def test_a_name_that_does_not_resolve_is_tried_again(directory: Path) -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    with pytest.raises(VideoTransientError):
        async with Downloads(directory, lookup=unknown, timeouts=AMPLE).video("http://nowhere.example/"):
            pass


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8080/v3", "127.0.0.1:8080"),
        ("https://API.example.com", "api.example.com:443"),
        ("http://[::1]/", "::1:80"),
    ],
)
def test_a_gateways_host_is_written_with_its_port(url: str, expected: str) -> None:
    assert host_and_port(url) == expected


def test_an_address_without_a_host_has_none_to_allow() -> None:
    with pytest.raises(ValueError, match="no host"):
        host_and_port("/relative")
