"""What somebody may choose here, and what it would cost: for orders, and for whoever is still choosing."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import UnknownModelError
from bot.catalogue.model import Model
from bot.catalogue.wire import resolve
from bot.domain.errors import RefusalError
from bot.domain.failure import FailureKind
from bot.domain.guild import Guild
from bot.domain.job import Job
from bot.domain.preferences import Preferences
from bot.domain.request import CharacterClip, VideoRequest
from bot.domain.tier import Allowance
from bot.gateway.choice import Gateways
from bot.orders.draft import Draft
from bot.orders.errors import NoLongerMadeError, NoModelError, NoServiceError
from bot.orders.wish import EXPECTED, Wish, wish_of
from bot.policy import tiers
from bot.policy.errors import UnpricedError
from bot.policy.prices import price_here

NO_PREFERENCES = Preferences()
_WORDS = "."
"""Stands for a prompt, which no price depends on."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a video would cost, in units of a ten-thousandth of a dollar, and how long it would be."""

    units: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Offered:
    """What this process sells: its models, who makes them, and what an unpriced one is taken to cost."""

    catalogue: Catalogue
    gateways: Gateways
    assumed_price: int | None

    def sells(self, model: Model) -> bool:
        """Whether a new video of a model can be ordered anywhere."""
        return any(self.gateways.sells(route.slug) for route in model.new_routes)

    def check_sold(self, model: Model, request: VideoRequest, only: str | None) -> None:
        """Raise NoServiceError if no gateway can take a settled request now; `only`: the one that could.

        NoLongerMadeError where each has said that it does not know the endpoint any more.
        """
        slug = resolve(model, request).slug
        names = [gateway.name for gateway in self.gateways.all if only in {None, gateway.name}]
        obstacles = {self.gateways.obstacle(name, slug) for name in names}
        if obstacles == {FailureKind.MODEL_RETIRED}:
            raise NoLongerMadeError(model=model.title)
        if None not in obstacles:
            raise NoServiceError(model=model.title)


