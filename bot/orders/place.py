"""Placing an order: the gate first, then the files, then one transaction that accepts it and reserves its price."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.catalogue.catalogue import Catalogue
from bot.domain.character import Character
from bot.domain.clock import Clock
from bot.domain.errors import RefusalError
from bot.domain.guild import Guild
from bot.domain.job import Job, JobState, MessagePlace
from bot.domain.outbox import NoteKind
from bot.gateway.choice import Gateways
from bot.orders.draft import Draft, Quote, Receipt
from bot.orders.errors import (
    AlreadyOrderedError,
    CharacterGoneError,
    CharacterNotLentError,
    SameAgainError,
)
from bot.orders.intake import Intake, fingerprint
from bot.orders.lending import Borrowing, Lendable, check_borrowed
from bot.orders.menu import Menu, Offered
from bot.orders.reuse import check_kept, require_original, reusable
from bot.orders.wish import check_lent, lent_files
from bot.policy import alerts, declines, limits, tiers
from bot.policy.asker import Asker, Context
from bot.policy.errors import NoApproverError
from bot.policy.gate import Gate, prompt_rules
from bot.policy.limits import Budgets
from bot.store import blocks, characters, facts, guilds, jobs, ledger, moves, outbox, people
from bot.store.database import Database, Step, Transaction

SAME_WITHIN = timedelta(seconds=10)
"""Two that come within this time are a double click, not a second wish, however long their files are looked at."""


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
    intake: Intake
    terms: Terms
    clock: Clock
    wake: Callable[[str], None]

    async def admit(self, asker: Asker) -> Guild:
        """The server; or raise the refusal that keeps somebody from ordering here at all, whatever they would order."""
        async with self.database.read() as tx:
            return await self._admit(tx, asker)

    async def menu(self, asker: Asker) -> Menu:
        """What somebody may choose here; or raise the refusal that keeps them from ordering at all."""
        async with self.database.read() as tx:
            return await self._menu(tx, asker, await self._admit(tx, asker))

    async def quote(self, asker: Asker, draft: Draft, *, foresees: bool = True) -> Quote:
        """Let a draft through the gate and price it, or raise the refusal; nothing is written or fetched.

        What it counts against is looked at only if work comes before `accept`, which looks at it in any case, and not
        at all without `foresees`: something is about to change about that.
        """
        async with declines.counting(self.database, asker, self.clock()):
            quote = await self._quote(asker, draft)
        if foresees and not draft.is_plain:
            async with self._alerting(quote), self.database.read() as tx:
                await limits.check(tx, asker, quote.guild, self.terms.budgets, quote.price, self.clock())
        return quote

    def _alerting(self, quote: Quote) -> AbstractAsyncContextManager[None]:
        return alerts.alerting(self.database, quote.guild, self.terms.budgets, quote.price, self.clock())

    async def _quote(self, asker: Asker, draft: Draft) -> Quote:
        async with self.database.read() as tx:
            guild = await self._admit(tx, asker)
            # Direct messages are private by themselves.
            draft = replace(draft, private=draft.private and asker.context is not Context.DIRECT)
            original = await self._original(tx, asker, draft)
            lent = lent_files(draft, await self._character(tx, asker, draft))
            source = await self._source(tx, asker, draft, lent)
            check_borrowed(asker, lent, draft.kept_guild_id)
            for owner_id in {file.owner_id for file in lent}:
                self.intake.lender.check(asker, guild.choices, owner_id)
            menu = await self._menu(tx, asker, guild)
            named = draft.model_id if original is None else original.model_id
            model = menu.model(named, remix=original is not None)
            wish = menu.wish(model, draft, original)
            wanted = wish.request
            menu.check(model, wanted.seconds)
            check_lent(model, lent)
            price = menu.price(model, wanted)
            self.offered.check_sold(model, wanted, None if original is None else original.gateway)
        # A moderator's slowest patterns take seconds of a long prompt; their engine lets the others work meanwhile.
        before = None if original is None else original.request.prompt
        await asyncio.to_thread(self.terms.gate.check_prompt, draft.prompt, guild, draft.negative, before)
        # What nobody has looked at yet is no part of the order.
        request = replace(wanted, image=None, last_image=None, character=None)
        repeats_unsure = source is not None and source.state is JobState.UNSURE
        quote = Quote(asker, guild, model, request, price, draft, lent, original=original, ignored=wish.ignored)
        return replace(quote, repeats_unsure=repeats_unsure)

    async def inspect(self, quote: Quote, receipt: Receipt) -> Quote:
        """Look at the draft's links and files; the answer is a quote whose request has them, checked and kept."""
        borrowing = Borrowing(receipt.job_id, quote.asker, quote.guild.choices, receipt.reply)
        seen = await self.intake.look(quote, borrowing)
        self.offered.check_sold(seen.model, seen.request, seen.gateway)
        return seen

    async def accept(self, quote: Quote, receipt: Receipt, *, settling: Step | None = None) -> Job:
        """Write the job and reserve its price in one transaction, which first locks what it counts against.

        `settling`: what a manager who has it ordered does before, in the same transaction; nobody has to approve it
        then. The job can't be claimed until `acknowledge`. Raises the refusal that holds by now.
        """
        now, asker = self.clock(), quote.asker
        job, wish = self._job(quote, receipt), fingerprint(quote)
        declining = declines.counting(self.database, asker, now)
        async with declining, self._alerting(quote), self.database.write() as tx:
            accounts = await ledger.lock(tx, asker.guild_id, asker.user_id)
            if await jobs.is_known(tx, receipt.interaction_id):
                raise AlreadyOrderedError
            if settling is not None:
                await settling(tx)
            guild = await self._admit(tx, asker)
            if prompt_rules(guild) != prompt_rules(quote.guild):
                wanted = quote.request
                await asyncio.to_thread(self.terms.gate.check_prompt, wanted.prompt, guild, wanted.negative)
            came = receipt.received_at
            same = await jobs.same_between(tx, asker.user_id, wish, came - SAME_WITHIN, came + SAME_WITHIN)
            if same is not None:
                raise SameAgainError(video=f"`{same.id}`" if same.status is None else same.link(same.status))
            # Somebody may have taken a right back while the files were looked at.
            await self._original(tx, asker, quote.draft)
            await self._character(tx, asker, quote.draft)
            await self._source(tx, asker, quote.draft, quote.lent)
            job = self._allowed(quote, guild, job, is_approved=settling is not None)
            await limits.check(tx, asker, guild, self.terms.budgets, quote.price, now)
            if not await jobs.add(tx, job, receipt.interaction_id, wish):
                raise AlreadyOrderedError
            await ledger.reserve(tx, job, accounts.member, now)
            if asker.guild_id is not None:
                await alerts.note(tx, guild, self.terms.budgets, now)
        return job

    @staticmethod
    def _allowed(quote: Quote, guild: Guild, job: Job, *, is_approved: bool) -> Job:
        """The job by what its author may use now: waiting for a manager where one has to approve it."""
        asker, model, seconds = quote.asker, quote.model, quote.request.seconds
        allowed = guild.allowance(asker.role_ids)
        tiers.check(allowed, guild, model.id, model.title, seconds)
        waits = not is_approved and limits.needs_approval(asker, allowed, seconds, quote.price)
        if waits and guild.choices.log_channel_id is None:
            raise NoApproverError
        state = JobState.AWAITING_APPROVAL if waits else JobState.QUEUED
        return replace(job, state=state, videos_a_day=allowed.videos_a_day)

    def _job(self, quote: Quote, receipt: Receipt) -> Job:
        asker, draft = quote.asker, quote.draft
        return Job(
            id=receipt.job_id,
            state=JobState.QUEUED,
            fence=0,
            guild_id=asker.guild_id,
            channel_id=asker.channel_id,
            author_id=asker.user_id,
            locale=asker.locale,
            model_id=quote.model.id,
            request=quote.request,
            private=draft.private,
            price=quote.price,
            size_limit=receipt.size_limit,
            created_at=receipt.received_at,
            deadline_at=self.clock() + self.terms.deadline,
            status=receipt.status,
            reply=receipt.reply if receipt.is_answer else None,
            gateway=quote.gateway,
            server_id=asker.server_id,
            remix_of=draft.remix_of,
            repeats=draft.repeats,
            inputs=quote.inputs,
            spoiler=draft.spoiler,
        )

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
            if seen is not None and seen.state is JobState.AWAITING_APPROVAL:
                await outbox.put(tx, job_id, now, NoteKind.CARD)
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

    async def _admit(self, tx: Transaction, asker: Asker) -> Guild:
        guild = await guilds.get(tx, asker.guild_id or 0)
        block = await blocks.active(tx, guild.id, asker.user_id, self.clock())
        self.terms.gate.admit(asker, guild, block)
        return guild

    async def _menu(self, tx: Transaction, asker: Asker, guild: Guild) -> Menu:
        preferences = await people.preferences(tx, asker.user_id)
        return Menu(self.offered, guild, guild.allowance(asker.role_ids), preferences)

    @property
    def offered(self) -> Offered:
        """What this process sells."""
        return Offered(self.catalogue, self.gateways, self.terms.assumed_price)

    async def _original(self, tx: Transaction, asker: Asker, draft: Draft) -> Job | None:
        """The finished video that is to be changed."""
        if draft.remix_of is None:
            return None
        original = await reusable(tx, asker, draft.remix_of)
        require_original(original, self.catalogue)
        # Whoever appears in the original appears in the remix.
        if original.author_id != asker.user_id and original.inputs.character_id is not None:
            await self._usable(tx, asker, original.inputs.character_id, CharacterNotLentError)
        return original

    async def _source(self, tx: Transaction, asker: Asker, draft: Draft, lent: tuple[Lendable, ...]) -> Job | None:
        """The video that this one is made from; with its files, it has to be there for the asker still."""
        if draft.repeats is None:
            return None
        source = await reusable(tx, asker, draft.repeats)
        await check_kept(tx, asker, source, lent)
        return source

    async def _character(self, tx: Transaction, asker: Asker, draft: Draft) -> Character | None:
        """The saved character, if the asker may use it."""
        if draft.character_id is None:
            return None
        refusal = CharacterGoneError if draft.repeats is None else CharacterNotLentError
        return await self._usable(tx, asker, draft.character_id, refusal)

    @staticmethod
    async def _usable(tx: Transaction, asker: Asker, character_id: str, refusal: type[RefusalError]) -> Character:
        character = await characters.get(tx, character_id)
        if character is None or not character.may_use(asker.user_id, asker.guild_id, asker.role_ids):
            raise refusal
        return character
