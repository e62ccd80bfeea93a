"""What a manager has chosen on the setup panel, put onto what holds by the time it is saved."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

from bot.domain.guild import GuildChoices
from bot.domain.tier import Tier

CHOSEN_IN_SETUP = frozenset(
    {
        "channel_ids",
        "clip_channel_id",
        "announcement_channel_id",
        "gallery_channel_id",
        "role_ids",
        "denied_role_ids",
        "moderator_role_id",
        "budget_day",
        "budget_month",
        "log_channel_id",
        "alert_role_id",
        "locale",
        "time_zone",
        "confirm_above",
        "show_money",
        "animate_any",
        "publish",
        "result_threads",
        "keep_status",
        "hide_prompts",
        "spoilers",
        "age_restricted_only",
        "watermark",
    }
)
"""What setup changes besides the limits of `@everyone`; all else is chosen elsewhere."""
_LIMITS = tuple(field.name for field in fields(Tier))


def onto(now: GuildChoices, chosen: GuildChoices, seen: GuildChoices | None, guild_id: int) -> GuildChoices:
    """What holds now, with what was chosen in setup.

    `seen`: what held when the panel was opened; what is the same there was not touched, and stays as it is now.
    None takes over everything that setup can choose.
    """
    changes = _changes(chosen, seen, CHOSEN_IN_SETUP)
    changes["tiers"] = _tiers(now.tiers, chosen.tiers, None if seen is None else seen.tiers, guild_id)
    return replace(now, **changes)  # type: ignore[arg-type]


def _tiers(
    now: Mapping[int, Tier], chosen: Mapping[int, Tier], seen: Mapping[int, Tier] | None, guild_id: int
) -> Mapping[int, Tier]:
    """The tiers of now with the limits of `@everyone` that were touched."""
    before = None if seen is None else seen.get(guild_id, Tier())
    changes = _changes(chosen.get(guild_id, Tier()), before, _LIMITS)
    everyone = replace(now.get(guild_id, Tier()), **changes)  # type: ignore[arg-type]
    others = {id_: tier for id_, tier in now.items() if id_ != guild_id}
    return others if everyone == Tier() else {**others, guild_id: everyone}


def _changes(chosen: object, seen: object | None, names: Iterable[str]) -> dict[str, object]:
    values = {name: getattr(chosen, name) for name in names}
    if seen is None:
        return values
    return {name: value for name, value in values.items() if value != getattr(seen, name)}