@dataclass(frozen=True, slots=True)
class Menu:
    """The choices of one member in one place; `preferences` are the member's."""

    offered: Offered
    guild: Guild
    allowance: Allowance
    preferences: Preferences

    @property
    def models(self) -> tuple[Model, ...]:
        """The models that this member can order, the usual one first."""
        usual = self.usual.id
        return tuple(sorted(filter(self.has, self.offered.catalogue.models), key=lambda model: model.id != usual))

    @property
    def open_models(self) -> tuple[Model, ...]:
        """The same where there has to be one. Raises NoModelError."""
        models = self.models
        if not models:
            raise NoModelError
        return models

    @property
    def shows_prices(self) -> bool:
        """Whether members see before an order what it costs."""
        return self.guild.choices.show_money

    @property
    def usual(self) -> Model:
        """The model of an order that names none: the member's, the server's, or that of the catalogue."""
        models = {model.id: model for model in self.offered.catalogue.models}
        preferred, servers = models.get(self.preferences.model_id or ""), models.get(self.guild.choices.model_id or "")
        # A preference of long ago must not stand in the way of an order.
        if preferred is not None and self.has(preferred):
            return preferred
        return servers or self.offered.catalogue.default

    def has(self, model: Model) -> bool:
        """Whether the member can order a model: it is in a tier of theirs, is sold, and has a price."""
        if not self.allowance.has_model(model.id) or not self.offered.sells(model) or not self._may_have_price(model):
            return False
        samples = (sample for seconds in self.lengths(model) for sample in self._samples(model, seconds))
        return any(self._price(model, sample) is not None for sample in samples)

    def model(self, named: str | None, *, remix: bool = False) -> Model:
        """The model of an order. Raises UnknownModelError with those that this member can have instead.

        `remix`: of a change, which may still be made where new videos are not.
        """
        catalogue, wanted = self.offered.catalogue, self.usual.id if named is None else named
        found = next((model for model in catalogue.models if model.id == wanted), None)
        # Another one would have another price, so nobody gets it unasked.
        if found is None or (not remix and self._is_retired(found)):
            raise self._no_longer(catalogue.title(wanted))
        return found

    def check(self, model: Model, seconds: int | None) -> None:
        """Raise the refusal for a model or a length that is in none of the member's tiers."""
        tiers.check(self.allowance, self.guild, model.id, model.title, seconds)

    def lengths(self, model: Model) -> tuple[int, ...]:
        """The lengths of a model that the member may have, in seconds."""
        return tuple(seconds for seconds in model.durations.values if seconds <= self.allowance.seconds)

    def wish(self, model: Model, draft: Draft, original: Job | None = None) -> Wish:
        """What a draft asks of a model; a preference that doesn't fit the rest is left out. Raises the refusal."""
        suited = self.preferences
        if suited.duration is not None and suited.duration > self.allowance.seconds:
            suited = replace(suited, duration=None)
        try:
            return wish_of(draft, model, suited, original, watermark=self.guild.choices.watermark)
        except RefusalError:
            return wish_of(draft, model, NO_PREFERENCES, original, watermark=self.guild.choices.watermark)

    def price(self, model: Model, request: VideoRequest) -> int:
        """Units for a settled request. Raises UnpricedError."""
        price = self._price(model, request)
        if price is None:
            raise UnpricedError(model=model.title)
        return price

    def estimate(self, model: Model, draft: Draft) -> Estimate | None:
        """What a draft would cost with a model, whatever it says; None where members see no money, or it is refused."""
        if not self.shows_prices:
            return None
        try:
            request = self.wish(model, replace(draft, prompt=_WORDS)).request
            self.check(model, request.seconds)
            return Estimate(self.price(model, request), request.seconds)
        except RefusalError:
            return None

    def least(self, model: Model) -> Draft:
        """An order of nothing but a model's own choices, of a length that the member may have."""
        lengths = self.lengths(model)
        usual = model.durations.default
        if all("duration" in route.lacks for route in model.new_routes):
            return Draft(_WORDS, model_id=model.id)
        return Draft(_WORDS, usual if usual in lengths else next(reversed(lengths), usual), model_id=model.id)

    def _price(self, model: Model, request: VideoRequest) -> int | None:
        return price_here(model, request, self.guild.choices, self.offered.assumed_price)

    def _may_have_price(self, model: Model) -> bool:
        """Whether anybody has said what anything of a model costs; else no way to make it has to be tried."""
        own = f"{model.id}/"
        is_set = any(name.startswith(own) for name in self.guild.choices.prices)
        return is_set or bool(model.prices) or self.offered.assumed_price is not None

    def _is_retired(self, model: Model) -> bool:
        if self.offered.sells(model):
            return False
        return any(self.offered.gateways.has_retired(route.slug) for route in model.new_routes)

    def _no_longer(self, title: str) -> RefusalError:
        titles = tuple(model.title for model in self.models)
        return UnknownModelError(model=title, models=titles) if titles else NoModelError()

    @staticmethod
    def _samples(model: Model, seconds: int) -> Iterator[VideoRequest]:
        """A request for each way to make a new video of a length, with nothing but what that way needs."""
        shortest = Decimal(1) if model.clip is None else model.clip.min_seconds
        resolutions = model.resolutions.choices if model.resolutions else (None,)
        for route, resolution in product(model.new_routes, resolutions):
            sample = VideoRequest(
                _WORDS,
                None if "duration" in route.lacks else seconds,
                resolution=None if "resolution" in route.lacks else resolution,
                image=EXPECTED if "image" in route.needs else None,
                last_image=EXPECTED if "last_image" in route.needs else None,
                character=CharacterClip(EXPECTED, Decimal(0), shortest) if "character" in route.needs else None,
            )
            # A length may go only with another resolution.
            with suppress(RefusalError):
                yield model.settle(sample)
