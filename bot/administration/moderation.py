"""What moderators do about videos and the people who make them: remove, block, unblock."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.administration.record import acted
from bot.domain.audit import Action
from bot.domain.block import Block
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild
from bot.domain.job import NOT_SENT, ORDERED, Job, JobState, MessagePlace
from bot.domain.outbox import NoteKind
from bot.domain.sentence import N_, Instant, Mention, Sentence
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError
from bot.policy.gate import require_moderator
from bot.store import blocks, guild_jobs, guilds, jobs, ledger, moves, outbox, posts
from bot.store.database import Database, Transaction
from bot.store.history import Found
from bot.store.posts import COPIES

_NOT_POSTED_YET = ORDERED | {JobState.UNDELIVERED}
_SHOWING = frozenset({NoteKind.LOG, NoteKind.COPY, NoteKind.DIRECT})
"""What would still show a delivered video or lead to it."""


log = structlog.get_logger(__name__)


class NotBlockedError(RefusalError):
    """There is no block to end."""

    message = N_("{member} is not blocked here.")


class OwnBlockError(RefusalError):
    """Somebody would lock themselves out."""

    message = N_("You can't block yourself.")


class OwnUnblockError(RefusalError):
    """Somebody would let themselves back in."""

    message = N_("You can't end your own block. Another moderator, or a manager, can.")


class BlockLength(StrEnum):
    """For how long somebody is kept from making videos."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    FOR_GOOD = "good"


LENGTHS: dict[BlockLength, timedelta | None] = {
    BlockLength.HOUR: timedelta(hours=1),
    BlockLength.DAY: timedelta(days=1),
    BlockLength.WEEK: timedelta(weeks=1),
    BlockLength.FOR_GOOD: None,
}
NAMES: dict[BlockLength, str] = {
    BlockLength.HOUR: N_("1 hour"),
    BlockLength.DAY: N_("1 day"),
    BlockLength.WEEK: N_("1 week"),
    BlockLength.FOR_GOOD: N_("for good"),
}


def sentence_of(block: Block) -> Sentence:
    """What a block means, for moderators."""
    member = Mention("user", block.user_id)
    if block.until is None:
        return Sentence(N_("{member} can't make videos here any more."), {"member": member})
    until = Instant(block.until, "f")
    return Sentence(N_("{member} can't make videos here until {until}."), {"member": member, "until": until})


@dataclass(frozen=True, slots=True)
class Removal:
    """A video that is removed, and where messages about it stand that have to go.

    `is_first`: nobody had removed it before, so that its author has to be told.
    """

    job: Job
    places: tuple[MessagePlace, ...]
    is_first: bool


