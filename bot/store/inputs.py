"""Which kept files are named by jobs and characters."""

from sqlalchemy import select

from bot.domain.job import ENDED
from bot.store.database import Transaction
from bot.store.rows import load_inputs
from bot.store.tables import characters, jobs


async def of_jobs(tx: Transaction) -> list[str]:
    """The files that jobs name, each once: in the order of the newest job that names it, oldest first."""
    query = select(jobs.c.inputs).where(jobs.c.inputs.is_not(None)).order_by(jobs.c.created_at.desc())
    names = (name for text in (await tx.execute(query)).scalars() for name in load_inputs(text).files)
    return list(reversed(dict.fromkeys(names)))


async def of_running(tx: Transaction) -> frozenset[str]:
    """The files of jobs that have not ended: a gateway may still have to fetch them."""
    query = select(jobs.c.inputs).where(jobs.c.inputs.is_not(None), jobs.c.state.not_in(ENDED))
    return frozenset(name for text in (await tx.execute(query)).scalars() for name in load_inputs(text).files)


async def of_characters(tx: Transaction) -> frozenset[str]:
    """The files that characters name."""
    return frozenset((await tx.execute(select(characters.c.file))).scalars())
