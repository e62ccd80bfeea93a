"""Which servers are served: what an operator says when a server's own manager has run setup."""

from dataclasses import dataclass, replace

import structlog
from pydantic import TypeAdapter

from bot.domain.audit import Act, Action
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.notice import NoticeKind, ServerAsks
from bot.domain.sentence import N_
from bot.policy.asker import Asker
from bot.policy.gate import require_operator
from bot.store import acts, guilds, notices
from bot.store.database import Database

_ASKS = TypeAdapter(ServerAsks)

log = structlog.get_logger(__name__)


class NotAskedError(RefusalError):
    """Nobody has asked for this server, or its records are gone."""

    message = N_("This server is no longer in my records. If a manager runs /video-admin setup there, I ask again.")


class AllowedBySettingError(RefusalError):
    """The operator's own settings approve the server."""

    message = N_("ALLOWED_GUILDS names this server, so it is served. Take it out there and restart first.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What holds of a server that asked; `is_new`: it did not before."""

    asks: ServerAsks
    approved: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Serving:
    """Approves servers and turns them away, as often as the operators change their mind."""

    database: Database
    clock: Clock
    allowed_guilds: frozenset[int] = frozenset()

    async def decide(self, asker: Asker, guild_id: int, *, approve: bool) -> Decision:
        """Serve a server, or not; its managers are told. What is being made there goes on.

        Raises OperatorsOnlyError, NotAskedError and AllowedBySettingError.
        """
        require_operator(asker)
        if guild_id in self.allowed_guilds and not approve:
            raise AllowedBySettingError
        now = self.clock()
        async with self.database.write() as tx:
            asked = await notices.named(tx, f"approve:{guild_id}")
            if asked is None:
                raise NotAskedError
            asks = _ASKS.validate_python(asked.about)
            before = await guilds.get(tx, guild_id)
            after = replace(before, approved=approve, declined=not approve)
            if after == before:
                return Decision(asks, approve, is_new=False)
            await guilds.save(tx, after, asker.user_id)
            action = Action.SERVE if approve else Action.TURN_AWAY
            await acts.add(tx, Act(now, guild_id, asker.user_id, action))
            about = {"approved": approve, "name": asks.name, "by": asks.actor}
            await notices.put(tx, guild_id, NoticeKind.SERVED, about, now)
        log.info("server decided", guild=guild_id, operator=asker.user_id, approved=approve)
        return Decision(asks, approve, is_new=True)
