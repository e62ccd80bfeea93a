"""Making a new video from one that is there: who may, and what is taken over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.domain.job import Job, JobState
from bot.media.clips import in_seconds
from bot.orders.details import may_see_prompt
from bot.orders.draft import Draft
from bot.orders.errors import NoRemixError, NotFinishedError, RemixOfRemixError
from bot.orders.lending import KeptFileGoneError, Lendable
from bot.policy.asker import Asker
from bot.policy.errors import JobGoneError, KeptByAuthorError
from bot.policy.gate import require_reuse
from bot.store import guilds, history, jobs, people, posts
from bot.store.database import Database, Transaction
from bot.store.history import Found

FINISHED = frozenset({JobState.RENDERED, JobState.DELIVERING, JobState.DELIVERED, JobState.UNDELIVERED})


def again(job: Job) -> Draft:
    """The order of a job once more, with its own copies of what was attached to it."""
    request, inputs = job.request, job.inputs
    clip = request.character if inputs.clip is None and inputs.character_id is None else None
    return Draft(
        prompt=request.prompt,
        duration=request.duration,
        aspect=request.aspect,
        model_id=job.model_id,
        image_url=request.image if inputs.picture is None else None,
        last_image_url=request.last_image if inputs.last_picture is None else None,
        clip_url=None if clip is None else clip.url,
        clip_range=None if clip is None else f"{in_seconds(clip.start)}-{in_seconds(clip.end)}",
        private=job.private,
        resolution=request.resolution,
        audio=request.audio,
        seed=request.seed,
        negative=request.negative,
        watermark=request.watermark,
        spoiler=job.spoiler,
        character_id=inputs.character_id,
        kept=replace(inputs, character_id=None, owners=dict.fromkeys(inputs.files, job.author_id) | {**inputs.owners}),
        kept_guild_id=job.guild_id,
        remix_of=job.remix_of,
        remix_seconds=request.parent_seconds,
        repeats=job.id,
    )


def for_another(draft: Draft, old: Model) -> Draft:
    """The order for another model: what the old one does by itself is no wish, and what is lacking there gives way."""
    audio = None if draft.audio is old.own_sound else draft.audio
    resolution = None if draft.resolution == old.own_resolution else draft.resolution
    return replace(draft, audio=audio, resolution=resolution, gives_way=True)


def remix(job: Job, prompt: str) -> Draft:
    """The change of a finished video."""
    return Draft(
        prompt=prompt, private=job.private, spoiler=job.spoiler, remix_of=job.id, remix_seconds=job.request.duration
    )


async def reusable(tx: Transaction, asker: Asker, job_id: str) -> Job:
    """A job that the asker may make a new video of. Raises JobGoneError, RemovedError and KeptByAuthorError."""
    job = await jobs.get(tx, job_id)
    if job is None or await people.is_erased(tx, job.author_id, job.created_at):
        raise JobGoneError
    author, copy = await people.preferences(tx, job.author_id), await posts.announced(tx, job.id)
    require_reuse(asker, job, author, copy)
    return job


async def check_kept(tx: Transaction, asker: Asker, source: Job, files: Sequence[Lendable]) -> None:
    """Raise KeptFileGoneError or KeptByAuthorError for files that its owner does not lend any more."""
    for file in files:
        if file.character_id is not None:
            continue
        if file.name not in source.inputs.files:
            raise KeptFileGoneError
        if file.owner_id != asker.user_id and not (await people.preferences(tx, file.owner_id)).others_may_remix:
            raise KeptByAuthorError


def can_be_remixed(job: Job, catalogue: Catalogue) -> bool:
    """Whether a gateway would change this video, once it is finished."""
    return job.task is not None and job.request.parent_task is None and _model_remixes(job, catalogue)


def require_original(job: Job, catalogue: Catalogue) -> None:
    """Raise NotFinishedError, RemixOfRemixError or NoRemixError for a video that can't be changed."""
    if job.state not in FINISHED or job.task is None:
        raise NotFinishedError
    if not _model_remixes(job, catalogue):
        raise NoRemixError(model=catalogue.title(job.model_id))
    # Documented for the only model that remixes: its gateway takes tasks of the endpoint that makes new videos.
    if job.request.parent_task is not None:
        raise RemixOfRemixError(video=f"`{job.remix_of}`")


def _model_remixes(job: Job, catalogue: Catalogue) -> bool:
    return any(model.id == job.model_id and model.can_remix for model in catalogue.models)


@dataclass(frozen=True, slots=True)
class Reuse:
    """Finds videos that somebody may make new ones from."""

    database: Database

    async def source(self, asker: Asker, job_id: str) -> Job:
        """The job. Raises what `reusable` raises."""
        async with self.database.read() as tx:
            return await reusable(tx, asker, job_id)

    async def readable(self, asker: Asker, job_id: str) -> Job:
        """The job for a form, without the prompt where the asker may not see that. Raises what `reusable` raises."""
        async with self.database.read() as tx:
            job = await reusable(tx, asker, job_id)
            guild, copy = await guilds.get(tx, job.guild_id or 0), await posts.announced(tx, job.id)
        if may_see_prompt(asker, job, guild, copy):
            return job
        return replace(job, request=replace(job.request, prompt=""))

    async def originals(self, user_id: int, typed: str, catalogue: Catalogue) -> Sequence[Found]:
        """Somebody's own videos that can be remixed, by id or words of the prompt, newest first, at most 25."""
        models = frozenset(model.id for model in catalogue.models if model.can_remix)
        async with self.database.read() as tx:
            return await history.find(tx, user_id, typed, FINISHED, originals_of=models)
