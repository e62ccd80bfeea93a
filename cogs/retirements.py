"""What an operator is told of a model that a gateway does not offer any more, with the button that says otherwise."""

import re
from typing import Any, Self

import discord

from bot.client.asker import asker_of
from bot.client.cards import NoticePost
from bot.client.escape import escape
from bot.client.reporter import Interaction, reported
from bot.domain import ids
from bot.domain.notice import GatewayTrouble
from bot.domain.sentence import N_, Instant, Sentence
from bot.locales import Translator

NAME_LIMIT = 100
VERB = "offer"
LABEL = N_("Order there again")
SILENT = discord.AllowedMentions.none()


class OfferButton(
    discord.ui.DynamicItem["discord.ui.Button[Any]"],
    template=rf"cb:{VERB}:(?P<gateway>[a-z]{{1,20}}):(?P<slug>[A-Za-z0-9][A-Za-z0-9._-]{{0,69}})",
):
    """A button `cb:offer:<gateway>:<endpoint>`. It keeps nothing, so that it works after restarts."""

    def __init__(self, gateway: str, slug: str, translator: Translator | None = None) -> None:
        label = LABEL if translator is None else translator.text(LABEL)
        custom_id = ids.custom_id(VERB, f"{gateway}:{slug}")
        super().__init__(discord.ui.Button(style=discord.ButtonStyle.secondary, label=label, custom_id=custom_id))
        self.gateway, self.slug = gateway, slug

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        return cls(match["gateway"], match["slug"])

    @reported
    async def callback(self, interaction: Interaction) -> None:
        """Have it ordered there again, and write that below. Raises OperatorsOnlyError."""
        services = interaction.client.services
        is_new = await services.retirements.end(asker_of(interaction), self.gateway, self.slug)
        trouble = GatewayTrouble(self.gateway, services.catalogue.title_at(self.slug), self.slug)
        when = Instant(interaction.created_at, "f")
        verdict = Sentence(_ENDED, {"when": when}) if is_new else Sentence(_BEFORE)
        post = retired_post(trouble, Translator(interaction.locale.value), verdict)
        await interaction.response.edit_message(content=post.content, view=None, allowed_mentions=SILENT)


_ENDED = N_("Since {when} orders go there again. If it refuses one, I tell you.")
_BEFORE = N_("Orders go there again already.")


def retired_post(about: GatewayTrouble, translator: Translator, verdict: Sentence | None = None) -> NoticePost:
    """What the gateway has said, with the button; or what was done about it."""
    gateway, model = escape(about.gateway, NAME_LIMIT), escape(about.model, NAME_LIMIT)
    told = N_("{gateway} does not offer {model} any more. If there is another video service, orders go there.")
    lines = [translator.text(told, gateway=gateway, model=model)]
    if verdict is not None:
        return NoticePost("\n".join([*lines, f"**{translator.text(verdict)}**"]))
    if not about.slug:  # noted by a version that did not write down which
        return NoticePost(lines[0])
    told = N_("Its endpoint `{slug}` gets no orders there until you say otherwise, also after a restart.")
    lines.append(translator.text(told, slug=about.slug))
    view = discord.ui.View(timeout=None).add_item(OfferButton(about.gateway, about.slug, translator))
    return NoticePost("\n".join(lines), view)
