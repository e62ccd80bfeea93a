"""A folder of kept files with a web server in front of it, for the tests of the web server."""

import asyncio
import socket
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from yarl import URL

from bot.domain.errors import StoreUnavailableError
from bot.media.kept import KeptFiles
from bot.media.signed import SignedLinks
from bot.settings import Listen
from bot.worker.web import WebServer

LOCAL = Listen("127.0.0.1", 0)
HOUR = timedelta(hours=1)
CONTENT = bytes(range(256)) * 40


class House:
    """A folder of kept files and the server in front of it, with a clock of its own."""

    def __init__(self, folder: Path, client: aiohttp.ClientSession, stack: AsyncExitStack) -> None:
        self.now = datetime(2026, 5, 1, tzinfo=UTC)
        self.kept = KeptFiles(folder / "inputs")
        self.links = SignedLinks("https://videos.example.org", b"secret" * 6, lambda: self.now)
        self.records_down = False
        self.results: dict[str, str] = {}
        self.client = client
        self._source = folder / "source"
        self._stack = stack

    async def open(self, *, idle_seconds: float = 10, send_seconds: float = 10, public: bool = True) -> None:
        links = self.links if public else None
        server = WebServer(LOCAL, links, self.find, idle_seconds=idle_seconds, send_seconds=send_seconds)
        self.server = await self._stack.enter_async_context(server)

    async def find(self, name: str) -> Path | None:
        """Where a kept file is, or a finished video."""
        if self.records_down:
            raise StoreUnavailableError
        return self.kept.path(self.results.get(name, name))

    async def keep(self, suffix: str = ".png", content: bytes = CONTENT) -> tuple[str, str]:
        """A kept file's name, and the path under which it is served."""
        self._source.write_bytes(content)
        name = await self.kept.keep(self._source, suffix)
        return name, URL(self.links.address(name, self.now + HOUR)).path

    async def offer(self, suffix: str) -> str:
        """The path under which a finished video is served."""
        self._source.write_bytes(CONTENT)
        shown = f"clapboard-7q2m0x9dkt{suffix}"
        self.results[shown] = await self.kept.keep(self._source, suffix)
        return URL(self.links.address(shown, self.now + HOUR)).path

    async def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
        url = URL(f"http://127.0.0.1:{self.server.port}{path}", encoded=True)
        async with self.client.request(method, url, headers=headers) as response:
            return response, await response.read()

    async def status(self, path: str, method: str = "GET") -> int:
        return (await self.ask(path, method))[0].status

    async def lives(self) -> bool:
        """Whether it answers in time."""
        async with asyncio.timeout(60):
            while True:
                try:
                    return await self.status("/healthz") == 200
                except aiohttp.ClientError:
                    await asyncio.sleep(0.01)

    async def connect(self, *, small: bool = False) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection of a client that says nothing yet; `small`: one that takes little at a time."""
        plug = socket.socket()
        if small:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plug.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plug, ("127.0.0.1", self.server.port))
        reader, writer = await asyncio.open_connection(sock=plug, limit=4096)
        self._stack.callback(writer.close)
        return reader, writer
