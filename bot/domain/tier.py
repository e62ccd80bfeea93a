"""What the members of a role may use, and what somebody with several roles may use in the end."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

NO_LIMIT = 10**12
"""More than anybody can reach, and a number that can be compared."""
ALL_MODELS = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Tier:
    """A role's limits; None is *says nothing*, NO_LIMIT and ALL_MODELS lift a limit of `@everyone`'s.

    `seconds` of one video, `month` and `approval_price` in units of a ten-thousandth of a dollar: what a member may
    spend in a calendar month, and above which price of one video a manager has to approve it; `approval_seconds`: above
    which length.
    """

    videos_a_day: int | None = None
    at_once: int | None = None
    seconds: int | None = None
    month: int | None = None
    models: frozenset[str] | None = None
    approval_seconds: int | None = None
    approval_price: int | None = None


EVERYONE = Tier(3, 1, NO_LIMIT, NO_LIMIT, ALL_MODELS, NO_LIMIT, NO_LIMIT)
"""`@everyone`'s limits until a manager sets others."""
OTHERS = Tier(at_once=2)
"""What every other tier begins with."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one person may use, every limit known; the units are those of `Tier`."""

    videos_a_day: int
    at_once: int
    seconds: int
    month: int
    models: frozenset[str]
    approval_seconds: int
    approval_price: int

    def has_model(self, model_id: str) -> bool:
        """Whether videos may be made with a model."""
        return bool(self.models & (ALL_MODELS | {model_id}))

    def needs_approval(self, seconds: int | None, price: int) -> bool:
        """Whether a manager has to approve a video of this length and price; above nothing is every video."""
        above = (seconds or 0) > self.approval_seconds or price > self.approval_price
        return above or 0 in {self.approval_seconds, self.approval_price}


def over(tier: Tier | None, below: Tier) -> Tier:
    """A tier, and where it says nothing what stands below it."""
    if tier is None:
        return below
    said = {field.name: getattr(tier, field.name) for field in fields(Tier)}
    return Tier(**{name: getattr(below, name) if value is None else value for name, value in said.items()})


def combined(everyone: Tier | None, tiers: Iterable[Tier]) -> Allowance:
    """The most generous value of a person's tiers, limit by limit; `@everyone`'s holds for all."""
    held = (over(everyone, EVERYONE), *(over(tier, OTHERS) for tier in tiers))
    models = frozenset[str]().union(*(tier.models for tier in held if tier.models is not None))
    most = {
        field.name: max(value for tier in held if (value := getattr(tier, field.name)) is not None)
        for field in fields(Tier)
        if field.name != "models"
    }
    # Who may use all of them is allowed nothing more by naming some.
    return Allowance(models=models & ALL_MODELS or models, **most)
