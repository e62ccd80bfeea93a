"""What somebody has changed of a server's choices, in a manager's words: each choice as it was and as it is."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.catalogue.catalogue import Catalogue
from bot.client.escape import escape, units
from bot.domain.sentence import N_, NN_, Mention
from bot.domain.tier import ALL_MODELS, NO_LIMIT
from bot.locales import Translator
from bot.policy.prices import PER_SECOND

LINE_LIMIT = 600
TEXT_LIMIT = 200
MOST_LISTED = 10
ARROW = " → "
Shape = Callable[["Changes", object, object], str]
"""Shows a choice as it was and as it is."""
Show = Callable[["Changes", object], str]
"""Shows one value of a choice."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Shows the choices of one server in one language."""

    guild_id: int
    catalogue: Catalogue
    translator: Translator

    def lines(self, before: str, after: str) -> Iterator[str]:
        """A line for each choice that differs; both are JSON objects as `bot.administration.record` writes them."""
        old, new = _object(json.loads(before)), _object(json.loads(after))
        for name, value in new.items():
            # A record outlives the version that wrote it.
            label, shape = FIELDS.get(name, (name, partial(_one, _text)))
            yield self.line(label, shape(self, old.get(name), value))

    def line(self, label: str, shown: str) -> str:
        """A choice and what became of it."""
        return f"**{self.translator.text(label)}**: {shown}"

    def role(self, id_: object) -> str:
        """A role by name; `@everyone` has the server's own id, and its mention would not be shown as such."""
        return "@\u200beveryone" if id_ == self.guild_id else self.mention("role", id_)

    def mention(self, kind: str, id_: object) -> str:
        """A role or channel by name, or that there is none."""
        if not isinstance(id_, int):
            return self.translator.text(N_("none"))
        return self.translator.text("{it}", it=Mention("role" if kind == "role" else "channel", id_))


def _one(show: Show, changes: Changes, old: object, new: object) -> str:
    return f"{show(changes, old)}{ARROW}{show(changes, new)}"


def _list(show: Show, changes: Changes, old: object, new: object) -> str:
    """What has come and what has gone; a list that only changed its order says so."""
    were, are, text = _items(old), _items(new), changes.translator.text
    parts = [
        text(label, items=_cut(changes, [show(changes, item) for item in items]))
        for label, items in (
            (N_("added {items}"), [item for item in are if item not in were]),
            (N_("removed {items}"), [item for item in were if item not in are]),
        )
        if items
    ]
    return "; ".join(parts) or text(N_("another order"))


def _cut(changes: Changes, items: Sequence[str], separator: str = ", ") -> str:
    """The items as far as there is room."""
    shown, used = list[str](), 0
    for item in items[:MOST_LISTED]:
        used += units(item) + 2
        if used > LINE_LIMIT:
            break
        shown.append(item)
    left = len(items) - len(shown)
    if left:
        shown.append(changes.translator.text(NN_("{count} more", "{count} more"), count=left))
    return separator.join(shown)


def _text(changes: Changes, value: object) -> str:
    return changes.translator.text(N_("none")) if value in {None, ""} else escape(str(value), TEXT_LIMIT, max_lines=1)


def _role(changes: Changes, value: object) -> str:
    return changes.role(value)


def _channel(changes: Changes, value: object) -> str:
    return changes.mention("channel", value)


def _switch(changes: Changes, value: object) -> str:
    return changes.translator.text(N_("on") if value else N_("off"))


def _money(changes: Changes, value: object) -> str:
    if not isinstance(value, int):
        return changes.translator.text(N_("not set"))
    return changes.translator.text(N_("no limit")) if value >= NO_LIMIT else changes.translator.money(value)


def _number(changes: Changes, value: object) -> str:
    if not isinstance(value, int):
        return changes.translator.text(N_("not set"))
    return changes.translator.text(N_("no limit")) if value >= NO_LIMIT else changes.translator.number(value)


def _seconds(changes: Changes, value: object) -> str:
    if isinstance(value, int) and value < NO_LIMIT:
        return changes.translator.seconds(value)
    return _number(changes, value)


def _model(changes: Changes, value: object) -> str:
    return changes.translator.text(N_("none")) if value is None else _titled(changes, str(value))


def _models(changes: Changes, value: object) -> str:
    if value is None:
        return changes.translator.text(N_("not set"))
    models = sorted(map(str, _items(value)))
    if ALL_MODELS.intersection(models):
        return changes.translator.text(N_("all models"))
    return _cut(changes, [_titled(changes, model) for model in models]) or changes.translator.text(N_("none"))


def _pause(changes: Changes, value: object) -> str:
    if value is None:
        return changes.translator.text(N_("off"))
    reason = escape(str(value), TEXT_LIMIT, max_lines=1)
    return changes.translator.text(N_("on: {reason}"), reason=reason) if reason else _switch(changes, value=True)


