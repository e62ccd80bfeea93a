"""Taking a person out of the records, bit by bit: every statement here may be repeated at any time.

`people.erase_before` says of whom, and up to which moment; it stays until nothing is left to be done.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.job import ENDED, JobState
from bot.store.database import Transaction
from bot.store.people import erasures
from bot.store.tables import accounts, jobs, ledger, members, outbox, people, posts, tasks

UNSURE_FOR = timedelta(hours=24)
"""How long an answer may still come for an order whose outcome nobody knows."""
_ASKED = people.c.erase_before.is_not(None)


async def forget_person(tx: Transaction, user_id: int) -> None:
    """What goes at once: that they have used the bot before, and their name beside entries of the books."""
    await tx.execute(delete(members).where(members.c.id == user_id))
    await tx.execute(update(ledger).where(ledger.c.actor_id == user_id).values(actor_id=0))


async def forget_jobs(tx: Transaction, now: datetime) -> int:
    """Delete jobs that have ended and about which everything is told: whoever still holds one has nothing to do."""
    untold = exists().where(outbox.c.job_id == jobs.c.id, outbox.c.done_at.is_(None))
    unsure = and_(jobs.c.state == JobState.UNSURE, jobs.c.created_at < now - UNSURE_FOR)
    over = or_(jobs.c.state.in_(ENDED), unsure)
    forgotten = 0
    # One after the other: for all of them at once, SQLite reads every job that has ended.
    for user_id, moment in await erasures(tx):
        going = (jobs.c.author_id == user_id, jobs.c.created_at <= moment, over, ~untold)
        ids = select(jobs.c.id).where(*going).scalar_subquery()
        await tx.execute(delete(tasks).where(tasks.c.job_id.in_(ids)))
        forgotten += (await tx.execute(delete(jobs).where(*going))).rowcount
    return forgotten


async def note_posts(tx: Transaction) -> int:
    """Note every copy and card that names one of them, except those about jobs of a later time."""
    asked = exists().where(people.c.id == posts.c.author_id, _ASKED)
    later = exists().where(
        jobs.c.id == posts.c.job_id, people.c.id == jobs.c.author_id, jobs.c.created_at > people.c.erase_before
    )
    noted = update(posts).where(asked, ~later, posts.c.blank.is_(False)).values(blank=True)
    return (await tx.execute(noted)).rowcount


async def unlink(tx: Transaction, ended_before: datetime) -> int:
    """Move entries of the books to accounts of nobody, once no limit looks at them any more; how many accounts."""
    query = (
        select(accounts.c.id, accounts.c.guild_id, people.c.erase_before)
        .join(people, people.c.id == accounts.c.user_id)
        .where(_ASKED, accounts.c.kind == "member")
    )
    moved = 0
    for row in (await tx.execute(query)).all():
        old = (ledger.c.account_id == row.id, ledger.c.counts_at <= min(row.erase_before, ended_before))
        if (await tx.execute(select(ledger.c.id).where(*old).limit(1))).first() is not None:
            nobody = await _account_of_nobody(tx, row.id, row.guild_id)
            await tx.execute(update(ledger).where(*old).values(account_id=nobody))
            moved += 1
        used = exists().where(ledger.c.account_id == accounts.c.id)
        await tx.execute(delete(accounts).where(accounts.c.id == row.id, ~used))
    return moved


async def finish(tx: Transaction, asked_before: datetime) -> int:
    """Forget that somebody has asked, once nothing of theirs from before is left; how many people."""
    job = exists().where(jobs.c.author_id == people.c.id, jobs.c.created_at <= people.c.erase_before)
    post = exists().where(posts.c.author_id == people.c.id, posts.c.blank.is_(True))
    done = (_ASKED, people.c.erase_before < asked_before, ~job, ~post)
    # Whoever has chosen something since is known again by that alone.
    gone = await tx.execute(delete(people).where(*done, people.c.preferences == "{}"))
    kept = await tx.execute(update(people).where(*done).values(erase_before=None))
    return gone.rowcount + kept.rowcount


async def _account_of_nobody(tx: Transaction, account_id: int, guild_id: int) -> int:
    key = {"kind": "member", "guild_id": guild_id, "user_id": -account_id}
    opened = upsert(accounts).values(key).on_conflict_do_update(index_elements=list(key), set_={"kind": "member"})
    return int((await tx.execute(opened.returning(accounts.c.id))).scalar_one())
