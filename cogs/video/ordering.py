"""From a draft to a job that its author has seen: gate, look, transaction, status message, in that order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import discord
import structlog

from bot.client.asker import asker_below, asker_of
from bot.client.bot import ClapboardBot
from bot.client.services import Services
from bot.domain import ids
from bot.domain.errors import ClapboardError
from bot.domain.job import Job, JobState, MessagePlace, ReplyToken
from bot.domain.outbox import NoteKind
from bot.domain.sentence import N_, Mention, Sentence
from bot.locales import Translator
from bot.orders import reuse
from bot.orders.draft import Draft, Quote, Receipt
from bot.policy.asker import Asker
from bot.store.database import Step
from cogs.cards import JobCards
from cogs.unsent import UNSENT
from cogs.video.errors import CantPostForError, NoDirectMessagesError, StatusNotPostedError

ANSWER_SECONDS = 10
"""Past its 3 seconds Discord refuses a first answer anyway; this is for a connection that stalls."""
POST_SECONDS = 30
TOKEN_LIFETIME = timedelta(minutes=14, seconds=30)
"""Discord's 15 minutes with a margin for the way there."""
ALREADY_ACKNOWLEDGED = 40060
SILENT = discord.AllowedMentions.none()
MISSING_RIGHTS = N_(
    "I can't post here: missing {missing}. Your video will come as my answer here, or as a direct message if it takes "
    "longer than 15 minutes."
)
NOT_A_MEMBER = N_(
    "I am not a member here. Your video will come as my answer here, or as a direct message if it takes longer than "
    "15 minutes."
)

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ordering:
    """Takes orders at Discord's edge; until `acknowledge` a job can't cost anything and is taken back on failure."""

    services: Services
    cards: JobCards

    async def order(self, interaction: Interaction, draft: Draft, quote: Quote | None = None) -> None:
        """Order a video. Refusals of the gate come before anything is public; `quote` is one made a moment ago."""
        quote = quote or await self.quote(interaction, draft)
        if quote.draft.is_plain:
            await self._at_once(interaction, quote)
            return
        await _defer(interaction)
        receipt = self._receipt(interaction)
        quote = await self.services.orders.inspect(quote, receipt)
        if quote.draft.private:
            await self._by_direct_message(interaction, quote, receipt)
        elif quote.asker.bot_can_post:
            await self._in_channel(interaction, quote, receipt)
        else:
            await self._as_promised(interaction, quote, receipt)

    async def quote(self, interaction: Interaction, draft: Draft) -> Quote:
        """Let a draft through the gate and price it. Raises the refusal."""
        asker, source_id = asker_of(interaction), draft.repeats or draft.remix_of
        if draft.private and source_id is not None:
            asker = await asker_below(interaction, await self.services.reuse.source(asker, source_id))
        return await self.services.orders.quote(asker, draft)

    async def _at_once(self, interaction: Interaction, quote: Quote) -> None:
        """The status message is the answer itself."""
        receipt = replace(self._receipt(interaction), is_answer=True)
        quote = await self.services.orders.inspect(quote, receipt)
        job = await self.services.orders.accept(quote, receipt)
        async with self._withdrawn_on_failure(job), asyncio.timeout(ANSWER_SECONDS):
            place = await _answer(interaction, await self._card(job))
        await self.services.orders.acknowledge(job.id, place)
        await self._follow_up(interaction, job, notices=(*_foretold(quote), *quote.ignored))

    async def _as_promised(self, interaction: Interaction, quote: Quote, receipt: Receipt) -> None:
        """The status takes the place of the promise, where the bot can't post by itself."""
        job = await self.services.orders.accept(quote, replace(receipt, is_answer=True))
        async with self._withdrawn_on_failure(job), asyncio.timeout(POST_SECONDS):
            message = await interaction.edit_original_response(view=await self._card(job), allowed_mentions=SILENT)
        await self.services.orders.acknowledge(job.id, MessagePlace(job.channel_id, message.id))
        await self._follow_up(interaction, job, notices=(*_foretold(quote), *quote.ignored))

    async def order_for(self, interaction: Interaction, author: Asker, source: Job, settling: Step) -> Job:
        """Order a video anew for its author on a manager's word: their limits hold; whoever presses sees nothing of it.

        `settling`: what is done about `source` in the same transaction.

        Raises the refusal, and CantPostForError where its author could not see it.
        """
        if not (source.private or author.bot_can_post):
            raise CantPostForError(channel=Mention("channel", source.channel_id), missing=author.bot_lacks)
        orders = self.services.orders
        quote = await orders.quote(author, reuse.again(source), foresees=False)
        receipt = replace(self._receipt(interaction), size_limit=source.size_limit, reply=None)
        quote = await orders.inspect(quote, receipt)
        post = self._direct_status if source.private else self._status
        job, _ = await post(interaction.client, quote, receipt, settling)
        return job

    async def _in_channel(self, interaction: Interaction, quote: Quote, receipt: Receipt) -> None:
        job, place = await self._status(interaction.client, quote, receipt)
        await self._follow_up(interaction, job, notices=(*_in_line(job, place), *quote.ignored))

    async def _by_direct_message(self, interaction: Interaction, quote: Quote, receipt: Receipt) -> None:
        job, place = await self._direct_status(interaction.client, quote, receipt)
        await self._follow_up(interaction, job, notices=(*_in_line(job, place), *quote.ignored))

    async def _status(
        self, bot: ClapboardBot, quote: Quote, receipt: Receipt, settling: Step | None = None
    ) -> tuple[Job, MessagePlace]:
        """Accept an order whose status is the bot's own message in the channel."""
        job = await self.services.orders.accept(quote, receipt, settling=settling)
        channel = bot.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        async with self._withdrawn_on_failure(job), asyncio.timeout(POST_SECONDS):
            nonce = ids.nonce(job.id, NoteKind.STATUS)
            message = await channel.send(view=await self._card(job), nonce=nonce)
        place = MessagePlace(job.channel_id, message.id)
        await self.services.orders.acknowledge(job.id, place)
        return job, place

    async def _direct_status(
        self, bot: ClapboardBot, quote: Quote, receipt: Receipt, settling: Step | None = None
    ) -> tuple[Job, MessagePlace]:
        """Accept an order whose status is a direct message, which comes before anything is charged."""
        message = await _announce(bot, quote.asker)
        place = MessagePlace(message.channel.id, message.id)
        try:
            job = await self.services.orders.accept(quote, replace(receipt, status=place), settling=settling)
        except ClapboardError:
            await _delete(message)
            raise
        async with self._withdrawn_on_failure(job), asyncio.timeout(POST_SECONDS):
            card = await self._card(job)
            await message.edit(view=card, allowed_mentions=SILENT)
        await self.services.orders.acknowledge(job.id, place)
        return job, place

    def _receipt(self, interaction: Interaction) -> Receipt:
        now = self.services.clock()
        return Receipt(
            job_id=ids.new_job_id(),
            interaction_id=interaction.id,
            size_limit=interaction.filesize_limit,
            received_at=now,
            reply=ReplyToken(interaction.token, now + TOKEN_LIFETIME),
        )

    async def _card(self, job: Job) -> discord.ui.LayoutView:
        return self.cards.status(job, await self.services.following.standing(job))

    @asynccontextmanager
    async def _withdrawn_on_failure(self, job: Job) -> AsyncIterator[None]:
        """A job whose author could not be told is taken back, also when the process is being stopped."""
        try:
            yield
        except UNSENT as error:
            log.warning("status not shown", job=job.id, error=repr(error))
            await self.services.orders.withdraw(job)
            raise StatusNotPostedError from error
        except (ClapboardError, asyncio.CancelledError):
            await asyncio.shield(self.services.orders.withdraw(job))
            raise

    async def _follow_up(self, interaction: Interaction, job: Job, *, notices: tuple[Sentence, ...]) -> None:
        """What is told besides the status, in one message: elsewhere there are five at most, and the video is one.

        The order stands whether or not this arrives.
        """
        try:
            lines = [Translator(job.locale).text(notice) for notice in notices]
            if await self.services.orders.is_first_use(job.author_id):
                lines.append(self.cards.first_use(job.locale))
            if lines:
                await interaction.followup.send("\n".join(lines), ephemeral=True)
        except (*UNSENT, ClapboardError) as error:
            log.warning("follow-up not sent", job=job.id, error=repr(error))


