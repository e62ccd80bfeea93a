"""Which commands a person's client offers in which place, and by which installation."""

from contextlib import suppress
from dataclasses import dataclass

from sandbox.discord.channels import Context, Place
from sandbox.discord.commands import CommandKind, Commands
from sandbox.discord.permissions import NOTHING, Permission
from sandbox.discord.picking import ClientRefusesError
from sandbox.discord.threads import Thread
from sandbox.discord.users import User
from sandbox.discord.wire import Payload

_EVERYWHERE = (0, 1, 2)
_IN_GUILDS = (0,)


@dataclass(frozen=True, slots=True)
class Offered:
    """A command that is offered; `installs` is what `authorizing_integration_owners` says of it."""

    command: Payload
    installs: dict[str, str]

    @property
    def name(self) -> str:
        return str(self.command["name"])


def find_offered(commands: Commands, name: str, kind: CommandKind, user: User, place: Place) -> Offered:
    """The command of that name; ClientRefusesError where a person would not be offered it."""
    guild = place.guild
    command = commands.find(name, kind, None if guild is None else guild.id)
    if command is None:
        raise ClientRefusesError(f"there is no command {name!r} here")
    if place.context not in _contexts(command):
        where = "in direct messages" if guild is None else "in servers"
        raise ClientRefusesError(f"/{name} is not offered {where}")
    installs = _installs(command, user, place)
    if not installs:
        raise ClientRefusesError(f"/{name} is installed neither here nor for this person")
    _check_permissions(command, user, place)
    return Offered(command, installs)


def names_offered(commands: Commands, user: User, place: Place) -> list[str]:
    """The slash commands and message menus that a person is offered in a place."""
    scopes = {None, None if place.guild is None else place.guild.id}
    found: list[str] = []
    for command in (item for scope in scopes for item in commands.of(scope)):
        with suppress(ClientRefusesError):
            found.append(find_offered(commands, command["name"], CommandKind(command["type"]), user, place).name)
    return found


def _contexts(command: Payload) -> tuple[int, ...]:
    if "guild_id" in command or not command["dm_permission"]:
        return _IN_GUILDS
    return tuple(command["contexts"] or _EVERYWHERE)


def _installs(command: Payload, user: User, place: Place) -> dict[str, str]:
    world, guild = place.world, place.guild
    kinds = (0,) if "guild_id" in command else command["integration_types"]
    found: dict[str, str] = {}
    if 0 in kinds:
        if guild is not None and guild.has_bot:
            found["0"] = str(guild.id)
        elif place.context is Context.BOT_DIRECT and world.shares_guild(user):
            found["0"] = "0"
    if 1 in kinds and user.id in world.installed_for:
        found["1"] = str(user.id)
    return found


def _check_permissions(command: Payload, user: User, place: Place) -> None:
    granted = place.permissions_of(user)
    if Permission.VIEW_CHANNEL not in granted or Permission.USE_APPLICATION_COMMANDS not in granted:
        raise ClientRefusesError("this person can't use commands in this channel")
    if isinstance(place, Thread) and place.locked and Permission.MANAGE_THREADS not in granted:
        raise ClientRefusesError("this thread is locked")
    default = command["default_member_permissions"]
    if place.guild is None or default is None or Permission.ADMINISTRATOR in granted:
        return
    needed = Permission(int(default))
    if needed == NOTHING or needed & granted != needed:
        raise ClientRefusesError(f"/{command['name']} is not offered to this person")
