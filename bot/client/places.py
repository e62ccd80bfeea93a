"""Finding the channel in which something about a job is to be said."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord
import structlog

from bot.domain.guild import GuildChoices
from bot.domain.job import Job
from bot.worker.herald import Place, PlaceClosedError

_RESTRICTABLE = (
    discord.TextChannel,
    discord.VoiceChannel,
    discord.StageChannel,
    discord.ForumChannel,
    discord.Thread,
)
ALWAYS_TAKEN_BYTES = 20 << 20
"""What Discord takes everywhere since September 2026; where boosts add nothing, the library still says 10 MiB."""
Choices = Callable[[int], Awaitable[GuildChoices]]

log = structlog.get_logger(__name__)


def is_age_restricted(channel: object) -> bool:
    """Whether Discord shows a channel only to those who have confirmed their age; a thread's is its parent's.

    No for one that is not known, or whose parent is not.
    """
    return isinstance(channel, _RESTRICTABLE) and channel.is_nsfw()


@dataclass(frozen=True, slots=True)
class Places:
    """Channels by what they are to a job. `choices` reads what a server has chosen."""

    client: discord.Client
    choices: Choices

    async def find(self, job: Job, place: Place) -> discord.abc.Messageable:
        """The channel; everything about a private job is said in direct messages, except to the log.

        Raises PlaceClosedError if there is none, discord.HTTPException if Discord won't say.
        """
        if place is Place.LOG:
            return self.by_id(await self._log_channel_id(job))
        if place is Place.DIRECT or (job.private and place is Place.CHANNEL):
            return await self.client.create_dm(discord.Object(job.author_id))
        if job.private:
            raise PlaceClosedError
        if place in {Place.ANNOUNCEMENT, Place.GALLERY}:
            return self.by_id(await self._shown_channel_id(job, place))
        if place is Place.THREAD:
            return self.by_id(_thread_id(job))
        if place is Place.PARENT:
            return self.by_id(await self._parent_id(job.channel_id))
        return self.by_id(job.channel_id)

    def by_id(self, channel_id: int) -> discord.PartialMessageable:
        """A channel that need not be cached."""
        return self.client.get_partial_messageable(channel_id)

    def takes_bytes(self, job: Job, place: Place) -> int:
        """The upload limit there: an answer has that of its interaction, everything else that of its server now.

        What an interaction allows may be its member's own, and its server may have lost boosts since.
        """
        usual = min(job.size_limit, ALWAYS_TAKEN_BYTES)
        if place is Place.DIRECT or (job.private and place is Place.CHANNEL):
            return usual
        guild = None if place is Place.REPLY else self.client.get_guild(job.server_id or job.guild_id or 0)
        return job.size_limit if guild is None else max(guild.filesize_limit, usual)

    async def _shown_channel_id(self, job: Job, place: Place) -> int:
        """The channel where a server shows videos; none where Discord would not ask those for age who may see it."""
        if job.guild_id is None:
            raise PlaceClosedError
        choices = await self.choices(job.guild_id)
        chosen = choices.gallery_channel_id if place is Place.GALLERY else choices.announcement_channel_id
        if chosen is None:
            raise PlaceClosedError
        restricted = choices.age_restricted_only or is_age_restricted(self.client.get_channel(job.channel_id))
        if restricted and not is_age_restricted(self.client.get_channel(chosen)):
            log.warning("channel not age-restricted", job=job.id, place=place, channel=chosen)
            raise PlaceClosedError
        return chosen

    async def _log_channel_id(self, job: Job) -> int:
        chosen = None if job.guild_id is None else (await self.choices(job.guild_id)).log_channel_id
        if chosen is None:
            raise PlaceClosedError
        return chosen

    async def _parent_id(self, channel_id: int) -> int:
        channel = self.client.get_channel(channel_id) or await self.client.fetch_channel(channel_id)
        if not isinstance(channel, discord.Thread):
            raise PlaceClosedError
        return channel.parent_id


def _thread_id(job: Job) -> int:
    """The thread that begins with the job's status message has its id."""
    if job.status is None or job.guild_id is None:
        raise PlaceClosedError
    return job.status.message_id
