"""When a render takes longer than usual."""

from datetime import timedelta

import pytest

from bot.domain.standing import SLOW_WITHOUT_HISTORY, RenderTime, is_slow

USUAL = RenderTime(median=60, slow=120)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("usual", "longest"), [(USUAL, timedelta(minutes=4)), (None, SLOW_WITHOUT_HISTORY)], ids=["history", "no history"]
)
def test_twice_what_nine_in_ten_need_is_longer_than_usual(usual: RenderTime | None, longest: timedelta) -> None:
    assert not is_slow(longest, usual)
    assert is_slow(longest + SECOND, usual)
