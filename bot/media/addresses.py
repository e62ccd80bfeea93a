"""Which internet addresses are public, and what addresses a name stands for.

The ranges are those of the IANA registries of special-purpose addresses (RFC 6890 and what was added since),
written out because the standard library's answers differ between patch releases of Python.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a name and a port to its numeric addresses; an `OSError` means that it does not resolve."""

_NOT_PUBLIC_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers (CGNAT), some clouds' metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # the host's own services inside Azure, though allocated as public
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address and is retired (RFC 7526)
        "3fff::/20",
    )
)
_MAPPED_V4 = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def parse_address(text: str) -> Address | None:
    """An address in its canonical spelling (an IPv6 one without brackets), or None for anything else."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether anybody on the internet would reach the same machine under this address.

    IPv6 addresses that carry an IPv4 one (mapped, NAT64's well-known prefix) are as public as the one inside;
    networks that only have IPv6 see every IPv4 server under the latter.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    if address.scope_id is not None:
        return False
    if address in _MAPPED_V4 or address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _GLOBAL_UNICAST_V6 and not any(address in network for network in _NOT_PUBLIC_V6)


def is_public_text(text: str) -> bool:
    """`is_public` for an address as text; what is not an address is not public."""
    address = parse_address(text)
    return address is not None and is_public(address)


async def system_lookup(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver, off the event loop.

    Raises:
        OSError: the name does not resolve (`socket.gaierror`), or is no name at all.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as exc:  # a label that the resolver's own IDNA codec does not take
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from exc
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
