"""The gateway: a WebSocket at which shards identify, beat, resume, and are told what happens."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from sandbox.discord.compression import compressor
from sandbox.discord.events import Event, Intent
from sandbox.discord.sessions import Connection, Session
from sandbox.discord.wire import Payload
from sandbox.discord.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
UNKNOWN_OPCODE, NOT_AUTHENTICATED, BAD_TOKEN, BAD_SHARD = 4001, 4003, 4004, 4010


@dataclass(eq=False)
class Gateway:
    """All sessions and connections of the bot; tests can break each of them."""

    world: World
    url: str = ""
    shards: int = 1
    heartbeat_interval_ms: int = 41_250
    refusing: bool = False
    identified: int = 0
    resumed: int = 0
    heartbeats: int = 0
    sessions: dict[str, Session] = field(default_factory=dict)
    connections: set[Connection] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.world.listeners.append(self.publish)

    @property
    def connected_shards(self) -> set[int]:
        """The shards that have a session with a live connection."""
        return {item.shard[0] for item in self.sessions.values() if item.connection is not None}

    def publish(self, event: Event) -> None:
        """Dispatch an event to every session that it concerns."""
        for session in list(self.sessions.values()):
            if session.wants(event):
                session.dispatch(event.name, event.payload)

    def ask_to_reconnect(self) -> None:
        """Send op 7 to every connection: the client is to come back and resume."""
        for connection in list(self.connections):
            connection.send({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Send op 9 to every connection; a session that can't be resumed is forgotten."""
        if not resumable:
            self.sessions.clear()
        for connection in list(self.connections):
            connection.send({"op": INVALID_SESSION, "d": resumable})

    def drop(self) -> None:
        """Cut every connection without a word, as a broken network does."""
        for connection in list(self.connections):
            connection.cut()

    def close_all(self, code: int = 1001) -> None:
        """Close every connection with a code."""
        for connection in list(self.connections):
            connection.close(code)

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """One WebSocket from handshake to close."""
        if self.refusing:
            return web.Response(status=503)
        asked_for = request.query.get("compress", "")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, compressor(asked_for), not asked_for, request.transport)
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.send({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_interval_ms}})
        try:
            await self._read(connection)
        finally:
            self._forget(connection)
            with contextlib.suppress(ConnectionError):
                await writer
        return socket

    async def _read(self, connection: Connection) -> None:
        operations: dict[int, Callable[[Connection, Payload], None]] = {
            IDENTIFY: self._identify,
            RESUME: self._resume,
        }
        async for frame in connection.socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            message: Payload = json.loads(frame.data)
            operation = message["op"]
            if operation == HEARTBEAT:
                self.heartbeats += 1
                connection.send({"op": ACK, "d": None})
            elif operation in operations:
                operations[operation](connection, message["d"])
            elif operation not in {3, 4, 8}:
                connection.close(UNKNOWN_OPCODE)

    def _identify(self, connection: Connection, data: Payload) -> None:
        if data["token"] != self.world.application.token:
            connection.close(BAD_TOKEN)
            return
        shard_id, shard_count = data.get("shard") or (0, 1)
        if not 0 <= shard_id < shard_count:
            connection.close(BAD_SHARD)
            return
        self.identified += 1
        shard = (shard_id, shard_count)
        # A process that died leaves its session behind; nobody can resume it once its successor is here.
        dead = [key for key, item in self.sessions.items() if item.connection is None and item.shard == shard]
        for key in dead:
            del self.sessions[key]
        session = Session(shard, Intent(data.get("intents", 0)), connection=connection)
        self.sessions[session.id] = session
        self._welcome(session)

    def _welcome(self, session: Session) -> None:
        application = self.world.application
        shard_id, shard_count = session.shard
        guilds = [item for item in self.world.guilds.values() if (item.id >> 22) % shard_count == shard_id]
        ready: Payload = {
            "v": 10,
            "user": application.bot.own_payload(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(application.id), "flags": 0},
        }
        session.dispatch("READY", ready)
        if Intent.GUILDS in session.intents:
            for guild in guilds:
                session.dispatch("GUILD_CREATE", guild.joining_payload())

    def _resume(self, connection: Connection, data: Payload) -> None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.world.application.token:
            connection.close(BAD_TOKEN)
        elif session is None or data["seq"] > session.sequence:
            connection.send({"op": INVALID_SESSION, "d": False})
        else:
            self.resumed += 1
            session.connection = connection
            session.replay(data["seq"])

    def _forget(self, connection: Connection) -> None:
        connection.finish()
        self.connections.discard(connection)
        for session in self.sessions.values():
            if session.connection is connection:
                session.connection = None
