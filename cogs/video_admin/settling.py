"""`/video-admin grant`, `refund`, `retry`: giving on top, giving back, ordering again what nobody can tell of."""

from decimal import Decimal

import discord
from discord import app_commands

from bot.administration.settling import REFUNDABLE, UNSURE
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.domain.money import units
from bot.domain.sentence import N_, NN_, Mention, Money, Sentence
from bot.locales import Translator
from cogs.choosing import video_choices, video_id
from cogs.log.decisions import RetryQuestion
from cogs.log.decisions import refund as give_back

Interaction = discord.Interaction[ClapboardBot]
_GIVEN_VIDEOS = NN_("{member} can make {count} video more today.", "{member} can make {count} videos more today.")
_GIVEN_MONEY = N_("{member} can spend {price} more this month.")


async def grant(interaction: Interaction, member: discord.User, videos: int, dollars: float, reason: str) -> None:
    """Give a member videos for today, dollars for this month, or both."""
    asker, amount = asker_of(interaction), units(Decimal(str(dollars)))
    await interaction.client.services.settling.grant(asker, member.id, videos, amount, reason)
    who, translator = Mention("user", member.id), Translator(asker.locale)
    given = [Sentence(_GIVEN_VIDEOS, {"member": who, "count": videos})] if videos else []
    if amount:
        given.append(Sentence(_GIVEN_MONEY, {"member": who, "price": Money(amount)}))
    await _answer(interaction, " ".join(translator.text(sentence) for sentence in given))


async def refund(interaction: Interaction, video: str, reason: str) -> None:
    """Give a member back what a video cost them."""
    told = await give_back(interaction, video_id(video), reason)
    await _answer(interaction, Translator(asker_of(interaction).locale).text(told))


async def retry(interaction: Interaction, video: str) -> None:
    """Ask whether an order of unknown outcome shall be made again."""
    asker = asker_of(interaction)
    job = await interaction.client.services.settling.unsure(asker, video_id(video))
    await RetryQuestion(interaction, job, Translator(asker.locale)).ask_first()


async def refundable(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The server's videos that may have cost their member something."""
    return await _choices(interaction, typed, refunding=True)


async def unsure(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The server's orders of which nobody can tell."""
    return await _choices(interaction, typed, refunding=False)


async def _choices(interaction: Interaction, typed: str, *, refunding: bool) -> list[app_commands.Choice[str]]:
    settling = interaction.client.services.settling
    try:
        found = await settling.videos(asker_of(interaction), typed, REFUNDABLE if refunding else UNSURE)
    except ClapboardError:
        return []
    return video_choices(found)


async def _answer(interaction: Interaction, text: str) -> None:
    silent = discord.AllowedMentions.none()
    await interaction.response.send_message(text, ephemeral=True, allowed_mentions=silent)
