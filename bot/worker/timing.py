"""When to look again: pure functions of age, of what the gateway says, and of a random number in [0, 1)."""

from bot.domain.standing import Progress, RenderTime

LONGEST_WAIT_SECONDS = 60.0
OVERDUE_WAIT_SECONDS = (60.0, 1800.0)


def _jittered(seconds: float, chance: float) -> float:
    """15 % around the value, so that an outage is not followed by a stampede."""
    return seconds * (0.85 + 0.3 * chance)


def until_poll(
    age_seconds: float, interval_seconds: float, progress: Progress, usual: RenderTime | None, chance: float
) -> float:
    """Seconds to the next look at a rendering task.

    The gateway's own estimate leads; without one the start is slow, the usual end is watched closely, and what takes
    far longer than usual is watched ever more rarely.
    """
    wait = interval_seconds
    if progress.eta_seconds:
        wait = min(max(wait, 0.6 * progress.eta_seconds), 6 * interval_seconds)
    elif usual is not None and age_seconds < 0.5 * usual.median:
        wait = 2 * interval_seconds
    late_after = 2 * usual.slow if usual is not None else 900.0
    if age_seconds > late_after > 0:
        wait = max(wait, interval_seconds * age_seconds / late_after)
    return _jittered(min(wait, max(LONGEST_WAIT_SECONDS, interval_seconds)), chance)


def until_overdue_poll(seconds_past_deadline: float, interval_seconds: float, chance: float) -> float:
    """Seconds to the next look at an overdue task: a tenth of how long it is overdue, between 1 and 30 minutes."""
    least, most = OVERDUE_WAIT_SECONDS
    # Where polls are fast, as on a local gateway, overdue ones are in proportion.
    scale = min(1.0, interval_seconds / 5.0)
    return _jittered(scale * min(max(seconds_past_deadline / 10, least), most), chance)


def until_retry(attempt: int, chance: float, retry_after_seconds: float | None = None) -> float:
    """Seconds to the next try of something that failed `attempt` times, doubling from 1 s to 2 minutes.

    What the other side asked for is the least.
    """
    # Past the limit of a float the power would raise, and an outage of hours gets there.
    backoff = min(2.0 ** min(max(attempt - 1, 0), 10), 120.0) * (0.5 + chance)
    return max(backoff, retry_after_seconds or 0.0)
