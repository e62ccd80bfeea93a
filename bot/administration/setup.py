"""Setting up a server: who may order, where, and who watches."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import available_timezones

from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.sentence import N_
from bot.policy import words
from bot.policy.asker import Asker
from bot.policy.gate import require_manager, require_moderator
from bot.store import guilds
from bot.store.database import Database

_NO_PLACES = {"localtime", "Factory"}
"""In the database, but not the same on every machine."""


class UnknownTimeZoneError(RefusalError):
    """Not a name of the time zone database."""

    message = N_("I don't know the time zone {zone}. Write a name such as Europe/Berlin or America/New_York.")


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
class Administration:
    """Reads and changes what a server has chosen. Every call checks the right anew."""

    database: Database
    clock: Clock
    allowed_guilds: frozenset[int]
    languages: frozenset[str]

    async def current(self, asker: Asker) -> Guild:
        """The server as it is now, for a manager. Raises ManagersOnlyError."""
        require_manager(asker)
        async with self.database.read() as tx:
            return await guilds.get(tx, asker.guild_id or 0)

    async def set_up(self, asker: Asker, choices: GuildChoices) -> Guild:
        """Save a manager's choices; an operator's own setup approves the server too.

        Blocked words are the moderators' and stay as they are. Raises ManagersOnlyError, UnknownTimeZoneError and
        UnknownLanguageError.
        """
        require_manager(asker)
        if choices.locale not in self.languages:
            raise UnknownLanguageError(language=choices.locale, languages=tuple(sorted(self.languages)))
        choices = replace(choices, time_zone=time_zone(choices.time_zone))
        async with self.database.write() as tx:
            guild = await guilds.get(tx, asker.guild_id or 0)
            approved = guild.approved or asker.operates or guild.id in self.allowed_guilds
            choices = replace(choices, words=guild.choices.words)
            guild = replace(guild, choices=choices, approved=approved, set_up_at=self.clock())
            await guilds.save(tx, guild, asker.user_id)
        return guild

    async def words(self, asker: Asker) -> tuple[str, ...]:
        """The words that prompts may not have here, for a moderator. Raises ModeratorsOnlyError."""
        async with self.database.read() as tx:
            guild = await guilds.get(tx, asker.guild_id or 0)
        require_moderator(asker, guild)
        return guild.choices.words

    async def set_words(self, asker: Asker, text: str) -> tuple[str, ...]:
        """Replace the blocked words by those in the text, one a line or by commas. Raises ModeratorsOnlyError."""
        async with self.database.write() as tx:
            guild = await guilds.get(tx, asker.guild_id or 0)
            require_moderator(asker, guild)
            choices = replace(guild.choices, words=words.parse(text))
            await guilds.save(tx, replace(guild, choices=choices), asker.user_id)
        return choices.words
