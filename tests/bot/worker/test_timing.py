from hypothesis import given
from hypothesis import strategies as st

from bot.domain.standing import UNTOLD, Progress, RenderTime
from bot.worker.timing import LONGEST_WAIT_SECONDS, until_overdue_poll, until_poll, until_retry

chances = st.floats(0, 1, exclude_max=True)
intervals = st.floats(0.01, 300)
ages = st.floats(0, 100_000)
usuals = st.one_of(st.none(), st.builds(lambda a, b: RenderTime(min(a, b), max(a, b)), ages, ages))
progresses = st.builds(Progress, st.none() | st.integers(1, 100), st.none() | st.integers(1, 100_000))


@given(ages, intervals, progresses, usuals, chances)
def test_a_poll_is_never_sooner_than_the_interval_nor_later_than_a_minute(
    age: float, interval: float, progress: Progress, usual: RenderTime | None, chance: float
) -> None:
    wait = until_poll(age, interval, progress, usual, chance)

    assert 0.84 * interval <= wait <= 1.16 * max(interval, LONGEST_WAIT_SECONDS)


@given(ages, ages, intervals, usuals, chances)
def test_past_the_usual_time_the_waits_only_widen(
    one: float, other: float, interval: float, usual: RenderTime | None, chance: float
) -> None:
    begin = usual.median if usual is not None else 0.0
    early, late = sorted((begin + one, begin + other))

    waits = [until_poll(age, interval, UNTOLD, usual, chance) for age in (early, late)]

    assert waits[0] <= waits[1]


@given(intervals, chances)
def test_before_the_usual_time_there_are_half_as_many_polls(interval: float, chance: float) -> None:
    usual = RenderTime(200, 300)

    waits = [until_poll(age, interval, UNTOLD, usual, chance) for age in (10, 150)]

    assert waits[0] > waits[1] or interval >= LONGEST_WAIT_SECONDS


@given(st.integers(1, 10_000), st.integers(1, 10_000), intervals, chances)
def test_a_longer_estimate_never_means_a_sooner_poll(one: int, other: int, interval: float, chance: float) -> None:
    short, long = sorted((one, other))

    waits = [until_poll(10, interval, Progress(None, eta), None, chance) for eta in (short, long)]

    assert waits[0] <= waits[1]


@given(st.floats(-10, 1_000_000), st.floats(-10, 1_000_000), intervals, chances)
def test_an_overdue_task_is_looked_at_ever_more_rarely_within_bounds(
    one: float, other: float, interval: float, chance: float
) -> None:
    early, late = sorted((one, other))
    scale = min(1.0, interval / 5)

    waits = [until_overdue_poll(past, interval, chance) for past in (early, late)]

    assert 0.84 * 60 * scale <= waits[0] <= waits[1] <= 1.16 * 1800 * scale


@given(st.integers(0, 10**9), chances, st.one_of(st.none(), st.floats(0, 3600)))
def test_a_retry_is_never_at_once_never_late_and_never_before_it_was_asked_for(
    attempt: int, chance: float, asked: float | None
) -> None:
    wait = until_retry(attempt, chance, asked)

    assert max(0.5, asked or 0) <= wait <= max(180, asked or 0)


@given(st.integers(1, 2000), chances)
def test_retries_double_up_to_two_minutes(attempt: int, chance: float) -> None:
    wait, following = until_retry(attempt, chance), until_retry(attempt + 1, chance)

    assert following == min(2 * wait, 120 * (0.5 + chance))
