"""Prices as the service keeps them: never below the catalogue's, and for managers only."""

from pathlib import Path

import pytest

from bot.administration.pricing import (
    REMIX,
    BelowAssumedError,
    LengthPrice,
    NextToNothingError,
    NoSuchLengthError,
    Origin,
    Pricing,
    RemixTooCheapError,
    TooCheapError,
    length,
)
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import UnknownModelError
from bot.domain.guild import GuildChoices
from bot.domain.sentence import Money
from bot.policy.asker import Asker
from bot.policy.errors import ManagersOnlyError
from bot.store import acts
from bot.store.database import Database
from tests.bot.policy.askers import asker
from tests.bot.store.records import GUILD, NOW

UNPRICED = Path(__file__).parents[1] / "catalogue" / "unpriced.toml"
MANAGER = asker(manages=True)
OUTSIDERS = [asker(), asker(moderates=True), asker(operates=True), asker(manages=True, guild_id=None)]


@pytest.fixture
def pricing(database: Database) -> Pricing:
    return Pricing(database, lambda: NOW, Catalogue.load(UNPRICED), None)


async def prices(pricing: Pricing, model_id: str) -> tuple[LengthPrice, ...]:
    """What a model's lengths cost now."""
    return (await pricing.current(MANAGER)).of(pricing.catalogue.get(model_id)).lengths


async def test_prices_say_where_they_come_from(pricing: Pricing) -> None:
    assert await prices(pricing, "sora-2") == (
        LengthPrice(10, 1_500, Origin.LISTED),
        LengthPrice(15, 2_250, Origin.ESTIMATE),
    )
    assert (await pricing.current(MANAGER)).of(pricing.catalogue.get("sora-2")).remixes == (
        LengthPrice(10, 1_500, Origin.LISTED),
        LengthPrice(15, 2_250, Origin.ESTIMATE),
    )

    await pricing.price(MANAGER, "sora-2", 15, 2_300)
    await pricing.price(MANAGER, "hailuo-2.3", None, 500)

    assert (await prices(pricing, "sora-2"))[1] == LengthPrice(15, 2_300, Origin.HERE)
    assert await prices(pricing, "hailuo-2.3") == (
        LengthPrice(6, 3_000, Origin.HERE),
        LengthPrice(10, 5_000, Origin.HERE),
    )


async def test_what_nobody_has_priced_costs_what_the_operator_assumes(database: Database) -> None:
    pricing = Pricing(database, lambda: NOW, Catalogue.load(UNPRICED), 7_000)

    assert (await prices(pricing, "hailuo-2.3"))[0] == LengthPrice(6, 7_000, Origin.ASSUMED)


async def test_what_the_operator_assumes_is_the_least_where_nobody_else_has_a_price(database: Database) -> None:
    pricing = Pricing(database, lambda: NOW, Catalogue.load(UNPRICED), 7_000)

    for seconds, amount in ((6, 6_999), (None, 1_166)):
        with pytest.raises(BelowAssumedError):
            await pricing.price(MANAGER, "hailuo-2.3", seconds, amount)
    await pricing.price(MANAGER, "hailuo-2.3", 6, 7_001)

    assert (await prices(pricing, "hailuo-2.3"))[0] == LengthPrice(6, 7_001, Origin.HERE)


@pytest.mark.parametrize(("seconds", "amount"), [(10, 1_499), (15, 2_249), (None, 149)])
async def test_a_price_below_the_catalogues_is_refused(pricing: Pricing, seconds: int | None, amount: int) -> None:
    with pytest.raises(TooCheapError):
        await pricing.price(MANAGER, "sora-2", seconds, amount)

    assert (await pricing.current(MANAGER)).guild.choices == GuildChoices()


@pytest.mark.parametrize(("seconds", "amount"), [(10, 1_500), (15, 2_250), (None, 150), (REMIX, 1_500)])
async def test_the_catalogues_own_price_can_be_set(pricing: Pricing, seconds: int | None, amount: int) -> None:
    await pricing.price(MANAGER, "sora-2", seconds, amount)

    assert list((await pricing.current(MANAGER)).guild.choices.prices.values()) == [amount]


async def test_other_refusals_name_what_would_do(pricing: Pricing) -> None:
    with pytest.raises(RemixTooCheapError):
        await pricing.price(MANAGER, "sora-2", REMIX, 1_499)
    with pytest.raises(NextToNothingError) as refused:
        await pricing.price(MANAGER, "hailuo-2.3", 6, 99)
    assert refused.value.sentence.params == {"least": Money(100)}
    with pytest.raises(NoSuchLengthError):
        await pricing.price(MANAGER, "hailuo-2.3", REMIX, 5_000)
    with pytest.raises(UnknownModelError):
        await pricing.price(MANAGER, "none", 10, 5_000)
    with pytest.raises(UnknownModelError):
        await pricing.choose(MANAGER, "none")


@pytest.mark.parametrize(
    ("text", "seconds"), [("", None), (" ", None), ("10", 10), ("15 S", 15), ("Remix", REMIX), ("9999", 9999)]
)
def test_a_length_is_read_however_it_is_typed(pricing: Pricing, text: str, seconds: int | None) -> None:
    assert length(pricing.catalogue.get("sora-2"), text) == seconds


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_the_right_to_manage_is_looked_at_each_time(pricing: Pricing, who: Asker) -> None:
    for attempt in (pricing.current(who), pricing.choose(who, "sora-2"), pricing.price(who, "sora-2", 10, 5_000)):
        with pytest.raises(ManagersOnlyError):
            await attempt

    assert (await pricing.current(MANAGER)).guild.choices == GuildChoices()
    async with pricing.database.read() as tx:
        assert await acts.count(tx, GUILD) == 0
