"""What somebody may choose: what is sold here, has a price, and is in one of their tiers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import UnknownModelError
from bot.catalogue.model import Model
from bot.domain.errors import RefusalError
from bot.domain.guild import GuildChoices
from bot.domain.inputs import Inputs
from bot.domain.preferences import Preferences
from bot.domain.tier import Tier, combined
from bot.gateway.choice import Gateways
from bot.media.attachments import Attachment
from bot.orders.draft import Draft
from bot.orders.errors import NoModelError
from bot.orders.menu import Estimate, Menu
from bot.orders.reuse import again
from bot.policy.prices import key
from tests.bot.orders.desk import MEMBER, Desk
from tests.bot.orders.menus import menu_of
from tests.bot.store.records import NOW, job
from tests.bot.store.test_plans import heard

CATALOGUE = Catalogue.load()
EVERY = [model.id for model in CATALOGUE.models]
SORA = [route.slug for route in CATALOGUE.get("sora-2").routes]
PRICE = """[[models.prices]]
usd = 0.4165
per = "video"
when = { duration = [6], resolution = ["1080P"] }
"""
UNPRICED = Path(__file__).parents[1] / "catalogue" / "unpriced.toml"


def ids(menu: Menu) -> list[str]:
    """The models of a menu."""
    return [model.id for model in menu.models]


def retired(menu: Menu, *slugs: str) -> Menu:
    """The menu once the only gateway does not know some endpoints any more."""
    for slug in slugs:
        menu.offered.gateways.mark_retired("myrouter", slug)
    return menu


def test_everything_that_ships_can_be_chosen_and_the_usual_model_comes_first() -> None:
    assert ids(menu_of(CATALOGUE)) == EVERY
    assert ids(menu_of(CATALOGUE, choices=GuildChoices(model_id="wan-2.6")))[0] == "wan-2.6"
    assert ids(menu_of(CATALOGUE, preferences=Preferences(model_id="kling-3")))[0] == "kling-3"


def test_what_the_gateways_do_not_know_any_more_is_gone() -> None:
    assert "sora-2" not in ids(retired(menu_of(CATALOGUE), SORA[0]))
    # Its remixes are no new videos, and one of two ways to make one is enough.
    assert "sora-2" in ids(retired(menu_of(CATALOGUE), SORA[1]))
    assert "kling-3" in ids(retired(menu_of(CATALOGUE), "kling-v3.0-std-t2v"))


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        (lambda gateways: gateways.mark_bad_key("myrouter"), []),
        (lambda gateways: gateways.mark_out_of_credit("myrouter", NOW + timedelta(days=10**4)), EVERY),
    ],
)
def test_an_account_without_credit_is_filled_again_and_a_wrong_key_is_not(
    mark: Callable[[Gateways], object], found: list[str]
) -> None:
    menu = menu_of(CATALOGUE)

    mark(menu.offered.gateways)

    assert ids(menu) == found


def test_a_retired_model_is_told_with_those_that_this_member_has() -> None:
    menu = retired(menu_of(CATALOGUE, combined(Tier(models=frozenset({"sora-2", "kling-3"})), ())), SORA[0])

    for named, title in ((None, "Sora 2"), ("sora-2", "Sora 2"), ("zoetrope", "zoetrope")):
        with pytest.raises(UnknownModelError) as refused:
            menu.model(named)
        assert refused.value.sentence.params == {"model": title, "models": ("Kling 3",)}


def test_a_video_of_a_retired_model_may_still_be_changed() -> None:
    menu = retired(menu_of(CATALOGUE), SORA[0])

    assert menu.model("sora-2", remix=True).id == "sora-2"
    with pytest.raises(UnknownModelError):
        menu.model("zoetrope", remix=True)


def test_where_no_model_is_left_that_is_said() -> None:
    menu = menu_of(CATALOGUE, combined(Tier(models=frozenset({"zoetrope"})), ()))

    with pytest.raises(NoModelError):
        menu.model("zoetrope")
    with pytest.raises(NoModelError):
        _ = menu.open_models


def test_what_has_no_price_can_be_chosen_only_where_there_is_one_after_all(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    text = UNPRICED.read_text().replace("hailuo-2.3", "zoetrope").replace("Hailuo 2.3", "Zoetrope")
    file.write_text(text.replace(PRICE, ""))
    assumed = menu_of(Catalogue.load(file))
    menu = replace(assumed, offered=replace(assumed.offered, assumed_price=None))
    partly = replace(menu, offered=replace(menu.offered, catalogue=_written(file, text)))
    priced = replace(menu, guild=replace(menu.guild, choices=GuildChoices(prices={"zoetrope/10": 100})))

    assert ids(menu) == EVERY
    for each in (assumed, partly, priced):
        assert ids(each) == [*EVERY, "zoetrope"]


def test_a_model_whose_length_cannot_be_chosen_is_there_with_its_price(tmp_path: Path) -> None:
    text = UNPRICED.read_text().replace("hailuo-2.3", "zoetrope").replace("Hailuo 2.3", "Zoetrope")
    text = text.replace('duration = { from = "duration" }\n', "").replace('-t2v"', '-t2v"\nlacks = ["duration"]')
    text = text.replace("duration = [6], ", "").replace('"1080P"] }', '"768P"] }')
    menu = menu_of(_written(tmp_path / "models.toml", text), choices=GuildChoices(show_money=True))

    assert ids(menu) == [*EVERY, "zoetrope"]
    zoetrope = menu.model("zoetrope")
    assert menu.estimate(zoetrope, menu.least(zoetrope)) == Estimate(4165, None)


def _written(file: Path, text: str) -> Catalogue:
    file.write_text(text)
    return Catalogue.load(file)


def test_a_model_whose_every_length_is_too_long_is_none() -> None:
    menu = menu_of(CATALOGUE, combined(Tier(seconds=4), ()))

    assert ids(menu) == ["kling-3", "veo-3.1-fast", "seedance-2", "vidu-q3-turbo"]
    assert menu.lengths(CATALOGUE.get("vidu-q3-turbo")) == (1, 2, 3, 4)


@pytest.mark.parametrize(
    "tier", [Tier(models=frozenset({"veo-3.1-fast"})), Tier(seconds=9)], ids=["not its model", "not its length"]
)
def test_a_preferred_model_that_is_out_of_reach_is_passed_over(tier: Tier) -> None:
    choices = GuildChoices(model_id="veo-3.1-fast")

    menu = menu_of(CATALOGUE, combined(tier, ()), choices=choices, preferences=Preferences(model_id="sora-2"))

    assert menu.usual.id == "veo-3.1-fast"


def test_a_price_is_estimated_only_where_money_is_shown_and_only_of_what_would_be_made() -> None:
    shows = menu_of(CATALOGUE, combined(Tier(seconds=10), ()), choices=GuildChoices(show_money=True))
    sora, hides = CATALOGUE.get("sora-2"), menu_of(CATALOGUE)

    assert shows.estimate(sora, Draft("", 10)) is not None
    assert shows.estimate(sora, Draft("", 15)) is None
    assert shows.estimate(sora, Draft("", 7)) is None
    assert hides.estimate(sora, Draft("", 10)) is None


async def test_a_menu_is_read_with_three_statements(desk: Desk) -> None:
    await desk.orders.menu(MEMBER)

    with heard(desk.database.reader) as statements:
        menu = await desk.orders.menu(MEMBER)
        assert menu.models
        assert menu.estimate(menu.usual, Draft("")) is None

    assert len([text for text, _ in statements if text.startswith("SELECT")]) == 3


def test_of_many_models_that_nobody_has_priced_no_mix_is_tried(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    text = (
        UNPRICED.read_text()
        .replace(PRICE, "")
        .replace("choices = [6, 10], default = 6", "min = 1, max = 600, default = 6")
    )
    copies = [
        text.replace("hailuo-2.3", f"zoe-{number}").replace("Hailuo 2.3", f"Zoe {number}") for number in range(99)
    ]
    assumed = menu_of(_written(file, "".join(copies)))
    menu = replace(assumed, offered=replace(assumed.offered, assumed_price=None))
    priced = replace(menu, guild=replace(menu.guild, choices=GuildChoices(prices={"zoe-1/10": 100, "zoe-22/s": 100})))

    assert ids(menu) == EVERY
    assert ids(priced) == [*EVERY, "zoe-1", "zoe-22"]


def _mixes(model: Model) -> Iterator[Draft]:
    """Orders with each mix of a few values of every option, and of every input."""
    file = Attachment("https://x.example/a.png", "a.png", 1)
    resolutions = (None, *(model.resolutions.choices if model.resolutions else ()))
    inputs = list(product((None, file), (None, file), (None, file)))
    extras = list(product((None, True, False), (None, 5), (None, "rain"), (None, False)))
    shapes = product((None, *model.durations.values[:2]), (None, *list(model.orientations)[:2]), resolutions)
    for (seconds, word, resolution), (audio, seed, negative, watermark) in product(shapes, extras):
        chosen = Draft("a cat", seconds, word, model.id, resolution=resolution, audio=audio, seed=seed)
        for picture, last, clip in inputs:
            given = replace(chosen, image=picture, last_image=last, clip=clip)
            yield replace(given, negative=negative, watermark=watermark)


@pytest.mark.parametrize("model_id", EVERY)
def test_again_is_the_same_order_at_the_price_that_was_told_in_every_mix(model_id: str) -> None:
    model, made = CATALOGUE.get(model_id), 0
    prices = {key("kling-3", None): 2000, key("veo-3.1-fast", 8): 9000, key("seedance-2", 5): 1}
    menu = menu_of(CATALOGUE, choices=GuildChoices(show_money=True, prices=prices))
    for draft in _mixes(model):
        estimate = menu.estimate(model, draft)
        try:
            request = menu.wish(model, draft).request
        except RefusalError:
            assert estimate is None
            continue
        picture, last, clip = (
            None if file is None else file.name for file in (draft.image, draft.last_image, draft.clip)
        )
        inputs = Inputs(picture, last, clip)

        repeated = menu.wish(model, again(job(model_id=model_id, request=request, inputs=inputs)))

        assert (repeated.request, repeated.ignored) == (request, ())
        assert estimate is not None
        assert estimate.units == menu.price(model, request)
        made += 1
    assert made > 40
