"""The comparison with Discord's description finds what it is there to find."""

import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests import openapi
from tests.openapi import FORM, NO_FILE, VARIABLE, Description, described, faults
from tests.sandbox.discord.checks.bodies import CALLBACK, CHANNEL, MESSAGES

API = "/api/v10"
USER = {
    "id": "200000000000000005",
    "username": "ada",
    "discriminator": "0",
    "avatar": None,
    "public_flags": 0,
    "flags": 0,
    "global_name": "Ada",
    "primary_guild": None,
}
MESSAGE = {
    "id": "200000000000000007",
    "channel_id": "200000000000000001",
    "type": 0,
    "content": "x",
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "timestamp": "2026-10-01T12:00:00+00:00",
    "edited_timestamp": None,
    "flags": 0,
    "components": [],
    "author": USER,
    "pinned": False,
    "mention_everyone": False,
    "tts": False,
}


@dataclass
class Recorded:
    """An exchange as the local Discord records it."""

    method: str = "POST"
    path: str = f"{API}{CHANNEL}"
    query: dict[str, str] = field(default_factory=dict)
    body: object = field(default_factory=lambda: {"content": "x"})
    files: list[str] = field(default_factory=list)
    status: int = 200
    response: object = field(default_factory=lambda: MESSAGE)


@pytest.fixture
def description() -> Description:
    return described()


def test_a_test_that_needs_the_description_is_skipped_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    described.cache_clear()

    with pytest.raises(pytest.skip.Exception, match=NO_FILE):
        described()

    assert not openapi.is_configured()


def test_the_description_is_loaded_once(description: Description) -> None:
    assert described() is description


def test_a_proper_exchange_has_no_faults(description: Description) -> None:
    assert faults(Recorded()) == []


def test_faults_of_request_and_answer_are_both_told(description: Description) -> None:
    told = faults(Recorded(body={"content": 5}, response={**MESSAGE, "id": 7}))

    assert any("/content: 5 is not of type 'string'" in fault for fault in told)
    assert any("200 /id: 7 is not of type 'string'" in fault for fault in told)


def test_a_request_that_was_never_answered_is_still_looked_at(description: Description) -> None:
    told = faults(Recorded(status=0, response=None, body={"content": 5}))

    assert len(told) == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"content": "x", "colour": 1}, "/colour: a key that"),
        ({"content": "x" * 4001}, "/content: "),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "colour": 1}]}]},
            "/components/0/components/0/colour: a",
        ),
        ({"components": [{"type": 1, "components": [{"type": 2, "style": 9}]}]}, "/components/0/components/0/style: "),
        ({"components": [{"type": 2, "style": 1}]}, "/components/0: "),
        ({"components": [{"type": 10, "content": ""}]}, "/components/0/content: '' should be non-empty"),
        ({"components": [{"type": 10}]}, "/components/0: 'content' is a required property"),
        ({"embeds": [{"timestamp": "soon"}]}, "/embeds/0/timestamp: 'soon' is not a 'date-time'"),
        ({"embeds": [{"url": "nowhere"}]}, "/embeds/0/url: 'nowhere' is not a 'uri'"),
        ({"allowed_mentions": {"users": ["someone"]}}, "/allowed_mentions/users/0: "),
        ({"allowed_mentions": {"parse": ["users", "users"]}}, "/allowed_mentions/parse: "),
        (None, "has no body"),
    ],
)
def test_a_wrong_message_is_told(description: Description, body: object, fault: str) -> None:
    told = description.check_request("POST", CHANNEL, {}, body)

    assert any(fault in each for each in told), told


@pytest.mark.parametrize("identifier", ["200000000000000005", 200000000000000005])
def test_an_id_in_a_request_may_be_digits_or_an_integer(description: Description, identifier: object) -> None:
    body = {"content": "x", "allowed_mentions": {"users": [identifier]}}

    assert description.check_request("POST", CHANNEL, {}, body) == []


@pytest.mark.parametrize(
    ("method", "path", "query", "fault"),
    [
        ("GET", "/nowhere", {}, "not in Discord's description"),
        ("DELETE", CHANNEL, {}, "not in Discord's description"),
        ("GET", "/channels/None/messages", {}, "path channel_id"),
        ("GET", CHANNEL, {"limit": "101"}, "query limit"),
        ("GET", CHANNEL, {"limit": "many"}, "query limit"),
        ("GET", CHANNEL, {"page": "2"}, "query page: a key that"),
    ],
)
def test_a_wrong_address_is_told(
    description: Description, method: str, path: str, query: dict[str, str], fault: str
) -> None:
    told = description.check_request(method, API + path, query, None)

    assert len(told) == 1
    assert fault in told[0]


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/gateway/bot", {}),
        ("GET", "/users/@me", {}),
        ("GET", "/oauth2/applications/@me", {}),
        ("GET", CHANNEL, {"limit": "100", "before": "200000000000000001"}),
        ("DELETE", "/webhooks/200000000000000003/token/messages/@original", {}),
        ("DELETE", f"{CHANNEL}/200000000000000007", {}),
    ],
)
def test_a_proper_address_is_accepted(description: Description, method: str, path: str, query: dict[str, str]) -> None:
    assert description.check_request(method, API + path, query, None) == []


