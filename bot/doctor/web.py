"""The web server of a running bot, and the public address that leads to it."""

from collections.abc import AsyncIterator

import aiohttp

from bot.doctor.finding import Finding, failed, hint, passed
from bot.settings import Listen, Settings
from bot.worker.listening import ListenError, listen

TIMEOUT = aiohttp.ClientTimeout(total=8)
NOT_THERE = "/files/x/picture.png"
"""What no link names; only the bot's own answer to it, a 404, has `OURS` as its header."""
OURS = "private, no-store"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


async def web(settings: Settings) -> AsyncIterator[Finding]:
    """Ask the bot whether it lives, here and at `PUBLIC_URL`."""
    address = settings.http_listen
    async with aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as session:
        if address is None:
            yield passed("HTTP_LISTEN is off")
            return
        lives, finding = await _here(session, address)
        yield finding
        if settings.public_url is not None:
            yield await _outside(session, settings.public_url, lives=lives)


async def _here(session: aiohttp.ClientSession, address: Listen) -> tuple[bool, Finding]:
    host = EVERYWHERE.get(address.host, address.host)
    place = f"{f'[{host}]' if ':' in host else host}:{address.port}"
    try:
        async with session.get(f"http://{place}/healthz", allow_redirects=False) as response:
            lives = response.status == 200 and await response.read() == b"ok"
    except (aiohttp.ClientError, OSError, UnicodeError):
        return False, await _silent(address, place)
    if lives:
        return True, passed(f"the bot runs and answers at {place}")
    return False, failed(f"HTTP_LISTEN: another program answers at {place}. Choose another port, or off.")


async def _silent(address: Listen, place: str) -> Finding:
    """Not every program speaks HTTP, and not every address is one of this machine: only listening shows it."""
    try:
        (await listen(address, lambda: None)).close()
    except ListenError as error:
        return failed(str(error))
    return passed(f"nothing answers at {place}: the bot does not run now")


async def _outside(session: aiohttp.ClientSession, url: str, *, lives: bool) -> Finding:
    try:
        async with session.get(f"{url}{NOT_THERE}", allow_redirects=False) as response:
            is_ours = response.status == 404 and response.headers.get("Cache-Control") == OURS
    except (aiohttp.ClientError, OSError, UnicodeError) as error:
        told = f"PUBLIC_URL: {url} can't be reached from here ({type(error).__name__})."
        return hint(f"{told} Try it from elsewhere: gateways fetch pictures and clips there.")
    if is_ours:
        return passed(f"{url} leads to the bot")
    if lives:
        return failed(f"PUBLIC_URL: {url} does not lead to the bot: look at the proxy. It has to pass /files/ on.")
    return hint(f"PUBLIC_URL: {url} can only be tried while the bot runs.")
