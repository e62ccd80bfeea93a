"""The commands that the application has registered, for everywhere or for one guild."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from sandbox.discord import checks
from sandbox.discord.errors import ApiError, Refusal
from sandbox.discord.snowflakes import Snowflakes
from sandbox.discord.users import Application
from sandbox.discord.wire import Payload

_ASSIGNED = frozenset({"id", "application_id", "version", "guild_id"})


class CommandKind(IntEnum):
    """Discord's application command types."""

    SLASH = 1
    USER_MENU = 2
    MESSAGE_MENU = 3


@dataclass(slots=True)
class Commands:
    """All registered commands by scope: a guild's id, or None for global ones."""

    ids: Snowflakes
    application: Application
    _registered: dict[int | None, list[Payload]] = field(default_factory=dict)

    def of(self, guild_id: int | None) -> list[Payload]:
        """The commands of one scope."""
        return self._registered.get(guild_id, [])

    def find(self, name: str, kind: CommandKind, guild_id: int | None) -> Payload | None:
        """The command that a member's client offers under a name; a guild's own goes before a global one."""
        scopes = [None] if guild_id is None else [guild_id, None]
        offered = [command for scope in scopes for command in self.of(scope)]
        return next((item for item in offered if item["name"] == name and item["type"] == kind), None)

    def get(self, guild_id: int | None, command_id: int) -> Payload:
        """One command by id."""
        for command in self.of(guild_id):
            if command["id"] == str(command_id):
                return command
        raise ApiError(Refusal.UNKNOWN_COMMAND)

    def replace_all(self, guild_id: int | None, payloads: Sequence[Payload]) -> list[Payload]:
        """Register exactly these; a command that keeps name and type keeps its id."""
        errors = checks.commands(list(payloads))
        if errors is not None:
            raise ApiError(Refusal.INVALID_FORM_BODY, errors)
        self._registered[guild_id] = [self._completed(guild_id, item) for item in payloads]
        return self.of(guild_id)

    def upsert(self, guild_id: int | None, payload: Payload) -> Payload:
        """Register one command, over the one of the same name and type if there is one."""
        errors = checks.command(payload)
        if errors is not None:
            raise ApiError(Refusal.INVALID_FORM_BODY, errors)
        command = self._completed(guild_id, payload)
        others = [item for item in self.of(guild_id) if item["id"] != command["id"]]
        self._registered[guild_id] = [*others, command]
        return command

    def update(self, guild_id: int | None, command_id: int, changes: Payload) -> Payload:
        """Change some fields of a command."""
        known = self.get(guild_id, command_id)
        sent = {key: value for key, value in known.items() if key not in _ASSIGNED}
        return self.upsert(guild_id, {**sent, **changes})

    def remove(self, guild_id: int | None, command_id: int) -> None:
        gone = self.get(guild_id, command_id)
        self._registered[guild_id] = [item for item in self.of(guild_id) if item is not gone]

    def _completed(self, guild_id: int | None, payload: Payload) -> Payload:
        kind = payload.get("type") or CommandKind.SLASH.value
        known = next((c for c in self.of(guild_id) if (c["name"], c["type"]) == (payload["name"], kind)), None)
        defaults: Payload = {
            "description": "",
            "default_member_permissions": None,
            "dm_permission": True,
            "contexts": None,
            "integration_types": list(self.application.installs),
            "nsfw": False,
            "name_localizations": None,
            "description_localizations": None,
        }
        given = {key: value for key, value in payload.items() if value is not None}
        command: Payload = {**defaults, **given, "type": kind}
        command["id"] = known["id"] if known else str(self.ids.next())
        command["application_id"] = str(self.application.id)
        if command["default_member_permissions"] is not None:
            # The client sends a number, Discord answers text.
            command["default_member_permissions"] = str(command["default_member_permissions"])
        command["version"] = str(self.ids.next())
        if guild_id is not None:
            command["guild_id"] = str(guild_id)
        return command
