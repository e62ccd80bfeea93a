"""What videos cost in a server: the catalogue's prices and those of its managers; and the model of who names none."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import structlog

from bot.administration import record
from bot.administration.amounts import CENT
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.schema import Sound
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.request import VideoRequest
from bot.domain.sentence import N_, Money
from bot.policy.asker import Asker
from bot.policy.gate import require_manager
from bot.policy.prices import key, price_here
from bot.store import guilds
from bot.store.database import Database

REMIX = 0
"""In the place of a length: a remix that takes its length from the original."""
REMIX_WORD = "remix"
"""What is typed for it."""
_LENGTH = re.compile(r"(\d{1,4})\s*s?", re.ASCII | re.IGNORECASE)

log = structlog.get_logger(__name__)


class TooCheapError(RefusalError):
    """Less than the gateway is paid."""

    message = N_(
        "{model}, {seconds} s: the video service takes {listed}, and videos can't be cheaper here. Nothing was changed."
    )


class RemixTooCheapError(RefusalError):
    """Less than the gateway is paid for a remix."""

    message = N_(
        "{model}, remix: the video service takes {listed}, and videos can't be cheaper here. Nothing was changed."
    )


class BelowAssumedError(RefusalError):
    """Less than the operator reckons with, who pays."""

    message = N_(
        "{model}: the operator of this bot reckons with {assumed} for what has no price, and videos can't be cheaper "
        "here. Nothing was changed."
    )


class NextToNothingError(RefusalError):
    """Not even the least price."""

    message = N_("A price is at least {least}. Nothing was changed.")


class NoSuchLengthError(RefusalError):
    """The model does not make videos of this length."""

    message = N_("{model} makes no videos of this length. It makes: {lengths:unit}. Nothing was changed.")


class Origin(StrEnum):
    """Who says what something costs."""

    LISTED = "listed"
    ESTIMATE = "estimate"
    HERE = "here"
    ASSUMED = "assumed"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class LengthPrice:
    """What a video of one length, or its remix, costs here with a model's usual options, in units; None: no price."""

    seconds: int
    amount: int | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class ModelPrices:
    """A model with its prices here; `per_second`: what a manager has set for each second of any other length.

    `remixes`: by the length of the original, where a remix has no length of its own.
    """

    model: Model
    lengths: tuple[LengthPrice, ...]
    remixes: tuple[LengthPrice, ...]
    per_second: int | None


@dataclass(frozen=True, slots=True)
class PriceList:
    """All models on offer, and what a server pays for each; `assumed` as in `Pricing`.

    A model is priced when it is asked for: all lengths of a hundred models take longer than Discord waits.
    """

    guild: Guild
    models: Sequence[Model]
    assumed: int | None

    def of(self, model: Model) -> ModelPrices:
        """What a model costs here."""
        lengths = model.durations.values
        remixes = lengths if _remixes_keep_length(model) else ()
        return ModelPrices(
            model,
            tuple(self._priced(model, seconds, _usual(model, seconds)) for seconds in lengths),
            tuple(self._priced(model, seconds, _remix(model, seconds)) for seconds in remixes),
            self.guild.choices.prices.get(key(model.id, None)),
        )

    def _priced(self, model: Model, seconds: int, request: VideoRequest) -> LengthPrice:
        listed, known = model.price(request), price_here(model, request, self.guild.choices, self.assumed)
        if known is None:
            return LengthPrice(seconds, None, Origin.NOBODY)
        if known != (self.assumed if listed is None else listed.units):
            return LengthPrice(seconds, known, Origin.HERE)
        if listed is None:
            return LengthPrice(seconds, known, Origin.ASSUMED)
        return LengthPrice(seconds, known, Origin.ESTIMATE if listed.estimate else Origin.LISTED)


