"""Nobody does what is not theirs, by any path: every command of managers and moderators, every button with its id."""

from collections.abc import Iterator
from typing import Any

import pytest
from discord import app_commands

from cogs.buttons import JobButton
from sandbox.discord import Answer, Message, Person
from sandbox.discord.components import numbered
from tests.bot.store.records import rows
from tests.cogs.club import Club
from tests.cogs.posting import posted

MANAGERS_ONLY = "Only members who may manage this server can do that."
MODERATORS_ONLY = "Only moderators can do that: Moderate Members, or the moderator role chosen in setup."
GONE = "This video is no longer in my records."
OPEN_TO_ALL = frozenset({"again", "retry", "remix", "edit", "character"})
"""What everybody may press who passes the gate; they have tests of their own."""
TABLES = ("jobs", "ledger", "blocks", "acts", "outbox", "notices", "declines", "posts")


def commands(club: Club, group: str) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """Every command of a group, whatever is added to it."""
    for command in club.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command) and command.qualified_name.startswith(f"{group} "):
            yield command


def given(club: Club, command: app_commands.Command[Any, ..., Any], job_id: str) -> dict[str, object]:
    """A value for each option that has to be given."""
    values: dict[str, object] = {
        "video": job_id, "member": club.mia.user, "videos": 1, "dollars": "1", "reason": "because", "for": "1 day",
    }  # fmt: skip
    return {option.display_name: values[option.display_name] for option in command.parameters if option.required}


def offer_to_all(club: Club) -> None:
    """What a server's integration settings can do: offer the commands to everybody."""
    for command in club.server.commands.of(None):
        command["default_member_permissions"] = None


async def contents(club: Club) -> dict[str, object]:
    """What is written, but for the note that the bot is not in the other server, which comes with a session."""
    found: dict[str, object] = {
        table: await rows(club.database, f"SELECT * FROM {table} ORDER BY 1") for table in TABLES
    }
    return found | {"guilds": await rows(club.database, f"SELECT * FROM guilds WHERE id = {club.guild.id}")}


async def refused(club: Club, person: Person, group: str, job_id: str) -> dict[str, str]:
    """What somebody is told by every command of a group; all of it privately."""
    told = {}
    for command in commands(club, group):
        options = given(club, command, job_id)
        answer = await (await person.invoke(command.qualified_name, options, channel=club.videos)).settled()
        assert answer.ephemeral, command.qualified_name
        told[command.qualified_name] = answer.text
    return told


@pytest.mark.parametrize("who", ["mia", "tom", "mod"])
async def test_no_command_of_managers_does_anything_for_others(club: Club, who: str) -> None:
    job, _ = await posted(club)
    offer_to_all(club)
    before = await contents(club)

    told = await refused(club, getattr(club, who), "video-admin", job.id)

    assert len(told) == 10
    assert set(told.values()) == {MANAGERS_ONLY}
    assert await contents(club) == before


@pytest.mark.parametrize("who", ["mia", "tom"])
async def test_no_command_of_moderators_does_anything_for_others(club: Club, who: str) -> None:
    job, _ = await posted(club)
    offer_to_all(club)
    before = await contents(club)

    told = await refused(club, getattr(club, who), "video-mod", job.id)

    assert len(told) == 9
    assert set(told.values()) == {MODERATORS_ONLY}
    assert await contents(club) == before


@pytest.mark.parametrize("group", ["video-admin", "video-mod"])
async def test_what_completes_a_video_tells_others_nothing(club: Club, group: str) -> None:
    job, _ = await posted(club)
    offer_to_all(club)
    outsiders = [club.mia, club.mod] if group == "video-admin" else [club.mia]

    for command in commands(club, group):
        if any(option.display_name == "video" for option in command.parameters):
            for person in outsiders:
                assert await person.autocomplete(command.qualified_name, "video", job.id, channel=club.videos) == []


def forged(club: Club, custom_id: str) -> Message:
    """A message of the bot's with a button that it never put there."""
    button = {"type": 2, "style": 2, "label": "Press", "custom_id": custom_id}
    message = club.videos.post(club.server.world.application.bot, "Look at this")
    message.components = numbered([{"type": 1, "components": [button]}])
    return message


async def press(club: Club, person: Person, custom_id: str) -> Answer:
    return await person.click(forged(club, custom_id), "Press")


@pytest.mark.parametrize("verb", sorted(JobButton.by_verb.keys() - OPEN_TO_ALL))
async def test_a_forged_button_about_somebodys_video_does_nothing(club: Club, verb: str) -> None:
    job, _ = await posted(club)
    before = await contents(club)

    answer = await press(club, club.tom, f"cb:{verb}:{job.id}")

    assert answer.ephemeral
    assert answer.text in {
        MANAGERS_ONLY,
        MODERATORS_ONLY,
        "Only the person who asked for this video and moderators can do that.",
    }
    assert await contents(club) == before


@pytest.mark.parametrize("verb", sorted(JobButton.by_verb.keys() - OPEN_TO_ALL))
async def test_the_video_of_another_server_is_gone_for_managers_too(club: Club, verb: str) -> None:
    job, _ = await posted(club)
    await club.move(job, guild_id=club.guild.id + 1, server_id=club.guild.id + 1)
    before = await contents(club)

    answer = await press(club, club.owner, f"cb:{verb}:{job.id}")

    assert answer.ephemeral
    assert answer.text == GONE or verb == "report-dismiss"
    assert await contents(club) == before


async def test_every_command_about_a_video_calls_that_of_another_server_gone(club: Club) -> None:
    job, _ = await posted(club)
    await club.move(job, guild_id=club.guild.id + 1, server_id=club.guild.id + 1)
    before = await contents(club)
    about = [
        command
        for group in ("video-admin", "video-mod")
        for command in commands(club, group)
        if any(option.display_name == "video" for option in command.parameters)
    ]

    told = [
        (
            await (
                await club.owner.invoke(each.qualified_name, given(club, each, job.id), channel=club.videos)
            ).settled()
        ).text
        for each in about
    ]

    assert len(about) == 4
    assert set(told) == {GONE}
    assert await contents(club) == before
