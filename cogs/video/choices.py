"""What the options of /video offer while somebody types, and what they mean."""

from dataclasses import replace

import discord
from discord import app_commands

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.domain.errors import ClapboardError
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.media.attachments import Attachment
from bot.orders.draft import Draft
from bot.orders.menu import Menu
from cogs.cards.labels import ORIENTATIONS
from cogs.video.names import length_name, model_name

MOST_CHOICES = 25
NAME_LIMIT = 100
_SOME_FILE = Attachment("", "", 0)

Interaction = discord.Interaction[ClapboardBot]


async def lengths(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    """The lengths of the model that begin with what was typed; nothing for somebody who may not order."""
    menu = await _menu(interaction)
    model = None if menu is None else _model(interaction, menu)
    if menu is None or model is None:
        return []
    translator, draft = Translator(interaction.locale.value), _so_far(interaction)
    fitting = [value for value in menu.lengths(model) if str(value).startswith(str(typed))][:MOST_CHOICES]
    names = [length_name(menu, model, replace(draft, duration=value), translator) for value in fitting]
    return [app_commands.Choice(name=name, value=value) for name, value in zip(names, fitting, strict=True)]


async def orientations(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The orientations of the model that contain what was typed; nothing for somebody who may not order."""
    menu = await _menu(interaction)
    model = None if menu is None else _model(interaction, menu)
    if model is None:
        return []
    translator = Translator(interaction.locale.value)
    names = {word: translator.text(ORIENTATIONS.get(word, word)) for word in model.orientations}
    wanted = typed.casefold()
    fitting = [(word, name) for word, name in names.items() if wanted in f"{word} {name}".casefold()]
    return [_choice(name, word) for word, name in fitting[:MOST_CHOICES]]


async def models(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The models that this member can order whose title or id contains what was typed, the usual one first."""
    menu = await _menu(interaction)
    if menu is None:
        return []
    translator, draft, wanted = Translator(interaction.locale.value), _so_far(interaction), typed.strip().casefold()
    fitting = [model for model in menu.models if wanted in f"{model.title} {model.id}".casefold()]
    return [_choice(model_name(menu, model, draft, translator), model.id) for model in fitting[:MOST_CHOICES]]


def model_id(catalogue: Catalogue, text: str | None) -> str | None:
    """The id of the model that was chosen, or whose name was pasted; what is neither is left to be refused."""
    if not text:
        return None
    wanted = text.strip().casefold()
    names = {model.title.casefold(): model.id for model in catalogue.models}
    # An id comes from our own list with a price beside it: no title of another model stands in for it.
    return wanted if any(model.id == wanted for model in catalogue.models) else names.get(wanted, text)


async def characters(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The saved characters that somebody may use here, said to be shared where they are somebody else's."""
    asker = asker_of(interaction)
    try:
        services = interaction.client.services
        # Whom the gate refuses is told no names.
        await services.orders.admit(asker)
        found = await services.characters.usable(asker, typed)
    except ClapboardError:
        return []
    # Whose it is can't be told: a choice shows no mention, and no member is cached.
    shared = Translator(asker.locale).text(N_("shared"))
    names = {one.id: one.name if one.owner_id == asker.user_id else f"{one.name} · {shared}" for one in found}
    return [_choice(name, id_) for id_, name in list(names.items())[:MOST_CHOICES]]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=name[:NAME_LIMIT], value=value)


async def _menu(interaction: Interaction) -> Menu | None:
    """What somebody may choose here; None where the gate refuses them."""
    try:
        return await interaction.client.services.orders.menu(asker_of(interaction))
    except ClapboardError:
        return None


def _model(interaction: Interaction, menu: Menu) -> Model | None:
    """The model chosen so far in the same command, or else the one that would be used."""
    try:
        model = menu.model(model_id(interaction.client.services.catalogue, interaction.namespace.model))
    except ClapboardError:
        return None
    return model if menu.has(model) else None


def _so_far(interaction: Interaction) -> Draft:
    """What else has been chosen in the same command; of a file it is only known that there is one."""
    chosen = interaction.namespace
    return Draft(
        prompt="",
        duration=chosen.duration if isinstance(chosen.duration, int) else None,
        aspect=chosen.orientation,
        image=None if chosen.image is None else _SOME_FILE,
        image_url=chosen.image_url,
        clip=None if chosen.clip is None else _SOME_FILE,
        clip_url=chosen.clip_url,
        audio=chosen.sound,
        character_id=chosen.character,
    )
