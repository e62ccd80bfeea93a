"""Somebody's own jobs: those that have ended page by page, and any of them by id or words of the prompt."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select

from bot.domain.job import Job, JobState
from bot.store.database import Transaction
from bot.store.rows import to_job
from bot.store.tables import jobs

NEWEST = 500
"""How far back is searched. Prompts are kept as JSON, and no engine folds letters as Python does: they are read here,
500 of 2000 characters in some 15 ms."""


@dataclass(frozen=True, slots=True)
class Found:
    """A job by what somebody knows it by."""

    id: str
    prompt: str


async def count(tx: Transaction, author_id: int, states: Collection[JobState]) -> int:
    """How many of a person's jobs are in some states."""
    query = select(func.count()).where(jobs.c.author_id == author_id, jobs.c.state.in_(states))
    return int((await tx.execute(query)).scalar_one())


async def ended(
    tx: Transaction, author_id: int, states: Collection[JobState], *, offset: int, limit: int
) -> Sequence[Job]:
    """A person's jobs in some states, newest first."""
    query = select(jobs).where(jobs.c.author_id == author_id, jobs.c.state.in_(states))
    query = query.order_by(jobs.c.created_at.desc(), jobs.c.id).offset(offset).limit(limit)
    return [to_job(row) for row in (await tx.execute(query)).mappings()]


async def everything(tx: Transaction, author_id: int, *, limit: int) -> Sequence[Job]:
    """A person's newest jobs in any state, newest first."""
    query = select(jobs).where(jobs.c.author_id == author_id).order_by(jobs.c.created_at.desc(), jobs.c.id)
    return [to_job(row) for row in (await tx.execute(query.limit(limit))).mappings()]


async def find(
    tx: Transaction,
    author_id: int,
    typed: str,
    states: Collection[JobState],
    *,
    originals_of: Collection[str] | None = None,
    limit: int = 25,
) -> Sequence[Found]:
    """A person's newest jobs in some states whose id begins with what was typed, or whose prompt has all its words.

    `originals_of`: only those of these models that a gateway has made and that are no remixes.
    """
    query = select(jobs.c.id, jobs.c.request).where(jobs.c.author_id == author_id, jobs.c.state.in_(states))
    query = query.where(jobs.c.removed_at.is_(None)).order_by(jobs.c.created_at.desc(), jobs.c.id).limit(NEWEST)
    if originals_of is not None:
        query = query.where(jobs.c.model_id.in_(originals_of), jobs.c.task_id.is_not(None), jobs.c.remix_of.is_(None))
    return matching(await tx.execute(query), typed, limit)


def matching(rows: Iterable[Row[tuple[str, str]]], typed: str, limit: int) -> list[Found]:
    """Of rows with an id and a request, those whose id begins with what was typed, or whose prompt has its words."""
    sought = typed.strip().strip("`").casefold()
    found: list[Found] = []
    for row in rows:
        prompt = str(json.loads(row.request)["prompt"])
        folded = prompt.casefold()
        if row.id.startswith(sought) or all(word in folded for word in sought.split()):
            found.append(Found(row.id, prompt))
        if len(found) == limit:
            break
    return found
