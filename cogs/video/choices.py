"""What the options of /video offer while somebody types, and what they mean."""

import discord
from discord import app_commands

from bot.catalogue.model import Model
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.locales import Translator
from cogs.cards.labels import ORIENTATIONS

MOST_CHOICES = 25


async def lengths(interaction: discord.Interaction[ClapboardBot], typed: str) -> list[app_commands.Choice[int]]:
    """The lengths of the model that begin with what was typed; nothing for somebody who may not order."""
    model = await _model(interaction)
    if model is None:
        return []
    translator = Translator(interaction.locale.value)
    fitting = [value for value in model.durations.values if str(value).startswith(str(typed))]
    return [app_commands.Choice(name=translator.seconds(value), value=value) for value in fitting[:MOST_CHOICES]]


async def orientations(interaction: discord.Interaction[ClapboardBot], typed: str) -> list[app_commands.Choice[str]]:
    """The orientations of the model that contain what was typed; nothing for somebody who may not order."""
    model = await _model(interaction)
    if model is None:
        return []
    translator = Translator(interaction.locale.value)
    names = {word: translator.text(ORIENTATIONS.get(word, word)) for word in model.orientations}
    wanted = typed.casefold()
    fitting = [(word, name) for word, name in names.items() if wanted in f"{word} {name}".casefold()]
    return [app_commands.Choice(name=name[:100], value=word) for word, name in fitting[:MOST_CHOICES]]


def aspect_of(model: Model, word: str | None) -> str | None:
    """The shape that an orientation stands for; a word that the model doesn't know stays, to be refused by name."""
    if word is None:
        return None
    known = {name.casefold(): aspect for name, aspect in model.orientations.items()}
    return known.get(word.strip().casefold(), word)


async def _model(interaction: discord.Interaction[ClapboardBot]) -> Model | None:
    services = interaction.client.services
    try:
        await services.orders.admit(asker_of(interaction))
    except ClapboardError:
        return None
    return services.catalogue.default
