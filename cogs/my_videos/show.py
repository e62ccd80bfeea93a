"""Showing a finished video once more, to the person who made it and to nobody else."""

from pathlib import Path

import discord
import structlog

from bot.client.bot import ClapboardBot
from bot.client.troubles import TOO_LARGE
from bot.domain.ids import file_name
from bot.domain.job import Job, MessagePlace
from bot.domain.sentence import N_, Instant
from bot.locales import Translator
from bot.orders.retrieval import Retrieved
from cogs.cards import JobCards
from cogs.cards.history import shown
from cogs.cards.labels import Labels
from cogs.cards.result import alt_text, doubts
from cogs.cards.status import LINK_BUTTON_LIMIT, LINK_TEXT_LIMIT
from cogs.unsent import UNSENT

UNKNOWN_PLACE = frozenset({10003, 10004, 10008})
"""Codes of a channel, server or message that is gone."""

Interaction = discord.Interaction[ClapboardBot]
log = structlog.get_logger(__name__)


async def show(interaction: Interaction, cards: JobCards, job_id: str) -> None:
    """Link to the post if it stands, else give the video back privately. It never goes into the channel."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    services = interaction.client.services
    job = await services.history.to_show(interaction.user.id, job_id)
    translator = Translator(interaction.locale.value)
    post = await services.history.post(job)
    if post is not None:
        if await _stands(interaction, post):
            link = translator.text(N_("Your video is here: {link}"), link=job.link(post))
            await interaction.followup.send(link, ephemeral=True)
            return
        await services.history.gone(job, post)
    labels = Labels(cards.catalogue, translator)
    async with services.retrieval.video(job, interaction.filesize_limit) as video:
        is_given = await _give(interaction, video, labels)
    if not is_given:
        # Discord takes less than it has said; what was made for that is not what the link leads to.
        async with services.retrieval.video(video.job, 0) as video:
            await _give_link(interaction, video, labels)


async def _stands(interaction: Interaction, place: MessagePlace) -> bool:
    """Whether the post is still there; one that can't be looked at is taken to be."""
    try:
        await interaction.client.get_partial_messageable(place.channel_id).fetch_message(place.message_id)
    except discord.HTTPException as error:
        log.info("post not found", message=place.message_id, code=error.code)
        return error.code not in UNKNOWN_PLACE
    except UNSENT as error:
        log.info("post not looked at", message=place.message_id, error=repr(error))
    return True


async def _give(interaction: Interaction, video: Retrieved, labels: Labels) -> bool:
    """Whether Discord took it."""
    if video.path is None:
        await _give_link(interaction, video, labels)
        return True
    text = "\n".join([shown(video.job, labels), *doubts(video.job, labels.translator)])
    try:
        await interaction.followup.send(text, file=_file(video.job, video.path, labels), ephemeral=True)
    except discord.HTTPException as error:
        if error.status != 413 and error.code != TOO_LARGE:
            raise
        return False
    return True


async def _give_link(interaction: Interaction, video: Retrieved, labels: Labels) -> None:
    text, translator = shown(video.job, labels), labels.translator
    size, url = translator.megabytes(video.size_bytes), video.job.result_url or ""
    lines = [text, translator.text(N_("{size} is over the upload limit here."), size=size)]
    view = discord.ui.View(timeout=None)
    if len(url) <= LINK_BUTTON_LIMIT:
        view.add_item(discord.ui.Button(label=translator.text(N_("Download")), url=url))
    elif len(url) + sum(map(len, lines)) < LINK_TEXT_LIMIT - 200:
        lines.append(f"<{url}>")
    if video.job.result_expires_at is not None:
        until = Instant(video.job.result_expires_at, "f")
        lines.append(translator.text(N_("The link works until {until}."), until=until))
    await interaction.followup.send("\n".join(lines), view=view, ephemeral=True)


def _file(job: Job, path: Path, labels: Labels) -> discord.File:
    return discord.File(path, file_name(job.id), description=alt_text(job, labels.translator), spoiler=job.spoiler)