@dataclass(frozen=True, slots=True)
class Moderation:
    """Removes videos and blocks members; every call checks the right anew. `wake`: look at a job again."""

    database: Database
    clock: Clock
    wake: Callable[[str], None]

    async def job(self, asker: Asker, job_id: str) -> Job:
        """A job of the moderator's server. Raises ModeratorsOnlyError and JobGoneError."""
        async with self.database.read() as tx:
            return await self._job(tx, asker, job_id)

    async def guild(self, asker: Asker) -> Guild:
        """The moderator's server. Raises ModeratorsOnlyError."""
        async with self.database.read() as tx:
            return await self._check(tx, asker)

    async def videos(self, asker: Asker, typed: str) -> Sequence[Found]:
        """The server's newest videos by what was typed of their id or prompt, at most 25."""
        async with self.database.read() as tx:
            await self._check(tx, asker)
            return await guild_jobs.find(tx, asker.guild_id or 0, typed)

    async def is_removed(self, asker: Asker, job_id: str) -> bool:
        """Whether somebody has removed a video of the moderator's server already. Raises ModeratorsOnlyError."""
        async with self.database.read() as tx:
            await self._check(tx, asker)
            job = await jobs.get(tx, job_id)
        return job is not None and job.guild_id == asker.guild_id and job.removed_at is not None

    async def remove(self, asker: Asker, job_id: str, reason: str = "") -> Removal:
        """Take a video away for good: it can't be had back nor used, one on its way is stopped.

        A second call finds the messages that the first could not delete. Raises ModeratorsOnlyError and JobGoneError.
        """
        async with self.database.write() as tx:
            job = await self._job(tx, asker, job_id)
            is_first = job.removed_at is None
            if is_first:
                job = await self._removed(tx, asker, job)
                now, author_id = self.clock(), job.author_id
                await acted(tx, asker, Action.REMOVE, now, member_id=author_id, job_id=job.id, reason=reason)
            copies = [post.place for post in await posts.of_job(tx, job.id) if post.kind in COPIES]
        self.wake(job.id)
        log.info("video removed", job=job.id, moderator=asker.user_id, again=not is_first)
        places = dict.fromkeys(place for place in (job.message, job.status, *copies) if place is not None)
        return Removal(job, tuple(places), is_first)

    async def _removed(self, tx: Transaction, asker: Asker, job: Job) -> Job:
        now = self.clock()
        changes: dict[str, object] = {"removed_at": now}
        if job.state in _NOT_POSTED_YET:
            changes["dont_post"] = True
        if job.state in NOT_SENT:
            await moves.intend(tx, job, JobState.CANCELLED, finished_at=now)
            await ledger.refund(tx, job, now, "removed", actor_id=asker.user_id)
            await outbox.put(tx, job.id, now, NoteKind.STATUS)
        for note in await outbox.open_notes(tx, job.id):
            if note.kind in _SHOWING:
                await outbox.done(tx, note, now)
        # Whoever asked deletes at once; this is for what they could not, or did not live to.
        await outbox.put(tx, job.id, now, NoteKind.TAKE_DOWN, NoteKind.CARD)
        return await moves.note_on(tx, job.id, **changes) or job

    async def taken_down(self, job_id: str, gone: Collection[MessagePlace]) -> None:
        """Forget the copies of a video that stand no more."""
        async with self.database.write() as tx:
            for post in await posts.of_job(tx, job_id):
                if post.place in gone:
                    await posts.forget(tx, post.id)

    async def block(
        self, asker: Asker, user_id: int, length: BlockLength, reason: str = "", *, job_id: str | None = None
    ) -> Block:
        """Keep somebody from making videos here, managers too; `job_id`: over which video of theirs.

        Raises ModeratorsOnlyError and OwnBlockError.
        """
        now, lasts = self.clock(), LENGTHS[length]
        until = None if lasts is None else now + lasts
        block = Block(asker.guild_id or 0, user_id, asker.user_id, until, reason)
        async with self.database.write() as tx:
            await self._check(tx, asker)
            if user_id == asker.user_id:
                raise OwnBlockError
            await blocks.put(tx, block, now)
            given = {"until": until}
            await acted(tx, asker, Action.BLOCK, now, member_id=user_id, job_id=job_id, given=given, reason=reason)
            await self._show_block(tx, asker, job_id, now)
        if job_id is not None:
            self.wake(job_id)
        log.info("member blocked", guild=block.guild_id, member=user_id, moderator=asker.user_id, until=until)
        return block

    @staticmethod
    async def _show_block(tx: Transaction, asker: Asker, job_id: str | None, now: datetime) -> None:
        """The card of the video says so, if it is still there."""
        job = None if job_id is None else await jobs.get(tx, job_id)
        if job is not None and job.guild_id == asker.guild_id:
            await outbox.put(tx, job.id, now, NoteKind.CARD)

    async def unblock(self, asker: Asker, user_id: int) -> None:
        """Let somebody make videos again; only managers end their own block.

        Raises ModeratorsOnlyError, NotBlockedError and OwnUnblockError.
        """
        now, guild_id = self.clock(), asker.guild_id or 0
        async with self.database.write() as tx:
            await self._check(tx, asker)
            was_active = await blocks.active(tx, guild_id, user_id, now) is not None
            if was_active and user_id == asker.user_id and not asker.manages:
                raise OwnUnblockError
            await blocks.lift(tx, guild_id, user_id)
            if was_active:
                await acted(tx, asker, Action.UNBLOCK, now, member_id=user_id)
        if not was_active:
            raise NotBlockedError(member=Mention("user", user_id))
        log.info("member unblocked", guild=guild_id, member=user_id, moderator=asker.user_id)

    async def _check(self, tx: Transaction, asker: Asker) -> Guild:
        guild = await guilds.get(tx, asker.guild_id or 0)
        require_moderator(asker, guild)
        return guild

    async def _job(self, tx: Transaction, asker: Asker, job_id: str) -> Job:
        await self._check(tx, asker)
        job = await jobs.get(tx, job_id)
        if job is None or job.guild_id != asker.guild_id:
            raise JobGoneError
        return job
