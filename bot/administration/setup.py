"""Setting up a server: who may order, where, and who watches."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from bot.administration import record
from bot.administration.budget import require_alertable, within
from bot.administration.draft import onto
from bot.administration.tiers import require_deniable
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.notice import NoticeKind
from bot.domain.sentence import N_
from bot.policy import alerts
from bot.policy.asker import Asker
from bot.policy.gate import require_manager
from bot.policy.limits import Budgets
from bot.store import guilds, notices
from bot.store.database import Database, Transaction

_NO_PLACES = {"localtime", "Factory"}
"""In the database, but not the same on every machine."""


class UnknownTimeZoneError(RefusalError):
    """Not a name of the time zone database."""

    quotes = frozenset({"zone"})
    message = N_(
        "I don't know the time zone {zone}. Write a name such as Europe/Berlin or America/New_York. "
        "Nothing was changed."
    )


class UnknownLanguageError(RefusalError):
    """A language that there is no catalogue for."""

    message = N_("I don't speak {language} yet. I speak: {languages}.")


@cache
def _time_zones() -> Mapping[str, str]:
    """Every name by its folded form. The database is many small files, too many to read while a form waits."""
    return {name.casefold(): name for name in sorted(available_timezones() - _NO_PLACES)}


def time_zone(text: str) -> str:
    """A name of the time zone database, however its case and spaces were typed. Raises UnknownTimeZoneError."""
    name = _time_zones().get("_".join(text.split()).casefold())
    if name is None:
        raise UnknownTimeZoneError(zone=text.strip()[:60])
    return name


@dataclass(frozen=True, slots=True)
class Introduction:
    """What the operator is told about a server besides its id; `members` is None where it is not known."""

    name: str = ""
    members: int | None = None


NOBODY = Introduction()


def require_possible(guild_id: int, choices: GuildChoices) -> None:
    """Raise EverybodyDeniedError and EverybodyAlertedError for roles that are everybody's."""
    require_deniable(guild_id, choices.denied_role_ids)
    require_alertable(guild_id, choices.alert_role_id)


@dataclass(frozen=True, slots=True)
class Administration:
    """Reads and changes what a server has chosen. Every call checks the right anew."""

    database: Database
    clock: Clock
    allowed_guilds: frozenset[int]
    languages: frozenset[str]
    budgets: Budgets

    async def current(self, asker: Asker) -> Guild:
        """The server as it is now, for a manager. Raises ManagersOnlyError."""
        require_manager(asker)
        async with self.database.read() as tx:
            return await guilds.get(tx, asker.guild_id or 0)

    async def set_up(
        self,
        asker: Asker,
        choices: GuildChoices,
        *,
        seen: GuildChoices | None = None,
        introduction: Introduction = NOBODY,
    ) -> Guild:
        """Save a manager's choices; an operator's own setup approves the server, anybody else's asks for that once.

        Only what setup can choose is taken over, and of that only what differs from `seen`, the choices that the
        manager had before them. Raises ManagersOnlyError, UnknownTimeZoneError, UnknownLanguageError, and what
        `require_possible` and `within` raise.
        """
        require_manager(asker)
        if choices.locale not in self.languages:
            raise UnknownLanguageError(language=choices.locale, languages=tuple(sorted(self.languages)))
        choices = replace(choices, time_zone=time_zone(choices.time_zone))
        now = self.clock()
        async with self.database.write() as tx:
            before = await guilds.get(tx, asker.guild_id or 0)
            approved = before.approved or asker.operates or before.id in self.allowed_guilds
            declined = before.declined and not approved
            chosen = onto(before.choices, choices, seen, before.id)
            budgets_changed = _require_possible_after(before, chosen, self.budgets)
            after = replace(before, choices=chosen, approved=approved, declined=declined, set_up_at=now)
            await record.changed(tx, asker, Action.SETUP, before, after, now)
            if budgets_changed or before.choices.log_channel_id is None:
                # What was used before there was a log channel nobody has been told.
                await alerts.note(tx, after, self.budgets, now)
            if asker.operates and not before.approved:
                await record.acted(tx, asker, Action.SERVE, now)
            if not approved and not declined:
                await _ask_operators(tx, asker, introduction, now)
        return after


def _require_possible_after(before: Guild, chosen: GuildChoices, budgets: Budgets) -> bool:
    """Raise what stands in the way of what was chosen now; whether budgets differ from before.

    What was chosen earlier stays, whatever the operator has lowered since.
    """
    require_possible(before.id, chosen)
    was = (before.choices.budget_day, before.choices.budget_month)
    now = (chosen.budget_day, chosen.budget_month)
    for old, new in zip(was, now, strict=True):
        if new != old:
            within(budgets, new)
    return was != now


async def _ask_operators(tx: Transaction, asker: Asker, introduction: Introduction, now: datetime) -> None:
    """Ask once whether a server shall be served."""
    guild_id = asker.guild_id or 0
    about = {
        "guild_id": guild_id,
        "name": introduction.name,
        "members": introduction.members,
        "actor": asker.user_id,
    }
    await notices.put(tx, 0, NoticeKind.APPROVE_SERVER, about, now, once=f"approve:{guild_id}")
