"""What the options of /video offer while somebody types, and what they mean."""

import discord
from discord import app_commands

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.domain.sentence import N_
from bot.locales import Translator
from cogs.cards.labels import ORIENTATIONS

MOST_CHOICES = 25
NAME_LIMIT = 100

Interaction = discord.Interaction[ClapboardBot]


async def lengths(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    """The lengths of the model that begin with what was typed; nothing for somebody who may not order."""
    model = await _model(interaction)
    if model is None:
        return []
    translator = Translator(interaction.locale.value)
    fitting = [value for value in model.durations.values if str(value).startswith(str(typed))]
    return [app_commands.Choice(name=translator.seconds(value), value=value) for value in fitting[:MOST_CHOICES]]


async def orientations(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The orientations of the model that contain what was typed; nothing for somebody who may not order."""
    model = await _model(interaction)
    if model is None:
        return []
    translator = Translator(interaction.locale.value)
    names = {word: translator.text(ORIENTATIONS.get(word, word)) for word in model.orientations}
    wanted = typed.casefold()
    fitting = [(word, name) for word, name in names.items() if wanted in f"{word} {name}".casefold()]
    return [_choice(name, word) for word, name in fitting[:MOST_CHOICES]]


async def models(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The models on offer whose title or id contains what was typed; nothing for somebody who may not order."""
    services = interaction.client.services
    try:
        await services.orders.admit(asker_of(interaction))
    except ClapboardError:
        return []
    wanted = typed.strip().casefold()
    fitting = [model for model in services.catalogue.models if wanted in f"{model.title} {model.id}".casefold()]
    return [_choice(model.title, model.id) for model in fitting[:MOST_CHOICES]]


def model_id(catalogue: Catalogue, text: str | None) -> str | None:
    """The id of the model that was chosen, or whose name was pasted; what is neither is left to be refused."""
    if not text:
        return None
    wanted = text.strip().casefold()
    return next((model.id for model in catalogue.models if wanted in {model.id, model.title.casefold()}), text)


async def characters(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The saved characters that somebody may use here, said to be shared where they are somebody else's."""
    asker = asker_of(interaction)
    try:
        found = await interaction.client.services.characters.usable(asker, typed)
    except ClapboardError:
        return []
    # Whose it is can't be told: a choice shows no mention, and no member is cached.
    shared = Translator(asker.locale).text(N_("shared"))
    names = {one.id: one.name if one.owner_id == asker.user_id else f"{one.name} · {shared}" for one in found}
    return [_choice(name, id_) for id_, name in list(names.items())[:MOST_CHOICES]]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=name[:NAME_LIMIT], value=value)


async def _model(interaction: Interaction) -> Model | None:
    """The model chosen so far in the same command, or else the one that would be used."""
    services, asker = interaction.client.services, asker_of(interaction)
    try:
        await services.orders.admit(asker)
        return await services.orders.model_for(asker, model_id(services.catalogue, interaction.namespace.model))
    except ClapboardError:
        return None
