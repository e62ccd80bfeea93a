"""Going on with what people have asked to be erased, until nothing is left; every step can be repeated."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.job import MessagePlace
from bot.store import erasure, people, posts
from bot.store.database import Database
from bot.store.posts import Post
from bot.worker.herald import PlaceClosedError, TryAgainError

log = structlog.get_logger(__name__)

LIMITS_LOOK_BACK = timedelta(days=32)
"""A calendar month in any time zone: until then erasing must not reset what somebody has used up."""
MOST = 50


@dataclass(frozen=True, slots=True)
class Erasure:
    """Takes people out of the records. `blank` empties a message of ours; it raises PlaceClosedError, TryAgainError."""

    database: Database
    blank: Callable[[MessagePlace], Awaitable[None]]
    clock: Clock

    async def go_on(self) -> None:
        """Erase what has come to its end since the last time."""
        async with self.database.read() as tx:
            asked = await people.erasures(tx)
            blank = await posts.to_blank(tx, limit=1)
        if not asked and not blank:
            return
        now = self.clock()
        async with self.database.write() as tx:
            jobs = await erasure.forget_jobs(tx, now)
            messages = await erasure.note_posts(tx)
            accounts = await erasure.unlink(tx, now - LIMITS_LOOK_BACK)
        await self._blank()
        async with self.database.write() as tx:
            finished = await erasure.finish(tx, now - LIMITS_LOOK_BACK)
        if jobs or messages or accounts or finished:
            log.info("erased", jobs=jobs, messages=messages, accounts=accounts, people_finished=finished)

    async def _blank(self) -> None:
        async with self.database.read() as tx:
            noted = await posts.to_blank(tx, limit=MOST)
        for post in noted:
            if await self._is_blank(post):
                async with self.database.write() as tx:
                    await posts.forget(tx, post.id)

    async def _is_blank(self, post: Post) -> bool:
        """Whether the message says nothing of anybody any more, or is out of reach for good."""
        try:
            await self.blank(post.place)
        except TryAgainError as error:
            log.info("message not emptied yet", job=post.job_id, error=repr(error.__cause__))
            return False
        except PlaceClosedError:
            log.info("message to be emptied is gone", job=post.job_id)
        return True
