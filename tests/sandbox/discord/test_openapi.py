"""The local Discord's own answers, and discord.py's requests, against Discord's description of its API."""

import discord

from sandbox.discord import ChannelKind, Permission, Person, Upload, automod
from tests import openapi
from tests.sandbox.discord.conftest import wire_faults
from tests.sandbox.discord.studio import Studio, film

ROUTES = {
    ("GET", "/users/@me"),
    ("GET", "/users/@me/guilds"),
    ("GET", "/users/{user_id}"),
    ("POST", "/users/@me/channels"),
    ("GET", "/oauth2/applications/@me"),
    ("GET", "/gateway/bot"),
    ("PUT", "/applications/{application_id}/commands"),
    ("GET", "/applications/{application_id}/commands"),
    ("PUT", "/applications/{application_id}/guilds/{guild_id}/commands"),
    ("GET", "/guilds/{guild_id}"),
    ("GET", "/guilds/{guild_id}/channels"),
    ("GET", "/guilds/{guild_id}/roles"),
    ("GET", "/guilds/{guild_id}/members/{user_id}"),
    ("GET", "/guilds/{guild_id}/threads/active"),
    ("GET", "/guilds/{guild_id}/auto-moderation/rules"),
    ("GET", "/channels/{channel_id}"),
    ("PATCH", "/channels/{channel_id}"),
    ("POST", "/channels/{channel_id}/threads"),
    ("POST", "/channels/{channel_id}/messages"),
    ("GET", "/channels/{channel_id}/messages"),
    ("GET", "/channels/{channel_id}/messages/{message_id}"),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads"),
    ("PUT", "/channels/{channel_id}/thread-members/@me"),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"),
}


async def test_what_goes_over_the_wire_is_as_discord_describes_it(studio: Studio, ada: Person) -> None:
    openapi.described()

    await look_around(studio)
    await answer_people(studio, ada)
    await write_messages(studio, ada)
    await use_threads(studio)

    exchanges = studio.server.exchanges.recorded
    assert wire_faults(studio.server) == []
    assert {(exchange.method, exchange.template) for exchange in exchanges if exchange.status < 300} >= ROUTES


async def look_around(studio: Studio) -> None:
    bot = studio.bot
    await bot.tree.fetch_commands()
    await bot.tree.sync(guild=discord.Object(studio.guild.id))
    guild = await bot.fetch_guild(studio.guild.id)
    await guild.fetch_channels()
    await guild.fetch_roles()
    await guild.fetch_member(studio.ada.id)
    await guild.active_threads()
    studio.guild.me.give(studio.guild.add_role("managers", permissions=Permission.MANAGE_GUILD))
    automod.add_rule(studio.guild, "words", ["cat*"], ["d.g"])
    automod.add_rule(studio.guild, "Discord's list", is_preset=True)
    await guild.fetch_automod_rules()
    assert [item.name async for item in bot.fetch_guilds()] == ["Studio"]


async def answer_people(studio: Studio, ada: Person) -> None:
    await (await ada.invoke("wait", channel=studio.channel)).settled()
    await ada.invoke("card", channel=studio.channel)
    panel = (await ada.invoke("panel", channel=studio.channel)).reply
    opened = await ada.click(panel, "Form")
    await ada.submit(opened.form, {"name": "Ada", "colour": "r", "roles": [studio.role], "size": "L"})
    file = Upload("cat.png", b"meow", "image/png")
    await ada.invoke("inspect", {"who": studio.ada, "role": studio.role, "file": file}, channel=studio.channel)
    await ada.autocomplete("pick", "length", "1", channel=studio.channel)
    interaction = studio.bot.seen[-1]
    assert interaction.type is discord.InteractionType.autocomplete
    await ada.invoke("say", {"text": "x"}, channel=studio.channel)
    await studio.bot.seen[-1].edit_original_response(content="y")
    await studio.bot.seen[-1].original_response()


async def write_messages(studio: Studio, ada: Person) -> None:
    target = studio.messageable(studio.channel)
    asked = ada.post(studio.channel, "how?")
    embed = discord.Embed(title="t", description="d").add_field(name="n", value="v").set_footer(text="f")
    sent = await target.get_partial_message(asked.id).reply("so", file=film(description="alt"), embed=embed)
    await sent.edit(content="thus")
    await target.fetch_message(sent.id)
    assert [message.id async for message in target.history(limit=1)] == [sent.id]
    await sent.delete()
    user = await studio.bot.fetch_user(studio.ada.id)
    await user.send("hello")


async def use_threads(studio: Studio) -> None:
    managers = studio.guild.add_role("managers", permissions=Permission.MANAGE_THREADS)
    studio.guild.me.give(managers)
    sent = await studio.messageable(studio.channel).send("x")
    channel = await studio.bot.fetch_channel(studio.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="clips", message=discord.Object(sent.id))
    await thread.join()
    await thread.edit(archived=True, locked=True)
    forum = await studio.bot.fetch_channel(studio.guild.add_channel("gallery", kind=ChannelKind.FORUM).id)
    assert isinstance(forum, discord.ForumChannel)
    await forum.create_thread(name="A cat", content="look")
