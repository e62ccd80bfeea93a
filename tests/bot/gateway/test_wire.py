"""Reading answers: whatever bytes come, a value or None, never an exception."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.failure import FailureKind
from bot.gateway.errors import GatewayError
from bot.gateway.http import retry_after
from bot.gateway.verdict import Answer, refusal_of_order, refusal_of_read
from bot.gateway.wire import TaskStatus, read_problem, read_report, read_task_id

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["TASK_STATUS_SUCCEED", "inf", "1e999", "-3", "3600", "https://x/v.mp4", "FAILED_TO_AUTH"])
)
KEYS = st.sampled_from(
    [
        "task",
        "task_id",
        "id",
        "status",
        "reason",
        "eta",
        "progress_percent",
        "videos",
        "video_url",
        "video_url_ttl",
        "code",
        "message",
        "metadata",
        "details",
    ]
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6),
    max_leaves=20,
)
REPORTS = st.fixed_dictionaries({"task": st.dictionaries(KEYS, JSON), "videos": st.lists(JSON) | JSON})


def read_all(body: bytes) -> None:
    report = read_report(body)
    if report is not None:
        assert report.progress_percent is None or 0 < report.progress_percent <= 100
        assert report.eta_seconds is None or report.eta_seconds > 0
        assert 0 < report.video_ttl_seconds <= 7 * 24 * 3600
        assert report.video_url is None or report.video_url.lower().startswith("http")
    assert read_task_id(body) != ""
    for status in (200, 302, 400, 401, 402, 404, 429, 500, 503):
        answer = Answer(status, body, "", None)
        assert isinstance(refusal_of_order(answer), GatewayError)
        assert isinstance(refusal_of_read(answer), GatewayError)


@settings(max_examples=50)
@given(JSON | REPORTS)
def test_no_json_breaks_the_reading(value: object) -> None:
    read_all(json.dumps(value).encode())


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    read_all(body)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"task":{"eta":' + b"9" * 6000 + b"}}", b'{"task":"\\ud800"}'])
def test_hostile_json_is_no_report(body: bytes) -> None:
    assert read_report(body) is None
    assert read_task_id(body) is None


@settings(max_examples=50)
@given(REPORTS)
def test_an_object_with_a_task_is_always_a_report(value: object) -> None:
    assert read_report(json.dumps(value).encode()) is not None


@pytest.mark.parametrize(
    ("ttl", "seconds"),
    [
        ("900", 900),
        (900, 900),
        (900.0, 900),
        ("900.5", 900),
        ("soon", 3600),
        ("", 3600),
        (None, 3600),
        (0, 3600),
        (-5, 3600),
        (True, 3600),
        (10**12, 3600),
        ("inf", 3600),
        ([], 3600),
    ],
)
def test_the_life_of_a_link_is_read_as_text_or_number(ttl: object, seconds: int) -> None:
    body = {"task": {"status": "TASK_STATUS_SUCCEED"}, "videos": [{"video_url": "https://x/v", "video_url_ttl": ttl}]}

    report = read_report(json.dumps(body).encode())

    assert report is not None
    assert report.video_ttl_seconds == seconds


def test_a_bare_report_has_every_default() -> None:
    report = read_report(b'{"task":{"task_id":"t","status":"TASK_STATUS_SUCCEED"}}')

    assert report is not None
    assert (report.status, report.reason, report.video_url) == (TaskStatus.SUCCEED, "", None)
    assert (report.progress_percent, report.eta_seconds, report.video_ttl_seconds) == (None, None, 3600)


@pytest.mark.parametrize(
    ("body", "task_id"),
    [
        (b'{"task_id":"a"}', "a"),
        (b'{"id":"b"}', "b"),
        (b'{"task_id":"","id":"b"}', "b"),
        (b'{"task_id":7}', "7"),
        (b'{"task_id":"a","code":0,"message":"ok"}', "a"),
        (b'{"task_id":null}', None),
        (b'{"task_id":true}', None),
        (b'{"id":"req-1","code":500,"message":"no"}', None),
        (b'"a"', None),
    ],
)
def test_a_task_id_is_accepted_in_either_field(body: bytes, task_id: str | None) -> None:
    assert read_task_id(body) == task_id


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b'{"code":400,"reason":"illegal_prompt","metadata":null}', "ILLEGAL_PROMPT"),
        (b'{"code":"INVALID_SIZE","message":"no"}', "INVALID_SIZE"),
        (b'{"code":400}', None),
        (b'{"message":"no"}', None),
        (b"<html>", None),
    ],
)
def test_an_error_is_the_gateways_own_by_its_form(body: bytes, word: str | None) -> None:
    problem = read_problem(body)

    assert (problem.reason if problem else None) == word


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 0.5 ", 0.5),
        ("-3", 0),
        ("999999999", 3600),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sun, 01 Mar 2026 12:00:30 -0000", 30),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("nan", None),
        ("inf", None),
        ("later", None),
        ("Thu, 01 Jan 1970 00:00:00 +99999999999999999999", None),
        ("", None),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": text}, lambda: NOW) == seconds


def test_no_retry_after_is_no_wait() -> None:
    assert retry_after({}, lambda: NOW + timedelta(1)) is None


def test_every_error_has_a_kind_and_a_sentence() -> None:
    pending = [GatewayError]
    while pending:
        error = pending.pop()
        pending += error.__subclasses__()
        assert error.kind in FailureKind
        assert error("detail").sentence.id == error.message
