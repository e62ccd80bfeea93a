"""Days and months of a server's own zone: 23 and 25 hours, ends of months, midnights missing or twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.policy import calendar


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "now", "start", "end"),
    [
        ("UTC", "2026-03-14T23:59:59Z", "2026-03-14T00:00Z", "2026-03-15T00:00Z"),
        ("UTC", "2026-03-15T00:00Z", "2026-03-15T00:00Z", "2026-03-16T00:00Z"),
        ("America/Los_Angeles", "2026-01-01T07:59Z", "2025-12-31T08:00Z", "2026-01-01T08:00Z"),
        ("Pacific/Kiritimati", "2026-01-01T10:00Z", "2026-01-01T10:00Z", "2026-01-02T10:00Z"),
        ("Asia/Kathmandu", "2026-06-30T18:14Z", "2026-06-29T18:15Z", "2026-06-30T18:15Z"),
        # 23 and 25 hours.
        ("Europe/Berlin", "2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
        ("Europe/Berlin", "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
        # In the hour that comes twice, both times.
        ("Europe/Berlin", "2026-10-25T00:30Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
        ("Europe/Berlin", "2026-10-25T01:30Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
        # Midnight does not exist: the day begins at one o'clock.
        ("Africa/Cairo", "2026-04-24T10:00Z", "2026-04-23T22:00Z", "2026-04-24T21:00Z"),
        ("Africa/Cairo", "2026-04-23T21:59Z", "2026-04-22T22:00Z", "2026-04-23T22:00Z"),
        # Midnight comes twice: the day begins at the first.
        ("America/Havana", "2026-11-01T04:30Z", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
        ("America/Havana", "2026-11-01T05:30Z", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
        ("America/Havana", "2026-11-01T12:00Z", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
    ],
)
def test_a_day_begins_and_ends_at_midnight_there(zone: str, now: str, start: str, end: str) -> None:
    assert calendar.day(at(now), zone) == (at(start), at(end))


@pytest.mark.parametrize(
    ("zone", "now", "start", "end"),
    [
        ("UTC", "2026-02-28T23:59:59Z", "2026-02-01T00:00Z", "2026-03-01T00:00Z"),
        ("UTC", "2028-02-29T12:00Z", "2028-02-01T00:00Z", "2028-03-01T00:00Z"),
        ("UTC", "2026-12-31T23:59Z", "2026-12-01T00:00Z", "2027-01-01T00:00Z"),
        ("UTC", "2026-01-31T12:00Z", "2026-01-01T00:00Z", "2026-02-01T00:00Z"),
        ("Asia/Tokyo", "2026-01-31T15:00Z", "2026-01-31T15:00Z", "2026-02-28T15:00Z"),
        ("America/Los_Angeles", "2026-03-01T07:00Z", "2026-02-01T08:00Z", "2026-03-01T08:00Z"),
        ("America/Los_Angeles", "2026-03-20T07:00Z", "2026-03-01T08:00Z", "2026-04-01T07:00Z"),
        ("America/Havana", "2026-11-01T05:30Z", "2026-11-01T04:00Z", "2026-12-01T05:00Z"),
    ],
)
def test_a_month_begins_and_ends_with_its_days_there(zone: str, now: str, start: str, end: str) -> None:
    assert calendar.month(at(now), zone) == (at(start), at(end))


ZONES = sorted(zone for zone in available_timezones() if "/" in zone)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=150, deadline=None)
@given(zone=st.sampled_from(ZONES), now=MOMENTS)
@example(zone="Antarctica/Troll", now=datetime(2020, 10, 5, tzinfo=UTC))
@example(zone="America/Havana", now=datetime(2026, 11, 1, 5, 30, tzinfo=UTC))
def test_days_hold_their_moments_and_follow_each_other_without_a_gap(zone: str, now: datetime) -> None:
    start, end = calendar.day(now, zone)
    month_start, month_end = calendar.month(now, zone)

    assert start <= now < end
    assert month_start <= start < end <= month_end
    # Troll's clocks change by two hours, everybody else's by one at the most.
    assert timedelta(hours=22) <= end - start <= timedelta(hours=26)
    assert timedelta(days=27, hours=22) <= month_end - month_start <= timedelta(days=31, hours=2)
    for moment in (start, end - timedelta(microseconds=1)):
        assert calendar.day(moment, zone) == (start, end)
    assert calendar.day(end, zone)[0] == end
    assert start.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()


def test_a_range_of_days_ends_with_its_last_day() -> None:
    """The clocks go forward on the last one."""
    found = calendar.days(date(2026, 3, 28), date(2026, 3, 29), "Europe/Berlin")

    assert found == (at("2026-03-27T23:00Z"), at("2026-03-29T22:00Z"))


def test_a_zone_that_is_no_more_counts_as_utc() -> None:
    now = at("2026-03-14T23:59:59Z")

    assert calendar.day(now, "Middle-earth/Shire") == calendar.day(now, "UTC")
    assert calendar.month(now, "Middle-earth/Shire") == calendar.month(now, "UTC")
