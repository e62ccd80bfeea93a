"""A connection to Discord as a whole: why it ended, and how long its shards have been away."""

import time
from collections.abc import Callable, Iterable

import aiohttp
import discord

LOST = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What logging in and staying connected may raise."""
AUTHENTICATION_FAILED = 4004
WRONG_SHARDS = "Discord does not accept these shards: check SHARD_COUNT and SHARD_IDS."
CLOSED = {4010: WRONG_SHARDS, 4011: WRONG_SHARDS}
"""Sentences for close codes of the gateway that no new connection would cure."""


class SessionError(Exception):
    """Discord can't be used any more; the text is one sentence for the operator."""


class LoginRefusedError(SessionError):
    """Discord does not know the token."""

    def __init__(self) -> None:
        super().__init__("Discord does not accept DISCORD_TOKEN: copy the bot's token from the developer portal again.")


class GatewayAwayError(SessionError):
    """A shard has been without a connection for too long."""

    def __init__(self, seconds: float) -> None:
        minutes = max(1, round(seconds / 60))
        super().__init__(
            f"Discord's gateway has been out of reach for {minutes} min, so I end and want to be restarted."
        )


class ConnectionEndedError(SessionError):
    """Discord ended the connection, or refused it, for good."""


class NotInGuildError(ConnectionEndedError):
    """The server in which alone commands are registered is not there for the bot."""

    CODES = frozenset({10004, 50001})
    """Discord's for a server that does not exist, and for one that the bot has no access to."""

    def __init__(self) -> None:
        super().__init__("DISCORD_GUILD_ID: the bot is not in that server.")


def session_error(error: Exception) -> SessionError:
    """The sentence for an error of the connection, without anything secret in it."""
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    if isinstance(error, discord.LoginFailure) or status == 401 or code == AUTHENTICATION_FAILED:
        return LoginRefusedError()
    if isinstance(error, discord.ConnectionClosed):
        return ConnectionEndedError(CLOSED.get(error.code, f"Discord closed the connection with code {error.code}."))
    if isinstance(error, discord.HTTPException):
        return ConnectionEndedError(f"Discord answered with status {status}: try again later.")
    return ConnectionEndedError(f"Discord can't be reached ({type(error).__name__}).")


class ShardWatch:
    """Which shards are connected, and since when each of the others is not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._connected: set[int] = set()
        self._lost_at: dict[int, float] = {}
        self._newest_at = clock()

    def begin(self) -> None:
        """The shards are about to connect for the first time."""
        self._newest_at = self._clock()

    def connected(self, shard_id: int) -> None:
        """A shard has a session."""
        if self._lost_at.pop(shard_id, None) is None:
            self._newest_at = self._clock()
        self._connected.add(shard_id)

    def lost(self, shard_id: int) -> None:
        """A shard has lost its connection; further losses before it is back change nothing."""
        self._connected.discard(shard_id)
        self._lost_at.setdefault(shard_id, self._clock())

    def away_seconds(self, expected: Iterable[int]) -> float:
        """How long one of the expected shards has been away at most.

        Shards connect one after the other, so one that was never there counts from the newest first connection.
        """
        now = self._clock()
        missing = (shard for shard in expected if shard not in self._connected)
        return max((now - self._lost_at.get(shard, self._newest_at) for shard in missing), default=0.0)