@dataclass(frozen=True, slots=True)
class Pricing:
    """Reads and changes what videos cost in a server. Every call checks the right anew.

    `assumed`: what the operator assumes of what nobody has priced, in units.
    """

    database: Database
    clock: Clock
    catalogue: Catalogue
    assumed: int | None

    async def current(self, asker: Asker) -> PriceList:
        """The prices that hold now. Raises ManagersOnlyError."""
        require_manager(asker)
        async with self.database.read() as tx:
            return self._list(await guilds.get(tx, asker.guild_id or 0))

    async def choose(self, asker: Asker, model_id: str | None) -> PriceList:
        """Choose the model of whoever names none; None is the catalogue's own choice.

        Raises ManagersOnlyError and UnknownModelError.
        """
        require_manager(asker)
        if model_id is not None:
            self.catalogue.get(model_id)
        return await self._changed(asker, lambda choices: replace(choices, model_id=model_id))

    async def price(self, asker: Asker, model_id: str, seconds: int | None, amount: int | None) -> PriceList:
        """Set, or with None take away, the price of one length of a model or of a REMIX.

        Without a length it is that of each second of every length that has none of its own. Raises ManagersOnlyError,
        UnknownModelError, NoSuchLengthError, NextToNothingError, TooCheapError, RemixTooCheapError and
        BelowAssumedError.
        """
        require_manager(asker)
        model = self.catalogue.get(model_id)
        if seconds is not None and not _has_price(model, seconds):
            raise _no_such_length(model)
        if amount is not None:
            _check(model, seconds, amount, self.assumed)

        def priced(choices: GuildChoices) -> GuildChoices:
            prices = {name: price for name, price in choices.prices.items() if name != key(model_id, seconds)}
            return replace(choices, prices=prices if amount is None else prices | {key(model_id, seconds): amount})

        return await self._changed(asker, priced)

    async def _changed(self, asker: Asker, change: Callable[[GuildChoices], GuildChoices]) -> PriceList:
        require_manager(asker)
        async with self.database.write() as tx:
            before = await guilds.get(tx, asker.guild_id or 0)
            after = replace(before, choices=change(before.choices))
            await record.changed(tx, asker, Action.MODELS, before, after, self.clock())
        log.info("models changed", guild=after.id, manager=asker.user_id)
        return self._list(after)

    def _list(self, guild: Guild) -> PriceList:
        return PriceList(guild, self.catalogue.models, self.assumed)


def length(model: Model, text: str) -> int | None:
    """A length as it was typed, REMIX, or None for nothing typed. Raises NoSuchLengthError."""
    typed = text.strip().casefold()
    match = _LENGTH.fullmatch(typed)
    if not typed or typed == REMIX_WORD:
        return REMIX if typed else None
    if match is None or int(match[1]) == REMIX:
        raise _no_such_length(model)
    return int(match[1])


def _no_such_length(model: Model) -> NoSuchLengthError:
    return NoSuchLengthError(model=model.title, lengths=tuple(f"{each} s" for each in model.durations.values))


def _check(model: Model, seconds: int | None, amount: int, assumed: int | None) -> None:
    """Raise the refusal of a price below the catalogue's, or below what is assumed where that has none."""
    if amount < CENT:
        raise NextToNothingError(least=Money(CENT))
    for length in model.durations.values if seconds is None else (seconds,):
        listed = model.price(_remix(model, min(model.durations.values)) if length == REMIX else _usual(model, length))
        least, price = assumed if listed is None else listed.units, amount * length if seconds is None else amount
        if least is None or price >= least:
            continue
        if listed is None:
            raise BelowAssumedError(model=model.title, assumed=Money(least))
        if length == REMIX:
            raise RemixTooCheapError(model=model.title, listed=Money(listed.units))
        raise TooCheapError(model=model.title, seconds=length, listed=Money(listed.units))


def _has_price(model: Model, seconds: int) -> bool:
    """Whether a manager can set the price of a length, or of a REMIX where the original says how long it is."""
    return _remixes_keep_length(model) if seconds == REMIX else seconds in model.durations.values


def _remixes_keep_length(model: Model) -> bool:
    return any("parent_task" in route.needs and "duration" in route.lacks for route in model.routes)


def _usual(model: Model, seconds: int) -> VideoRequest:
    """A request with the model's usual options, settled as far as its price asks."""
    resolution = model.resolutions.default if model.resolutions else None
    return VideoRequest("-", seconds, model.default_aspect, resolution, audio=_usual_sound(model))


def _remix(model: Model, seconds: int) -> VideoRequest:
    """A remix of such a video."""
    return VideoRequest("-", parent_task="-", parent_seconds=seconds, audio=_usual_sound(model))


def _usual_sound(model: Model) -> bool:
    return model.sound is Sound.ALWAYS or model.sound_default
