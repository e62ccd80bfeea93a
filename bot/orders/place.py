"""Placing an order: the gate first, then the files, then one transaction that accepts it and reserves its price."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.wire import resolve
from bot.domain.clock import Clock
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.outbox import NoteKind
from bot.domain.request import CharacterClip, VideoRequest
from bot.gateway.choice import Gateways
from bot.media.attachments import Attachments
from bot.media.clips import parse_range
from bot.media.links import LinkKind, check_member_link
from bot.orders.draft import Draft, Quote, Receipt
from bot.orders.errors import (
    AlreadyOrderedError,
    NoServiceError,
    RangeWithoutClipError,
    TwoClipsError,
    TwoPicturesError,
)
from bot.policy import limits
from bot.policy.asker import Asker
from bot.policy.errors import UnpricedError
from bot.policy.gate import Gate
from bot.policy.limits import Budgets
from bot.store import facts, guilds, jobs, ledger, moves, outbox
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Terms:
    """The operator's terms of an order: who is served, what it may cost, how long it may take."""

    gate: Gate
    budgets: Budgets
    deadline: timedelta
    assumed_price: int | None = None


@dataclass(frozen=True, slots=True)
class Orders:
    """Takes orders. `wake` tells the worker of this process that a job is due."""

    database: Database
    catalogue: Catalogue
    gateways: Gateways
    attachments: Attachments
    terms: Terms
    clock: Clock
    wake: Callable[[str], None]

    async def admit(self, asker: Asker) -> None:
        """Raise the refusal that keeps somebody from ordering here at all, whatever they would order."""
        async with self.database.read() as tx:
            self.terms.gate.admit(asker, await guilds.get(tx, asker.guild_id or 0))

    async def quote(self, asker: Asker, draft: Draft) -> Quote:
        """Let a draft through the gate and price it, or raise the refusal; nothing is written or fetched.

        What it counts against is looked at only if work comes before `accept`, which looks at it in any case.
        """
        async with self.database.read() as tx:
            guild = await guilds.get(tx, asker.guild_id or 0)
            self.terms.gate.admit(asker, guild)
            self.terms.gate.check_prompt(draft.prompt, guild)
            self.terms.gate.check_bot(asker)
            model = self.catalogue.get(draft.model_id or self.catalogue.default.id)
            wanted = model.settle(_with_files(_request(draft, guild.choices.watermark), draft, model))
            price = self._price(model, wanted)
            self._serviceable(model, wanted)
            if not draft.is_plain:
                await limits.check(tx, asker, guild, self.terms.budgets, price, self.clock())
        # What nobody has looked at yet is no part of the order.
        return Quote(asker, guild, model, replace(wanted, image=None, character=None), price, draft.private)

    async def inspect(self, quote: Quote, draft: Draft) -> Quote:
        """Look at the draft's links and files; the answer is a quote whose request has them, checked."""
        request = quote.request
        chosen = parse_range(draft.clip_range)
        if draft.image_url is not None:
            request = replace(request, image=await check_member_link(draft.image_url, kind=LinkKind.PICTURE))
        if draft.image is not None:
            request = replace(request, image=(await self.attachments.picture(draft.image)).url)
        if draft.clip_url is not None:
            link = await check_member_link(draft.clip_url, kind=LinkKind.CLIP)
            request = replace(request, character=CharacterClip(link, *chosen.fit(None)))
        if draft.clip is not None:
            clip = await self.attachments.clip(draft.clip, chosen)
            request = replace(request, character=CharacterClip(clip.url, clip.start, clip.end))
        request = quote.model.settle(request)
        self._serviceable(quote.model, request)
        return replace(quote, request=request)

    async def accept(self, quote: Quote, receipt: Receipt) -> Job:
        """Write the job and reserve its price in one transaction, which first locks what it counts against.

        The job can't be claimed until `acknowledge`. Raises the refusal that holds by now.
        """
        now, asker = self.clock(), quote.asker
        job = Job(
            id=receipt.job_id,
            state=JobState.QUEUED,
            fence=0,
            guild_id=asker.guild_id,
            channel_id=asker.channel_id,
            author_id=asker.user_id,
            locale=asker.locale,
            model_id=quote.model.id,
            request=quote.request,
            private=quote.private,
            price=quote.price,
            size_limit=receipt.size_limit,
            created_at=receipt.received_at,
            deadline_at=now + self.terms.deadline,
            status=receipt.status,
            reply=receipt.reply,
        )
        async with self.database.write() as tx:
            accounts = await ledger.lock(tx, asker.guild_id, asker.user_id)
            if await jobs.is_known(tx, receipt.interaction_id):
                raise AlreadyOrderedError
            guild = await guilds.get(tx, asker.guild_id or 0)
            self.terms.gate.admit(asker, guild)
            self.terms.gate.check_prompt(quote.request.prompt, guild)
            await limits.check(tx, asker, guild, self.terms.budgets, quote.price, now)
            if not await jobs.add(tx, job, receipt.interaction_id):
                raise AlreadyOrderedError
            await ledger.reserve(tx, job, accounts.member, now)
        return job

    async def acknowledge(self, job_id: str, status: MessagePlace | None) -> None:
        """The member has seen the status message: the job may be worked on.

        Of a job that was cancelled before that, the message is remembered all the same, and told how it stands.
        """
        now = self.clock()
        async with self.database.write() as tx:
            seen = await moves.acknowledge(tx, job_id, status, now)
            if seen is None and status is not None:
                place = {"status_channel_id": status.channel_id, "status_message_id": status.message_id}
                if await moves.note_on(tx, job_id, **place) is not None:
                    await outbox.put(tx, job_id, now, NoteKind.STATUS)
        self.wake(job_id)

    async def withdraw(self, job: Job) -> None:
        """The member could not be told that it was queued: take it back, it costs nothing."""
        async with self.database.write() as tx:
            moved = await moves.intend(tx, job, JobState.CANCELLED, finished_at=self.clock())
            if moved is not None:
                await ledger.refund(tx, moved, self.clock(), "never acknowledged")
                await outbox.put(tx, job.id, self.clock(), NoteKind.STATUS)

    async def is_first_use(self, user_id: int) -> bool:
        """Whether somebody has to be told where prompts and files go; true once."""
        async with self.database.read() as tx:
            if await facts.is_known(tx, user_id):
                return False
        async with self.database.write() as tx:
            return await facts.first_use(tx, user_id, self.clock())

    def _price(self, model: Model, request: VideoRequest) -> int:
        price = model.price(request)
        if price is not None:
            return price.units
        if self.terms.assumed_price is None:
            raise UnpricedError(model=model.title)
        return self.terms.assumed_price

    def _serviceable(self, model: Model, request: VideoRequest) -> None:
        if not self.gateways.for_order(resolve(model, request).slug):
            raise NoServiceError(model=model.title)


def _with_files(request: VideoRequest, draft: Draft, model: Model) -> VideoRequest:
    """The request as it would be if the draft's files and links turn out right; which inputs there are decides the
    endpoint and the price."""
    image = draft.image_url if draft.image is None else draft.image.url
    clip = draft.clip_url if draft.clip is None else draft.clip.url
    seconds = model.clip.min_seconds if model.clip else 1
    character = None if clip is None else CharacterClip(clip, Decimal(0), Decimal(seconds))
    return replace(request, image=image, character=character)


def _request(draft: Draft, watermark: bool) -> VideoRequest:
    """The draft without its files and links, which are looked at later."""
    if draft.image is not None and draft.image_url is not None:
        raise TwoPicturesError
    if draft.clip is not None and draft.clip_url is not None:
        raise TwoClipsError
    if draft.clip_range is not None and draft.clip is None and draft.clip_url is None:
        raise RangeWithoutClipError
    return VideoRequest(draft.prompt, draft.duration, draft.aspect, watermark=watermark)
