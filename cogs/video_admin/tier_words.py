"""The limits of a role in words."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from bot.catalogue.catalogue import Catalogue
from bot.domain.guild import Guild
from bot.domain.sentence import N_, NN_, Plural
from bot.domain.tier import ALL_MODELS, EVERYONE, NO_LIMIT, OTHERS, Tier, over
from bot.locales import Translator

MOST_MODELS = 3
"""Models that a line names before it counts the others."""

NAMES: Mapping[str, str] = {
    "videos_a_day": N_("videos a day"),
    "at_once": N_("videos at once"),
    "seconds": N_("length"),
    "month": N_("dollars a month"),
    "models": N_("models"),
    "approval_seconds": N_("approval by length"),
    "approval_price": N_("approval by price"),
}
_COUNTED: Mapping[str, tuple[str | Plural, str]] = {
    "videos_a_day": (NN_("{count} video a day", "{count} videos a day"), N_("any number of videos a day")),
    "at_once": (N_("{count} at once"), N_("any number at once")),
    "seconds": (N_("up to {count} s"), N_("any length")),
    "approval_seconds": (N_("a manager approves above {count} s"), N_("no approval by length")),
}
_PAID: Mapping[str, tuple[str, str]] = {
    "month": (N_("{money} a month"), N_("any amount of dollars a month")),
    "approval_price": (N_("a manager approves above {money}"), N_("no approval by price")),
}
_APPROVALS = frozenset({"approval_seconds", "approval_price"})


def everyone_lines(guild: Guild, catalogue: Catalogue, translator: Translator) -> Iterator[str]:
    """What holds for everybody."""
    own = guild.choices.tiers.get(guild.id, Tier())
    yield _said(over(own, EVERYONE), catalogue, translator)
    usual = _named([name for name in NAMES if getattr(own, name) is None], translator)
    if usual:
        yield translator.text(N_("Not chosen by anybody, so as usual: {things}."), things=usual)


def everyone_line(guild: Guild, catalogue: Catalogue, translator: Translator) -> str:
    """What holds for everybody, in one sentence among others."""
    own = over(guild.choices.tiers.get(guild.id), EVERYONE)
    return translator.text(N_("Limits of everyone: {limits}."), limits=_said(own, catalogue, translator))


def tier_lines(
    guild: Guild, role_id: int, may_order: frozenset[int], catalogue: Catalogue, translator: Translator
) -> Iterator[str]:
    """What a role's limits say, what they say nothing of, and what of it changes nothing.

    `may_order`: the roles that may make videos here.
    """
    text, choices = translator.text, guild.choices
    tier = over(choices.tiers.get(role_id, Tier()), OTHERS)
    yield _said(tier, catalogue, translator)
    unsaid = _named([name for name in NAMES if getattr(tier, name) is None], translator)
    if unsaid:
        yield text(N_("Says nothing of {things}: as for everyone."), things=unsaid)
    idle = _named(_idle(tier, over(choices.tiers.get(guild.id), EVERYONE)), translator)
    if idle:
        yield text(N_("Changes nothing, because everyone has as much or more: {things}."), things=idle)
    if role_id in choices.denied_role_ids:
        yield text(N_("Its members can't make videos: the role is among those that may not."))
    elif not {role_id, guild.id} & may_order:
        yield text(N_("It isn't among the roles that may make videos: see /video-admin setup."))


def role_name(role_id: int, translator: Translator, *, deleted: bool) -> str:
    """A role as it is shown in a message."""
    if deleted:
        return translator.text(N_("*deleted role* `{id}`"), id=str(role_id))
    return f"<@&{role_id}>"


def _idle(tier: Tier, everyone: Tier) -> list[str]:
    """What is said and is no more than everyone has: the most generous value wins."""
    found = []
    for name in (field.name for field in fields(Tier)):
        said, has = getattr(tier, name), getattr(everyone, name)
        if said is not None and (has == ALL_MODELS or said <= has):
            found.append(name)
    return found


def _said(tier: Tier, catalogue: Catalogue, translator: Translator) -> str:
    said = [_phrase(name, getattr(tier, name), catalogue, translator) for name in NAMES]
    return ", ".join(phrase for phrase in said if phrase)


def _phrase(name: str, value: object, catalogue: Catalogue, translator: Translator) -> str:
    if isinstance(value, frozenset):
        return _models(value, catalogue, translator)
    if not isinstance(value, int):
        return ""
    if value == 0 and name in _APPROVALS:
        return translator.text(N_("a manager approves every video"))
    if name in _PAID:
        limited, free = _PAID[name]
        return translator.text(free) if value >= NO_LIMIT else translator.text(limited, money=translator.money(value))
    counted, free = _COUNTED[name]
    return translator.text(free) if value >= NO_LIMIT else translator.text(counted, count=value)


def _models(ids: frozenset[str], catalogue: Catalogue, translator: Translator) -> str:
    if ids >= ALL_MODELS:
        return translator.text(N_("every model"))
    titles = sorted(catalogue.title(id_) for id_ in ids)
    if len(titles) <= MOST_MODELS:
        return translator.text(N_("only {models}"), models=tuple(titles))
    shown, more = tuple(titles[:MOST_MODELS]), len(titles) - MOST_MODELS
    return translator.text(N_("only {models:unit}, and {more} more"), models=shown, more=more)


def _named(names: list[str], translator: Translator) -> tuple[str, ...]:
    return tuple(translator.text(NAMES[name]) for name in names)
