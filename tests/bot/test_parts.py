"""What is decided when the parts are put together."""

import pytest
from structlog.testing import capture_logs

from bot.media.machine import ENOUGH_BYTES
from bot.parts import may_reencode
from bot.settings import Reencode


@pytest.mark.parametrize(
    ("wanted", "memory", "may", "told"),
    [
        (Reencode.OFF, 2 * ENOUGH_BYTES, False, []),
        (Reencode.ON, ENOUGH_BYTES // 2, True, []),
        (Reencode.AUTO, ENOUGH_BYTES, True, []),
        (Reencode.AUTO, ENOUGH_BYTES - 1, False, ["re-encoding is off"]),
    ],
)
def test_videos_are_encoded_again_where_there_is_memory_and_the_log_says_where_not(
    wanted: Reencode, memory: int, may: bool, told: list[str]
) -> None:
    with capture_logs() as lines:
        assert may_reencode(wanted, memory) is may

    assert [line["event"] for line in lines] == told
