"""Which originals of large videos people may still have; a job whose author has deleted its post names none."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from bot.store.database import Transaction
from bot.store.tables import jobs


async def offered(tx: Transaction, now: datetime) -> frozenset[str]:
    """The files of videos that are wanted, as long as their time is not over."""
    return frozenset((await tx.execute(select(jobs.c.kept_file).where(_is_offered(now)))).scalars())


async def of_job(tx: Transaction, job_id: str, now: datetime) -> str | None:
    """The file of a job, if it is still offered."""
    file: str | None = (
        await tx.execute(select(jobs.c.kept_file).where(jobs.c.id == job_id, _is_offered(now)))
    ).scalar_one_or_none()
    return file


def _is_offered(now: datetime) -> ColumnElement[bool]:
    wanted = and_(jobs.c.dont_post.is_(False), jobs.c.removed_at.is_(None))
    return and_(jobs.c.kept_file.is_not(None), jobs.c.kept_until > now, wanted)
