"""The command tree: its errors go to the reporter, and Discord is told of the commands only when they changed."""

import hashlib
import json
from typing import Any, Protocol

import discord
import structlog
from discord import app_commands

from bot.client import reporter

FILE_TYPES = {"image": (".jpg", ".jpeg", ".png"), "clip": ("video",)}
"""What the file picker offers for the attachment options of these names: extensions or Discord's `audio`, `image`,
`video`. The library knows nothing of it yet; what is sent is checked again."""

log = structlog.get_logger(__name__)
Payload = dict[str, Any]


class Memory(Protocol):
    """Remembers small texts by name, over restarts."""

    async def recall(self, name: str) -> str | None:
        """What was remembered under a name."""
        ...

    async def remember(self, name: str, value: str) -> None:
        """Remember a text under a name."""
        ...


class ReportingTree(app_commands.CommandTree[Any]):
    """A command tree whose errors are told to the person."""

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """Tell the person."""
        await reporter.report(interaction, error)


async def payloads(tree: app_commands.CommandTree[Any]) -> list[Payload]:
    """Every command as Discord is told of it."""
    translator = tree.translator
    found = []
    for command in tree.get_commands():
        payload = await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        _offer_file_types(payload)
        found.append(payload)
    return found


async def publish(
    tree: app_commands.CommandTree[Any], memory: Memory, guild_id: int | None, *, force: bool = False
) -> bool:
    """Register the commands everywhere, or in one server, unless Discord has just these; whether it was told.

    Raises discord.HTTPException.
    """
    client, commands = tree.client, await payloads(tree)
    application_id = client.application_id
    if application_id is None:
        raise app_commands.MissingApplicationID
    name = f"commands:{application_id}:{guild_id or 'global'}"
    digest = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    if not force and await memory.recall(name) == digest:
        return False
    if guild_id is None:
        await client.http.bulk_upsert_global_commands(application_id, commands)
    else:
        await client.http.bulk_upsert_guild_commands(application_id, guild_id, commands)
    await memory.remember(name, digest)
    log.info("commands registered", commands=len(commands), guild=guild_id)
    return True


def _offer_file_types(payload: Payload) -> None:
    for option in payload.get("options", ()):
        _offer_file_types(option)
        if option["type"] == discord.AppCommandOptionType.attachment.value and option["name"] in FILE_TYPES:
            option["file_types"] = list(FILE_TYPES[option["name"]])
