"""Tiers in combination: the most generous value wins, limit by limit; a denied role beats all of them."""

from dataclasses import replace

import pytest

from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.sentence import roles
from bot.domain.tier import ALL_MODELS, NO_LIMIT, Tier
from bot.policy import limits, tiers
from bot.policy.errors import (
    DeniedRoleError,
    LengthNotHereError,
    LengthNotInTierError,
    ModelNotHereError,
    ModelNotInTierError,
    NoRoleError,
)
from bot.policy.gate import Gate
from tests.bot.policy.askers import OTHER_ROLE, ROLE, asker
from tests.bot.store.records import GUILD, NOW

EVERYONE = GUILD
FANS, PATRONS, BANNED = ROLE, OTHER_ROLE, 1140000000000000009
NOBODY_SAYS = frozenset[int]()


def server(choices: dict[int, Tier], **others: object) -> Guild:
    chosen = GuildChoices(role_ids=frozenset({FANS, PATRONS}), tiers=choices, **others)  # type: ignore[arg-type]
    return Guild(GUILD, chosen, approved=True, set_up_at=NOW)


@pytest.mark.parametrize(
    ("choices", "held", "field", "value"),
    [
        # Nobody has set anything.
        ({}, {FANS}, "videos_a_day", 3),
        ({}, {FANS}, "at_once", 1),
        ({}, {FANS}, "seconds", NO_LIMIT),
        ({}, {FANS}, "month", NO_LIMIT),
        ({}, {FANS}, "models", ALL_MODELS),
        ({}, {FANS}, "approval_price", NO_LIMIT),
        # A role's tier adds to what everyone has; what it says nothing of stays.
        ({FANS: Tier(videos_a_day=10)}, {FANS}, "videos_a_day", 10),
        ({FANS: Tier(videos_a_day=10)}, {FANS}, "at_once", 2),
        ({FANS: Tier(videos_a_day=10)}, {PATRONS}, "videos_a_day", 3),
        ({FANS: Tier(videos_a_day=10)}, {PATRONS}, "at_once", 1),
        ({FANS: Tier(videos_a_day=1)}, {FANS}, "videos_a_day", 3),
        ({FANS: Tier(at_once=1), EVERYONE: Tier(at_once=1)}, {FANS}, "at_once", 1),
        # Everyone's tier is the base of all.
        ({EVERYONE: Tier(videos_a_day=0)}, NOBODY_SAYS, "videos_a_day", 0),
        ({EVERYONE: Tier(videos_a_day=0), FANS: Tier(videos_a_day=1)}, {FANS}, "videos_a_day", 1),
        ({EVERYONE: Tier(videos_a_day=7), FANS: Tier(at_once=4)}, {FANS}, "videos_a_day", 7),
        # Of two tiers each gives its best.
        ({FANS: Tier(videos_a_day=10, at_once=1), PATRONS: Tier(videos_a_day=5, at_once=6)}, {FANS, PATRONS},
         "videos_a_day", 10),
        ({FANS: Tier(videos_a_day=10, at_once=1), PATRONS: Tier(videos_a_day=5, at_once=6)}, {FANS, PATRONS},
         "at_once", 6),
        ({FANS: Tier(videos_a_day=10), PATRONS: Tier(videos_a_day=NO_LIMIT)}, {FANS, PATRONS},
         "videos_a_day", NO_LIMIT),
        # What everyone may not, a role may.
        ({EVERYONE: Tier(seconds=10)}, {FANS}, "seconds", 10),
        ({EVERYONE: Tier(seconds=10), FANS: Tier(seconds=15)}, {FANS}, "seconds", 15),
        ({EVERYONE: Tier(seconds=10), FANS: Tier(seconds=NO_LIMIT)}, {FANS}, "seconds", NO_LIMIT),
        ({EVERYONE: Tier(month=0), FANS: Tier(month=50_000), PATRONS: Tier(month=20_000)}, {FANS, PATRONS},
         "month", 50_000),
        ({EVERYONE: Tier(models=frozenset({"a"}))}, {FANS}, "models", {"a"}),
        ({EVERYONE: Tier(models=frozenset({"a"})), FANS: Tier(models=frozenset({"b"}))}, {FANS}, "models", {"a", "b"}),
        ({EVERYONE: Tier(models=frozenset({"a"})), FANS: Tier(models=ALL_MODELS)}, {FANS}, "models", ALL_MODELS),
        ({EVERYONE: Tier(models=frozenset()), FANS: Tier(models=frozenset({"b"}))}, {PATRONS}, "models", set()),
        ({EVERYONE: Tier(approval_price=1000), FANS: Tier(approval_price=5000)}, {FANS}, "approval_price", 5000),
        ({EVERYONE: Tier(approval_seconds=10), FANS: Tier(approval_price=5)}, {FANS}, "approval_seconds", 10),
        # The tier of a role that is gone is nobody's.
        ({77: Tier(videos_a_day=99)}, {FANS, PATRONS}, "videos_a_day", 3),
    ],
)  # fmt: skip
def test_the_most_generous_value_of_somebodys_tiers_wins_limit_by_limit(
    choices: dict[int, Tier], held: set[int], field: str, value: object
) -> None:
    allowed = server(choices).allowance(frozenset({EVERYONE, *held}))

    assert getattr(allowed, field) == value


