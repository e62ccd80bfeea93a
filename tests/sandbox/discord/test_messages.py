"""Messages that the bot sends, with their files, nonces, mentions and edits."""

import asyncio

import aiohttp
import discord
import pytest

from sandbox.discord import ChannelKind, Person
from tests.sandbox.discord.studio import Studio, film


async def test_a_file_is_served_again_with_its_alt_text(studio: Studio) -> None:
    sent = await studio.messageable(studio.channel).send("done", file=film(description="AI video: a cat"))

    read = await sent.attachments[0].read()
    [message] = studio.channel.history

    assert read == b"film"
    assert sent.attachments[0].content_type == "video/mp4"
    assert sent.attachments[0].description == "AI video: a cat"
    assert message.attachments[0].data == b"film"


async def test_an_address_expires_and_is_renewed_when_the_message_is_read_again(studio: Studio) -> None:
    sent = await studio.messageable(studio.channel).send(file=film())
    studio.server.world.pass_time(86_401)
    async with aiohttp.ClientSession() as session, session.get(sent.attachments[0].url) as response:
        assert (response.status, await response.text()) == (404, "This content is no longer available.")

    again = await studio.messageable(studio.channel).fetch_message(sent.id)

    assert await again.attachments[0].read() == b"film"


async def test_an_address_is_good_for_its_own_file_only(studio: Studio) -> None:
    sent = await studio.messageable(studio.channel).send(files=[film("a.mp4"), film("b.mp4")])
    query = sent.attachments[0].url.partition("?")[2]
    other = sent.attachments[1].url.partition("?")[0]

    async with aiohttp.ClientSession() as session, session.get(f"{other}?{query}") as response:
        assert response.status == 404


async def test_a_nonce_makes_one_message_however_often_it_is_sent(studio: Studio) -> None:
    target = studio.messageable(studio.channel)

    first = await target.send("done", nonce="cb:1:done")
    second = await target.send("done", nonce="cb:1:done")
    other = await target.send("done", nonce="cb:1:copy")

    assert first.id == second.id != other.id
    assert len(studio.channel.history) == 2


async def test_a_nonce_is_forgotten_in_time(studio: Studio) -> None:
    studio.server.world.nonces.memory_seconds = 60
    target = studio.messageable(studio.channel)
    await target.send("done", nonce="cb:1:done")
    studio.server.world.pass_time(61)

    await target.send("done", nonce="cb:1:done")

    assert len(studio.channel.history) == 2


async def test_a_deleted_message_is_not_made_again_by_its_nonce(studio: Studio) -> None:
    target = studio.messageable(studio.channel)
    sent = await target.send("done", nonce="cb:1:done")
    await sent.delete()

    with pytest.raises(discord.NotFound) as refused:
        await target.send("done", nonce="cb:1:done")

    assert refused.value.code == 10008
    assert studio.channel.history == []


async def test_a_message_in_an_announcement_channel_is_published_once(studio: Studio) -> None:
    news = studio.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT)
    sent = await studio.messageable(news).send("x")

    await sent.publish()
    with pytest.raises(discord.HTTPException) as refused:
        await sent.publish()

    assert news.history[0].flags & 1
    assert refused.value.code == 40033


async def test_only_whom_the_message_allows_is_pinged(studio: Studio) -> None:
    bob = studio.guild.add_member("bob", roles=[studio.role])
    target = studio.messageable(studio.channel)
    text = f"{studio.ada.mention} {bob.mention} {studio.role.mention} @everyone `{bob.mention}`"

    await target.send(text, allowed_mentions=discord.AllowedMentions.none())
    only_ada = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(studio.ada.id)])
    await target.send(text, allowed_mentions=only_ada)
    await target.send(text, allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=True))
    await target.send(text)

    nobody, ada, makers, everyone = [message.notified for message in studio.channel.history]
    assert nobody == []
    assert ada == [studio.ada.user]
    assert set(makers) == {studio.ada.user, bob.user}
    assert studio.guild.owner.user in everyone


async def test_an_edit_changes_text_and_keeps_or_replaces_files(studio: Studio) -> None:
    sent = await studio.messageable(studio.channel).send("x", files=[film("a.mp4"), film("b.mp4")])

    edited = await sent.edit(content="y", attachments=[sent.attachments[1], film("c.mp4")])

    [message] = studio.channel.history
    assert [item.filename for item in edited.attachments] == ["b.mp4", "c.mp4"]
    assert [edit.text for edit in message.edits] == ["y"]
    assert edited.edited_at is not None


async def test_the_history_is_read_in_pages(studio: Studio, ada: Person) -> None:
    posts = [ada.post(studio.channel, str(number)) for number in range(5)]
    target = studio.messageable(studio.channel)
    middle = discord.Object(posts[2].id)

    newest = [message.content async for message in target.history(limit=2)]
    older = [message.content async for message in target.history(limit=2, before=middle)]
    newer = [message.content async for message in target.history(limit=2, after=middle)]
    around = [message.content async for message in target.history(limit=3, around=middle)]

    assert (newest, older, newer) == (["4", "3"], ["1", "0"], ["3", "4"])
    assert around == ["3", "2", "1"]


async def test_a_reply_names_its_message(studio: Studio, ada: Person) -> None:
    asked = ada.post(studio.channel, "how?")
    partial = studio.messageable(studio.channel).get_partial_message(asked.id)

    await partial.reply("so")

    reply = studio.channel.history[-1]
    assert reply.reference is asked
    assert reply.notified == [ada.user]


async def test_a_message_can_be_waited_for(studio: Studio) -> None:
    sending = asyncio.create_task(studio.messageable(studio.channel).send("ready at last"))

    message = await studio.server.wait_for_message(studio.channel, "ready", timeout=2)
    with pytest.raises(TimeoutError):
        await studio.server.wait_for_message(studio.channel, lambda item: item.is_v2, timeout=0.02)

    assert message.id == (await sending).id
