"""Who may use how much: the limits of roles, and the roles that may not order at all."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from bot.administration import record
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild, GuildChoices
from bot.domain.sentence import N_, NN_
from bot.domain.tier import Tier
from bot.policy.asker import Asker
from bot.policy.gate import require_manager
from bot.store import guilds
from bot.store.database import Database

MOST_TIERS = 50
"""Roles with limits of their own; each is looked at with every order."""

log = structlog.get_logger(__name__)


class TooManyTiersError(RefusalError):
    """Another role with limits would be one too many."""

    message = NN_(
        "{count} role has limits already, and I keep no more. Please remove another one's first.",
        "{count} roles have limits already, and I keep no more. Please remove those of another role first.",
    )


class EverybodyDeniedError(RefusalError):
    """Everybody has this role."""

    message = N_(
        "Everybody has the role @everyone, so nobody could make videos. Choose roles in /video-admin setup instead."
    )


def require_deniable(guild_id: int, role_ids: frozenset[int]) -> None:
    """Raise EverybodyDeniedError if the role of everybody is among them, whose id is the server's."""
    if guild_id in role_ids:
        raise EverybodyDeniedError


@dataclass(frozen=True, slots=True)
class Limited:
    """A server after a role was given limits; `newly_allowed`: by that the role may order, as it might not before."""

    guild: Guild
    newly_allowed: bool


@dataclass(frozen=True, slots=True)
class Tiers:
    """Reads and changes limits by role. Every call checks the right anew.

    `default_roles`: who may order where a server has chosen no roles.
    """

    database: Database
    clock: Clock
    default_roles: frozenset[int] = frozenset()

    def may_order(self, guild: Guild) -> frozenset[int]:
        """The roles that may order in a server by now."""
        return guild.choices.role_ids or self.default_roles

    async def current(self, asker: Asker) -> Guild:
        """The server as it is now. Raises ManagersOnlyError."""
        require_manager(asker)
        async with self.database.read() as tx:
            return await guilds.get(tx, asker.guild_id or 0)

    async def limit(self, asker: Asker, role_id: int, change: Callable[[Tier], Tier]) -> Limited:
        """Change what a role's limits say, `@everyone`'s by the server's own id; others may order from then on.

        Raises ManagersOnlyError and TooManyTiersError.
        """

        def limited(guild: Guild) -> GuildChoices:
            choices = guild.choices
            if len({*choices.tiers, role_id} - {guild.id}) > MOST_TIERS:
                raise TooManyTiersError(count=MOST_TIERS)
            tiers = {**choices.tiers, role_id: change(choices.tiers.get(role_id, Tier()))}
            may = self.may_order(guild)
            if role_id == guild.id or {role_id, guild.id} & may:
                return replace(choices, tiers=tiers)
            # Who might order before goes on being allowed to.
            return replace(choices, tiers=tiers, role_ids=may | {role_id})

        before, after = await self._changed(asker, limited)
        return Limited(after, role_id in self.may_order(after) - self.may_order(before))

    async def remove(self, asker: Asker, role_id: int, *, deleted: bool = False) -> Guild:
        """Take a role's limits away, so that everyone's hold; a deleted role is forgotten. Raises ManagersOnlyError."""

        def removed(guild: Guild) -> GuildChoices:
            choices, gone = guild.choices, frozenset({role_id} if deleted else ())
            tiers = {id_: tier for id_, tier in choices.tiers.items() if id_ != role_id}
            role_ids, denied = choices.role_ids - gone, choices.denied_role_ids - gone
            return replace(choices, tiers=tiers, role_ids=role_ids, denied_role_ids=denied)

        return (await self._changed(asker, removed))[1]

    async def deny(self, asker: Asker, role_ids: frozenset[int], *, seen: frozenset[int] = frozenset()) -> Guild:
        """Say which roles may not order, whatever else their members hold; `seen`: those that the manager saw chosen.

        What another manager has chosen meanwhile stays.

        Raises ManagersOnlyError and EverybodyDeniedError.
        """

        def denied(guild: Guild) -> GuildChoices:
            require_deniable(guild.id, role_ids)
            untouched = guild.choices.denied_role_ids - seen
            return replace(guild.choices, denied_role_ids=untouched | role_ids)

        return (await self._changed(asker, denied))[1]

    async def _changed(self, asker: Asker, change: Callable[[Guild], GuildChoices]) -> tuple[Guild, Guild]:
        """The server before and after a change, which is written down."""
        require_manager(asker)
        async with self.database.write() as tx:
            before = await guilds.get(tx, asker.guild_id or 0)
            after = replace(before, choices=change(before))
            await record.changed(tx, asker, Action.LIMITS, before, after, self.clock())
        log.info("limits changed", guild=after.id, manager=asker.user_id)
        return before, after
