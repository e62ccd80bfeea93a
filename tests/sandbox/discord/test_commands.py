"""Slash commands, menus and autocompletion as a real discord.py bot meets them."""

from collections.abc import Mapping

import discord
import pytest

from sandbox.discord import ClientRefusesError, Member, Permission, Person, Upload
from tests.sandbox.discord.studio import Studio


async def test_a_slash_command_is_answered_in_its_channel(studio: Studio, ada: Person) -> None:
    answer = await ada.invoke("say", {"text": "hello", "times": 2, "tone": "Loud"}, channel=studio.channel)

    assert answer.text == "hello hello (loud)"
    assert studio.channel.history == [answer.message]


async def test_a_subcommand_is_named_after_its_command(studio: Studio, ada: Person) -> None:
    answer = await ada.invoke("mine list", channel=studio.channel, locale="de")

    assert answer.text == "listed for de"


async def test_options_bring_members_roles_and_files_with_them(studio: Studio, ada: Person) -> None:
    file = Upload("cat.png", b"meow", "image/png")

    answer = await ada.invoke("inspect", {"who": studio.ada, "role": studio.role, "file": file}, channel=studio.channel)

    assert answer.text == "ada makers image/png 4"


async def test_an_autocomplete_offers_choices_for_what_was_typed(studio: Studio, ada: Person) -> None:
    choices = await ada.autocomplete("pick", "length", "1", channel=studio.channel, options={"model": "sora"})

    assert choices == [{"name": "10 s (sora)", "value": 10}, {"name": "15 s (sora)", "value": 15}]


async def test_an_autocomplete_tells_how_long_it_took(studio: Studio, ada: Person) -> None:
    choices = await ada.autocomplete("pick", "length", "", channel=studio.channel)

    assert 0 < choices.seconds < 3


async def test_a_menu_is_told_its_message(studio: Studio, ada: Person) -> None:
    message = ada.post(studio.channel, "a cat")

    answer = await ada.menu("Show text", message)

    assert answer.text == "it says a cat"
    assert answer.ephemeral


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"text": ""},
        {"text": "x" * 21},
        {"text": 3},
        {"text": "x", "times": 4},
        {"text": "x", "times": True},
        {"text": "x", "tone": "shrill"},
        {"text": "x", "hidden": "yes"},
        {"text": "x", "colour": "red"},
    ],
)
async def test_the_client_refuses_options_that_were_not_registered_so(
    studio: Studio, ada: Person, options: Mapping[str, object]
) -> None:
    with pytest.raises(ClientRefusesError):
        await ada.invoke("say", options, channel=studio.channel)

    assert studio.bot.seen == []


async def test_a_command_for_managers_is_offered_to_managers_only(studio: Studio, ada: Person) -> None:
    with pytest.raises(ClientRefusesError):
        await ada.invoke("manage", channel=studio.channel)
    managers = studio.guild.add_role("managers", permissions=Permission.MANAGE_GUILD)
    studio.ada.give(managers)

    answer = await ada.invoke("manage", channel=studio.channel)

    assert answer.text == "managed"


async def test_a_command_for_servers_is_not_offered_in_direct_messages(studio: Studio) -> None:
    owner = studio.server.person(studio.guild.owner)

    with pytest.raises(ClientRefusesError):
        await owner.invoke("manage")
    answer = await owner.invoke("say", {"text": "hi"})

    assert answer.text == "hi (calm)"
    assert owner.dms() == [answer.message]


async def test_commands_keep_their_ids_when_they_are_registered_again(studio: Studio) -> None:
    before = {item.name: item.id for item in await studio.bot.tree.fetch_commands()}

    after = {item.name: item.id for item in await studio.bot.tree.sync()}

    assert after == before


async def test_a_guild_has_commands_of_its_own(studio: Studio, ada: Person) -> None:
    guild = discord.Object(studio.guild.id)
    studio.bot.tree.clear_commands(guild=None)
    await studio.bot.tree.sync()
    with pytest.raises(ClientRefusesError):
        await ada.invoke("local", channel=studio.channel)

    @studio.bot.tree.command(description="Only here", guild=guild)
    async def local(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here")

    await studio.bot.tree.sync(guild=guild)

    assert (await ada.invoke("local", channel=studio.channel)).text == "here"


async def test_a_faulty_command_is_refused_by_name(studio: Studio) -> None:
    faulty = [{"name": "NOT LOWER", "description": "x"}]

    with pytest.raises(discord.HTTPException) as refused:
        await studio.bot.http.bulk_upsert_global_commands(studio.bot.application_id or 0, payload=faulty)

    assert refused.value.code == 50035
    assert "0.name" in refused.value.text


async def test_the_bot_is_told_what_it_and_the_person_may_do(studio: Studio, ada: Person) -> None:
    await ada.invoke("say", {"text": "x"}, channel=studio.channel)

    [interaction] = studio.bot.seen
    assert isinstance(interaction.user, discord.Member)
    assert [role.id for role in interaction.user.roles if not role.is_default()] == [studio.role.id]
    assert interaction.app_permissions.attach_files
    assert interaction.permissions.send_messages
    assert not interaction.permissions.manage_guild
    assert interaction.filesize_limit == 20 * 1024 * 1024


async def test_somebody_who_left_is_not_in_the_guild_any_more(studio: Studio, ada: Person) -> None:
    member: Member = studio.ada
    member.leave()

    with pytest.raises(ClientRefusesError):
        await ada.invoke("say", {"text": "x"}, channel=studio.channel)
