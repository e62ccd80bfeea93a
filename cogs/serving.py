"""What an operator is asked when a server's own manager has run setup, with a button for each answer."""

import re
from abc import ABC
from typing import Any, ClassVar, Self

import discord

from bot.administration.serving import Decision
from bot.client.asker import asker_of
from bot.client.cards import NoticePost
from bot.client.escape import escape
from bot.client.reporter import Interaction, reported
from bot.domain import ids
from bot.domain.notice import ServerAsks
from bot.domain.sentence import N_, NN_, Mention
from bot.locales import Translator

NAME_LIMIT = 100
SILENT = discord.AllowedMentions.none()


class ServingButton(discord.ui.DynamicItem["discord.ui.Button[Any]"], ABC, template=r"(?!)"):
    """A button `cb:<verb>:<server>`. It keeps nothing, so that it works after restarts, and can be pressed again."""

    verb: ClassVar[str]
    label: ClassVar[str]
    approves: ClassVar[bool]

    def __init_subclass__(cls, *, verb: str, label: str, approves: bool) -> None:
        """Each verb has its exact template: an id that two of them matched would run both."""
        cls.verb, cls.label, cls.approves = verb, label, approves
        super().__init_subclass__(template=rf"cb:{verb}:(?P<guild>[0-9]{{1,20}})")

    def __init__(self, guild_id: int, translator: Translator | None = None) -> None:
        style = discord.ButtonStyle.success if self.approves else discord.ButtonStyle.danger
        label = self.label if translator is None else translator.text(self.label)
        super().__init__(discord.ui.Button(style=style, label=label, custom_id=ids.custom_id(self.verb, str(guild_id))))
        self.guild_id = guild_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        return cls(int(match["guild"]))

    @reported
    async def callback(self, interaction: Interaction) -> None:
        """Decide, and write it below the question. Raises OperatorsOnlyError."""
        serving = interaction.client.services.serving
        decision = await serving.decide(asker_of(interaction), self.guild_id, approve=self.approves)
        post = asking_post(decision.asks, Translator(interaction.locale.value), decision)
        await interaction.response.edit_message(content=post.content, view=post.view, allowed_mentions=SILENT)


class ServeButton(ServingButton, verb="serve", label=N_("Approve"), approves=True):
    """**Approve**: videos can be made there."""


class TurnAwayButton(ServingButton, verb="turn-away", label=N_("Decline"), approves=False):
    """**Decline**: no videos can be made there."""


SERVING_BUTTONS = (ServeButton, TurnAwayButton)
"""Both answers."""


def asking_post(asks: ServerAsks, translator: Translator, decision: Decision | None = None) -> NoticePost:
    """The question, or what was decided, with the button that decides otherwise."""
    text, name = translator.text, escape(asks.name, NAME_LIMIT, max_lines=1)
    told = N_(
        "{by} has run /video-admin setup in **{name}** (`{guild}`). Shall I serve this server? "
        "Its videos are paid with your key, up to the budget that you give each server."
    )
    lines = [text(told, by=Mention("user", asks.actor), name=name, guild=str(asks.guild_id))]
    if asks.members is not None:
        lines.append(text(NN_("It has {count} member.", "It has {count} members."), count=asks.members))
    if decision is not None:
        lines.append(f"**{text(_verdict(decision))}**")
    view = discord.ui.View(timeout=None)
    for button in SERVING_BUTTONS:
        if decision is not None and decision.approved is button.approves:
            continue
        view.add_item(button(asks.guild_id, translator))
    return NoticePost("\n".join(lines), view)


def _verdict(decision: Decision) -> str:
    if decision.approved:
        return N_("Approved. Its managers are told.") if decision.is_new else N_("This server is approved already.")
    return N_("Declined. Its managers are told.") if decision.is_new else N_("This server is declined already.")
