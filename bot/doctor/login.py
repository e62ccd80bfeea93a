"""Discord: the token, the application, its gateway."""

from collections.abc import AsyncIterator

from bot.client.introduction import Introduction, introduce
from bot.client.session import LoginRefusedError, NotInGuildError, SessionError
from bot.doctor.finding import Finding, failed, hint, passed
from bot.listing.words import counted
from bot.settings import Settings

FEW_SESSIONS = 20
"""Of a thousand a day: so few are left when the bot restarts over and over, and without one it can't connect."""


async def login(settings: Settings) -> AsyncIterator[Finding]:
    """Log in and look around; no session begins, so a running bot notices nothing."""
    token = settings.discord_token.get_secret_value()
    try:
        seen = await introduce(settings.discord_api_url, token, settings.discord_guild_id)
    except SessionError as error:
        yield failed(f"{error} {_advice(error)}".rstrip())
        return
    yield passed(
        f"logged in as {seen.name}, application {seen.application_id}, in {counted(seen.servers, 'server')}; "
        "the gateway answers"
    )
    for finding in _findings(seen, settings):
        yield finding


def _advice(error: SessionError) -> str:
    if isinstance(error, LoginRefusedError):  # it says what to do
        return ""
    if isinstance(error, NotInGuildError):
        return "Invite it there, or leave the setting out."
    return "Look at the network, at DISCORD_API_URL if it is set, and at discordstatus.com."


def _findings(seen: Introduction, settings: Settings) -> list[Finding]:
    where = "" if settings.discord_guild_id is None else f" in the server {settings.discord_guild_id}"
    found = [
        passed(f"{counted(seen.commands, 'command')} registered{where}")
        if seen.commands
        else hint(f"no commands are registered yet{where}; run does that, or python -m bot sync.")
    ]
    if seen.privileged:
        intents = " and ".join(seen.privileged)
        found.append(hint(f"privileged intents are on ({intents}). The bot needs none: switch them off in the portal."))
    else:
        found.append(passed("no privileged intent is switched on; none is needed"))
    if not seen.servers:
        found.append(hint(f"the bot is in no server yet. {_invitation(seen.application_id)}"))
    if settings.allow_user_install and not seen.takes_user_installs:
        found.append(hint("ALLOW_USER_INSTALL is on: tick User Install under Installation in the portal too."))
    if seen.sessions_left < FEW_SESSIONS:
        left = counted(seen.sessions_left, "connection")
        found.append(hint(f"Discord allows only {left} more today: see in the log why the bot restarts so often."))
    return found


def _invitation(application_id: int) -> str:
    return f"The README has the address that invites it; the application id is {application_id}."
