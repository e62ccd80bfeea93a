"""Everything there is to say about a video, and which of it somebody may see."""

from dataclasses import dataclass, replace

from bot.domain.clock import Clock
from bot.domain.guild import Guild
from bot.domain.job import Job, MessagePlace
from bot.domain.sentence import MessageLink
from bot.domain.standing import Standing
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError
from bot.policy.gate import moderates, stands_before
from bot.policy.standing import place_of, standing
from bot.store import guilds, jobs, people, posts
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Details:
    """A job as one person may see it.

    `is_own`: it is theirs. `shows_prompt` goes for what was attached too. `cost` in units of a ten-thousandth of a
    dollar, None where it is not shown. `repeated`: where the video stands that this one was made from, or its id where
    nothing can be linked to.
    """

    job: Job
    standing: Standing
    is_own: bool
    shows_prompt: bool
    cost: int | None = None
    repeated: MessageLink | str | None = None


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks up videos for whoever has one of their messages before them."""

    database: Database
    clock: Clock

    async def see(self, asker: Asker, job_id: str) -> Details:
        """A job as the asker may see it. Raises JobGoneError where it is none of theirs, nor of their server."""
        async with self.database.read() as tx:
            job = await jobs.get(tx, job_id)
            if job is None or not _is_near(asker, job):
                raise JobGoneError
            is_own = job.author_id == asker.user_id
            if not is_own and await people.is_erased(tx, job.author_id, job.created_at):
                raise JobGoneError
            guild = await guilds.get(tx, job.guild_id or 0)
            # Nobody else can open what was sent to the author alone.
            shown = job if is_own or not job.private else replace(job, message=None, status=None)
            return Details(
                job=shown,
                standing=await standing(tx, job, self.clock()),
                is_own=is_own,
                shows_prompt=may_see_prompt(asker, job, guild, await posts.announced(tx, job.id)),
                cost=job.price if may_see_cost(asker, job, guild) else None,
                repeated=None if job.repeats is None else await place_of(tx, job.repeats, job.server_id),
            )


def _is_near(asker: Asker, job: Job) -> bool:
    return job.author_id == asker.user_id or _is_in_server(asker, job)


def _is_in_server(asker: Asker, job: Job) -> bool:
    return asker.server_id is not None and asker.server_id in {job.server_id, job.guild_id}


def may_see_prompt(asker: Asker, job: Job, guild: Guild, copy: MessagePlace | None = None) -> bool:
    """The author, the moderators of its server, and everybody who is in the channel where it stands publicly, unless
    the server hides prompts."""
    if job.author_id == asker.user_id:
        return True
    if asker.guild_id is not None and asker.guild_id == job.guild_id and moderates(asker, guild):
        return True
    if guild.choices.hide_prompts:
        return False
    stands = job.message is not None or job.status is not None
    return stands and not job.private and job.removed_at is None and stands_before(asker, job, copy)


def may_see_cost(asker: Asker, job: Job, guild: Guild) -> bool:
    """Managers of the server that pays, its members where they are shown money, and operators."""
    if asker.operates:
        return True
    if job.guild_id is None:
        return False
    return guild.choices.show_money or (asker.manages and asker.guild_id == job.guild_id)
