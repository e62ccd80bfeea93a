"""Signed addresses open what they were made for, until they end, and nothing else."""

import string
from datetime import UTC, datetime, timedelta

import pytest
from yarl import URL

from bot.media.links import LinkKind, check_link
from bot.media.signed import SignedLinks

PUBLIC_URL = "https://videos.example.org"
SECRET = bytes(range(32))
NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAME = "0123456789abcdef0123456789abcdef.png"
URL_SAFE = set(string.ascii_letters + string.digits + "-_")


def links(at: datetime = NOW, secret: bytes = SECRET) -> SignedLinks:
    return SignedLinks(PUBLIC_URL, secret, lambda: at)


def token(name: str = NAME, secret: bytes = SECRET) -> str:
    return URL(links(secret=secret).address(name, NOW + HOUR)).parts[2]


@pytest.mark.parametrize(("suffix", "shown"), [(".png", "picture.png"), (".jpg", "picture.jpg"), (".mp4", "clip.mp4")])
def test_an_address_ends_in_a_plain_name_and_has_no_query(suffix: str, shown: str) -> None:
    address = links().address(NAME.replace(".png", suffix), NOW + HOUR)

    assert address.startswith(f"{PUBLIC_URL}/files/")
    assert (URL(address).name, URL(address).query_string, len(URL(address).parts)) == (shown, "", 4)


def test_an_address_of_a_picture_is_one_that_the_gateways_take() -> None:
    address = links().address(NAME, NOW + HOUR)

    assert check_link(address, kind=LinkKind.PICTURE) == address


def test_a_public_address_with_a_path_keeps_it() -> None:
    address = SignedLinks(f"{PUBLIC_URL}/clapboard", SECRET, lambda: NOW).address(NAME, NOW + HOUR)

    assert URL(address).parts[:3] == ("/", "clapboard", "files")


def test_a_token_is_safe_in_an_address_and_opens_to_the_kept_name() -> None:
    sealed = token()

    assert set(sealed) <= URL_SAFE
    assert links().open(sealed) == NAME


def test_a_token_opens_after_a_restart_with_the_same_secret() -> None:
    assert links(at=NOW + HOUR / 2).open(token()) == NAME


def test_a_token_opens_until_its_last_second_and_not_from_its_end_on() -> None:
    assert links(at=NOW + HOUR - timedelta(microseconds=1000)).open(token()) == NAME
    assert links(at=NOW + HOUR).open(token()) is None


def test_a_token_of_another_secret_does_not_open() -> None:
    assert links().open(token(secret=bytes(32))) is None


def test_a_token_with_any_letter_changed_does_not_open() -> None:
    sealed = token()
    changed = [
        sealed[:place] + letter + sealed[place + 1 :]
        for place, old in enumerate(sealed)
        for letter in ("A", "B")
        if letter != old
    ]

    assert [each for each in changed if links().open(each) is not None] == []


def test_a_token_of_one_file_says_nothing_about_another() -> None:
    other = NAME.replace("0", "f")

    assert token(other)[:43] != token()[:43]
    assert links().open(token()[:43] + token(other)[43:]) is None


@pytest.mark.parametrize("name", [NAME, NAME.replace(".png", "x.png"), NAME.replace(".png", "xy.png")])
def test_a_token_that_is_spelt_differently_does_not_open(name: str) -> None:
    sealed = token(name)

    for spelt in (f"{sealed}=", f"{sealed}==", f" {sealed}", f"{sealed}\n", f"{sealed}é", sealed[:-1], f"{sealed}A"):
        assert links().open(spelt) is None
    assert links().open(sealed) == name


@pytest.mark.parametrize("rubbish", ["", "x", "-", "..", "A" * 43, "A" * 5000, "é", "%00", "\ud800"])
def test_rubbish_does_not_open(rubbish: str) -> None:
    assert links().open(rubbish) is None
