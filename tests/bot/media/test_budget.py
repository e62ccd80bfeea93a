"""A file's size is known before it is encoded."""

import pytest

from bot.media.budget import LEAST_PICTURE_BITS, LEAST_PIXELS, NORMAL_PICTURE_BITS, budget

MEBIBYTE = 1 << 20


def test_a_roomy_limit_leaves_the_quality_to_the_encoder() -> None:
    found = budget(100 * MEBIBYTE, 15, 30, sound=True)

    assert found is not None
    assert (found.picture_bits, found.sound_bits) == (NORMAL_PICTURE_BITS, 128_000)
    assert found.pixels >= 1920 * 1080


@pytest.mark.parametrize("limit_mebibytes", [1, 8, 10, 20, 50])
@pytest.mark.parametrize("seconds", [1, 4, 15, 60])
def test_all_that_may_be_written_stays_below_the_limit(limit_mebibytes: int, seconds: int) -> None:
    limit = limit_mebibytes * MEBIBYTE
    found = budget(limit, seconds, 30, sound=True)

    if found is not None:
        bits = found.picture_bits * seconds + found.buffer_bits + found.sound_bits * seconds
        assert bits / 8 < limit
        assert bits / 8 > 0.8 * limit or found.picture_bits == NORMAL_PICTURE_BITS


def test_coarse_pictures_are_made_smaller_but_not_too_small() -> None:
    ten, one = budget(10 * MEBIBYTE, 30, 30, sound=True), budget(MEBIBYTE, 20, 30, sound=True)

    assert ten is not None
    assert LEAST_PIXELS < ten.pixels < 1920 * 1080
    assert one is not None
    assert (one.pixels, one.sound_bits) == (LEAST_PIXELS, 64_000)


def test_what_nobody_wants_to_see_is_not_made() -> None:
    least = next(size for size in range(0, MEBIBYTE, 1024) if budget(size, 15, 30, sound=True) is not None)

    assert LEAST_PICTURE_BITS * 15 / 8 < least < 1.6 * LEAST_PICTURE_BITS * 15 / 8
    assert budget(0, 15, 30, sound=False) is None


def test_more_pictures_a_second_than_are_shown_do_not_count() -> None:
    assert budget(MEBIBYTE, 5, 240, sound=False) == budget(MEBIBYTE, 5, 60, sound=False)


@pytest.mark.parametrize("seconds", [0, -0.1, -5])
def test_a_film_that_says_it_is_shorter_than_nothing_is_left_alone(seconds: float) -> None:
    assert budget(10 << 20, seconds, 24, sound=True) is None
