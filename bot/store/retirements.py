"""Endpoints that a gateway knows no more, until an operator says otherwise."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.retirement import Retirement
from bot.store.database import Transaction
from bot.store.tables import retirements


async def add(tx: Transaction, retirement: Retirement) -> bool:
    """Write one down. False: it stands there already, and since when stays as it is."""
    values = {"gateway": retirement.gateway, "slug": retirement.slug, "since": retirement.since}
    row = upsert(retirements).values(values).on_conflict_do_nothing().returning(retirements.c.slug)
    return (await tx.execute(row)).first() is not None


async def end(tx: Transaction, gateway: str, slug: str) -> bool:
    """Whether there was one, which is over now."""
    of_both = (retirements.c.gateway == gateway, retirements.c.slug == slug)
    return (await tx.execute(delete(retirements).where(*of_both))).rowcount > 0


async def known(tx: Transaction) -> Sequence[Retirement]:
    """Every one, also of gateways that are not configured now."""
    query = select(retirements).order_by(retirements.c.gateway, retirements.c.slug)
    return [Retirement(row["gateway"], row["slug"], row["since"]) for row in (await tx.execute(query)).mappings()]
