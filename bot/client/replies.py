"""Messages by an interaction's token: for 15 minutes they need no permission and no membership of the bot's."""

from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.client.bot import ClapboardBot
from bot.domain.clock import Clock
from bot.domain.job import MessagePlace, ReplyToken
from bot.worker.herald import PlaceClosedError

_OVER = frozenset({401, 404})
"""How Discord refuses a token that has ended, and one whose channel is gone."""

NO_MORE_FOLLOW_UPS = 40094
"""Where a member has brought the bot along, an interaction takes five."""


@dataclass(frozen=True, slots=True)
class Replies:
    """What can be done with a token while it lives."""

    bot: ClapboardBot
    clock: Clock

    def lives(self, reply: ReplyToken) -> bool:
        """Whether a token can still be used."""
        return reply.expires_at > self.clock() and self.bot.application_id is not None

    async def original(self, reply: ReplyToken) -> MessagePlace | None:
        """Where the answer of the interaction stands; None if there is none."""
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        route = Route("GET", path, webhook_id=self.bot.application_id, webhook_token=reply.token)
        try:
            answer = await self.bot.http.request(route)
        except discord.NotFound:
            return None
        return MessagePlace(int(answer["channel_id"]), int(answer["id"]))

    def living(self, reply: ReplyToken | None) -> ReplyToken:
        """The token if it can still be used. Raises PlaceClosedError."""
        if reply is None or not self.lives(reply):
            raise PlaceClosedError
        return reply

    async def send(self, reply: ReplyToken, content: str, **options: Any) -> discord.Message:
        """A further answer that everybody sees. Without a nonce: a repetition makes a second one.

        Raises PlaceClosedError when the token is over, aiohttp.ClientError when Discord fails.
        """
        # The library repeats what Discord failed at, although it may have been posted; here its session raises first.
        async with aiohttp.ClientSession(raise_for_status=_raise_failures) as session:
            hook = discord.Webhook.partial(self.bot.application_id or 0, reply.token, session=session, client=self.bot)
            try:
                return await hook.send(content, wait=True, **options)
            except discord.HTTPException as error:
                if error.status in _OVER or error.code == NO_MORE_FOLLOW_UPS:
                    raise PlaceClosedError from error
                raise

    async def change(self, reply: ReplyToken, message_id: int, view: discord.ui.LayoutView | None) -> bool:
        """Edit or, without a view, delete an answer. False: the token is over, or the message is gone."""
        try:
            if view is None:
                await self._hook(reply).delete_message(message_id)
            else:
                silent = discord.AllowedMentions.none()
                await self._hook(reply).edit_message(message_id, view=view, allowed_mentions=silent)
        except discord.HTTPException as error:
            if error.status in _OVER:
                return False
            raise
        return True

    def _hook(self, reply: ReplyToken) -> discord.Webhook:
        return discord.Webhook.partial(self.bot.application_id or 0, reply.token, client=self.bot)


async def _raise_failures(response: aiohttp.ClientResponse) -> None:
    if response.status >= 500:
        response.raise_for_status()
