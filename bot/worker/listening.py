"""The socket of the web server: where it listens, and how many connections it takes."""

import asyncio
import os
from collections.abc import Callable

from bot.settings import Listen


class ListenError(Exception):
    """HTTP_LISTEN can't be used; the text is one line for the operator."""

    def __init__(self, address: Listen, error: OSError | UnicodeError) -> None:
        number = getattr(error, "errno", None) or 0
        # What name servers say has numbers of its own, below zero.
        reason = os.strerror(number) if number > 0 else getattr(error, "strerror", "not an address")
        host = f"[{address.host}]" if ":" in address.host else address.host
        super().__init__(
            f"HTTP_LISTEN: {host}:{address.port} can't be used: {reason}. Choose another address or port, or off."
        )


async def listen(address: Listen, accept: Callable[[], asyncio.Protocol | None]) -> asyncio.Server:
    """Take connections until the server is closed; those that get None are cut off. Raises ListenError."""
    try:
        return await asyncio.get_running_loop().create_server(lambda: accept() or _Refusal(), *address)
    except (OSError, UnicodeError) as error:
        raise ListenError(address, error) from error


class _Refusal(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
