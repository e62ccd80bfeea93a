"""Redaction: known secrets in every form, and whatever has the form of one."""

from dataclasses import dataclass

import pytest

from bot.redaction import REDACTED, Redactor

TOKEN = 'a/token+with=signs&"quotes"'


@dataclass(frozen=True, slots=True)
class Payload:
    """Something with a secret inside."""

    token: str
    note: str


@pytest.mark.parametrize(
    "form",
    [TOKEN, "a%2Ftoken%2Bwith%3Dsigns%26%22quotes%22", 'a/token+with=signs&\\"quotes\\"', f"before{TOKEN}after"],
)
def test_a_known_secret_goes_in_every_form(form: str) -> None:
    told = Redactor([TOKEN]).text(f"x {form} y")

    assert "quotes" not in told
    assert REDACTED in told


def test_the_longer_of_two_secrets_goes_whole() -> None:
    assert Redactor(["secret-1", "secret-1-and-more"]).text("secret-1-and-more") == REDACTED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Authorization: Bearer abc.def-1/2+3=", f"Authorization: Bearer {REDACTED}"),
        ('{"a": "bearer abc"}', f'{{"a": "bearer {REDACTED}"}}'),
        ("Bot MTEyMDAwMDAwMDAwMDAwMDAw.GabcDE.abcdefghijklmnopqrstuvwxyz0", f"Bot {REDACTED}"),
        (
            "POST /api/v10/webhooks/12/aW50ZXI_x-y/messages/@original",
            f"POST /api/v10/webhooks/12/{REDACTED}/messages/@original",
        ),
        ("/interactions/12/aW50ZXI/callback?with_response=1", f"/interactions/12/{REDACTED}/callback?with_response=1"),
        ("{'token': 'aW50ZXI', 'id': 1}", f"{{'token': '{REDACTED}', 'id': 1}}"),
        ('{"api_key": "abc"}', f'{{"api_key": "{REDACTED}"}}'),
        (
            "https://s3/x.mp4?X-Amz-Date=1&X-Amz-Signature=0a1b&X-Amz-Credential=me%2F1",
            f"https://s3/x.mp4?X-Amz-Date=1&X-Amz-Signature={REDACTED}&X-Amz-Credential={REDACTED}",
        ),
        (
            "https://oss/x?Expires=1&OSSAccessKeyId=k&Signature=s)",
            f"https://oss/x?Expires=1&OSSAccessKeyId={REDACTED}&Signature={REDACTED})",
        ),
        (
            "https://cdn.discordapp.com/a.png?ex=1&is=2&hm=3f",
            f"https://cdn.discordapp.com/a.png?ex=1&is=2&hm={REDACTED}",
        ),
        (
            f"https://videos.example.org/files/{'aB3-_' * 20}/picture.png",
            f"https://videos.example.org/files/{REDACTED}/picture.png",
        ),
        ("postgresql://me:word@host/db", f"postgresql://{REDACTED}@host/db"),
    ],
)
def test_what_has_the_form_of_a_secret_goes(text: str, told: str) -> None:
    assert Redactor([]).text(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "Bot connected to 3 guilds",
        "GET /api/v10/channels/12/messages/34",
        "https://example.org/video.mp4?size=3&page=2",
        "bot.worker.scheduler",
        "job 7q2m0x9dkt is at 42 %",
        "ratio 3:4 mail me@example.org",
    ],
)
def test_harmless_text_stays(text: str) -> None:
    assert Redactor([]).text(text) == text


def test_structures_are_searched_to_the_bottom() -> None:
    redactor = Redactor(["the-secret"], hidden=frozenset({"prompt"}), hide=lambda text: f"{len(text)} letters")

    told = redactor.fields(
        {
            "list": ["the-secret", ("x", {"the-secret"})],
            "map": {"the-secret": 1, "prompt": "a cat", "Authorization": "x"},
            "payload": Payload("abc", "the-secret"),
            "type": Payload,
            "error": ValueError("bad the-secret"),
            "bytes": b"the-secret",
            "number": 1.5,
            "endless": float("inf"),
            "nothing": None,
            "token": "",
            "prompt": None,
        }
    )

    assert told == {
        "list": [REDACTED, ["x", [REDACTED]]],
        "map": {REDACTED: 1, "prompt": "5 letters", "Authorization": REDACTED},
        "payload": {"token": REDACTED, "note": REDACTED},
        "type": str(Payload),
        "error": f"bad {REDACTED}",
        "bytes": f"b'{REDACTED}'",
        "number": 1.5,
        "endless": "inf",
        "nothing": None,
        "token": "",
        "prompt": None,
    }
