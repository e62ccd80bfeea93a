"""Handing a manager what is kept about the server, as files."""

import io
from collections.abc import Iterator

import discord

from bot.administration.export import Export
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.sentence import N_
from bot.locales import Translator

JOBS, LEDGER, SETTINGS = "jobs.csv", "ledger.csv", "settings.json"


async def export(interaction: discord.Interaction[ClapboardBot], first: str, last: str) -> None:
    """Answer with the files, to this person alone."""
    asker = asker_of(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    made = await interaction.client.services.exporting.of(asker, first, last, interaction.filesize_limit)
    contents = {JOBS: made.jobs.data, LEDGER: made.ledger.data, SETTINGS: made.settings}
    files = [discord.File(io.BytesIO(data), name) for name, data in contents.items()]
    told = " ".join(_sentences(made, Translator(asker.locale)))
    await interaction.followup.send(told, files=files, ephemeral=True)


def _sentences(made: Export, translator: Translator) -> Iterator[str]:
    days = {"first": made.days.first.isoformat(), "last": made.days.last.isoformat(), "zone": made.zone}
    told = N_("Videos and books of this server from {first} to {last}, both included, in the time zone {zone}.")
    yield translator.text(told, **days)
    yield translator.text(N_("They name members by id: keep them to yourself."))
    for name, table in ((JOBS, made.jobs), (LEDGER, made.ledger)):
        if table.ends_on is not None:
            cut = N_("{file} was too large and ends within {day}: export the rest from that day on.")
            yield translator.text(cut, file=name, day=table.ends_on.isoformat())
