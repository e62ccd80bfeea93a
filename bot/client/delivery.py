"""Telling people about jobs on Discord: by channel id, and by reply token while it lives."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import discord

from bot.client.bot import ClapboardBot
from bot.client.cards import Cards, ResultPost
from bot.client.places import Choices, Places
from bot.client.replies import Replies
from bot.client.search import find_card, find_copy, find_post, find_status, texts
from bot.client.threads import close_thread, delete_message, open_thread
from bot.client.troubles import NO_REPLY_WITHOUT_HISTORY, UNKNOWN_MESSAGE, telling
from bot.domain.clock import Clock
from bot.domain.ids import file_name
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.preferences import Ping
from bot.domain.record import Record
from bot.domain.standing import Standing
from bot.worker.herald import Place, PlaceClosedError, PostDeletedError, TryAgainError

TELL_SECONDS = 25.0
UPLOAD_SECONDS = 45.0
"""Both below the 60 s of a lease, which is renewed meanwhile."""
SLOWEST_UPLOAD_BYTES = 512 << 10
"""A second; a large file gets as long as that takes: 100 MiB 200 s, and the library gives up after 300."""
ALREADY_PUBLISHED = 40033
Find = Callable[[discord.abc.Messageable, Job, int], Awaitable[discord.Message | None]]
Send = Callable[..., Awaitable[discord.Message]]
_SEARCHED = (Place.CHANNEL, Place.GALLERY, Place.THREAD, Place.PARENT, Place.DIRECT, Place.LOG)
SILENT = discord.AllowedMentions.none()


class ChannelHerald:
    """Tells people about jobs with the bot's own messages; a file goes up by its path, never through memory."""

    def __init__(
        self,
        bot: ClapboardBot,
        cards: Cards,
        choices: Choices,
        clock: Clock,
        *,
        tell_seconds: float = TELL_SECONDS,
        upload_seconds: float = UPLOAD_SECONDS,
    ) -> None:
        self._bot = bot
        self._tell_seconds, self._upload_seconds = tell_seconds, upload_seconds
        self._cards = cards
        self._places = Places(bot, choices)
        self._replies = Replies(bot, clock)

    def takes_bytes(self, job: Job, place: Place) -> int:
        """How many bytes a file may have there, as far as that is known."""
        return self._places.takes_bytes(job, place)

    async def show_status(self, job: Job, standing: Standing) -> bool:
        """Edit the job's status message, or delete it once the video is posted and nothing has to lead to it.

        False: there is no such message any more, or it can't be edited.
        """
        over = job.state is JobState.DELIVERED and not standing.keeps_status
        view = None if over else self._cards.status(job, standing)
        try:
            async with self._within(self._tell_seconds):
                status = job.status or await self._answered(job)
                if status is None:
                    return False
                if not await self._show_by_token(job, status, view):
                    await self._show_by_channel(status, view)
        except PlaceClosedError:
            return False
        return True

    async def post_result(
        self, job: Job, standing: Standing, place: Place, video: Path | None, *, size_bytes: int, nonce: str
    ) -> MessagePlace:
        """Post the finished video with its one ping, or without a file as a link."""
        too_large = size_bytes if video is None else None
        elsewhere = place in {Place.PARENT, Place.DIRECT, Place.LOG}
        post = self._cards.result(job, standing, size_bytes=too_large, posted_elsewhere=elsewhere)
        mentions = _here(job, standing.ping)
        if place is Place.THREAD:
            async with self._within(self._tell_seconds):
                await open_thread(self._bot, job, standing)
        return await self._post(job, place, post, video, nonce=nonce, mentions=mentions, spoiler=standing.is_spoiler)

    async def find_result(self, job: Job) -> MessagePlace | None:
        """Look for our own post of this job in every place of the ladder; a reply stands in the channel.

        Raises PlaceClosedError if it is in none and the history of the channel can't be read.
        """
        # In the log channel, a private video is a copy for moderators and no delivery.
        places = (Place.CHANNEL,) if job.private else _SEARCHED
        read = set[Place]()
        async with self._within(self._upload_seconds):
            for place in places:
                with suppress(PlaceClosedError, discord.Forbidden, discord.NotFound):
                    found = await self._find_in(job, place)
                    read.add(place)
                    if found is not None:
                        return found
        if Place.CHANNEL not in read:
            raise PlaceClosedError
        return None

    async def ping_failure(self, job: Job, standing: Standing, place: Place, nonce: str) -> MessagePlace:
        """Tell the author of a job's end, in its channel as a reply to the status message."""
        text = self._cards.failure_ping(job, standing)
        mentions = SILENT if standing.ping is Ping.SILENT else _only(job.author_id)
        async with self._within(self._tell_seconds):
            if place is Place.REPLY:
                send = await self._sender(job, place, nonce)
                return _place_of(await send(text, allowed_mentions=mentions))
            channel = await self._places.find(job, place)
            status = job.status if place is Place.CHANNEL else None
            if status is not None:
                reference = discord.MessageReference(
                    message_id=status.message_id, channel_id=status.channel_id, fail_if_not_exists=False
                )
                try:
                    sent = await _send(channel, text, reference=reference, nonce=nonce, allowed_mentions=mentions)
                except discord.HTTPException as error:
                    if error.code != NO_REPLY_WITHOUT_HISTORY:
                        raise
                else:
                    return _place_of(sent)
            return _place_of(await _send(channel, text, nonce=nonce, allowed_mentions=mentions))

    async def tell_directly(self, job: Job, standing: Standing, nonce: str) -> None:
        """Send the author a direct message about their video, unless it stands among those itself."""
        delivered = job.state is JobState.DELIVERED
        text = self._cards.ready(job) if delivered else self._cards.failure_ping(job, standing)
        async with self._within(self._tell_seconds):
            channel = await self._bot.create_dm(discord.Object(job.author_id))
            if job.message is None or job.message.channel_id != channel.id:
                await _send(channel, text, nonce=nonce, allowed_mentions=SILENT, suppress_embeds=True)

    async def log_result(self, job: Job, standing: Standing, video: Path | None, nonce: str) -> MessagePlace:
        """Show a private video in the server's log channel, hidden until it is clicked."""
        post = self._cards.log_copy(job, standing)
        return await self._post(job, Place.LOG, post, video, nonce=nonce, mentions=SILENT, spoiler=True)

    async def post_card(self, job: Job, record: Record, nonce: str) -> MessagePlace:
        """Post the log channel's card about a job; nobody is pinged."""
        async with self._within(self._tell_seconds):
            channel = await self._places.find(job, Place.LOG)
            card = self._cards.log_card(job, record)
            sent = await _send(channel, None, view=card, nonce=nonce, allowed_mentions=SILENT)
            written = [item.content for item in card.walk_children() if isinstance(item, discord.ui.TextDisplay)]
            if list(texts(sent.components)) != written:
                # Its nonce has made it before, as the job was then.
                await sent.edit(view=card, allowed_mentions=SILENT)
            return _place_of(sent)

    async def change_card(self, job: Job, record: Record, card: MessagePlace) -> None:
        """Bring a card in line with its job, wherever the log channel is by now."""
        async with self._within(self._tell_seconds):
            await self._show_by_channel(card, self._cards.log_card(job, record))

    async def find_card(self, job: Job) -> MessagePlace | None:
        """Look for a card in the log channel. Raises PlaceClosedError if its history can't be read."""
        async with self._within(self._tell_seconds):
            return await self._find_in(job, Place.LOG, find_card)

    async def announce(self, job: Job, standing: Standing, video: Path | None, nonce: str) -> MessagePlace:
        """Show a video once more in the server's announcement channel."""
        post, spoiler = self._cards.announcement(job, standing), standing.is_spoiler
        return await self._post(job, Place.ANNOUNCEMENT, post, video, nonce=nonce, mentions=SILENT, spoiler=spoiler)

    async def find_copy(self, job: Job, place: Place) -> MessagePlace | None:
        """Look for a copy in the announcement or the log channel. Raises PlaceClosedError if that can't be read."""
        async with self._within(self._tell_seconds):
            return await self._find_in(job, place, find_copy)

    async def publish(self, place: MessagePlace) -> None:
        """Publish a copy, where its channel is one that servers can follow. Raises PlaceClosedError."""
        channel = self._bot.get_channel(place.channel_id)
        if not isinstance(channel, discord.TextChannel) or not channel.is_news():
            return
        async with self._within(self._tell_seconds):
            try:
                await channel.get_partial_message(place.message_id).publish()
            except discord.HTTPException as error:
                if error.code != ALREADY_PUBLISHED:
                    raise

    async def take_down(self, job: Job, place: MessagePlace) -> None:
        """Delete one of our messages about a job."""
        try:
            async with self._within(self._tell_seconds):
                if not await self._show_by_token(job, place, None):
                    await self._show_by_channel(place, None)
        except PlaceClosedError as error:
            if not isinstance(error.__cause__, discord.NotFound):
                raise
        if place == job.status:
            async with self._within(self._tell_seconds):
                await close_thread(self._bot, job)

    async def _post(
        self,
        job: Job,
        place: Place,
        post: ResultPost,
        video: Path | None,
        *,
        nonce: str,
        mentions: discord.AllowedMentions,
        spoiler: bool = False,
    ) -> MessagePlace:
        async with self._within(self._tell_seconds if video is None else self._seconds_for(video)):
            send, name = await self._sender(job, place, nonce), file_name(job.id)
            files = [] if video is None else [discord.File(video, name, spoiler=spoiler, description=post.alt_text)]
            # A link in somebody's prompt shall not unfold below the video.
            options = {"files": files, "view": post.view, "allowed_mentions": mentions, "suppress_embeds": True}
            return _place_of(await send(post.content, **options))

    def _seconds_for(self, video: Path) -> float:
        return max(self._upload_seconds, video.stat().st_size / SLOWEST_UPLOAD_BYTES)

    async def _sender(self, job: Job, place: Place, nonce: str) -> Send:
        """What posts there. Raises PlaceClosedError."""
        if place is Place.REPLY:
            return partial(self._replies.send, self._replies.living(job.reply))
        return partial(_send, await self._places.find(job, place), nonce=nonce)

    async def _answered(self, job: Job) -> MessagePlace | None:
        """Where the status stands, if the process died before that was written down: the reply token knows, or
        else the channel's history does for a job that was taken back."""
        if job.reply is not None and self._replies.lives(job.reply):
            return await self._replies.original(job.reply)
        return await self._find_in(job, Place.CHANNEL, find_status) if job.state is JobState.CANCELLED else None

    async def _show_by_token(self, job: Job, status: MessagePlace, view: discord.ui.LayoutView | None) -> bool:
        """Whether the reply token could do it: it needs no permission in the channel and has no rate limit there."""
        if job.reply is None or not self._replies.lives(job.reply):
            return False
        return await self._replies.change(job.reply, status.message_id, view)

    async def _show_by_channel(self, status: MessagePlace, view: discord.ui.LayoutView | None) -> None:
        if view is None:
            await delete_message(self._bot, status)
        else:
            message = self._places.by_id(status.channel_id).get_partial_message(status.message_id)
            await message.edit(view=view, allowed_mentions=SILENT)

    async def _find_in(self, job: Job, place: Place, find: Find = find_post) -> MessagePlace | None:
        channel = await self._places.find(job, place)
        own_id = 0 if self._bot.user is None else self._bot.user.id
        found = await find(channel, job, own_id)
        return None if found is None else _place_of(found)

    @asynccontextmanager
    async def _within(self, seconds: float) -> AsyncIterator[None]:
        if not self._bot.within_reach:
            raise TryAgainError
        async with telling(seconds):
            yield


async def _send(channel: discord.abc.Messageable, content: str | None, **options: Any) -> discord.Message:
    """Send a message. Raises PostDeletedError if the one that this nonce made was deleted."""
    try:
        return await channel.send(content, **options)
    except discord.NotFound as error:
        if error.code == UNKNOWN_MESSAGE:
            raise PostDeletedError from error
        raise


def _place_of(message: discord.Message) -> MessagePlace:
    return MessagePlace(message.channel.id, message.id)


def _here(job: Job, ping: Ping) -> discord.AllowedMentions:
    """A private video's place is the direct messages, whichever of the two its author wants to be told in."""
    told_here = ping in {Ping.HERE, Ping.BOTH} or (job.private and ping is Ping.DIRECT)
    return _only(job.author_id) if told_here else SILENT


def _only(user_id: int) -> discord.AllowedMentions:
    return discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(user_id)], replied_user=False)
