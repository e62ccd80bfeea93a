"""One login without a connection that stays: what Discord knows of the bot, and whether its gateway answers."""

from dataclasses import dataclass

import aiohttp
import discord
from discord.flags import ApplicationFlags
from yarl import URL

from bot.client.api import use_api
from bot.client.session import LOST, ConnectionEndedError, NotInGuildError, session_error

HELLO = 10
"""The gateway's first word to whoever connects, before it is told who that is."""
TIMEOUT = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True, slots=True)
class Introduction:
    """What was learned. `commands`: how many are registered; `sessions_left`: how often it may still connect today.

    `privileged`: the intents that are switched on in the portal and that the bot does not need.
    """

    name: str
    application_id: int
    servers: int
    commands: int
    privileged: tuple[str, ...]
    takes_user_installs: bool
    sessions_left: int


async def introduce(url: str, token: str, guild_id: int | None) -> Introduction:
    """Log in, look and go; no session begins, so a running bot is not disturbed. Raises SessionError."""
    await use_api(url, token)
    try:
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(token)
            application = client.application
            if application is None:
                raise ConnectionEndedError("Discord does not say which application this is.")
            commands = await _commands(client, application.id, guild_id)
            _, gateway, limit = await client.http.get_bot_gateway()
            await _greet(gateway)
            return Introduction(
                name=str(client.user),
                application_id=application.id,
                servers=application.approximate_guild_count,
                commands=commands,
                privileged=tuple(_privileged(application.flags)),
                takes_user_installs=application.user_integration_config is not None,
                sessions_left=limit["remaining"],
            )
    except LOST as error:
        raise session_error(error) from error


async def _commands(client: discord.Client, application_id: int, guild_id: int | None) -> int:
    if guild_id is None:
        return len(await client.http.get_global_commands(application_id))
    try:
        return len(await client.http.get_guild_commands(application_id, guild_id))
    except discord.HTTPException as error:
        if error.code in NotInGuildError.CODES:
            raise NotInGuildError from error
        raise


async def _greet(gateway: str) -> None:
    """Connect, hear the first word, and close again. Raises ConnectionEndedError."""
    address = URL(gateway).update_query(v="10", encoding="json")
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.ws_connect(address) as socket,
        ):
            word = await socket.receive_json(timeout=TIMEOUT.total)
    except (aiohttp.ClientError, OSError, TypeError, ValueError) as error:
        sentence = f"Discord's gateway ({address.host}) can't be reached ({type(error).__name__})."
        raise ConnectionEndedError(sentence) from error
    if not isinstance(word, dict) or word.get("op") != HELLO:
        sentence = f"Discord's gateway ({address.host}) does not answer as Discord's does."
        raise ConnectionEndedError(sentence)


def _privileged(flags: ApplicationFlags) -> list[str]:
    switched_on = {
        "Presence": flags.gateway_presence or flags.gateway_presence_limited,
        "Server Members": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "Message Content": flags.gateway_message_content or flags.gateway_message_content_limited,
    }
    return [name for name, is_on in switched_on.items() if is_on]
