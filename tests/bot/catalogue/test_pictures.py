"""Which pictures the models take, up to exactly what is documented of them."""

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.pictures import check_picture
from bot.domain.errors import RefusalError
from bot.locales import Translator

CATALOGUE = Catalogue.load()
LONGER = "takes pictures whose longer side is at most"
OTHERWISE = " Please choose another picture or model."


@pytest.mark.parametrize(
    ("model_id", "width", "height"),
    [
        ("kling-3", 300, 300),
        ("kling-3", 750, 300),
        ("kling-3", 300, 750),
        ("wan-2.6", 360, 2000),
        ("wan-2.6", 2000, 360),
        ("seedance-2", 5, 2),
        ("seedance-2", 2, 5),
        ("vidu-q3-turbo", 4, 1),
        ("vidu-q3-turbo", 1, 4),
        ("sora-2", 1, 9000),
    ],
)
def test_a_picture_of_exactly_what_a_model_takes_is_taken(model_id: str, width: int, height: int) -> None:
    check_picture(CATALOGUE.get(model_id), "image", width, height)


@pytest.mark.parametrize(
    ("model_id", "width", "height", "sentence"),
    [
        ("kling-3", 299, 300, "Kling 3 takes pictures of at least 300 × 300 pixels; this one has 299 × 300."),
        ("wan-2.6", 360, 2001, "Wan 2.6 takes pictures of at most 2000 × 2000 pixels; this one has 360 × 2001."),
        (
            "kling-3",
            300,
            751,
            f"Kling 3 {LONGER} 2.5 times the shorter one; this one has 300 × 751 pixels.",
        ),
        (
            "vidu-q3-turbo",
            4001,
            1000,
            f"Vidu Q3 Turbo {LONGER} 4 times the shorter one; this one has 4001 × 1000 pixels.",
        ),
    ],
)
def test_a_pixel_beyond_is_refused_with_both_sizes(model_id: str, width: int, height: int, sentence: str) -> None:
    with pytest.raises(RefusalError) as refused:
        check_picture(CATALOGUE.get(model_id), "image", width, height)

    assert Translator("en-US").text(refused.value.sentence) == sentence + OTHERWISE


def test_nothing_is_documented_of_last_pictures_so_nothing_is_refused() -> None:
    for model in CATALOGUE.models:
        check_picture(model, "last_image", 1, 9000)
