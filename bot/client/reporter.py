"""The one error reporter: whatever goes wrong in a command, button, form or autocomplete ends in an answer."""

import asyncio
import functools
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.client.escape import plain
from bot.client.refusals import sentence_of
from bot.domain.errors import RefusalError
from bot.domain.sentence import N_, Sentence
from bot.locales.translator import Translator

Interaction = discord.Interaction[Any]
P = ParamSpec("P")
T = TypeVar("T")

UNEXPECTED = N_("Something went wrong on my side. If you ask for help, give this reference: {reference}")
MAX_CONTENT = 2000
TITLE_LIMIT = 45
ANSWER_SECONDS = 10
ALREADY_ACKNOWLEDGED = 40060
DEAD = frozenset({10062, 50027, 10015})
"""Codes of an interaction that can't be answered any more: unknown, token ended, its webhook gone."""
_REACHED = "reached"

log = structlog.get_logger(__name__)


async def report(interaction: Interaction, error: Exception, *, view: discord.ui.View = discord.utils.MISSING) -> None:
    """Tell the person about an error, privately and in their language; `view`: what they can do now. Never raises.

    What has no sentence of its own goes to the log, with a reference that the person is given.
    """
    error = _cause(error)
    about = {"interaction": interaction.id, "kind": interaction.type.name}
    if isinstance(error, discord.HTTPException) and error.code in DEAD:
        log.warning("interaction is over", code=error.code, **about)
        return
    sentence = sentence_of(error)
    if sentence is None:
        reference = secrets.token_hex(4)
        log.error("unexpected error", reference=reference, exc_info=error, **about)
        sentence = Sentence(UNEXPECTED, {"reference": reference})
    elif not isinstance(error, RefusalError | app_commands.AppCommandError):
        log.error("told as it is", exc_info=error, **about)
    text = Translator(interaction.locale.value).text(sentence)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await _answer(interaction, text[:MAX_CONTENT], view)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as trouble:
        log.warning("could not tell", error=str(trouble), **about)


class guarded:  # noqa: N801  reads as a statement, like the library's own
    """Report whatever is raised in the block, and end the block there.

    For autocomplete, whose errors the library only logs: `async with guarded(interaction): return choices`, and
    `return []` behind it.
    """

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction

    async def __aenter__(self) -> None:
        """The interaction has found its callback."""
        mark(self._interaction)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """The edge: here every error becomes an answer, and only cancellation goes on."""
        if not isinstance(error, Exception):
            return False
        await report(self._interaction, error)
        return True


def mark(interaction: Interaction) -> None:
    """Remember that a button or form has found its callback, so that nobody answers it as unknown."""
    interaction.extras[_REACHED] = True


def is_reached(interaction: Interaction) -> bool:
    """Whether a button or form has found its callback."""
    return _REACHED in interaction.extras


def reported(
    callback: Callable[Concatenate[T, Interaction, P], Awaitable[None]],
) -> Callable[Concatenate[T, Interaction, P], Coroutine[Any, Any, None]]:
    """Guard the callback of a DynamicItem, whose errors the library only logs."""

    @functools.wraps(callback)
    async def call(self: T, interaction: Interaction, /, *args: P.args, **kwargs: P.kwargs) -> None:
        async with guarded(interaction):
            await callback(self, interaction, *args, **kwargs)

    return call


class ReportingView(discord.ui.View):
    """A view of static items whose errors are told; overriding `interaction_check` has to call this one."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let everybody in: the gate is called inside callbacks."""
        mark(interaction)
        return True

    async def on_error(self, interaction: Interaction, error: Exception, item: discord.ui.Item[Any], /) -> None:
        """Tell the person."""
        await report(interaction, error)


class ReportingLayout(discord.ui.LayoutView):
    """A layout of static items whose errors are told; overriding `interaction_check` has to call this one."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let everybody in: the gate is called inside callbacks."""
        mark(interaction)
        return True

    async def on_error(self, interaction: Interaction, error: Exception, item: discord.ui.Item[Any], /) -> None:
        """Tell the person."""
        await report(interaction, error)


class ReportingModal(discord.ui.Modal):
    """A form whose errors are told. It is forgotten shortly before its interaction's token ends; its id is random,
    because a fixed one lets a second person's form replace the first's."""

    def __init__(self, *, title: str = discord.utils.MISSING, timeout: float = 14 * 60) -> None:
        super().__init__(title=plain(title, TITLE_LIMIT) if title else title, timeout=timeout)

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let everybody in: the gate is called inside `on_submit`."""
        mark(interaction)
        return True

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:  # type: ignore[override]
        """Tell the person."""
        await report(interaction, error)


def _cause(error: Exception) -> Exception:
    """What a command raised, out of the library's wrapping."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(error.__cause__, Exception):
        return error.__cause__
    return error


async def _answer(interaction: Interaction, text: str, view: discord.ui.View) -> None:
    silent = discord.AllowedMentions.none()
    if interaction.type is discord.InteractionType.autocomplete:
        # Only choices can be answered there; none is better than a list that never loads.
        if not interaction.response.is_done():
            await interaction.response.autocomplete([])
        return
    if not interaction.response.is_done():
        try:
            await interaction.response.send_message(text, view=view, ephemeral=True, allowed_mentions=silent)
        except discord.HTTPException as error:
            # The first answer may have arrived although its confirmation was lost.
            if error.code != ALREADY_ACKNOWLEDGED:
                raise
        else:
            return
    await interaction.followup.send(text, view=view, ephemeral=True, allowed_mentions=silent)
