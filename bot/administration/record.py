"""Writing down what managers and moderators do, in the transaction that does it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from pydantic import TypeAdapter
from pydantic_core import to_json

from bot.domain.audit import Act, Action
from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import NoticeKind
from bot.policy.asker import Asker
from bot.store import acts, guilds, notices
from bot.store.database import Transaction

_CHOICES = TypeAdapter(GuildChoices)


async def changed(tx: Transaction, asker: Asker, action: Action, before: Guild, after: Guild, at: datetime) -> None:
    """Save a server's choices, write down what is different, and note it for the log channel; for the one before, too.

    Nothing that is different is no act: only the server is saved.
    """
    await guilds.save(tx, after, asker.user_id)
    old, new = differences(before.choices, after.choices)
    if not new:
        return
    was, is_ = _text(old), _text(new)
    await acts.add(tx, Act(at, after.id, asker.user_id, action, before=was, after=is_))
    about: dict[str, object] = {"actor": asker.user_id, "action": action, "before": was, "after": is_}
    left, chosen = before.choices.log_channel_id, after.choices.log_channel_id
    if left not in {None, chosen}:
        # Whoever watched there sees that nothing more will come.
        await notices.put(tx, after.id, NoticeKind.CHANGED, about | {"channel": left}, at)
    if chosen is not None:
        await notices.put(tx, after.id, NoticeKind.CHANGED, about, at)


async def acted(
    tx: Transaction,
    asker: Asker,
    action: Action,
    at: datetime,
    *,
    member_id: int | None = None,
    job_id: str | None = None,
    given: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Write down what somebody did that changes no choice; `given`: amounts and the like."""
    after = None if given is None else _text(given)
    guild_id, actor_id = asker.guild_id or 0, asker.user_id
    await acts.add(tx, Act(at, guild_id, actor_id, action, member_id, job_id, after=after, reason=reason))


def differences(before: GuildChoices, after: GuildChoices) -> tuple[dict[str, object], dict[str, object]]:
    """The fields that differ, as they were and as they are, in the form that JSON has."""
    # Compared before they are JSON: a set has no order of its own, wherever it lies.
    names = [each.name for each in fields(GuildChoices) if getattr(before, each.name) != getattr(after, each.name)]
    old, new = (_CHOICES.dump_python(choices, mode="json") for choices in (before, after))
    return {name: _order(old[name]) for name in names}, {name: _order(new[name]) for name in names}


def _order(value: object) -> object:
    """A set has no order of its own, so it is told in one."""
    return sorted(value) if isinstance(value, list) and all(isinstance(each, int) for each in value) else value


def _text(fields: Mapping[str, object]) -> str:
    return to_json(fields).decode()
