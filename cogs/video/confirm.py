"""The one way from a button, form or menu to an order: at once, or after a question about money."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.orders.draft import Draft, Quote
from cogs.cards import JobCards
from cogs.question import Question
from cogs.unsent import UNSENT
from cogs.video.ordering import Ordering

Interaction = discord.Interaction[ClapboardBot]
Refused = Callable[[Interaction, ClapboardError], Awaitable[None]]
"""What tells a refusal instead of the reporter, such as a form that can be changed."""
log = structlog.get_logger(__name__)


def ordering_of(interaction: Interaction) -> Ordering:
    """What takes orders, for buttons and forms, which keep nothing."""
    services = interaction.client.services
    return Ordering(services, JobCards(services.catalogue, services.notice, services.clock))


async def order_asking_first(interaction: Interaction, draft: Draft, *, refused: Refused | None = None) -> None:
    """Order a draft and answer the interaction; above the manager's amount, ask once with the price.

    It asks too where the order that this repeats may have been taken. Refusals of the gate come before any question;
    `refused` is told of those that come after it.
    """
    ordering = ordering_of(interaction)
    quote = await ordering.quote(interaction, draft)
    if not quote.asks_first and not quote.repeats_unsure:
        await ordering.order(interaction, draft, quote)
        return
    await _ask(interaction, draft, quote, refused)


async def _ask(interaction: Interaction, draft: Draft, quote: Quote, refused: Refused | None) -> None:
    translator = Translator(interaction.locale.value)
    doubt = N_("This may be paid twice. Order again?")
    sentences = [translator.text(doubt)] if quote.repeats_unsure else []
    if quote.asks_first:
        sentences.append(translator.text(N_("This costs about {money}. Make it?"), money=translator.money(quote.price)))
    await ConfirmOrder(interaction, Asked(draft, quote.price, refused), translator).ask(" ".join(sentences))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is asked to agree to: an order and its price, in units of a ten-thousandth of a dollar."""

    draft: Draft
    price: int
    refused: Refused | None


class ConfirmOrder(Question):
    """The question, seen only by the person who would pay."""

    yes_label = N_("Make it")
    no_label = N_("Not now")
    declined = N_("Nothing was ordered.")
    missed = N_("Nothing was ordered: you did not answer in time.")

    def __init__(self, opened_by: Interaction, asked: Asked, translator: Translator) -> None:
        super().__init__(opened_by, translator)
        self._asked = asked

    async def agreed(self, interaction: Interaction) -> None:
        """Order with this press, whose answer is the status message; the gate is asked anew.

        Where it has become dearer meanwhile, the answer is the question with that price.
        """
        # Before the order, so that a second press finds nothing to agree to.
        self.stop()
        asked, ordering = self._asked, ordering_of(interaction)
        try:
            quote = await ordering.quote(interaction, asked.draft)
            if quote.asks_first and quote.price > asked.price:
                await _ask(interaction, asked.draft, quote, asked.refused)
            else:
                await ordering.order(interaction, asked.draft, quote)
        except ClapboardError as error:
            if asked.refused is None:
                raise
            await asked.refused(interaction, error)
        finally:
            await self._withdraw()

    async def _withdraw(self) -> None:
        """Take the question away: the answer to it is a message of its own."""
        try:
            await self.opened_by.delete_original_response()
        except UNSENT as error:
            # The person may have dismissed it.
            log.info("question not closed", interaction=self.opened_by.id, error=repr(error))
