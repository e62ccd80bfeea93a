"""Jobs: written once when they are accepted, read by everybody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.job import AT_REST, AT_WORK, ENDED, Job, JobState
from bot.domain.standing import RenderTime
from bot.store.database import Transaction
from bot.store.rows import dump_inputs, dump_request, to_job
from bot.store.tables import jobs, tasks


async def add(tx: Transaction, job: Job, interaction_id: int, fingerprint: str | None = None) -> bool:
    """Write a new job. False: the same interaction has made one before. `fingerprint`: see `same_between`."""
    added = await tx.execute(
        insert(jobs)
        .values(
            id=job.id,
            state=job.state,
            interaction_id=interaction_id,
            guild_id=job.guild_id,
            channel_id=job.channel_id,
            author_id=job.author_id,
            locale=job.locale,
            model_id=job.model_id,
            request=dump_request(job.request),
            private=job.private,
            price=job.price,
            size_limit=job.size_limit,
            created_at=job.created_at,
            deadline_at=job.deadline_at,
            status_channel_id=job.status and job.status.channel_id,
            status_message_id=job.status and job.status.message_id,
            reply_token=job.reply and job.reply.token,
            reply_expires_at=job.reply and job.reply.expires_at,
            gateway=job.gateway,
            server_id=job.server_id,
            remix_of=job.remix_of,
            repeats=job.repeats,
            inputs=dump_inputs(job.inputs),
            spoiler=job.spoiler,
            fingerprint=fingerprint,
            videos_a_day=job.videos_a_day,
        )
        .on_conflict_do_nothing(index_elements=["interaction_id"])
        .returning(jobs.c.id)
    )
    return added.first() is not None


async def last_ordered(tx: Transaction, gateway: str) -> datetime | None:
    """When a gateway last took an order that is still known."""
    query = select(func.max(tasks.c.learned_at)).where(tasks.c.gateway == gateway)
    moment: datetime | None = (await tx.execute(query)).scalar_one()
    return moment


async def get(tx: Transaction, job_id: str) -> Job | None:
    """A job by id."""
    row = (await tx.execute(select(jobs).where(jobs.c.id == job_id))).mappings().first()
    return to_job(row) if row else None


async def is_known(tx: Transaction, interaction_id: int) -> bool:
    """Whether an interaction has made a job before."""
    query = select(jobs.c.id).where(jobs.c.interaction_id == interaction_id)
    return (await tx.execute(query)).first() is not None


async def same_between(
    tx: Transaction, author_id: int, fingerprint: str, since: datetime, until: datetime
) -> Job | None:
    """The newest running job of a person with the same request, asked for between two moments."""
    query = select(jobs).where(jobs.c.author_id == author_id, jobs.c.fingerprint == fingerprint)
    query = query.where(jobs.c.created_at.between(since, until), jobs.c.state.not_in(AT_REST))
    row = (await tx.execute(query.order_by(jobs.c.created_at.desc()).limit(1))).mappings().first()
    return to_job(row) if row else None


async def of_author(tx: Transaction, author_id: int, *, limit: int) -> Sequence[Job]:
    """A person's jobs that have not ended, oldest first."""
    query = select(jobs).where(jobs.c.author_id == author_id, jobs.c.state.not_in(ENDED))
    rows = await tx.execute(query.order_by(jobs.c.created_at).limit(limit))
    return [to_job(row) for row in rows.mappings()]


async def at_work(tx: Transaction, author_id: int, guild_id: int | None) -> Sequence[Job]:
    """The jobs that count against how many videos a member may have at once, oldest first."""
    query = select(jobs).where(
        jobs.c.author_id == author_id, jobs.c.guild_id.is_not_distinct_from(guild_id), jobs.c.state.in_(AT_WORK)
    )
    return [to_job(row) for row in (await tx.execute(query.order_by(jobs.c.created_at))).mappings()]


async def place_in_line(tx: Transaction, job: Job) -> int:
    """How many jobs wait to be ordered, this one included, down to this one: 1 is next."""
    same_moment = and_(jobs.c.created_at == job.created_at, jobs.c.id < job.id)
    before = or_(jobs.c.created_at < job.created_at, same_moment)
    query = select(func.count()).where(jobs.c.state == JobState.QUEUED, before)
    return 1 + int((await tx.execute(query)).scalar_one())


async def rendering(tx: Transaction) -> int:
    """How many orders are out at the gateways or on their way there."""
    query = select(func.count()).where(jobs.c.state.in_((JobState.SUBMITTING, JobState.RENDERING)))
    return int((await tx.execute(query)).scalar_one())


async def usual_time(tx: Transaction, model_id: str, *, newest: int = 50, least: int = 3) -> RenderTime | None:
    """The usual time of a model from the bot's own history; None under `least` finished videos."""
    query = (
        select(jobs.c.ordered_at, jobs.c.finished_at)
        .where(jobs.c.model_id == model_id, jobs.c.state.in_((JobState.DELIVERED, JobState.UNDELIVERED)))
        .where(jobs.c.ordered_at.is_not(None), jobs.c.finished_at.is_not(None))
        .order_by(jobs.c.created_at.desc())
        .limit(newest)
    )
    times = sorted(_seconds(row.ordered_at, row.finished_at) for row in await tx.execute(query))
    if len(times) < least:
        return None
    return RenderTime(times[len(times) // 2], times[min(len(times) - 1, len(times) * 9 // 10)])


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete ended jobs that are older than a moment, with what they asked for; the ledger keeps its sums."""
    old = (jobs.c.created_at < before, jobs.c.state.in_(AT_REST))
    ids = select(jobs.c.id).where(*old).scalar_subquery()
    await tx.execute(delete(tasks).where(tasks.c.job_id.in_(ids)))
    return (await tx.execute(delete(jobs).where(*old))).rowcount
