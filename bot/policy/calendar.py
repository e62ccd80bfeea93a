"""Days and months in a server's own time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NOON = time(12)
"""An hour that every day has once, whatever its clocks do."""


def day(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The start of today there and of tomorrow, in UTC; a day may have 23 or 25 hours."""
    local = _midnight(now.astimezone(zone_of(zone)))
    tomorrow = local + timedelta(days=1)
    return local.astimezone(UTC), tomorrow.astimezone(UTC)


def month(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The start of this month there and of the next, in UTC."""
    local = _midnight(now.astimezone(zone_of(zone)).replace(day=1))
    following = (local + timedelta(days=32)).replace(day=1)
    return local.astimezone(UTC), following.astimezone(UTC)


def zone_of(name: str) -> ZoneInfo:
    """A zone of the database; UTC for one that was taken out of it since somebody has chosen it."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")


def _midnight(local: datetime) -> datetime:
    """The first midnight of a day: there may be two (`fold`), and one that the clock skips counts as its next hour."""
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def days(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """The start of one day there and the end of another, in UTC."""
    begin, end = (datetime.combine(each, NOON, zone_of(zone)) for each in (first, last))
    return day(begin, zone)[0], day(end, zone)[1]
