"""Which kept files are named by jobs and characters."""

from dataclasses import replace

from sqlalchemy import func, select, tuple_, update

from bot.domain.inputs import ERASED, Inputs
from bot.domain.job import ENDED, JobState
from bot.store.database import Transaction
from bot.store.rows import dump_inputs, load_inputs
from bot.store.tables import characters, jobs

PAGE = 500
"""Some 3 ms of the event loop."""


async def of_jobs(tx: Transaction, *, page_size: int = PAGE) -> list[str]:
    """The files that jobs name, each once: in the order of the newest job that names it, oldest first.

    Read page by page, so that the event loop goes on between them.
    """
    found: dict[str, None] = {}
    key = tuple_(jobs.c.created_at, jobs.c.id)
    page = select(jobs.c.created_at, jobs.c.id, jobs.c.inputs).where(jobs.c.inputs.is_not(None))
    page = page.order_by(jobs.c.created_at, jobs.c.id).limit(page_size)
    rows = (await tx.execute(page)).all()
    while rows:
        for name in (name for row in rows for name in load_inputs(row.inputs).files):
            found.pop(name, None)
            found[name] = None
        last = tuple_(rows[-1].created_at, rows[-1].id, types=(jobs.c.created_at.type, jobs.c.id.type))
        rows = (await tx.execute(page.where(key > last))).all()
    return list(found)


async def of_running(tx: Transaction) -> frozenset[str]:
    """The files of jobs that have not ended: a gateway may still have to fetch them."""
    query = select(jobs.c.inputs).where(jobs.c.inputs.is_not(None), jobs.c.state.in_(frozenset(JobState) - ENDED))
    return frozenset(name for text in (await tx.execute(query)).scalars() for name in load_inputs(text).files)


async def of_characters(tx: Transaction) -> frozenset[str]:
    """The files that characters name."""
    return frozenset((await tx.execute(select(characters.c.file))).scalars())


async def is_named(tx: Transaction, name: str) -> bool:
    """Whether a job or a character names a file."""
    of_job = select(jobs.c.id).where(jobs.c.inputs.is_not(None), func.instr(jobs.c.inputs, name) > 0)
    of_character = select(characters.c.id).where(characters.c.file == name)
    return (await tx.execute(of_character.union_all(of_job))).first() is not None


async def take_from_borrowers(tx: Transaction, owner_id: int) -> None:
    """Put `ERASED` in the place of somebody's files in the jobs of others."""
    query = select(jobs.c.id, jobs.c.inputs).where(jobs.c.inputs.is_not(None))
    for row in (await tx.execute(query.where(func.instr(jobs.c.inputs, str(owner_id)) > 0))).all():
        left = dump_inputs(without_files_of(load_inputs(row.inputs), owner_id))
        await tx.execute(update(jobs).where(jobs.c.id == row.id).values(inputs=left))


def without_files_of(inputs: Inputs, owner_id: int) -> Inputs:
    """Inputs with `ERASED` in the place of somebody's files."""
    theirs = {name for name, owner in inputs.owners.items() if owner == owner_id}
    return replace(
        inputs,
        picture=ERASED if inputs.picture in theirs else inputs.picture,
        last_picture=ERASED if inputs.last_picture in theirs else inputs.last_picture,
        clip=ERASED if inputs.clip in theirs else inputs.clip,
        owners={name: owner for name, owner in inputs.owners.items() if owner != owner_id},
    )
