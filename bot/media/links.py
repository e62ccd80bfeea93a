"""Links that members give: judged by their text and their names' addresses, never fetched by the bot.

The gateway fetches them. What is refused here is what a gateway could not open, and what could turn it (or a
proxy between) against somebody's private network. Every refusal is its own class with its own sentence.
"""

import asyncio
import re
import unicodedata
from enum import StrEnum

from yarl import URL

from bot.media.addresses import Lookup, is_public, is_public_text, parse_address, system_lookup
from bot.media.errors import (
    LinkCredentialsError,
    LinkError,
    LinkSchemeError,
    LinkTooLongError,
    LocalNameError,
    OddAddressError,
    PictureExtensionError,
    PrivateLinkError,
)

LINK_LIMIT = 2048
"""Characters; Discord's own limit for the URL of a media item (discord.md, limits)."""

PICTURE_EXTENSIONS = (".jpg", ".jpeg", ".png")
"""What the gateways' `image` field takes (video-api.md, submit)."""

_LOCAL_ENDINGS = (
    ".localhost",
    ".local",
    ".localdomain",
    ".internal",
    ".intranet",
    ".private",
    ".corp",
    ".home",
    ".lan",
    ".home.arpa",
)
_ODD_CHARACTERS = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"^`{|}\u2028\u2029]")
_NUMBER_LABEL = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_IN_BRACKETS = re.compile(r"\[[0-9a-fA-F:.]+\](:[0-9]*)?")
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


class LinkKind(StrEnum):
    """What a link is meant to lead to."""

    PICTURE = "picture"
    CLIP = "clip"


def check_link(text: str, *, kind: LinkKind) -> str:
    """Judge a member's link by its text; the answer is the link as it goes to the gateway.

    Spaces around it and the `<…>` that people write to avoid a preview are taken off; a name with letters
    outside ASCII is written as its ASCII form; nothing else is changed.

    Raises:
        LinkError: one of its subclasses says what is wrong.
    """
    link = text.strip()
    if link.startswith("<") and link.endswith(">"):
        link = link[1:-1]
    if len(link) > LINK_LIMIT:
        raise LinkTooLongError(length=len(link), limit=LINK_LIMIT)
    if not re.match(r"https?://", link, re.IGNORECASE):
        raise LinkSchemeError
    url = _parse(link)
    _check_host(url.raw_host or "")
    if kind is LinkKind.PICTURE and not has_picture_extension(url):
        raise PictureExtensionError
    return link if link.isascii() else str(url)


def has_picture_extension(url: URL) -> bool:
    """Whether the path, without the query, ends as the gateways ask of pictures."""
    return url.raw_path.lower().endswith(PICTURE_EXTENSIONS)


async def resolve_public(host: str, port: int, *, lookup: Lookup = system_lookup, timeout_seconds: float = 3) -> None:
    """Refuse a name of which any address is private. The time-out is in seconds.

    A name that does not resolve, or not in time, passes: the gateway may see more of the internet than we do.

    Raises:
        PrivateLinkError: one of its addresses is not public.
    """
    if (literal := parse_address(host.strip("[]"))) is not None:
        if not is_public(literal):
            raise PrivateLinkError
        return
    try:
        async with asyncio.timeout(timeout_seconds):
            addresses = await lookup(host, port)
    except OSError:  # a TimeoutError is one too
        return
    if not all(is_public_text(address) for address in addresses):
        raise PrivateLinkError


async def check_member_link(text: str, *, kind: LinkKind, lookup: Lookup = system_lookup) -> str:
    """`check_link` and `resolve_public` in one; the answer is the link as it goes to the gateway.

    Raises:
        LinkError: one of its subclasses says what is wrong.
    """
    link = check_link(text, kind=kind)
    url = URL(link)
    await resolve_public(url.raw_host or "", url.port or 443, lookup=lookup)
    return link


def _parse(link: str) -> URL:
    authority = re.split(r"[/?#]", link.partition("://")[2], maxsplit=1)[0]
    # Compatibility forms (fullwidth digits, the ideographic full stop) become what a resolver would see.
    folded = unicodedata.normalize("NFKC", authority)
    if "@" in folded:
        raise LinkCredentialsError
    if not folded or _ODD_CHARACTERS.search(link) or re.search(r"[/?#%\\]", folded):
        raise LinkError
    if "[" in folded and not _IN_BRACKETS.fullmatch(folded):
        raise LinkError
    try:
        url = URL(link.replace(authority, folded, 1))
        if not url.port:  # yarl reads the port when it is asked for
            raise LinkError
    except ValueError as exc:
        raise LinkError from exc
    return url


def _check_host(raw_host: str) -> None:
    host = raw_host.lower().removesuffix(".")
    if (address := parse_address(host)) is not None:
        if not is_public(address):
            raise PrivateLinkError
        return
    labels = host.split(".")
    if _NUMBER_LABEL.fullmatch(labels[-1]):
        raise OddAddressError
    if ":" in host or len(host) > 253 or not _HOST_NAME.fullmatch(host):
        raise LinkError
    if len(labels) == 1 or f".{host}".endswith(_LOCAL_ENDINGS):
        raise LocalNameError
