"""What an order costs in a server: the catalogue's price, or what its manager has set where that is more."""

from collections.abc import Mapping

from bot.catalogue.model import Model
from bot.domain.guild import GuildChoices
from bot.domain.request import VideoRequest

PER_SECOND = "s"


def key(model_id: str, seconds: int | None) -> str:
    """The name of a manager's price: of a model's videos of one length, or with None of each second of any other."""
    return f"{model_id}/{PER_SECOND if seconds is None else seconds}"


def price_here(model: Model, request: VideoRequest, choices: GuildChoices, assumed: int | None) -> int | None:
    """Units for a settled request; None where nobody has said what it costs.

    A manager's price never goes below the catalogue's, or what the operator has `assumed` where that has none: that
    would let a server outrun the operator's cap.
    """
    listed, chosen = model.price(request), _chosen(model.id, request, choices.prices)
    least = assumed if listed is None else listed.units
    return max((price for price in (least, chosen) if price is not None), default=None)


def _chosen(model_id: str, request: VideoRequest, prices: Mapping[str, int]) -> int | None:
    seconds = request.duration
    if seconds is None:
        # Of a new video whose length nobody knows, no price of a length is the price.
        return None if request.parent_task is None else prices.get(key(model_id, 0))
    exact, per_second = prices.get(key(model_id, seconds)), prices.get(key(model_id, None))
    if exact is not None:
        return exact
    return None if per_second is None else per_second * seconds
