"""Endpoints that a gateway said it knows no more: an operator says otherwise."""

from dataclasses import dataclass

import structlog

from bot.administration import record
from bot.domain.audit import Action
from bot.domain.clock import Clock
from bot.gateway.choice import Gateways
from bot.policy.asker import Asker
from bot.policy.gate import require_operator
from bot.store import retirements
from bot.store.database import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Retirements:
    """Ends what the worker writes down; if the gateway refuses the next order too, it is written down and told anew."""

    database: Database
    gateways: Gateways
    clock: Clock

    async def end(self, asker: Asker, gateway: str, slug: str) -> bool:
        """Have the gateway get orders for the endpoint again. False: it got them before.

        Raises OperatorsOnlyError.
        """
        require_operator(asker)
        async with self.database.write() as tx:
            if not await retirements.end(tx, gateway, slug):
                return False
            given = {"endpoint": f"{gateway} {slug}"}
            await record.acted(tx, asker, Action.OFFER, self.clock(), given=given)
        # Only now: what can't be written down would be back after a restart.
        self.gateways.mark_offered(gateway, slug)
        log.info("model offered again", gateway=gateway, slug=slug, operator=asker.user_id)
        return True
