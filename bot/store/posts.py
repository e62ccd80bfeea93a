"""Where copies and cards about a job stand, beside its result: to change them, or to take what they say of somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.job import MessagePlace
from bot.store.database import Transaction
from bot.store.tables import jobs, posts


class PostKind(StrEnum):
    """A private video's copy for moderators, the card about a reported video, the copy in the announcement channel,
    the log channel's card."""

    LOG = "log"
    REPORT = "report"
    ANNOUNCEMENT = "announcement"
    CARD = "card"


COPIES = frozenset({PostKind.LOG, PostKind.ANNOUNCEMENT})
"""What shows a video once more, and goes when a moderator removes it."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message about a job; `author_id` is whom it names."""

    id: int
    job_id: str
    kind: PostKind
    author_id: int
    place: MessagePlace


async def put(tx: Transaction, job_id: str, kind: PostKind, author_id: int, place: MessagePlace) -> None:
    """Remember where a message stands; a later one of the same kind takes its place."""
    where = {"author_id": author_id, "channel_id": place.channel_id, "message_id": place.message_id}
    guild_id = select(jobs.c.guild_id).where(jobs.c.id == job_id).scalar_subquery()
    row = upsert(posts).values(job_id=job_id, kind=kind, guild_id=guild_id, **where)
    await tx.execute(row.on_conflict_do_update(index_elements=["job_id", "kind"], set_=where))


async def of_job(tx: Transaction, job_id: str) -> Sequence[Post]:
    """Every copy and card of a job."""
    rows = await tx.execute(select(posts).where(posts.c.job_id == job_id).order_by(posts.c.id))
    return [_post(row) for row in rows.mappings()]


async def announced(tx: Transaction, job_id: str) -> MessagePlace | None:
    """Where a job's copy in the announcement channel stands."""
    return next((post.place for post in await of_job(tx, job_id) if post.kind is PostKind.ANNOUNCEMENT), None)


async def to_blank(tx: Transaction, *, limit: int) -> Sequence[Post]:
    """Messages out of which what they say of somebody has to be taken."""
    rows = await tx.execute(select(posts).where(posts.c.blank.is_(True)).order_by(posts.c.id).limit(limit))
    return [_post(row) for row in rows.mappings()]


async def forget(tx: Transaction, post_id: int) -> None:
    """The message is blank, or gone."""
    await tx.execute(delete(posts).where(posts.c.id == post_id))


def _post(row: RowMapping) -> Post:
    place = MessagePlace(row["channel_id"], row["message_id"])
    return Post(row["id"], row["job_id"], PostKind(row["kind"]), row["author_id"], place)
