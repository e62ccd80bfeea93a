"""Days and months in a server's own time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def day(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The start of today there and of tomorrow, in UTC; a day may have 23 or 25 hours."""
    local = _midnight(now.astimezone(ZoneInfo(zone)))
    tomorrow = local + timedelta(days=1)
    return local.astimezone(UTC), tomorrow.astimezone(UTC)


def month(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The start of this month there and of the next, in UTC."""
    local = _midnight(now.astimezone(ZoneInfo(zone)).replace(day=1))
    following = (local + timedelta(days=32)).replace(day=1)
    return local.astimezone(UTC), following.astimezone(UTC)


def _midnight(local: datetime) -> datetime:
    """The first midnight of a day: there may be two (`fold`), and one that the clock skips counts as its next hour."""
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
