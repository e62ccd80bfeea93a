"""Who asks, as the interaction's payload says it."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.client.asker import asker_of, author_of
from bot.client.bot import ClapboardBot
from bot.policy.asker import Asker, Context
from sandbox.discord import Member, Overwrite, Permission, wait_until
from sandbox.discord.channels import Place
from tests.bot.client.jobs import a_job
from tests.bot.client.stage import Stage, open_stage

asked: list[Asker] = []


@app_commands.command(description="Who am I?")
async def who(interaction: discord.Interaction[Any]) -> None:
    asked.append(asker_of(interaction))
    await interaction.response.send_message("you", ephemeral=True)


async def add_who(bot: ClapboardBot) -> None:
    bot.tree.add_command(who)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    asked.clear()
    async with open_stage(ClapboardBot(), add_who) as opened:
        yield opened


async def ask(stage: Stage, place: Place | None, member: Member | None = None, locale: str = "en-US") -> Asker:
    await stage.server.person(member or stage.member).invoke("who", channel=place, locale=locale)
    return asked[-1]


async def test_a_member_is_known_by_roles_place_and_language(stage: Stage) -> None:
    assert await ask(stage, stage.channel, locale="pt-BR") == Asker(
        user_id=stage.member.id,
        guild_id=stage.guild.id,
        channel_id=stage.channel.id,
        locale="pt-BR",
        role_ids=frozenset({stage.role.id, stage.guild.id}),
    )


async def test_roles_come_from_the_payload_even_where_the_server_is_not_cached(stage: Stage) -> None:
    await wait_until(lambda: stage.bot.get_guild(stage.guild.id) is not None)
    stage.guild.tell("GUILD_DELETE", {"id": str(stage.guild.id)})
    await wait_until(lambda: stage.bot.get_guild(stage.guild.id) is None)

    asker = await ask(stage, stage.channel)

    assert asker.role_ids == {stage.role.id, stage.guild.id}
    assert asker.guild_id == stage.guild.id
    assert asker.channel_id == stage.channel.id


@pytest.mark.parametrize(
    ("permission", "manages", "moderates"),
    [
        (Permission.MANAGE_GUILD, True, False),
        (Permission.MODERATE_MEMBERS, False, True),
        (Permission.ADMINISTRATOR, True, True),
    ],
)
async def test_who_manages_and_who_moderates_is_a_matter_of_permissions(
    stage: Stage, permission: Permission, manages: bool, moderates: bool
) -> None:
    member = stage.guild.add_member("grace", roles=[stage.guild.add_role("team", permissions=permission)])

    asker = await ask(stage, stage.channel, member)

    assert (asker.manages, asker.moderates) == (manages, moderates)


async def test_the_operator_is_known(stage: Stage) -> None:
    operator = stage.guild.add_member(stage.server.world.owner)

    assert (await ask(stage, stage.channel, operator)).operates
    assert not (await ask(stage, stage.channel)).operates


async def test_in_a_thread_its_channel_is_known_too(stage: Stage) -> None:
    thread = stage.guild.add_thread("talk", stage.channel)

    asker = await ask(stage, thread)

    assert (asker.channel_id, asker.parent_channel_id) == (thread.id, stage.channel.id)


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("in_thread", [True, False])
@pytest.mark.parametrize("cached", [True, False])
async def test_whether_discord_asks_for_age_in_a_channel_is_known(
    stage: Stage, restricted: bool, in_thread: bool, cached: bool
) -> None:
    stage.channel.restrict_age(restricted)
    thread = stage.guild.add_thread("talk", stage.channel)
    await wait_until(lambda: stage.bot.get_channel(thread.id) is not None)
    if not cached:
        stage.guild.tell("GUILD_DELETE", {"id": str(stage.guild.id)})
        await wait_until(lambda: stage.bot.get_guild(stage.guild.id) is None)

    asker = await ask(stage, thread if in_thread else stage.channel)

    # Of a thread only the parent knows, and the payload does not have that.
    assert asker.age_restricted is (restricted and (cached or not in_thread))


@pytest.mark.parametrize(
    ("denied", "in_thread", "lacks"),
    [
        (Permission.ATTACH_FILES, False, ("Attach Files",)),
        (Permission.SEND_MESSAGES, False, ("Send Messages", "Attach Files")),
        (Permission.VIEW_CHANNEL, False, ("View Channel", "Send Messages", "Attach Files")),
        (Permission.SEND_MESSAGES_IN_THREADS, False, ()),
        (Permission.SEND_MESSAGES_IN_THREADS, True, ("Send Messages in Threads", "Attach Files")),
        (Permission.SEND_MESSAGES, True, ()),
    ],
)
async def test_what_the_bot_lacks_is_named_as_discord_names_it(
    stage: Stage, denied: Permission, in_thread: bool, lacks: tuple[str, ...]
) -> None:
    thread = stage.guild.add_thread("talk", stage.channel)
    stage.channel.overwrite(stage.server.world.application.bot.id, Overwrite(deny=denied))

    asker = await ask(stage, thread if in_thread else stage.channel)

    assert asker.bot_lacks == lacks


@pytest.mark.parametrize(("manages", "lacks"), [(False, ("Manage Threads",)), (True, ())])
async def test_a_locked_thread_needs_another_right(stage: Stage, manages: bool, lacks: tuple[str, ...]) -> None:
    thread = stage.guild.add_thread("talk", stage.channel)
    thread.archive(locked=True)
    keepers = stage.guild.add_role("keepers", permissions=Permission.MANAGE_THREADS)
    stage.member.give(keepers)
    if manages:
        stage.guild.me.give(keepers)

    assert (await ask(stage, thread)).bot_lacks == lacks


async def test_a_bot_that_administrates_lacks_nothing(stage: Stage) -> None:
    stage.guild.me.give(stage.guild.add_role("all", permissions=Permission.ADMINISTRATOR))
    stage.channel.overwrite(stage.guild.everyone.id, Overwrite(deny=Permission.ATTACH_FILES))

    assert (await ask(stage, stage.channel)).bot_lacks == ()


async def test_in_direct_messages_there_is_no_server_and_nothing_is_lacking(stage: Stage) -> None:
    asker = await ask(stage, None)

    assert (asker.guild_id, asker.server_id, asker.context) == (None, None, Context.DIRECT)
    assert asker.role_ids == frozenset()
    assert asker.bot_lacks == ()
    assert asker.channel_id == stage.server.world.direct_channel(stage.member.user).id
    assert not asker.manages


async def test_in_a_server_without_the_bot_its_roles_and_rights_are_nobodys(stage: Stage) -> None:
    guild = stage.server.world.add_guild("Elsewhere", owner=stage.member.user, with_bot=False)
    channel = guild.add_channel("talk")
    stage.ada.install()

    asker = await ask(stage, channel)

    assert (asker.guild_id, asker.server_id, asker.context) == (None, guild.id, Context.ELSEWHERE)
    assert not (asker.manages or asker.moderates or asker.bot_can_post)


async def test_in_a_conversation_of_others_there_is_no_server(stage: Stage) -> None:
    channel = stage.server.world.private_channel(stage.member.user, stage.server.world.add_user("grace"))
    stage.ada.install()

    asker = await ask(stage, channel)

    assert (asker.guild_id, asker.server_id, asker.context) == (None, None, Context.ELSEWHERE)


async def author(stage: Stage, place: Place) -> Asker | None:
    """The author of a job that was asked for there, as they are now."""
    await wait_until(lambda: stage.bot.get_guild(stage.guild.id) is not None)
    return await author_of(stage.bot, a_job(stage.guild.id, place.id, stage.member.id))


async def test_the_author_of_a_job_is_known_as_if_they_asked_where_they_did(stage: Stage) -> None:
    stage.channel.overwrite(stage.guild.everyone.id, Overwrite(deny=Permission.ATTACH_FILES))
    asking = await ask(stage, stage.channel)

    assert await author(stage, stage.channel) == asking
    assert asking.bot_lacks == ("Attach Files",)


async def test_who_may_not_use_the_channel_any_more_or_has_left_is_no_author(stage: Stage) -> None:
    there = await author(stage, stage.channel)
    stage.channel.overwrite(stage.role.id, Overwrite(deny=Permission.VIEW_CHANNEL))
    channel = stage.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await wait_until(lambda: any(role.id == stage.role.id for role in channel.overwrites))
    shut_out = await author(stage, stage.channel)
    stage.channel.overwrite(stage.role.id, Overwrite())
    stage.member.leave()

    assert there is not None
    assert shut_out is None
    assert await author(stage, stage.channel) is None


async def test_of_a_channel_that_is_gone_the_bot_may_do_nothing(stage: Stage) -> None:
    await wait_until(lambda: stage.bot.get_guild(stage.guild.id) is not None)

    found = await author_of(stage.bot, a_job(stage.guild.id, 5, stage.member.id))

    assert found is not None
    assert not found.bot_can_post
