"""All the ways in which Discord refuses a message."""

import discord
import pytest

from sandbox.discord import ChannelKind, Overwrite, Permission, Person
from tests.sandbox.discord.studio import Studio, film


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        (Permission.VIEW_CHANNEL, 50001),
        (Permission.SEND_MESSAGES, 50013),
        (Permission.ATTACH_FILES, 50013),
    ],
)
async def test_the_bot_is_refused_what_a_channel_does_not_allow_it(studio: Studio, lost: Permission, code: int) -> None:
    studio.channel.overwrite(studio.guild.everyone.id, Overwrite(deny=lost))

    with pytest.raises(discord.Forbidden) as refused:
        await studio.messageable(studio.channel).send("x", file=film())

    assert refused.value.code == code


async def test_a_role_gives_back_what_a_channel_took(studio: Studio) -> None:
    own_role = studio.guild.me.roles[0]
    studio.channel.overwrite(studio.guild.everyone.id, Overwrite(deny=Permission.SEND_MESSAGES))
    studio.channel.overwrite(own_role.id, Overwrite(allow=Permission.SEND_MESSAGES))

    await studio.messageable(studio.channel).send("x")

    assert [message.text for message in studio.channel.history] == ["x"]


async def test_an_empty_message_is_refused(studio: Studio) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await studio.messageable(studio.channel).send("")

    assert (refused.value.code, refused.value.status) == (50006, 400)


async def test_an_over_long_message_is_refused_by_field(studio: Studio) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await studio.messageable(studio.channel).send("x" * 2001)

    assert refused.value.code == 50035
    assert "In content" in refused.value.text


async def test_a_file_over_the_limit_of_the_moment_is_refused(studio: Studio) -> None:
    studio.guild.upload_limit = 4
    target = studio.messageable(studio.channel)
    await target.send(file=film(data=b"1234"))
    studio.guild.lowered_upload_limit = 3

    with pytest.raises(discord.HTTPException) as refused:
        await target.send(file=film(data=b"1234"))

    assert (refused.value.code, refused.value.status) == (40005, 413)


async def test_a_boosted_guild_takes_larger_files(studio: Studio) -> None:
    assert studio.guild.upload_limit == 20 << 20

    studio.guild.set_boost_tier(3)

    assert studio.guild.upload_limit == 100 << 20


async def test_somebody_who_closed_their_direct_messages_gets_none(studio: Studio, ada: Person) -> None:
    user = await studio.bot.fetch_user(studio.ada.id)
    await user.send("hello")
    studio.ada.close_direct_messages()

    with pytest.raises(discord.Forbidden) as refused:
        await user.send("are you there?")

    assert refused.value.code == 50007
    assert [message.text for message in ada.dms()] == ["hello"]


async def test_what_is_gone_is_not_found(studio: Studio) -> None:
    target = studio.messageable(studio.channel)
    sent = await target.send("x")
    studio.channel.history[0].delete()
    with pytest.raises(discord.NotFound) as no_message:
        await sent.edit(content="y")

    studio.channel.delete()
    with pytest.raises(discord.NotFound) as no_channel:
        await target.send("x")

    studio.guild.delete()
    with pytest.raises(discord.NotFound) as no_guild:
        await studio.bot.fetch_guild(studio.guild.id)

    codes = [error.value.code for error in (no_message, no_channel, no_guild)]
    assert codes == [10008, 10003, 10004]


async def test_a_post_revives_an_archived_thread_but_an_edit_does_not(studio: Studio) -> None:
    thread = studio.guild.add_thread("clips", studio.channel)
    target = studio.messageable(thread)
    sent = await target.send("x")
    thread.archive()

    with pytest.raises(discord.HTTPException) as refused:
        await sent.edit(content="y")
    await target.send("z")

    assert refused.value.code == 50083
    assert not thread.archived


async def test_a_locked_thread_takes_no_posts(studio: Studio) -> None:
    thread = studio.guild.add_thread("clips", studio.channel)
    thread.archive(locked=True)

    with pytest.raises(discord.HTTPException) as refused:
        await studio.messageable(thread).send("x")

    assert refused.value.code == 160005


async def test_a_private_thread_is_hidden_from_those_outside_it(studio: Studio, ada: Person) -> None:
    thread = studio.guild.add_thread("secret", studio.channel, private=True, members=[studio.guild.me])
    sent = await studio.messageable(thread).send("x")

    assert not ada.sees(thread.messages[sent.id])
    thread.joined.clear()
    with pytest.raises(discord.Forbidden) as refused:
        await studio.messageable(thread).send("y")

    assert refused.value.code == 50001


async def test_a_forum_takes_posts_not_messages(studio: Studio) -> None:
    forum = studio.guild.add_channel("gallery", kind=ChannelKind.FORUM)
    seen = await studio.bot.fetch_channel(forum.id)
    assert isinstance(seen, discord.ForumChannel)

    with pytest.raises(discord.HTTPException) as refused:
        await studio.messageable(forum).send("x")
    created = await seen.create_thread(name="A cat", content="look", file=film())

    assert refused.value.code == 50008
    assert studio.guild.threads[created.thread.id].history[0].text == "look"


async def test_nobody_can_edit_the_words_of_others(studio: Studio, ada: Person) -> None:
    message = ada.post(studio.channel, "mine")

    with pytest.raises(discord.Forbidden) as refused:
        await studio.messageable(studio.channel).get_partial_message(message.id).edit(content="yours")
    with pytest.raises(discord.Forbidden) as not_deleted:
        await studio.messageable(studio.channel).get_partial_message(message.id).delete()

    assert (refused.value.code, not_deleted.value.code) == (50005, 50013)
