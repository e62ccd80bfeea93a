"""The places of a server besides its text channels, and how they end."""

import discord
import pytest

from sandbox.discord import Channel, ChannelKind, ClientRefusesError, Member, Permission, Person, wait_until
from tests.sandbox.discord.studio import Studio, film

KINDS = ["public thread", "private thread", "forum post", "voice", "announcement", "announcement thread"]


def open_place(studio: Studio, kind: str) -> Channel:
    """A place of that kind, in which the bot and ada are."""
    guild, inside = studio.guild, [studio.ada, studio.guild.me]
    match kind:
        case "forum post":
            return guild.add_thread("A cat", guild.add_channel("gallery", kind=ChannelKind.FORUM))
        case "announcement thread":
            return guild.add_thread("More", guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT))
        case "voice" | "announcement":
            return guild.add_channel(kind, kind=ChannelKind[kind.upper()])
        case _:
            return guild.add_thread("clips", studio.channel, private=kind == "private thread", members=inside)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_bot_answers_posts_edits_and_deletes_there(studio: Studio, ada: Person, kind: str) -> None:
    place = open_place(studio, kind)

    answer = await ada.invoke("panel", channel=place)
    pressed = await ada.click(answer.reply, "Stop")
    sent = await studio.messageable(place).send("x", file=film())
    await sent.edit(content="y")

    assert [message.text for message in place.history] == ["stopped", "y"]
    assert pressed.message is answer.reply
    await sent.delete()
    assert len(place.history) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_an_interaction_tells_the_place_and_what_it_belongs_to(studio: Studio, ada: Person, kind: str) -> None:
    place = open_place(studio, kind)

    answer = await ada.invoke("say", {"text": "x"}, channel=place)

    told = answer.interaction.payload()["channel"]
    assert (told["id"], told["type"], told["name"]) == (str(place.id), place.kind.value, place.name)
    assert told["parent_id"] == (str(place.parent.id) if place.parent else None)
    assert ("thread_metadata" in told) == place.is_thread
    seen = studio.bot.seen[-1].channel
    assert seen is not None
    assert seen.id == place.id
    assert isinstance(seen, discord.Thread) == place.is_thread


async def test_an_answer_revives_an_archived_thread_but_no_edit_does(studio: Studio, ada: Person) -> None:
    thread = studio.guild.add_thread("clips", studio.channel)
    await ada.invoke("say", {"text": "x"}, channel=thread)
    interaction = studio.bot.seen[-1]
    thread.archive()

    with pytest.raises(discord.HTTPException) as refused:
        await interaction.edit_original_response(content="y")
    await interaction.followup.send("z")

    assert refused.value.code == 50083
    assert not thread.archived


async def test_a_locked_thread_offers_commands_to_moderators_only(studio: Studio, ada: Person) -> None:
    thread = studio.guild.add_thread("clips", studio.channel)
    thread.archive(locked=True)

    with pytest.raises(ClientRefusesError):
        await ada.invoke("say", {"text": "x"}, channel=thread)
    studio.ada.give(studio.guild.add_role("mods", permissions=Permission.MANAGE_THREADS))

    assert (await ada.invoke("say", {"text": "x"}, channel=thread)).text == "x (calm)"


async def test_a_thread_that_is_deleted_is_gone_for_the_bot(studio: Studio) -> None:
    thread = studio.guild.add_thread("clips", studio.channel)
    sent = await studio.messageable(thread).send("x")
    await cached(studio, thread, held=True)

    thread.delete()
    await cached(studio, thread, held=False)

    with pytest.raises(discord.NotFound) as send:
        await studio.messageable(thread).send("y")
    with pytest.raises(discord.NotFound) as edit:
        await sent.edit(content="y")
    assert (send.value.code, edit.value.code) == (10003, 10003)


async def test_a_channel_that_is_deleted_takes_its_threads_along(studio: Studio) -> None:
    thread = studio.guild.add_thread("clips", studio.channel)
    await cached(studio, thread, held=True)

    studio.channel.delete()
    await cached(studio, thread, held=False)
    await cached(studio, studio.channel, held=False)

    with pytest.raises(discord.NotFound) as refused:
        await studio.messageable(thread).send("y")
    assert refused.value.code == 10003


async def test_a_server_that_is_deleted_is_gone_with_its_channels(studio: Studio) -> None:
    member: Member = studio.ada
    studio.guild.delete()
    await wait_until(lambda: studio.bot.get_guild(studio.guild.id) is None)

    with pytest.raises(discord.NotFound) as channel:
        await studio.messageable(studio.channel).send("x")
    with pytest.raises(discord.Forbidden) as direct:
        await (await studio.bot.fetch_user(member.id)).send("x")

    assert (channel.value.code, direct.value.code) == (10003, 50007)


async def test_a_message_begins_one_thread_with_its_own_id(studio: Studio) -> None:
    sent = await studio.messageable(studio.channel).send("x")

    thread = await sent.create_thread(name="clips", auto_archive_duration=60)

    made = studio.guild.threads[sent.id]
    assert (thread.id, made.name, made.parent, made.auto_archive_minutes) == (sent.id, "clips", studio.channel, 60)
    assert (await sent.channel.fetch_message(sent.id)).flags.has_thread
    with pytest.raises(discord.HTTPException) as refused:
        await sent.create_thread(name="again")
    assert refused.value.code == 160004


@pytest.mark.parametrize(("name", "minutes"), [("", 60), ("x" * 101, 60), ("x", 61)])
async def test_a_thread_has_a_name_and_one_of_four_times(studio: Studio, name: str, minutes: int) -> None:
    sent = await studio.messageable(studio.channel).send("x")

    with pytest.raises(discord.HTTPException) as refused:
        await sent.create_thread(name=name, auto_archive_duration=minutes)  # type: ignore[arg-type]
    assert refused.value.code == 50035


async def test_no_message_of_a_voice_channel_begins_a_thread(studio: Studio) -> None:
    sent = await studio.messageable(open_place(studio, "voice")).send("x")

    with pytest.raises(discord.HTTPException) as refused:
        await sent.create_thread(name="clips")
    assert refused.value.code == 50024


@pytest.mark.parametrize("own", [True, False])
async def test_a_thread_is_renamed_by_who_has_made_it(studio: Studio, own: bool) -> None:
    made = studio.guild.add_thread("clips", studio.channel, owner=studio.guild.me.user if own else None)
    thread = await studio.bot.fetch_channel(made.id)
    assert isinstance(thread, discord.Thread)

    if own:
        await thread.edit(name="others")
    else:
        with pytest.raises(discord.Forbidden):
            await thread.edit(name="others")
    assert made.name == ("others" if own else "clips")


async def test_an_archived_thread_is_opened_to_be_changed(studio: Studio) -> None:
    made = studio.guild.add_thread("clips", studio.channel, owner=studio.guild.me.user)
    thread = await studio.bot.fetch_channel(made.id)
    assert isinstance(thread, discord.Thread)
    made.archive()

    with pytest.raises(discord.HTTPException) as refused:
        await thread.edit(name="others")
    await thread.edit(name="others", archived=False)

    assert refused.value.code == 50083
    assert (made.name, made.archived) == ("others", False)


async def cached(studio: Studio, channel: Channel, *, held: bool) -> None:
    """Wait until the bot has been told that a channel or thread is there, or is gone."""

    def is_held() -> bool:
        guild = studio.bot.get_guild(studio.guild.id)
        return guild is not None and guild.get_channel_or_thread(channel.id) is not None

    await wait_until(lambda: is_held() is held)
