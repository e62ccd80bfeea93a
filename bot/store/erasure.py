"""Taking a person out of the records, bit by bit: every statement here may be repeated at any time.

`people.erase_before` says of whom, and up to which moment; it stays until nothing is left to be done.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.audit import ERASED
from bot.domain.job import ENDED, JobState
from bot.domain.ledger import EntryKind
from bot.domain.notice import NoticeKind
from bot.store.characters import USER
from bot.store.database import Transaction
from bot.store.people import erasures
from bot.store.tables import (
    accounts,
    acts,
    blocks,
    character_grants,
    declines,
    guilds,
    jobs,
    ledger,
    members,
    notices,
    outbox,
    people,
    posts,
    tasks,
)

UNSURE_FOR = timedelta(hours=24)
"""How long an answer may still come for an order whose outcome nobody knows."""
_ASKED = people.c.erase_before.is_not(None)


async def forget_person(tx: Transaction, user_id: int) -> None:
    """What goes at once: that they have used the bot before, that characters of others are shared with them, their name
    beside entries of the books and of what was done about them, and the originals of videos that have to wait."""
    await tx.execute(delete(members).where(members.c.id == user_id))
    lent = (character_grants.c.kind == USER, character_grants.c.subject_id == user_id)
    await tx.execute(delete(character_grants).where(*lent))
    await tx.execute(update(ledger).where(ledger.c.actor_id == user_id).values(actor_id=0))
    # A reason is what somebody wrote about them.
    await tx.execute(update(acts).where(acts.c.member_id == user_id).values(member_id=None, reason=""))
    # A job stays until everything about it is told, which may take a day.
    kept = (jobs.c.author_id == user_id, jobs.c.kept_file.is_not(None))
    await tx.execute(update(jobs).where(*kept).values(kept_file=None, kept_until=None))


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
            nobody = await account_of_nobody(tx, row.id, row.guild_id)
            await _forget_reasons(tx, old)
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
    for row in (await tx.execute(select(people.c.id, people.c.erase_before).where(*done))).all():
        await _forget_deeds(tx, row.id, row.erase_before)
    # Whoever has chosen something since is known again by that alone.
    gone = await tx.execute(delete(people).where(*done, people.c.preferences == "{}"))
    kept = await tx.execute(update(people).where(*done).values(erase_before=None))
    return gone.rowcount + kept.rowcount


async def _forget_reasons(tx: Transaction, which: Iterable[ColumnElement[bool]]) -> None:
    """What managers wrote beside entries of a member's account, and beside the opposite entries of gifts."""
    gifts = select(ledger.c.job_id).where(*which, ledger.c.kind == EntryKind.GRANT).scalar_subquery()
    await tx.execute(update(ledger).where(ledger.c.job_id.in_(gifts)).values(reason=""))
    await tx.execute(update(ledger).where(*which, ledger.c.reason != "").values(reason=""))


async def _forget_deeds(tx: Transaction, user_id: int, moment: datetime) -> None:
    """Take somebody's name off what they did as manager or moderator, and off what was noted to be told about them."""
    theirs = (acts.c.actor_id == user_id, acts.c.at <= moment)
    await tx.execute(update(acts).where(*theirs).values(actor_id=ERASED))
    await tx.execute(update(guilds).where(guilds.c.changed_by == user_id).values(changed_by=None))
    given = (blocks.c.actor_id == user_id, blocks.c.created_at <= moment)
    await tx.execute(update(blocks).where(*given).values(actor_id=0))
    await tx.execute(delete(declines).where(declines.c.user_id == user_id, declines.c.at <= moment))
    await _forget_notices(tx, user_id, moment)


async def _forget_notices(tx: Transaction, user_id: int, moment: datetime) -> None:
    found = or_(notices.c.about.contains(str(user_id)), notices.c.reached.contains(str(user_id)))
    query = select(notices).where(found, notices.c.created_at <= moment)
    for row in (await tx.execute(query)).all():
        if row.kind == NoticeKind.DECLINED_PROMPTS and json.loads(row.about)["member"] == user_id:
            # It is about nobody else, and its name has them too.
            await tx.execute(delete(notices).where(notices.c.id == row.id))
            continue
        about = {name: 0 if value == user_id else value for name, value in json.loads(row.about).items()}
        reached = [other for other in json.loads(row.reached) if other != user_id]
        without = {"about": json.dumps(about), "reached": json.dumps(reached)}
        await tx.execute(update(notices).where(notices.c.id == row.id).values(without))


async def account_of_nobody(tx: Transaction, account_id: int, guild_id: int) -> int:
    """The account that takes over the entries of a member's account: its name says nothing of anybody."""
    key = {"kind": "member", "guild_id": guild_id, "user_id": -account_id}
    opened = upsert(accounts).values(key).on_conflict_do_update(index_elements=list(key), set_={"kind": "member"})
    return int((await tx.execute(opened.returning(accounts.c.id))).scalar_one())
