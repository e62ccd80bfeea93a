"""Videos that were ordered and posted, without a worker: the job is set where the worker would have brought it.

And the buttons below them.
"""

from bot.domain.ids import file_name
from bot.domain.job import Job, JobState
from bot.domain.ledger import Settlement
from bot.domain.standing import Standing
from cogs.cards import JobCards
from sandbox.discord import Answer, Message, Person, Upload, wait_until
from sandbox.discord.components import numbered
from tests.cogs.club import NOTICE, Club


async def posted(club: Club, prompt: str = "a cat", **columns: object) -> tuple[Job, Message]:
    """A finished video of Mia's, and the bot's post of it in #videos."""
    await club.mia.invoke("video", {"prompt": prompt}, channel=club.videos)
    await wait_until(lambda: bool(club.woken.jobs))
    job_id = club.woken.jobs.pop()
    (job,) = [each for each in await club.jobs() if each.id == job_id]
    services = club.bot.services
    cards = JobCards(services.catalogue, NOTICE, services.clock)
    post = cards.result(job, Standing(Settlement.CHARGED), size_bytes=None, posted_elsewhere=False)
    sent = await club.bot.get_partial_messageable(club.videos.id).send(post.content, view=post.view)
    place = {"message_channel_id": club.videos.id, "message_id": sent.id}
    job = await club.move(job, **({"state": JobState.DELIVERED} | place | columns))
    return job, club.videos.messages[sent.id]


def copied(club: Club, job: Job) -> Message:
    """The copy of a private video in the log channel, as the bot posts it."""
    upload = Upload(f"SPOILER_{file_name(job.id)}", b"film", "video/mp4")
    return club.log.post(club.server.world.application.bot, "Private video", (upload,))


async def press(club: Club, verb: str, label: str, job_id: str, *, by: Person | None = None, **how: str) -> Answer:
    """Press a button below a video, by mia or somebody else."""
    button = {"type": 2, "style": 2, "label": label, "custom_id": f"cb:{verb}:{job_id}"}
    message = club.videos.post(club.server.world.application.bot, "a video")
    message.components = numbered([{"type": 1, "components": [button]}])
    return await (by or club.mia).click(message, label, **how)
