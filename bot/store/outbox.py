"""The outbox: what people still have to be told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, select, type_coerce, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.job import LOGGED, JobState
from bot.domain.outbox import Note, NoteKind
from bot.store.columns import BIG
from bot.store.database import Transaction
from bot.store.tables import jobs, outbox

_ON_CARDS = LOGGED | {JobState.CANCELLED}
"""What was cancelled gets no card, but the one of an order that waited for approval has to say so."""


async def put(tx: Transaction, job_id: str, at: datetime, *kinds: NoteKind) -> None:
    """Note what has to be told (again) and make the job due.

    What its member is told of a server's job, its log channel is told too: nobody has to think of it.
    """
    if NoteKind.STATUS in kinds and NoteKind.CARD not in kinds and await _is_logged(tx, job_id):
        kinds = (*kinds, NoteKind.CARD)
    for kind in kinds:
        note = upsert(outbox).values(job_id=job_id, kind=kind, created_at=at)
        # Always later than before, so that `done` can tell it from the note that is just being told.
        new, old = type_coerce(note.excluded.created_at, BIG), type_coerce(outbox.c.created_at, BIG)
        again = {"done_at": None, "attempts": 0, "created_at": case((new > old, new), else_=old + 1)}
        await tx.execute(note.on_conflict_do_update(index_elements=["job_id", "kind"], set_=again))
    await tx.execute(update(jobs).where(jobs.c.id == job_id).values(next_at=at))


async def _is_logged(tx: Transaction, job_id: str) -> bool:
    of_server = (jobs.c.id == job_id, jobs.c.guild_id.is_not(None), jobs.c.state.in_(_ON_CARDS))
    return (await tx.execute(select(jobs.c.id).where(*of_server))).first() is not None


async def open_notes(tx: Transaction, job_id: str) -> Sequence[Note]:
    """What is still to be told about a job, in the order it came."""
    query = select(outbox).where(outbox.c.job_id == job_id, outbox.c.done_at.is_(None))
    rows = (await tx.execute(query.order_by(outbox.c.created_at, outbox.c.id))).mappings()
    names = ("id", "job_id", "attempts", "created_at")
    return [Note(kind=NoteKind(row["kind"]), **{name: row[name] for name in names}) for row in rows]


async def done(tx: Transaction, note: Note, at: datetime) -> None:
    """It was told; what was noted anew meanwhile stays open."""
    same = (outbox.c.id == note.id, outbox.c.created_at == note.created_at)
    await tx.execute(update(outbox).where(*same).values(done_at=at))


async def tried(tx: Transaction, note: Note) -> None:
    """It was tried and did not work yet."""
    await tx.execute(update(outbox).where(outbox.c.id == note.id).values(attempts=outbox.c.attempts + 1))