async def _announce(bot: ClapboardBot, asker: Asker) -> discord.Message:
    """Say in a direct message that a private video is coming."""
    text = Translator(asker.locale).text(N_("Your private video is being accepted… If nothing follows, send it again."))
    view = discord.ui.LayoutView(timeout=None).add_item(discord.ui.TextDisplay(text))
    try:
        async with asyncio.timeout(POST_SECONDS):
            channel = await bot.create_dm(discord.Object(asker.user_id))
            return await channel.send(view=view)
    except discord.Forbidden as error:
        raise NoDirectMessagesError from error
    except UNSENT as error:
        raise StatusNotPostedError from error


def _in_line(job: Job, place: MessagePlace) -> tuple[Sentence, ...]:
    if job.state is JobState.AWAITING_APPROVAL:
        return (Sentence(N_("Your video waits for a manager's approval: {link}"), {"link": job.link(place)}),)
    return (Sentence(N_("Your video is in line: {link}"), {"link": job.link(place)}),)


def _foretold(quote: Quote) -> tuple[Sentence, ...]:
    """How the video will come where the bot can't post by itself."""
    if quote.asker.bot_can_post:
        return ()
    if not quote.asker.bot_lacks:
        return (Sentence(NOT_A_MEMBER),)
    return (Sentence(MISSING_RIGHTS, {"missing": quote.asker.bot_lacks}),)


async def _defer(interaction: Interaction) -> None:
    """Promise an answer. It may have been promised before: after a 502, or if Discord delivers an interaction twice,
    which `accept` notices."""
    try:
        await interaction.response.defer(ephemeral=True, thinking=True)
    except discord.HTTPException as error:
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
        log.info("deferred before", interaction=interaction.id)


async def _answer(interaction: Interaction, card: discord.ui.LayoutView) -> MessagePlace:
    try:
        answer = await interaction.response.send_message(view=card)
        message_id = answer.message_id
    except discord.HTTPException as error:
        # The library repeats after a 502; if the first try had arrived, the message stands.
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
        message_id = (await interaction.original_response()).id
    return MessagePlace(interaction.channel_id or 0, message_id or 0)


async def _delete(message: discord.Message) -> None:
    """Take back a message that announces what does not come."""
    try:
        await message.delete()
    except UNSENT as error:
        log.warning("announcement not deleted", error=repr(error))
