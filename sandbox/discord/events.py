"""What the world tells the gateway sessions, and which intent each event needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from sandbox.discord.wire import Payload


class Intent(IntFlag):
    """The gateway intents that this world's events fall under."""

    NONE = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12


@dataclass(frozen=True, slots=True)
class Event:
    """One dispatch; without a guild it goes to shard 0."""

    name: str
    payload: Payload
    guild_id: int | None
    intent: Intent
