"""What the program does when it is told to run, migrate or sync; `bot.parts` puts it together."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path

import structlog

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import CatalogueError
from bot.client.api import use_api
from bot.client.session import SessionError
from bot.domain.errors import ClapboardError
from bot.gateway.choice import Gateways
from bot.gateway.client import GatewayClient
from bot.gateway.http import GatewayHttp
from bot.gateway.pace import Pace
from bot.house import House
from bot.locales import Translator
from bot.media.errors import TemporaryFileError
from bot.media.files import temporary_file
from bot.parts import Ground, build
from bot.settings import Settings
from bot.store.database import Database
from bot.store.file import owned
from bot.store.migrate import migrate as migrate_file
from bot.worker.listening import ListenError

log = structlog.get_logger(__name__)


class DataFolderError(Exception):
    """DATA_DIR can't be used; the text is one line for the operator."""


def run(settings: Settings) -> int:
    """Run the bot until SIGINT or SIGTERM; the exit status."""
    return _told(_run(settings))


def migrate(settings: Settings) -> int:
    """Bring the database file up to date; the exit status."""
    return _told(_migrate(settings.database_path.absolute()))


def sync(settings: Settings) -> int:
    """Register the slash commands whether they changed or not; the exit status."""
    return _told(_sync(settings))


def _told(work: Coroutine[None, None, None]) -> int:
    """Run a command of the program; what stops it is told in one sentence, exit status 1."""
    try:
        asyncio.run(work)
    except CatalogueError as error:
        print("\n".join(error.faults), file=sys.stderr)  # noqa: T201  the operator's terminal
        return 2
    except DataFolderError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except ClapboardError as error:
        print(Translator("en-US").text(error.sentence), file=sys.stderr)  # noqa: T201
        return 1
    except (SessionError, ListenError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


async def _migrate(path: Path) -> None:
    with owned(path):
        await migrate_file(path)


async def _sync(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        count = await house.bot.register(settings.discord_token.get_secret_value())
    print(f"{count} commands registered")  # noqa: T201


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        if house.web is not None:
            await stack.enter_async_context(house.web)
        await house.live(settings.discord_token.get_secret_value(), stop)


async def _open(settings: Settings, stack: AsyncExitStack) -> House:
    """Own the database file, bring it up to date, and put the parts together."""
    catalogue = Catalogue.load(settings.models_file)
    _try_to_write(_temporary(settings))
    path = settings.database_path.absolute()
    stack.enter_context(owned(path))
    await migrate_file(path)
    database = await stack.enter_async_context(Database(path))
    http = await stack.enter_async_context(GatewayHttp())
    await use_api(settings.discord_api_url, settings.discord_token.get_secret_value())
    return build(Ground(settings, database, catalogue, _gateways(settings, http), _temporary(settings)))


def _temporary(settings: Settings) -> Path:
    """Where files lie while they are carried."""
    return settings.data_dir.absolute() / "tmp"


def _try_to_write(folder: Path) -> None:
    """Make a file there and remove it: found out later, a paid video could not be carried. Raises DataFolderError."""
    try:
        with temporary_file(folder):
            pass
    except TemporaryFileError as error:
        reason = getattr(error.__cause__, "strerror", None) or "unknown reason"
        message = f"DATA_DIR: {folder.parent} can't be written to. Choose another folder, or mend this one: {reason}."
        raise DataFolderError(message) from error


def _gateways(settings: Settings, http: GatewayHttp) -> Gateways:
    clients = []
    for name in settings.gateways:
        key = settings.gateway_key(name)
        if key is not None:
            pace = Pace(settings.gateway_requests_per_minute)
            clients.append(GatewayClient(name, settings.gateway_url(name), key, http, pace))
    return Gateways(clients)
