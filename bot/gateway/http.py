"""The connections to the gateways, one set for the process."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from types import TracebackType
from typing import Self

from aiohttp import ClientResponse, ClientSession, DummyCookieJar, TCPConnector
from aiohttp.http_exceptions import HttpProcessingError

from bot.domain.clock import Clock

# A broken chunk reaches the caller as the parser's own error, everything else as aiohttp's ClientError,
# as an OSError or as a TimeoutError (which is an OSError too).
BROKEN_BODY = HttpProcessingError
BODY_LIMIT_BYTES = 1024 * 1024
# 16 to 64 requests at once were fastest; more only make the loop stall.
READS_AT_ONCE = 32
LONGEST_RETRY_AFTER_SECONDS = 3600.0


class GatewayHttp:
    """The sessions of all gateways; `async with` closes them.

    Orders have a session of their own whose connections are never kept: on a kept one that the gateway has
    just closed, an order fails like one that was read and lost, and could not be told from it.
    """

    def __init__(self) -> None:
        self._orders: ClientSession | None = None
        self._reads: ClientSession | None = None

    @property
    def orders(self) -> ClientSession:
        """For orders: every request has a fresh connection."""
        if self._orders is None:
            self._orders = _session(TCPConnector(force_close=True))
        return self._orders

    @property
    def reads(self) -> ClientSession:
        """For reads, which may be repeated: connections are kept."""
        if self._reads is None:
            self._reads = _session(TCPConnector(limit_per_host=READS_AT_ONCE))
        return self._reads

    async def close(self) -> None:
        """Close every connection; a later request opens new ones."""
        orders, self._orders = self._orders, None
        reads, self._reads = self._reads, None
        for session in (orders, reads):
            if session is not None:
                await session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _session(connector: TCPConnector) -> ClientSession:
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar())


async def read_body(response: ClientResponse) -> bytes:
    """The body, cut off at `BODY_LIMIT_BYTES`: an honest answer is a thousandth of that."""
    body = bytearray()
    async for piece in response.content.iter_chunked(64 * 1024):
        body += piece
        if len(body) > BODY_LIMIT_BYTES:
            response.close()
            break
    return bytes(body[:BODY_LIMIT_BYTES])


def retry_after(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Seconds to wait by a `Retry-After` header, given there as seconds or as a date; an hour at most."""
    text = headers.get("Retry-After", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        zoned: datetime = when if when.tzinfo else when.replace(tzinfo=UTC)
        seconds = (zoned - clock()).total_seconds()
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER_SECONDS) if isfinite(seconds) else None
