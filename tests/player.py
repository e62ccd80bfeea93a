"""A real Chromium that plays files in a `<video>` and tells what it saw and heard."""

import asyncio
import itertools
import os
import shutil
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web
from pydantic import TypeAdapter

PAGE: Final = Path(__file__).with_name("player.html")
NO_CHROMIUM: Final = "there is no chromium here that could play videos: apt-get install chromium"
PATIENCE_SECONDS: Final = 90
"""More than the page itself takes before it gives a film up."""
ASKING_SECONDS: Final = 5
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",  # a container's root may not make one, and what is opened here is our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
    "--no-first-run",
    "--disable-extensions",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-breakpad",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a file; all but `error` is 0 where it could not be played to its end.

    `error` is the player's own, empty without one; sides are those shown, after turning and stretching; `loudness`
    is the loudest channel's root mean square, up to 1; `brightness` is the mean of each quarter just after the middle
    of the film, 0 to 255, from the upper left to the lower right.
    """

    error: str = ""
    seconds: float = 0
    width: int = 0
    height: int = 0
    frames: int = 0
    corrupted: int = 0
    sound_bytes: int = 0
    loudness: float = 0
    brightness: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(slots=True)
class Player:
    """A page in Chromium to which files are handed, one at a time. `folder` holds them while they play."""

    folder: Path
    _names: "itertools.count[int]" = field(default_factory=itertools.count)
    _waiting: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    _is_open: asyncio.Event = field(default_factory=asyncio.Event)
    _told: "dict[str, asyncio.Future[Played]]" = field(default_factory=dict)

    async def play(self, film: bytes) -> Played:
        """Play a file to its end, quicker than usual, and look once at its middle.

        Raises TimeoutError when the page tells nothing, as when the browser has crashed.
        """
        name = f"{next(self._names)}.mp4"
        path = self.folder / name
        await asyncio.to_thread(path.write_bytes, film)
        self._told[name] = asyncio.get_running_loop().create_future()
        try:
            await self._waiting.put(name)
            return await asyncio.wait_for(self._told[name], PATIENCE_SECONDS)
        finally:
            del self._told[name]
            path.unlink()

    async def opened(self) -> None:
        """Wait until a browser has opened the page; TimeoutError when none does."""
        await asyncio.wait_for(self._is_open.wait(), PATIENCE_SECONDS)

    def routes(self) -> list[web.AbstractRouteDef]:
        """What the page asks for."""
        return [
            web.get("/", self._page),
            web.get("/next", self._next),
            web.post("/told/{name}", self._note),
            web.static("/films", self.folder),
        ]

    async def _page(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE)

    async def _next(self, _: web.Request) -> web.Response:
        self._is_open.set()
        try:
            return web.Response(text=await asyncio.wait_for(self._waiting.get(), ASKING_SECONDS))
        except TimeoutError:
            return web.Response(status=204)

    async def _note(self, request: web.Request) -> web.Response:
        played = TypeAdapter(Played).validate_json(await request.read())
        told = self._told.get(request.match_info["name"])
        if told is not None and not told.done():
            told.set_result(played)
        return web.Response()


def find_chromium() -> str:
    """The browser's path; without one the calling test is skipped, or fails where `CI` is set."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_CHROMIUM)
    return found


@asynccontextmanager
async def open_player(folder: Path) -> AsyncIterator[Player]:
    """A player in a browser of its own, which is gone at the end; `folder` is an empty one for its files."""
    chromium = find_chromium()
    player = Player(folder / "films")
    player.folder.mkdir()
    app = web.Application()
    app.add_routes(player.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        log = folder / "chromium.log"
        async with _browser(chromium, f"http://127.0.0.1:{site.port}/", folder / "profile", log):
            try:
                await player.opened()
            except TimeoutError as exc:
                raise RuntimeError(f"the page was not opened: {log.read_text(errors='replace')[-2000:]}") from exc
            yield player
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _browser(chromium: str, address: str, profile: Path, log: Path) -> AsyncIterator[None]:
    with log.open("wb") as output:
        browser = await asyncio.create_subprocess_exec(
            chromium,
            *FLAGS,
            f"--user-data-dir={profile}",
            address,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | {"HOME": str(profile)},
        )
    try:
        yield
    finally:
        await _end(browser)


async def _end(browser: Process) -> None:
    with suppress(ProcessLookupError):
        browser.terminate()
    try:
        await asyncio.wait_for(browser.wait(), 30)
    except TimeoutError:
        browser.kill()
        await browser.wait()