SHORT = {EVERYONE: Tier(seconds=10, models=frozenset({"sora-2"}))}


@pytest.mark.parametrize(
    ("choices", "held", "model", "seconds", "refusal"),
    [
        (SHORT, {FANS}, "sora-2", 10, None),
        (SHORT, {FANS}, "sora-2", None, None),
        (SHORT, {FANS}, "sora-2", 11, LengthNotHereError(seconds=11, most=10)),
        (SHORT, {FANS}, "veo", 10, ModelNotHereError(model="The model")),
        (SHORT | {PATRONS: Tier(seconds=15)}, {FANS}, "sora-2", 15,
         LengthNotInTierError(seconds=15, roles=roles((PATRONS,)))),
        (SHORT | {PATRONS: Tier(seconds=15)}, {FANS}, "sora-2", 16, LengthNotHereError(seconds=16, most=10)),
        (SHORT | {PATRONS: Tier(seconds=15)}, {FANS, PATRONS}, "sora-2", 15, None),
        (SHORT | {PATRONS: Tier(models=frozenset({"veo"})), FANS: Tier(models=ALL_MODELS)}, set(), "veo", 10,
         ModelNotInTierError(model="The model", roles=roles(tuple(sorted((FANS, PATRONS)))))),
        (SHORT | {PATRONS: Tier(models=frozenset({"veo"}))}, {PATRONS}, "veo", 10, None),
        # The model of one tier with the length of another: each limit stands for itself.
        (SHORT | {PATRONS: Tier(models=frozenset({"veo"})), FANS: Tier(seconds=20)}, {PATRONS, FANS}, "veo", 20, None),
    ],
)  # fmt: skip
def test_a_model_or_length_that_is_in_no_tier_names_the_roles_that_have_it(
    choices: dict[int, Tier], held: set[int], model: str, seconds: int | None, refusal: RefusalError | None
) -> None:
    guild = server(choices)
    allowed = guild.allowance(frozenset(held))

    if refusal is None:
        tiers.check(allowed, guild, model, "The model", seconds)
        return
    with pytest.raises(type(refusal)) as refused:
        tiers.check(allowed, guild, model, "The model", seconds)
    assert refused.value.sentence == refusal.sentence


@pytest.mark.parametrize(
    ("held", "manages", "denied"),
    [
        ({FANS}, False, False),
        ({BANNED}, False, True),
        ({FANS, BANNED}, False, True),
        ({FANS, PATRONS, BANNED}, False, True),
        ({BANNED}, True, True),
        (set(), True, False),
    ],
)
def test_a_denied_role_beats_every_other_one_and_managing_too(held: set[int], manages: bool, denied: bool) -> None:
    guild = server({BANNED: Tier(videos_a_day=99)}, denied_role_ids=frozenset({BANNED}))
    who = asker(role_ids=frozenset(held), manages=manages)

    if not denied:
        Gate().admit(who, guild)
        return
    with pytest.raises(DeniedRoleError) as refused:
        Gate().admit(who, guild)
    assert refused.value.sentence.params == {"roles": roles((BANNED,))}


def test_managers_pass_the_gate_of_roles_and_have_the_limits_of_their_tiers() -> None:
    guild = server({FANS: Tier(videos_a_day=10)})

    Gate().admit(asker(manages=True), guild)

    with pytest.raises(NoRoleError):
        Gate().admit(asker(), guild)
    assert guild.allowance(asker(manages=True).role_ids).videos_a_day == 3


@pytest.mark.parametrize(
    ("choices", "seconds", "price", "waits"),
    [
        ({}, 15, 10**9, False),
        ({EVERYONE: Tier(approval_seconds=10)}, 10, 10**9, False),
        ({EVERYONE: Tier(approval_seconds=10)}, 11, 1, True),
        ({EVERYONE: Tier(approval_seconds=10)}, None, 1, False),
        ({EVERYONE: Tier(approval_seconds=0)}, None, 1, True),
        ({EVERYONE: Tier(approval_price=0)}, 5, 0, True),
        ({EVERYONE: Tier(approval_price=2000)}, 15, 2000, False),
        ({EVERYONE: Tier(approval_price=2000)}, 15, 2001, True),
        ({EVERYONE: Tier(approval_seconds=10), FANS: Tier(approval_seconds=15)}, 15, 1, False),
        ({EVERYONE: Tier(approval_seconds=10, approval_price=1), FANS: Tier(approval_seconds=NO_LIMIT)}, 15, 2, True),
    ],
)
def test_what_is_longer_or_dearer_than_a_tier_says_waits_for_a_manager(
    choices: dict[int, Tier], seconds: int | None, price: int, waits: bool
) -> None:
    who = asker(role_ids=frozenset({FANS}))
    allowed = server(choices).allowance(who.role_ids)

    assert limits.needs_approval(who, allowed, seconds, price) is waits
    assert not limits.needs_approval(replace(who, manages=True), allowed, seconds, price)
    assert not limits.needs_approval(replace(who, guild_id=None), allowed, seconds, price)
