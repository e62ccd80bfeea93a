"""Gateway sessions: what each shard was sent, so that it can resume."""

import asyncio
import json
import secrets
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.discord.compression import Compressor
from sandbox.discord.events import Event, Intent
from sandbox.discord.wire import Payload

REMEMBERED_EVENTS = 5_000


@dataclass(eq=False)
class Connection:
    """One WebSocket with its compression context; frames leave in the order they were put."""

    socket: web.WebSocketResponse
    compressor: Compressor
    as_text: bool
    transport: asyncio.Transport | None
    _outgoing: asyncio.Queue[Payload | int | None] = field(default_factory=asyncio.Queue)

    def send(self, payload: Payload) -> None:
        """Queue a frame."""
        self._outgoing.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close with a code, after what is queued."""
        self._outgoing.put_nowait(code)

    def cut(self) -> None:
        """Break the connection without a word, as a broken network does."""
        if self.transport is not None:
            self.transport.abort()

    def finish(self) -> None:
        """End `write`, without closing anything."""
        self._outgoing.put_nowait(None)

    async def write(self) -> None:
        """Send what is queued until the connection ends."""
        while (item := await self._outgoing.get()) is not None:
            if self.socket.closed:
                return
            if isinstance(item, int):
                await self.socket.close(code=item)
                return
            text = json.dumps(item)
            try:
                if self.as_text:
                    await self.socket.send_str(text)
                else:
                    await self.socket.send_bytes(self.compressor.frame(text.encode()))
            except ConnectionError:
                return


@dataclass(eq=False)
class Session:
    """One shard's session; it outlives its connection and can be resumed."""

    shard: tuple[int, int]
    intents: Intent
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    connection: Connection | None = None
    sequence: int = 0
    sent: deque[Payload] = field(default_factory=lambda: deque(maxlen=REMEMBERED_EVENTS))

    def dispatch(self, name: str, payload: Payload) -> None:
        """Send an event, and remember it for a resume."""
        self.sequence += 1
        frame: Payload = {"op": 0, "t": name, "s": self.sequence, "d": payload}
        self.sent.append(frame)
        if self.connection is not None:
            self.connection.send(frame)

    def wants(self, event: Event) -> bool:
        """Whether an event belongs to this shard and its intents."""
        shard_id, shard_count = self.shard
        home = 0 if event.guild_id is None else (event.guild_id >> 22) % shard_count
        return home == shard_id and (event.intent == Intent.NONE or bool(self.intents & event.intent))

    def replay(self, after: int) -> None:
        """Send again what the client has not seen."""
        if self.connection is None:
            return
        for frame in self.sent:
            if frame["s"] > after:
                self.connection.send(frame)
        self.dispatch("RESUMED", {"_trace": []})
