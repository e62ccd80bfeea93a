"""Lending kept files to gateways: under the bot's own address, in a server's clip channel, or by a follow-up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.troubles import telling
from bot.domain.clock import Clock
from bot.domain.guild import GuildChoices
from bot.domain.ids import nonce
from bot.domain.job import ReplyToken
from bot.domain.loan import Loan
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.media.kept import KeptFiles
from bot.orders.lending import (
    Borrowing,
    KeptFileGoneError,
    Lendable,
    Lender,
    NoLendingError,
    NotLentError,
    OpenClipChannelError,
)
from bot.policy.asker import Asker
from bot.store import loans
from bot.store.database import Database
from bot.worker.herald import PlaceClosedError, TellError, TryAgainError

LEND_FOR = timedelta(hours=2)
"""Longer than an order may wait and render by default; an address of our own ends then."""
POST_SECONDS = 25
SILENT = discord.AllowedMentions.none()
Address = Callable[[str, datetime], str]
"""Of a kept file by its name, until a moment."""

log = structlog.get_logger(__name__)


class FileLender(Lender):
    """Lends kept files. `address` makes an expiring address of our own, where there is a public one."""

    def __init__(
        self, bot: ClapboardBot, database: Database, kept: KeptFiles, clock: Clock, address: Address | None = None
    ) -> None:
        self._bot = bot
        self._database = database
        self._kept = kept
        self._clock = clock
        self._address = address

    def check(self, asker: Asker, choices: GuildChoices, owner_id: int) -> None:
        """Raise NoLendingError or OpenClipChannelError for a file of somebody else's that the asker might get."""
        if self._address is not None or asker.user_id == owner_id:
            return
        if choices.clip_channel_id is None:
            raise NoLendingError
        if self._is_open(choices.clip_channel_id, asker):
            raise OpenClipChannelError

    def _is_open(self, channel_id: int, asker: Asker) -> bool:
        """Whether everybody in the server sees a channel, or this member does. Administrators see everything."""
        channel = self._bot.get_channel(channel_id)
        if not isinstance(channel, discord.abc.GuildChannel):
            return False
        guild = channel.guild
        roles = [guild.default_role, *(role for id_ in asker.role_ids if (role := guild.get_role(id_)) is not None)]
        if any(target.id == asker.user_id and chosen.view_channel for target, chosen in channel.overwrites.items()):
            return True
        return any(channel.permissions_for(role).view_channel for role in roles if not role.permissions.administrator)

    async def lend(self, file: Lendable, borrowing: Borrowing) -> str:
        """The address of a kept file: our own, or that of an attachment, which Discord keeps up for about a day."""
        self.check(borrowing.asker, borrowing.choices, file.owner_id)
        path = self._kept.path(file.name)
        if path is None or not self._kept.touch(file.name):
            raise KeptFileGoneError
        if self._address is not None:
            return self._address(file.name, self._clock() + LEND_FOR)
        clips, own = borrowing.choices.clip_channel_id, file.owner_id == borrowing.asker.user_id
        trouble: Exception | None = None
        if clips is not None and not self._is_open(clips, borrowing.asker):
            try:
                return await self._in_channel(clips, path, file, borrowing)
            except (TellError, discord.DiscordException) as error:
                log.warning("file not lent", job=borrowing.job_id, kind=file.kind, error=repr(error))
                trouble = error
        if not own or borrowing.reply is None:
            raise NoLendingError if trouble is None else NotLentError from trouble
        try:
            return await self._by_follow_up(path, file, borrowing, borrowing.reply)
        except (TellError, discord.DiscordException) as error:
            raise NotLentError from error

    async def _in_channel(self, channel_id: int, path: Path, file: Lendable, borrowing: Borrowing) -> str:
        loan_id = await self._begin(borrowing.job_id, channel_id, None)
        channel = self._bot.get_partial_messageable(channel_id)
        async with telling(POST_SECONDS):
            message = await channel.send(
                file=_upload(path, file, borrowing.job_id),
                nonce=nonce(borrowing.job_id, file.kind),
                allowed_mentions=SILENT,
                silent=True,
            )
        return await self._posted(loan_id, message)

    async def _by_follow_up(self, path: Path, file: Lendable, borrowing: Borrowing, reply: ReplyToken) -> str:
        """To the owner alone: the interaction has been answered by now, with a promise that only they see."""
        loan_id = await self._begin(borrowing.job_id, borrowing.asker.channel_id, reply)
        told = Translator(borrowing.asker.locale).text(
            N_("The video service fetches this file of yours from here. I remove it once rendering has begun.")
        )
        async with telling(POST_SECONDS):
            message = await self._hook(reply).send(
                told, file=_upload(path, file, borrowing.job_id), ephemeral=True, wait=True, allowed_mentions=SILENT
            )
        return await self._posted(loan_id, message)

    async def _begin(self, job_id: str, channel_id: int, reply: ReplyToken | None) -> int:
        async with self._database.write() as tx:
            return await loans.begin(tx, job_id, channel_id, self._clock(), reply=reply)

    async def _posted(self, loan_id: int, message: discord.Message) -> str:
        async with self._database.write() as tx:
            await loans.posted(tx, loan_id, message.id)
        return message.attachments[0].url

    def _hook(self, reply: ReplyToken) -> discord.Webhook:
        hook = discord.Webhook.partial(self._bot.application_id or 0, reply.token, client=self._bot)
        # Else the library takes it for a channel's webhook, and lets it send nothing that only one person sees.
        hook.type = discord.WebhookType.application
        return hook

    async def take_back(self, loan: Loan) -> None:
        """Delete the message of a loan. Raises TryAgainError; what can't be deleted any more is left."""
        if not self._bot.within_reach:
            raise TryAgainError
        try:
            async with telling(POST_SECONDS):
                await self._delete(loan)
        except PlaceClosedError as error:
            log.info("lent file not deleted", job=loan.job_id, error=repr(error.__cause__))

    async def _delete(self, loan: Loan) -> None:
        if loan.reply is not None:
            if loan.message_id is not None and loan.reply.expires_at > self._clock():
                await self._hook(loan.reply).delete_message(loan.message_id)
            return
        message_id = loan.message_id or await self._find(loan)
        if message_id is not None:
            await self._bot.get_partial_messageable(loan.channel_id).get_partial_message(message_id).delete()

    async def _find(self, loan: Loan) -> int | None:
        """A message whose id was never written down, by the name of its file."""
        own_id = 0 if self._bot.user is None else self._bot.user.id
        async for message in self._bot.get_partial_messageable(loan.channel_id).history(limit=100):
            named = any(loan.job_id in attachment.filename for attachment in message.attachments)
            if message.author.id == own_id and named:
                return message.id
        return None


def _upload(path: Path, file: Lendable, job_id: str) -> discord.File:
    return discord.File(path, f"{job_id}-{file.kind}{path.suffix}")
