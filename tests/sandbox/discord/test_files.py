"""Files that only one person sees, their addresses, and how long those are good."""

import aiohttp
import discord
import pytest
from discord import app_commands

from sandbox.discord import Message, Person, Upload
from tests.sandbox.discord.studio import Studio, film

PICTURE = Upload("cat.png", b"meow", "image/png")


class Album:
    """The messages that a menu was chosen on, as the bot got them."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.shown: list[discord.Message] = []

    async def open(self) -> None:
        """Register the menu."""

        async def keep(interaction: discord.Interaction, message: discord.Message) -> None:
            self.shown.append(message)
            await interaction.response.send_message("kept", ephemeral=True)

        menu = app_commands.ContextMenu(name="Keep", callback=keep)
        self.studio.bot.tree.add_command(menu)
        await self.studio.bot.tree.sync()


@pytest.fixture
async def album(studio: Studio) -> Album:
    album = Album(studio)
    await album.open()
    return album


async def fetch(url: str) -> tuple[int, bytes]:
    """What anybody gets who has an address."""
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.read()


async def whisper(studio: Studio, ada: Person) -> discord.WebhookMessage:
    """A follow-up with a file that only ada sees."""
    await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    return await studio.bot.seen[-1].followup.send(file=film(), ephemeral=True, wait=True)


def held(studio: Studio, sent: discord.WebhookMessage) -> Message:
    """A message as Discord keeps it."""
    return studio.channel.messages[sent.id]


async def test_a_hidden_file_is_shown_to_one_person_and_fetched_by_whoever_has_its_address(
    studio: Studio, ada: Person
) -> None:
    bob = studio.server.person(studio.guild.add_member("bob"))

    sent = await whisper(studio, ada)

    assert ada.sees(held(studio, sent))
    assert not bob.sees(held(studio, sent))
    assert sent.attachments[0].ephemeral
    assert await fetch(sent.attachments[0].url) == (200, b"film")
    with pytest.raises(discord.NotFound):
        await studio.messageable(studio.channel).fetch_message(sent.id)


async def test_a_hidden_message_is_changed_and_deleted_by_token(studio: Studio, ada: Person) -> None:
    sent = await whisper(studio, ada)

    edited = await sent.edit(content="new", attachments=[film("b.mp4", b"other")])
    again = await studio.bot.seen[-1].followup.fetch_message(sent.id)
    await edited.delete()

    assert (again.content, [item.filename for item in again.attachments]) == ("new", ["b.mp4"])
    assert held(studio, sent).deleted
    assert (await fetch(again.attachments[0].url))[0] == 404


async def test_after_fifteen_minutes_the_token_is_of_no_use(studio: Studio, ada: Person) -> None:
    sent = await whisper(studio, ada)
    studio.server.world.pass_time(15 * 60 + 1)

    with pytest.raises(discord.HTTPException) as edit:
        await sent.edit(content="late")
    with pytest.raises(discord.HTTPException) as delete:
        await sent.delete()
    with pytest.raises(discord.HTTPException) as send:
        await studio.bot.seen[-1].followup.send("late")

    refusals = [error.value for error in (edit, delete, send)]
    assert [(refusal.status, refusal.code) for refusal in refusals] == [(401, 50027)] * 3


async def test_all_addresses_can_end_at_once_and_are_renewed(studio: Studio, ada: Person) -> None:
    hidden = await whisper(studio, ada)
    public = await studio.messageable(studio.channel).send(file=film())

    studio.server.world.files.expire()
    old = [await fetch(message.attachments[0].url) for message in (hidden, public)]
    renewed = [
        await studio.bot.seen[-1].followup.fetch_message(hidden.id),
        await studio.messageable(studio.channel).fetch_message(public.id),
    ]

    assert [status for status, _ in old] == [404, 404]
    assert [await fetch(message.attachments[0].url) for message in renewed] == [(200, b"film")] * 2


async def test_the_file_of_an_option_has_an_address_that_ends(studio: Studio, ada: Person) -> None:
    await ada.invoke("inspect", {"who": studio.ada, "role": studio.role, "file": PICTURE}, channel=studio.channel)
    data: dict[str, object] = studio.bot.seen[-1].data or {}  # type: ignore[assignment]
    resolved = data["resolved"]
    assert isinstance(resolved, dict)
    [given] = resolved["attachments"].values()

    before = await fetch(given["url"])
    studio.server.world.files.expire()

    assert before == (200, b"meow")
    assert (await fetch(given["url"]))[0] == 404


async def test_a_menu_brings_the_whole_message_with_fresh_addresses(studio: Studio, ada: Person, album: Album) -> None:
    preview = {
        "type": "image",
        "url": "https://example.org/dog.png",
        "thumbnail": {
            "url": "https://example.org/dog.png",
            "proxy_url": "https://images.example.org/dog.png",
            "width": 640,
            "height": 360,
        },
    }
    message = ada.post(studio.channel, "look https://example.org/dog.png", (PICTURE,), embeds=(preview,))
    studio.server.world.files.expire()

    await ada.menu("Keep", message)

    [shown] = album.shown
    assert (shown.content, shown.author.id) == (message.content, ada.user.id)
    assert (shown.attachments[0].content_type, await shown.attachments[0].read()) == ("image/png", b"meow")
    assert shown.embeds[0].type == "image"
    assert shown.embeds[0].thumbnail.proxy_url == "https://images.example.org/dog.png"
    assert (shown.embeds[0].thumbnail.width, shown.embeds[0].thumbnail.height) == (640, 360)


async def test_a_menu_brings_the_components_and_media_of_a_card(studio: Studio, ada: Person, album: Album) -> None:
    card = (await ada.invoke("card", channel=studio.channel)).reply

    await ada.menu("Keep", card)

    [shown] = album.shown
    gallery = shown.components[1]
    assert isinstance(gallery, discord.MediaGalleryComponent)
    assert await fetch(gallery.items[0].media.url) == (200, b"png")
    assert shown.author.id == studio.bot.application_id


async def test_a_menu_works_in_direct_messages_and_not_on_hidden_ones(
    studio: Studio, ada: Person, album: Album
) -> None:
    said = (await ada.invoke("say", {"text": "hi"})).reply
    hidden = (await ada.invoke("say", {"text": "psst", "hidden": True}, channel=studio.channel)).reply

    await ada.menu("Keep", said)
    with pytest.raises(AssertionError, match="only one person sees"):
        await ada.menu("Keep", hidden)

    assert [message.content for message in album.shown] == ["hi (calm)"]
    assert album.shown[0].guild is None
