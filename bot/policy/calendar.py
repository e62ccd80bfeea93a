"""Days and months in a server's own time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def day(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The start of today there and of tomorrow, in UTC; a day may have 23 or 25 hours."""
    local = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = (local + timedelta(days=1)).replace(hour=0)
    return local.astimezone(UTC), tomorrow.astimezone(UTC)


def month(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The start of this month there and of the next, in UTC."""
    local = now.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (local + timedelta(days=32)).replace(day=1)
    return local.astimezone(UTC), following.astimezone(UTC)
