"""HTTP to addresses that others named: only to public ones, or to one host that the caller trusts.

What is checked is what is connected to: the resolver hands the connector nothing but addresses that it has
judged, so a name cannot change its meaning in between, and every redirect goes through the same judgement.
"""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.media.addresses import Lookup, is_public, is_public_text, parse_address, system_lookup
from bot.media.errors import VideoAddressError

REDIRECT_LIMIT = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Limits in seconds: `total` for a whole download with its redirects, `idle` between two pieces of it."""

    total_seconds: float = 300
    idle_seconds: float = 30
    connect_seconds: float = 10


def host_and_port(url: str) -> str:
    """The `host:port` of an http(s) address, as `allowed_hosts` wants it; the port is always written.

    Raises:
        ValueError: the address has no host.
    """
    parsed = URL(url)
    if not parsed.raw_host:
        msg = "the address has no host"
        raise ValueError(msg)
    return f"{parsed.raw_host}:{parsed.port}"


class PublicResolver(AbstractResolver):
    """Resolves names for the connector and refuses a name of which any address is not public."""

    def __init__(self, allowed_hosts: frozenset[str], lookup: Lookup) -> None:
        self._allowed_hosts = allowed_hosts
        self._lookup = lookup

    def check(self, url: URL) -> None:
        """Judge what can be judged before resolving: scheme, credentials, and a host that is an address.

        Raises:
            VideoAddressError: the address is none that may be fetched.
        """
        host = url.raw_host
        if url.scheme not in {"http", "https"} or not host or url.raw_user or url.raw_password:
            raise VideoAddressError(reason="not an http(s) address")
        if f"{host}:{url.port}" in self._allowed_hosts:
            return
        # The connector takes these for addresses and would not ask the resolver.
        if ":" in host or host.replace(".", "").isdigit():
            address = parse_address(host)
            if address is None or not is_public(address):
                raise VideoAddressError(reason="not a public address")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look the name up and judge every address.

        Raises:
            VideoAddressError: one of them is not public and the host is not allowed.
            OSError: the name does not resolve.
        """
        addresses = await self._lookup(host, port)
        allowed = f"{host}:{port}" in self._allowed_hosts
        if not allowed and not all(is_public_text(address) for address in addresses):
            raise VideoAddressError(reason="the name stands for an address that is not public")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held open."""


@asynccontextmanager
async def open_checked(
    url: str, *, allowed_hosts: frozenset[str], timeouts: Timeouts, lookup: Lookup = system_lookup
) -> AsyncIterator[aiohttp.ClientResponse]:
    """GET an address with up to five redirects; the body is not read and not decompressed.

    `allowed_hosts` holds `host:port` as `host_and_port` makes it: hosts that may have private addresses.
    The total time-out is the caller's to hold, since it covers the reading too.

    Raises:
        VideoAddressError: this address, or one it was redirected to, may not be fetched.
        aiohttp.ClientError, OSError: as the connection failed.
    """
    resolver = PublicResolver(allowed_hosts, lookup)
    # A session of its own: no cookie and no connection is shared between what different people named.
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={"Accept-Encoding": "identity"},
        timeout=aiohttp.ClientTimeout(
            total=None, sock_connect=timeouts.connect_seconds, sock_read=timeouts.idle_seconds
        ),
    )
    async with session:
        response = await _follow(session, resolver, _untouched(url))
        async with response:
            yield response


async def _follow(session: aiohttp.ClientSession, resolver: PublicResolver, url: URL) -> aiohttp.ClientResponse:
    for _ in range(REDIRECT_LIMIT + 1):
        resolver.check(url)
        response = await session.get(url, allow_redirects=False)
        location = response.headers.get("Location")
        if response.status not in _REDIRECTS or location is None:
            return response
        response.close()
        url = url.join(_untouched(location))
    raise VideoAddressError(reason=f"more than {REDIRECT_LIMIT} redirects")


def _untouched(url: str) -> URL:
    """A presigned address as it stands: another spelling of its query could void its signature."""
    try:
        parsed = URL(url, encoded=url.isascii() and url.isprintable() and " " not in url)
        _ = parsed.port  # yarl reads it late
    except ValueError as exc:
        raise VideoAddressError(reason="not an address") from exc
    return parsed
