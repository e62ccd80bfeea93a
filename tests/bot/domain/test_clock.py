"""The one place that reads the clock."""

from datetime import UTC, datetime, timedelta

from bot.domain.clock import utc_now


def test_the_clock_tells_the_present_moment_in_utc() -> None:
    before = datetime.now(UTC)

    now = utc_now()

    assert now.tzinfo is UTC
    assert timedelta(0) <= now - before < timedelta(seconds=5)
