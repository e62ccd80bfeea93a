"""Members' links are judged without being fetched."""

import asyncio
import socket
from collections.abc import Sequence

import pytest

from bot.media.addresses import is_public_text, system_lookup
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
from bot.media.links import LINK_LIMIT, LinkKind, check_link, check_member_link, resolve_public


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/clip.mp4",
        "http://example.com/",
        "https://example.com",
        "HTTPS://Example.COM:8443/a?b=c#d",
        "https://sub.domain.example.co.uk/x",
        "https://example.com./x",
        "https://xn--bcher-kva.example/x",
        "https://my_bucket.s3.example.com/x?X-Amz-Signature=a%2Fb%3D",
        "https://8.8.8.8/x",
        "https://[2606:4700::1111]/x",
        "https://[::ffff:8.8.8.8]/x",
        "https://[64:ff9b::8.8.8.8]/x",
        "https://localhost.example.com/x",
        "https://10.example.com/x",
        "https://example.com/@somebody/x",
    ],
)
def test_a_public_link_passes_unchanged(link: str) -> None:
    assert check_link(link, kind=LinkKind.CLIP) == link


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        ("  https://example.com/x \n", "https://example.com/x"),
        ("<https://example.com/x>", "https://example.com/x"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
    ],
)
def test_a_link_is_cleaned_of_what_surrounds_it_and_written_in_ascii(given: str, passed_on: str) -> None:
    assert check_link(given, kind=LinkKind.CLIP) == passed_on


@pytest.mark.parametrize(
    ("host", "error"),
    [
        ("127.0.0.1", PrivateLinkError),
        ("127.0.0.1.", PrivateLinkError),
        ("127.255.255.254:8080", PrivateLinkError),
        ("0.0.0.0", PrivateLinkError),
        ("10.1.2.3", PrivateLinkError),
        ("100.64.0.1", PrivateLinkError),
        ("100.127.255.255", PrivateLinkError),
        ("168.63.129.16", PrivateLinkError),
        ("169.254.169.254", PrivateLinkError),
        ("172.16.0.1", PrivateLinkError),
        ("172.31.255.255", PrivateLinkError),
        ("192.0.0.8", PrivateLinkError),
        ("192.0.2.1", PrivateLinkError),
        ("192.88.99.1", PrivateLinkError),
        ("192.168.1.1", PrivateLinkError),
        ("198.18.0.1", PrivateLinkError),
        ("198.51.100.1", PrivateLinkError),
        ("203.0.113.1", PrivateLinkError),
        ("224.0.0.1", PrivateLinkError),
        ("240.0.0.1", PrivateLinkError),
        ("255.255.255.255", PrivateLinkError),
        ("１２７．０．０．１", PrivateLinkError),
        ("127。0。0。1", PrivateLinkError),
        ("①②⑦.0.0.1", PrivateLinkError),
        ("[::]", PrivateLinkError),
        ("[::1]", PrivateLinkError),
        ("[0:0:0:0:0:0:0:1]:80", PrivateLinkError),
        ("[::127.0.0.1]", PrivateLinkError),
        ("[::ffff:127.0.0.1]", PrivateLinkError),
        ("[::ffff:7f00:1]", PrivateLinkError),
        ("[::ffff:0:127.0.0.1]", PrivateLinkError),
        ("[64:ff9b::10.0.0.1]", PrivateLinkError),
        ("[64:ff9b:1::8.8.8.8]", PrivateLinkError),
        ("[100::1]", PrivateLinkError),
        ("[2001::1]", PrivateLinkError),
        ("[2001:db8::1]", PrivateLinkError),
        ("[2002:7f00:1::]", PrivateLinkError),
        ("[3fff::1]", PrivateLinkError),
        ("[5f00::1]", PrivateLinkError),
        ("[fc00::1]", PrivateLinkError),
        ("[fd00:ec2::254]", PrivateLinkError),
        ("[fe80::1]", PrivateLinkError),
        ("[fec0::1]", PrivateLinkError),
        ("[ff02::1]", PrivateLinkError),
        ("[fe80::1%25eth0]", LinkError),
        ("[fe80::1%eth0]", LinkError),
        ("[v1.x]", LinkError),
        ("[::1", LinkError),
        ("2130706433", OddAddressError),
        ("0x7f000001", OddAddressError),
        ("0X7F000001", OddAddressError),
        ("017700000001", OddAddressError),
        ("127.1", OddAddressError),
        ("127.0.1", OddAddressError),
        ("0177.0.0.1", OddAddressError),
        ("0x7f.0.0.1", OddAddressError),
        ("127.0.0.0x1", OddAddressError),
        ("127.0.0.01", OddAddressError),
        ("8.8.8.8.8", OddAddressError),
        ("999.1.1.1", OddAddressError),
        ("example.0x", OddAddressError),
        ("0", OddAddressError),
        ("localhost", LocalNameError),
        ("LOCALHOST:80", LocalNameError),
        ("localhost.", LocalNameError),
        ("a.localhost", LocalNameError),
        ("ⓛocalhost", LocalNameError),
        ("printer", LocalNameError),
        ("printer.local", LocalNameError),
        ("metadata.google.internal", LocalNameError),
        ("nas.lan", LocalNameError),
        ("nas.lan.", LocalNameError),
        ("router.home.arpa", LocalNameError),
        ("local", LocalNameError),
        ("user@example.com", LinkCredentialsError),
        ("user:secret@example.com", LinkCredentialsError),
        ("@example.com", LinkCredentialsError),
        ("user＠example.com", LinkCredentialsError),
        ("", LinkError),
        (":80", LinkError),
        ("..", LinkError),
        ("a..example.com", LinkError),
        (".example.com", LinkError),
        ("-a.example.com", LinkError),
        ("a" * 64 + ".example.com", LinkError),
        ("example.com:99999", LinkError),
        ("example.com:0", LinkError),
        ("example.com:http", LinkError),
        ("exa%6dple.com", LinkError),
        ("%31%32%37.0.0.1", LinkError),
        ("example.com\\@127.0.0.1", LinkCredentialsError),
        ("example.com\\.evil.example", LinkError),
        ("exam ple.com", LinkError),
        ("example.com\t", LinkError),
        ("example.com\x00", LinkError),
        ("example.com／x", LinkError),
        ("exam*ple.com", LinkError),
        (".".join(["a" * 60] * 5), LinkError),
    ],
)
def test_a_host_that_is_not_a_public_one_is_refused_with_its_reason(host: str, error: type[LinkError]) -> None:
    with pytest.raises(LinkError) as refusal:
        check_link(f"https://{host}/x.png", kind=LinkKind.PICTURE)

    assert type(refusal.value) is error