def _tiers(changes: Changes, old: object, new: object) -> str:
    """Each role whose limits have come, gone or changed; `@everyone` is the base and comes first."""
    were, are, text = _object(old), _object(new), changes.translator.text
    shown = []
    for id_ in sorted({*were, *are}, key=lambda id_: (int(id_) != changes.guild_id, int(id_))):
        if were.get(id_) == are.get(id_):
            continue
        role = changes.role(int(id_))
        if id_ not in are:
            shown.append(text(N_("{role}: removed"), role=role))
            continue
        differing = ", ".join(_limits(changes, _object(were.get(id_)), _object(are[id_])))
        shown.append(f"{role}: {differing or text(N_('added'))}")
    return _cut(changes, shown, "; ")


def _limits(changes: Changes, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name, value in new.items():
        before = old.get(name)
        if before == value or (_items(value) and set(_items(before)) == set(_items(value))):
            continue
        label, show = LIMITS.get(name, (name, _text))
        yield f"{changes.translator.text(label)} {_one(show, changes, before, value)}"


def _prices(changes: Changes, old: object, new: object) -> str:
    were, are = _object(old), _object(new)
    differing = (key for key in sorted({*were, *are}) if were.get(key) != are.get(key))
    shown = [f"{_priced(changes, key)} {_one(_money, changes, were.get(key), are.get(key))}" for key in differing]
    return _cut(changes, shown, "; ")


def _priced(changes: Changes, key: str) -> str:
    """What a price is of, by the key that `bot.policy.prices.key` made."""
    model_id, _, seconds = key.rpartition("/")
    translator = changes.translator
    of = translator.text(N_("a second")) if seconds == PER_SECOND else translator.text(N_("{number} s"), number=seconds)
    return f"{_titled(changes, model_id)}, {of}"


def _titled(changes: Changes, model_id: str) -> str:
    return escape(changes.catalogue.title(model_id), TEXT_LIMIT, max_lines=1)


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str | Mapping) else []


def _object(value: object) -> dict[str, object]:
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}


LIMITS: Mapping[str, tuple[str, Show]] = {
    "videos_a_day": (N_("videos a day"), _number),
    "at_once": (N_("videos at once"), _number),
    "seconds": (N_("length of a video"), _seconds),
    "month": (N_("dollars a month"), _money),
    "models": (N_("models"), _models),
    "approval_seconds": (N_("approval above a length of"), _seconds),
    "approval_price": (N_("approval above a price of"), _money),
}
"""Each limit of a tier."""

FIELDS: Mapping[str, tuple[str, Shape]] = {
    "role_ids": (N_("Roles that may make videos"), partial(_list, _role)),
    "denied_role_ids": (N_("Roles that may not make videos"), partial(_list, _role)),
    "tiers": (N_("Limits of roles"), _tiers),
    "budget_day": (N_("Budget for a day"), partial(_one, _money)),
    "budget_month": (N_("Budget for a month"), partial(_one, _money)),
    "alert_role_id": (N_("Role that budget alerts mention"), partial(_one, _role)),
    "prices": (N_("Prices"), _prices),
    "model_id": (N_("Usual model"), partial(_one, _model)),
    "channel_ids": (N_("Channels where videos are made"), partial(_list, _channel)),
    "moderator_role_id": (N_("Role of this bot's moderators"), partial(_one, _role)),
    "log_channel_id": (N_("Log channel"), partial(_one, _channel)),
    "clip_channel_id": (N_("Clip channel"), partial(_one, _channel)),
    "announcement_channel_id": (N_("Announcement channel"), partial(_one, _channel)),
    "publish": (N_("Publish announcements to servers that follow"), partial(_one, _switch)),
    "gallery_channel_id": (N_("Gallery channel"), partial(_one, _channel)),
    "result_threads": (N_("A thread for each video"), partial(_one, _switch)),
    "keep_status": (N_("Keep the status message as a link"), partial(_one, _switch)),
    "hide_prompts": (N_("Hide prompts in messages that everybody sees"), partial(_one, _switch)),
    "spoilers": (N_("Every video as a spoiler"), partial(_one, _switch)),
    "age_restricted_only": (N_("Age-restricted channels only"), partial(_one, _switch)),
    "locale": (N_("Language"), partial(_one, _text)),
    "time_zone": (N_("Time zone"), partial(_one, _text)),
    "watermark": (N_("Watermark"), partial(_one, _switch)),
    "words": (N_("Blocked words"), partial(_list, _text)),
    "word_patterns": (N_("Blocked patterns"), partial(_list, _text)),
    "base_words": (N_("Base list of blocked words"), partial(_one, _switch)),
    "pause": (N_("Pause"), partial(_one, _pause)),
    "confirm_above": (N_("Buttons ask first above"), partial(_one, _money)),
    "show_money": (N_("Show prices to members"), partial(_one, _switch)),
    "animate_any": (N_("Anybody's pictures may be animated"), partial(_one, _switch)),
}
"""Each field of `GuildChoices`, by the name that managers know it by."""
