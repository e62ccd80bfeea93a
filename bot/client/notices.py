"""Posting what is about no job: into log channels, and to the operators in direct messages."""

from dataclasses import dataclass
from typing import Any

import discord

from bot.client.bot import ClapboardBot
from bot.client.cards import NoticeCards, NoticePost
from bot.client.troubles import UNKNOWN_MESSAGE, telling
from bot.domain.guild import Guild
from bot.domain.notice import Notice, NoticeKind
from bot.worker.herald import PlaceClosedError, TryAgainError

TELL_SECONDS = 8.0
"""Below the 10 s that a stop gives to what is in flight."""
SILENT = discord.AllowedMentions.none()


@dataclass(frozen=True, slots=True)
class NoticePoster:
    """Implements `bot.worker.herald.NoticeHerald` with the bot's own messages."""

    bot: ClapboardBot
    cards: NoticeCards
    tell_seconds: float = TELL_SECONDS

    @property
    def operators(self) -> frozenset[int]:
        """Those who run this bot, known from login on."""
        return self.bot.operators

    async def tell_server(self, guild: Guild, notice: Notice, nonce: str) -> None:
        """Post into the log channel; a budget's alert pings the role that is chosen for it, and nothing else does."""
        channel_id, role_id = guild.choices.log_channel_id, guild.choices.alert_role_id
        if channel_id is None:
            raise PlaceClosedError
        post = self.cards.notice(notice, guild.choices)
        pings = notice.kind is NoticeKind.BUDGET and role_id is not None
        mentions = _only(role_id or 0) if pings else SILENT
        await self._send(self.bot.get_partial_messageable(channel_id), post, nonce, mentions)

    async def tell_person(self, user_id: int, notice: Notice, nonce: str) -> None:
        """Send a direct message."""
        await self._send(discord.Object(user_id), self.cards.notice(notice), nonce, SILENT)

    async def _send(
        self,
        to: discord.abc.Messageable | discord.Object,
        post: NoticePost,
        nonce: str,
        mentions: discord.AllowedMentions,
    ) -> None:
        if not self.bot.within_reach:
            raise TryAgainError
        try:
            async with telling(self.tell_seconds):
                channel = await self.bot.create_dm(to) if isinstance(to, discord.Object) else to
                options: dict[str, Any] = {"view": post.view, "nonce": nonce, "allowed_mentions": mentions}
                await channel.send(post.content, **options)
        except PlaceClosedError as error:
            if not _was_deleted(error.__cause__):
                raise


def _was_deleted(cause: BaseException | None) -> bool:
    """Whether the message that this nonce made before was deleted by somebody: it was told."""
    return isinstance(cause, discord.NotFound) and cause.code == UNKNOWN_MESSAGE


def _only(role_id: int) -> discord.AllowedMentions:
    return discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(role_id)], replied_user=False)
