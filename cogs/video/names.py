"""How models and lengths are named where somebody chooses among them: with a price, or with what they make."""

from collections.abc import Sequence
from dataclasses import replace

from bot.catalogue.model import Model
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders.draft import Draft
from bot.orders.menu import Estimate, Menu
from cogs.cards.labels import SEPARATOR


def model_name(menu: Menu, model: Model, draft: Draft, translator: Translator) -> str:
    """A model with what the draft would cost with it, or a usual video where it can't make that.

    Where members see no money: with the lengths that this one may have.
    """
    estimate = menu.estimate(model, draft) or menu.estimate(model, menu.least(model))
    told = _lengths(menu.lengths(model), model, translator) if estimate is None else _cost(estimate, translator)
    return SEPARATOR.join((model.title, told))


def length_name(menu: Menu, model: Model, draft: Draft, translator: Translator) -> str:
    """The draft's length with what it would cost, or where that can't be made a usual video of that length."""
    name = translator.seconds(draft.duration or model.durations.default)
    estimate = menu.estimate(model, draft) or menu.estimate(model, replace(menu.least(model), duration=draft.duration))
    return name if estimate is None else SEPARATOR.join((name, about(estimate.units, translator)))


def shared_length_name(menu: Menu, seconds: int, drafts: Sequence[tuple[Model, Draft]], translator: Translator) -> str:
    """A length that several models make, with the least that it would cost as one of these drafts.

    Each of them in any orientation: that is chosen beside it.
    """
    name, amounts = translator.seconds(seconds), set[int]()
    for model, draft in drafts:
        wanted = replace(draft, duration=seconds)
        estimate = menu.estimate(model, wanted) or menu.estimate(model, replace(wanted, aspect=None))
        # A draft that gives way to its model may lose the length too.
        if estimate is not None and estimate.seconds == seconds:
            amounts.add(estimate.units)
    if not amounts:
        return name
    least = translator.money(min(amounts))
    from_ = N_("from about {money}") if len(amounts) > 1 else N_("about {money}")
    return SEPARATOR.join((name, translator.text(from_, money=least)))


def about(units: int, translator: Translator) -> str:
    """A price before an order: what the video service bills is known afterwards."""
    return translator.text(N_("about {money}"), money=translator.money(units))


def _cost(estimate: Estimate, translator: Translator) -> str:
    money = translator.money(estimate.units)
    if estimate.seconds is None:
        return about(estimate.units, translator)
    return translator.text(N_("about {money} for {length}"), money=money, length=translator.seconds(estimate.seconds))


def _lengths(lengths: Sequence[int], model: Model, translator: Translator) -> str:
    if model.durations.is_range and len(lengths) > 1:
        return translator.text(N_("{shortest} to {longest} s"), shortest=lengths[0], longest=lengths[-1])
    return translator.text(N_("{lengths:or} s"), lengths=tuple(lengths))
