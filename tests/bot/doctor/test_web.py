"""What is said of the web server's address, whatever else listens there."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from bot.doctor.finding import Finding, Standing
from bot.doctor.web import web
from bot.settings import Listen, Settings


async def look(address: Listen, public_url: str | None = None) -> list[Finding]:
    secret = SecretStr("a-secret-of-the-test")
    settings = Settings(discord_token=secret, myrouter_api_key=secret, http_listen=address, public_url=public_url)
    return [finding async for finding in web(settings)]


@asynccontextmanager
async def saying(words: bytes) -> AsyncIterator[Listen]:
    """A program that says the same to whoever connects, and hangs up."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if words.startswith(b"HTTP"):
            await reader.readuntil(b"\r\n\r\n")
        writer.write(words)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server:
        yield Listen(*server.sockets[0].getsockname())


@pytest.mark.parametrize("words", [b"SSH-2.0-OpenSSH_9.2\r\n", b""])
async def test_a_program_that_speaks_no_http_holds_the_address(words: bytes) -> None:
    async with saying(words) as address:
        (finding,) = await look(address)

    assert finding.standing is Standing.FAIL
    assert f"HTTP_LISTEN: 127.0.0.1:{address.port} can't be used: Address already in use." in finding.text


async def test_an_answer_that_is_no_text_comes_from_another_program() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n\xff\xfe"
    async with saying(answer) as address:
        (finding,) = await look(address)

    assert finding.standing is Standing.FAIL
    assert finding.text.startswith("HTTP_LISTEN: another program answers at ")


@pytest.mark.parametrize("host", ["192.0.2.1", "a" * 64])
async def test_an_address_that_is_not_this_machine_s_fails(host: str) -> None:
    # 192.0.2.0/24 is for documentation, and no name has a part of more than 63 letters.
    (finding,) = await look(Listen(host, 8080))

    assert finding.standing is Standing.FAIL
    assert f"HTTP_LISTEN: {host}:8080 can't be used" in finding.text


async def test_an_address_that_is_free_passes_and_is_left_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = Listen(*taken.getsockname())

    (finding,) = await look(address)

    assert finding == Finding(Standing.PASS, f"nothing answers at 127.0.0.1:{address.port}: the bot does not run now")
    with socket.create_server(address):
        pass
