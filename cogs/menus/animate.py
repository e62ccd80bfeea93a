"""Animate this picture: a video that begins with the picture of a message."""

from pathlib import PurePosixPath

import discord
from yarl import URL

from bot.catalogue.errors import InputNotTakenError
from bot.catalogue.settle import INPUT_NAMES
from bot.client.asker import asker_of
from bot.client.bot import ClapboardBot
from bot.client.escape import plain
from bot.domain.errors import RefusalError
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.media.attachments import Attachment
from bot.media.links import PICTURE_EXTENSIONS
from bot.orders.draft import Draft
from bot.orders.menu import Menu
from bot.policy.gate import require_picture_of
from cogs.menus.entry import MessageMenu
from cogs.video.form import Interaction
from cogs.video.form_rows import attachment_of
from cogs.video.form_video import Offer, VideoForm

_TYPES = frozenset({"image/png", "image/jpeg"})
_NAME_SHOWN = 60


class NoPictureError(RefusalError):
    """A message without a picture that somebody else than the bot has posted."""

    message = N_("There is no picture in this message.")


class Animate(MessageMenu):
    """**Animate this picture** on messages."""

    def __init__(self, bot: ClapboardBot) -> None:
        super().__init__(bot, "Animate this picture", self.animate)

    async def animate(self, interaction: Interaction, message: discord.Message) -> None:
        """Open the form for whoever may order here and use the picture."""
        services, asker = interaction.client.services, asker_of(interaction)
        menu = await services.orders.menu(asker)
        user = interaction.client.user
        picture = None if user is not None and message.author.id == user.id else picture_of(message)
        if picture is None:
            raise NoPictureError
        require_picture_of(asker, message.author.id, menu.guild.choices)
        offer = _offer(menu, picture)
        draft = Draft(prompt="", model_id=offer.models[0].id, image=picture)
        await interaction.response.send_modal(VideoForm(offer, draft, Translator(asker.locale)))


def picture_of(message: discord.Message) -> Attachment | None:
    """The first picture that is attached, or else embedded; the size of an embedded one is not known."""
    attached = next((file for file in message.attachments if _is_picture(file)), None)
    if attached is not None:
        return attachment_of(attached)
    media = (shown for embed in message.embeds for shown in (embed.image, embed.thumbnail))
    addresses = (shown.proxy_url or shown.url for shown in media)
    found = next((address for address in addresses if address is not None), None)
    return None if found is None else Attachment(found, _name_of(found), 0)


def _is_picture(file: discord.Attachment) -> bool:
    kind = (file.content_type or "").partition(";")[0].strip().lower()
    return kind in _TYPES or (not kind and file.filename.lower().endswith(PICTURE_EXTENSIONS))


def _name_of(address: str) -> str:
    return PurePosixPath(URL(address, encoded=True).path).name or "picture"


def _offer(menu: Menu, picture: Attachment) -> Offer:
    open_models = menu.open_models
    models = tuple(model for model in open_models if model.takes_image)
    if not models:
        raise InputNotTakenError(model=open_models[0].title, inputs=(INPUT_NAMES["image"],))
    name = plain(picture.name, _NAME_SHOWN)
    return Offer(N_("Animate this picture"), menu, models, N_("The video begins with {things}."), (name,))
