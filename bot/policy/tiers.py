"""Whether a model and a length are in somebody's tier, and which roles would have them."""

from collections.abc import Callable

from bot.domain.guild import Guild
from bot.domain.sentence import Mention, roles
from bot.domain.tier import NO_LIMIT, Allowance
from bot.policy.errors import LengthNotHereError, LengthNotInTierError, ModelNotHereError, ModelNotInTierError


def check(allowance: Allowance, guild: Guild, model_id: str, title: str, seconds: int | None) -> None:
    """Raise the refusal for a model or a length that is in none of somebody's tiers.

    It names the roles that would do, of those that may order here; `title`: what the model is called.
    """
    if not allowance.has_model(model_id):
        able = _roles(guild, lambda other: other.has_model(model_id))
        if not able:
            raise ModelNotHereError(model=title)
        raise ModelNotInTierError(model=title, roles=able)
    if seconds is not None and seconds > allowance.seconds:
        able = _roles(guild, lambda other: seconds <= other.seconds)
        if not able:
            raise LengthNotHereError(seconds=seconds, most=allowance.seconds)
        raise LengthNotInTierError(seconds=seconds, roles=able)


def limit(value: int) -> int | None:
    """A limit as it is shown: None where there is none."""
    return None if value >= NO_LIMIT else value


def _roles(guild: Guild, suits: Callable[[Allowance], bool]) -> tuple[Mention, ...]:
    tiers = guild.choices.tiers.keys() - {guild.id}
    return roles(frozenset(id_ for id_ in tiers if suits(guild.allowance(frozenset({id_})))))
