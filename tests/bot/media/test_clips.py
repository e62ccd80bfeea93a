"""The seconds of a clip that a member chooses."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.media.clips import ClipRange, in_seconds, parse_range, timestamps
from bot.media.errors import ClipRangeError, ClipSpanError, RangeFormatError

D = Decimal


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (None, "0", None),
        ("", "0", None),
        ("  ", "0", None),
        ("4.5", "4.5", None),
        (" 4.5 s ", "4.5", None),
        ("0", "0", None),
        ("4.5-7", "4.5", "7"),
        ("4.5–7", "4.5", "7"),
        ("4.5 — 7", "4.5", "7"),
        ("4.5−7", "4.5", "7"),
        ("4.5s - 7s", "4.5", "7"),
        ("0:04-0:07", "4", "7"),
        ("1:04.5 - 1:06", "64.5", "66"),
        ("0:58", "58", None),
        ("7-4", "7", "4"),
    ],
)
def test_a_range_is_read_as_people_write_it(text: str | None, start: str, end: str | None) -> None:
    assert parse_range(text) == ClipRange(D(start), None if end is None else D(end))


@pytest.mark.parametrize(
    "text",
    ["x", "-", "4-", "-4", "4--7", "4-7-9", "4,5-7", "1,3", "4.", ".5", "1e3", "nan", "٤-٧", "4\n7", "9" * 50, "1:2:3"],
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(RangeFormatError):
        parse_range(text)


@pytest.mark.parametrize(
    ("text", "length", "start", "end"),
    [
        (None, "10", "0", "3"),
        (None, "2.4", "0", "2.4"),
        (None, "1", "0", "1"),
        ("4.5", "10", "4.5", "7.5"),
        ("4.5", "6", "4.5", "6"),
        ("1-4", "4", "1", "4"),
        ("0.5-2.5", "2.5", "0.5", "2.5"),
        ("4.5", None, "4.5", "7.5"),
        ("4.5-6", None, "4.5", "6"),
    ],
)
def test_a_range_is_fitted_into_the_clip(text: str | None, length: str | None, start: str, end: str) -> None:
    fitted = parse_range(text).fit(None if length is None else D(length))

    assert fitted == (D(start), D(end))


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [
        (None, "0.96", "0.9"),
        (None, "0", "0"),
        ("0-3", "2.4", "2.4"),
        ("0-2.4", "2.395", "2.3"),
        ("0-0.9", "10", "10"),
        ("0-3.001", "10", "10"),
        ("7-4", "10", "10"),
        ("9.5", "10", "10"),
        ("11", "10", "10"),
    ],
)
def test_a_range_that_does_not_fit_is_refused_with_the_clips_length(text: str | None, length: str, shown: str) -> None:
    with pytest.raises(ClipRangeError) as refusal:
        parse_range(text).fit(D(length))

    assert refusal.value.sentence.params == {"length": shown}


@pytest.mark.parametrize("text", ["0-0.5", "0-4", "7-4"])
def test_a_wrong_span_of_a_clip_that_nobody_has_seen_is_refused(text: str) -> None:
    with pytest.raises(ClipSpanError):
        parse_range(text).fit(None)


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        ("1", "3", "1,3"),
        ("0.5", "2.5", "0.5,2.5"),
        ("0.500", "2.50", "0.5,2.5"),
        ("0", "3.000", "0,3"),
        ("100", "102", "100,102"),
        ("0.1", "1.3", "0.1,1.3"),
        ("1E+1", "12", "10,12"),
    ],
)
def test_timestamps_have_no_trailing_zeros(start: str, end: str, written: str) -> None:
    assert timestamps(D(start), D(end)) == written


moments = st.decimals(min_value=0, max_value=20, places=4)
ranges = st.one_of(
    moments.map(lambda start: f"{start:f}"),
    st.tuples(moments, moments).map(lambda both: f"{both[0]:f} – {both[1]:f}"),
    st.just(""),
)


@given(text=ranges, length=st.decimals(min_value=0, max_value=20, places=6))
def test_whatever_comes_out_is_one_to_three_seconds_and_inside_the_clip(text: str, length: Decimal) -> None:
    try:
        start, end = parse_range(text).fit(length)
    except ClipRangeError:
        return

    assert 0 <= start < end <= length
    assert 1 <= end - start <= 3
    assert timestamps(start, end) == f"{in_seconds(start)},{in_seconds(end)}"
    assert [D(part) for part in timestamps(start, end).split(",")] == [start, end]


@given(length=st.decimals(min_value=1, max_value=1000, places=6))
def test_every_clip_of_a_second_or_more_has_a_beginning_that_can_be_used(length: Decimal) -> None:
    start, end = parse_range(None).fit(length)

    assert start == 0
    assert min(length, D(3)) - end < D("0.001")


@given(start=st.decimals(min_value=0, max_value=100, places=3), span=st.decimals(min_value=1, max_value=3, places=3))
def test_every_right_range_is_taken_as_it_is(start: Decimal, span: Decimal) -> None:
    end = start + span

    assert parse_range(f"{start}-{end}").fit(end) == (start, end)


@given(text=st.text(alphabet="0123456789:.,-– sx", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(RangeFormatError):
        assert parse_range(text).start >= 0
