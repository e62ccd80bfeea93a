"""Messages that lend kept files to gateways: written down before they are posted, so that none is forgotten."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, exists, insert, select, update

from bot.domain.job import JobState, ReplyToken
from bot.domain.loan import Loan
from bot.store.database import Transaction
from bot.store.tables import jobs, loans

_NEEDED = (JobState.AWAITING_APPROVAL, JobState.QUEUED, JobState.SUBMITTING, JobState.RENDERING)


async def begin(tx: Transaction, job_id: str, channel_id: int, at: datetime, *, reply: ReplyToken | None = None) -> int:
    """A message is about to be posted; the loan's id."""
    row = insert(loans).values(
        job_id=job_id,
        channel_id=channel_id,
        token=reply and reply.token,
        token_expires_at=reply and reply.expires_at,
        created_at=at,
    )
    return int((await tx.execute(row.returning(loans.c.id))).scalar_one())


async def posted(tx: Transaction, loan_id: int, message_id: int) -> None:
    """The message stands."""
    await tx.execute(update(loans).where(loans.c.id == loan_id).values(message_id=message_id))


async def of_job(tx: Transaction, job_id: str) -> Sequence[Loan]:
    """What is lent for a job."""
    rows = await tx.execute(select(loans).where(loans.c.job_id == job_id).order_by(loans.c.id))
    return [_loan(row) for row in rows.mappings()]


async def needless(tx: Transaction, before: datetime, *, limit: int) -> Sequence[Loan]:
    """Loans from before a moment whose job is gone, or past every state in which a gateway may fetch its inputs."""
    needed = exists().where(jobs.c.id == loans.c.job_id, jobs.c.state.in_(_NEEDED))
    query = select(loans).where(loans.c.created_at < before, ~needed).order_by(loans.c.id).limit(limit)
    return [_loan(row) for row in (await tx.execute(query)).mappings()]


async def end(tx: Transaction, loan_id: int) -> None:
    """The message is gone."""
    await tx.execute(delete(loans).where(loans.c.id == loan_id))


def _loan(row: RowMapping) -> Loan:
    token = row["token"]
    reply = ReplyToken(token, row["token_expires_at"]) if token else None
    return Loan(row["id"], row["job_id"], row["channel_id"], row["message_id"], reply, row["created_at"])
