"""What an order costs in a server: the catalogue's price is the least, a manager's fills what it lacks."""

from pathlib import Path

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.domain.guild import GuildChoices
from bot.domain.request import VideoRequest
from bot.policy.prices import key, price_here

UNPRICED = """
[[models]]
id = "new"
title = "New"
prompt_limit = 100
durations = { choices = [5, 10], default = 5 }
sound = "never"

[[models.routes]]
slug = "new-video"
body = { prompt = { from = "prompt" }, duration = { from = "duration" } }
"""
SORA = 1500
"""The catalogue's price of 10 s."""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    file = tmp_path / "models.toml"
    file.write_text(UNPRICED)
    return Catalogue.load(file)


def test_the_price_of_remixes_is_none_of_new_videos(tmp_path: Path) -> None:
    lacking = (
        '[[models.routes]]\nslug = "new-i2v"\nneeds = ["image"]\nlacks = ["duration"]\n'
        'body = { prompt = { from = "prompt" }, image = { from = "image" } }\n'
        '[[models.routes]]\nslug = "new-remix"\nneeds = ["parent_task"]\nlacks = ["duration"]\n'
        'body = { prompt = { from = "prompt" }, task = { from = "parent_task" } }\n'
    )
    file = tmp_path / "models.toml"
    file.write_text(UNPRICED + lacking)
    new, choices = Catalogue.load(file).get("new"), GuildChoices(prices={key("new", 0): 100})

    remix = price_here(new, new.settle(VideoRequest("a cat", parent_task="t")), choices, None)
    animated = price_here(new, new.settle(VideoRequest("a cat", image="https://x.example/a.png")), choices, None)

    assert (remix, animated) == (100, None)


@pytest.mark.parametrize(
    ("model", "seconds", "prices", "assumed", "price"),
    [
        ("sora-2", 10, {}, None, SORA),
        ("sora-2", 15, {}, None, 2250),
        ("sora-2", 10, {key("sora-2", 10): 2000}, None, 2000),
        ("sora-2", 10, {key("sora-2", 10): 100}, None, SORA),
        ("sora-2", 15, {key("sora-2", 10): 9000}, None, 2250),
        ("sora-2", 10, {key("sora-2", None): 200}, None, 2000),
        ("sora-2", 10, {}, 9000, SORA),
        ("new", 5, {}, None, None),
        ("new", 5, {}, 5000, 5000),
        ("new", 5, {key("new", 5): 100}, None, 100),
        ("new", 5, {key("new", 5): 100}, 5000, 5000),
        ("new", 5, {key("new", 5): 6000}, 5000, 6000),
        ("new", 10, {key("new", 5): 100}, None, None),
        ("new", 10, {key("new", None): 30}, None, 300),
        ("new", 10, {key("new", None): 30, key("new", 10): 1}, None, 1),
        ("new", 10, {key("newer", 10): 7}, None, None),
    ],
)
def test_a_managers_price_never_goes_below_the_catalogues(
    catalogue: Catalogue, model: str, seconds: int, prices: dict[str, int], assumed: int | None, price: int | None
) -> None:
    found = catalogue.get(model)
    wanted = found.settle(VideoRequest("a cat", seconds))

    assert price_here(found, wanted, GuildChoices(prices=prices), assumed) == price
