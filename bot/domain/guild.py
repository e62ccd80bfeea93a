"""What a server has chosen; every field has a safe default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.tier import Allowance, Tier, combined


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildChoices:
    """A server's choices as its managers and moderators made them. Empty sets mean *not restricted* for channels and
    *nobody but managers* for roles. Amounts are units of a ten-thousandth of a dollar.

    `tiers`: limits by role id; that of `@everyone` has the server's own id. `denied_role_ids`: who holds one of these
    may not order, whatever else they hold. `budget_day`, `budget_month`: None is the operator's cap alone.
    `prices`: what a manager has priced, by `bot.policy.prices.key`. `model_id`: the model of whoever names none.

    `clip_channel_id`: where files are lent to gateways; `confirm_above`: the price above which a button asks first;
    `show_money`: whether members see prices; `animate_any`: whether they may animate pictures that others have posted.

    `words` and `word_patterns` (RE2's syntax) are what prompts may not have, `base_words`: whether the list that ships
    holds too. `pause`: the moderators' reason while nobody may order; None while they may.

    `announcement_channel_id` gets a copy of each result, published if `publish`; results go to `gallery_channel_id`, or
    with `result_threads` into a thread below their status message, else to the channel they were asked for in.
    `keep_status`: the status message stays as a link. `hide_prompts`: public cards don't show the prompt;
    `spoilers`: every result is hidden until it is clicked; `age_restricted_only`: orders only in channels
    for which Discord asks for age.
    """

    role_ids: frozenset[int] = frozenset()
    denied_role_ids: frozenset[int] = frozenset()
    tiers: Mapping[int, Tier] = field(default_factory=dict)
    budget_day: int | None = None
    budget_month: int | None = None
    alert_role_id: int | None = None
    prices: Mapping[str, int] = field(default_factory=dict)
    model_id: str | None = None
    channel_ids: frozenset[int] = frozenset()
    moderator_role_id: int | None = None
    log_channel_id: int | None = None
    clip_channel_id: int | None = None
    announcement_channel_id: int | None = None
    publish: bool = False
    gallery_channel_id: int | None = None
    result_threads: bool = False
    keep_status: bool = False
    hide_prompts: bool = False
    spoilers: bool = False
    age_restricted_only: bool = False
    locale: str = "en-US"
    time_zone: str = "UTC"
    watermark: bool = True
    words: tuple[str, ...] = ()
    word_patterns: tuple[str, ...] = ()
    base_words: bool = True
    pause: str | None = None
    confirm_above: int | None = None
    show_money: bool = False
    animate_any: bool = False


@dataclass(frozen=True, slots=True)
class Guild:
    """A server as the store knows it; `set_up_at` is None until a manager has run setup.

    `declined`: the operator does not want to serve it. `left_at`: when the bot was removed from it.
    """

    id: int
    choices: GuildChoices = GuildChoices()
    approved: bool = False
    set_up_at: datetime | None = None
    declined: bool = False
    left_at: datetime | None = None

    def allowance(self, role_ids: frozenset[int]) -> Allowance:
        """What somebody with these roles may use here."""
        tiers = self.choices.tiers
        return combined(tiers.get(self.id), (tier for id_, tier in tiers.items() if id_ in role_ids and id_ != self.id))