def test_a_literal_segment_goes_before_a_parameter(description: Description) -> None:
    me = "/users/@me"

    assert description.check_request("GET", me, {}, None) == []
    assert description.check_request("GET", "/users/@you", {}, None) != []


@pytest.mark.parametrize("path", ["/attachments/1/2/clapboard-7q2m0x9dkt.mp4", "/ephemeral-attachments/1/2/a.png", "/"])
def test_what_is_no_part_of_the_http_api_is_left_alone(description: Description, path: str) -> None:
    assert description.check_request("GET", path, {"ex": "1"}, None) == []
    assert description.check_response("GET", path, 200, None) == []


def test_a_body_where_none_belongs_is_told(description: Description) -> None:
    assert description.check_request("DELETE", f"{CHANNEL}/200000000000000007", {}, {"x": 1}) != []
    assert description.check_response("DELETE", f"{CHANNEL}/200000000000000007", 204, {"x": 1}) != []
    assert description.check_response("DELETE", f"{CHANNEL}/200000000000000007", 204, None) == []


def test_commands_cannot_be_sent_as_a_form(description: Description) -> None:
    told = description.check_request("PUT", "/applications/200000000000000003/commands", {}, [], FORM)

    assert "is sent as multipart/form-data" in told[0]


@pytest.mark.parametrize(
    ("body", "is_proper"),
    [
        ({"type": 5, "data": {"flags": 64}}, True),
        ({"type": 6}, True),
        ({"type": 8, "data": {"choices": [{"name": "10 s", "value": 10}]}}, True),
        ({"type": 9, "data": {"custom_id": "x", "title": "x", "components": []}}, False),
        ({"type": 4, "data": {"content": "x", "nonce": "n"}}, False),
        ({"type": 3}, False),
    ],
)
def test_each_kind_of_answer_to_an_interaction_has_its_own_schema(
    description: Description, body: object, *, is_proper: bool
) -> None:
    told = description.check_request("POST", CALLBACK, {"with_response": "1"}, body)

    assert (told == []) == is_proper


TOO_LONG = {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}]}


@pytest.mark.parametrize(
    ("status", "body", "is_proper"),
    [
        (200, MESSAGE, True),
        (200, {**MESSAGE, "colour": 1}, False),
        (200, {**MESSAGE, "author": {**USER, "colour": 1}}, False),
        (200, {**MESSAGE, "timestamp": "2026-10-01"}, False),
        (200, None, False),
        (204, None, False),
        (400, {"code": 50035, "message": "Invalid Form Body", "errors": {"content": TOO_LONG}}, True),
        (400, {"code": 50035, "message": "Invalid Form Body", "errors": {"embeds": {"0": {"title": TOO_LONG}}}}, True),
        (400, {"code": 50035, "message": "Invalid Form Body", "errors": {"content": ["too long"]}}, False),
        (403, {"code": 50013, "message": "Missing Permissions"}, True),
        (403, {"message": "Missing Permissions"}, False),
        (429, {"code": 0, "message": "You are being rate limited.", "retry_after": 0.5, "global": False}, True),
        (429, {"code": 0, "message": "You are being rate limited."}, False),
        (502, "Bad Gateway", True),
    ],
)
def test_an_answer_is_compared_by_its_status(
    description: Description, status: int, body: object, *, is_proper: bool
) -> None:
    told = description.check_response("POST", CHANNEL, status, body)

    assert (told == []) == is_proper, told


def test_a_check_takes_a_few_milliseconds(
    description: Description, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies = [sent for build in MESSAGES.values() if (sent := build()).path == CHANNEL]
    for sent in bodies:
        description.check_request(sent.method, sent.path, {}, sent.body, FORM)

    began = time.process_time()
    for sent in bodies * 5:
        description.check_request(sent.method, sent.path, {}, sent.body, FORM)
    each_ms = (time.process_time() - began) * 1000 / (len(bodies) * 5)

    record_property("ms_per_check", each_ms)
    with capsys.disabled():
        print(f" {each_ms:.1f} ms a check ", end="")  # noqa: T201 - the figure is what the test is for
    assert each_ms < 15
