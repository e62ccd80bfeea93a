"""The web server and clients that are slow, many, or gone."""

import asyncio
import logging

import pytest

from bot.settings import Listen
from bot.worker import web as web_server
from bot.worker.web import WebServer
from tests.bot.worker.web_house import LOCAL, House

LARGE_BYTES = 16 << 20
"""More than the system takes over between a server and a client that does not read."""


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends the connection in time, and says nothing more."""
    try:
        async with asyncio.timeout(60):
            return await reader.read(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


async def drain(reader: asyncio.StreamReader) -> int:
    """How many bytes still come until the connection ends."""
    taken = 0
    try:
        while block := await reader.read(1 << 16):
            taken += len(block)
    except ConnectionResetError:
        pass
    return taken


@pytest.mark.parametrize("said", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n"])
async def test_a_client_that_does_not_ask_is_cut_off(house: House, said: bytes) -> None:
    await house.open(idle_seconds=0.2)
    reader, writer = await house.connect()
    writer.write(said)

    assert await ended(reader)
    writer.close()


async def test_a_client_that_does_not_take_what_it_asked_for_is_cut_off(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    _, path = await house.keep(".mp4", bytes(LARGE_BYTES))
    await house.open(send_seconds=0.2)
    reader, writer = await house.connect(small=True)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    assert b" 200 " in await reader.readline()
    await asyncio.sleep(0.5)
    async with asyncio.timeout(60):
        taken = await drain(reader)

    assert taken < LARGE_BYTES
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert await house.status("/healthz") == 200
    writer.close()


async def test_a_client_that_leaves_in_the_middle_is_no_fault(house: House, caplog: pytest.LogCaptureFixture) -> None:
    _, path = await house.keep(".mp4", bytes(LARGE_BYTES))
    await house.open()
    reader, writer = await house.connect(small=True)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await reader.readline()

    writer.transport.abort()

    assert await house.status(path, "HEAD") == 200
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_connection_too_many_is_cut_off_and_a_place_is_free_again(house: House) -> None:
    await house.open()
    taken = [await house.connect() for _ in range(web_server.CONNECTIONS)]
    reader, writer = taken[-1]
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readuntil(b"ok")

    refused = await ended((await house.connect())[0])
    for _, each in taken:
        each.close()

    assert refused
    assert await house.lives()


async def test_it_stops_without_waiting_for_idle_clients_and_frees_the_port(house: House) -> None:
    async with WebServer(LOCAL, None, house.find) as server:
        port = server.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"ok")
        began = asyncio.get_running_loop().time()

    assert asyncio.get_running_loop().time() - began < 1
    assert await ended(reader)
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    async with WebServer(Listen("127.0.0.1", port), None, house.find) as again:
        assert again.port == port