@pytest.mark.parametrize(
    "link",
    ["", "example.com/x", "ftp://example.com/x", "file:///etc/passwd", "javascript:alert(1)", "data:,x", "//x.y/"],
)
def test_only_http_and_https_are_taken(link: str) -> None:
    with pytest.raises(LinkSchemeError):
        check_link(link, kind=LinkKind.CLIP)


@pytest.mark.parametrize("end", ["x y", "x\ny", "x\\y", "x<y", 'x"y', "x\u2028y"])
def test_characters_that_programs_read_differently_are_refused(end: str) -> None:
    with pytest.raises(LinkError):
        check_link(f"https://example.com/{end}", kind=LinkKind.CLIP)


def test_a_link_may_be_as_long_as_the_limit_and_no_longer() -> None:
    link = "https://example.com/".ljust(LINK_LIMIT, "x")

    assert check_link(link, kind=LinkKind.CLIP) == link
    with pytest.raises(LinkTooLongError) as refusal:
        check_link(link + "x", kind=LinkKind.CLIP)
    assert refusal.value.sentence.params == {"length": LINK_LIMIT + 1, "limit": LINK_LIMIT}


@pytest.mark.parametrize("end", ["a.jpg", "a.JPEG", "b/a.png?ex=1&is=2", "a.png#top"])
def test_a_picture_link_ends_in_a_picture_extension(end: str) -> None:
    link = f"https://example.com/{end}"

    assert check_link(link, kind=LinkKind.PICTURE) == link


@pytest.mark.parametrize("end", ["", "a", "a.gif", "a.webp", "a.png/", "a.png.exe", "?a.png", "a#a.png", "png"])
def test_a_picture_link_without_such_an_end_is_refused(end: str) -> None:
    with pytest.raises(PictureExtensionError):
        check_link(f"https://example.com/{end}", kind=LinkKind.PICTURE)


def test_what_is_no_address_is_not_public() -> None:
    assert not is_public_text("example.com")


def lookup_of(*addresses: str) -> "FixedLookup":
    return FixedLookup(addresses)


class FixedLookup:
    """A name service with one answer for every name."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.addresses


async def test_a_name_with_public_addresses_passes() -> None:
    lookup = lookup_of("8.8.8.8", "2606:4700::1111")

    link = await check_member_link("https://example.com/a.png", kind=LinkKind.PICTURE, lookup=lookup)

    assert link == "https://example.com/a.png"
    assert lookup.asked == [("example.com", 443)]


@pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%eth0"])
async def test_a_name_with_one_private_address_among_public_ones_is_refused(private: str) -> None:
    with pytest.raises(PrivateLinkError):
        await check_member_link("https://example.com:8443/", kind=LinkKind.CLIP, lookup=lookup_of("8.8.8.8", private))


async def test_an_address_in_a_link_needs_no_name_service() -> None:
    lookup = lookup_of()

    await resolve_public("8.8.8.8", 443, lookup=lookup)
    with pytest.raises(PrivateLinkError):
        await resolve_public("[::1]", 443, lookup=lookup)

    assert lookup.asked == []


async def test_a_name_that_does_not_resolve_is_left_to_the_gateway() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    await resolve_public("nowhere.example", 443, lookup=unknown)


async def test_a_name_that_does_not_resolve_in_time_is_left_to_the_gateway() -> None:
    async def silent(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return ()

    await resolve_public("slow.example", 443, lookup=silent, timeout_seconds=0.01)


async def test_the_systems_own_lookup_finds_loopback_private() -> None:
    with pytest.raises(PrivateLinkError):
        await resolve_public("localhost", 80)


async def test_the_systems_own_lookup_takes_an_impossible_name_for_unknown() -> None:
    with pytest.raises(OSError, match="not a host name"):
        await system_lookup("a" * 64 + ".example", 80)
