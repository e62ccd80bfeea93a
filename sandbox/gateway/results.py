"""The finished videos as an object store sends them, whole or with what can go wrong."""

import asyncio
from typing import Final

from aiohttp import web

from sandbox.gateway.films import VideoShape, film, free_box_header
from sandbox.gateway.wire import is_gone, pause

PIECE_BYTES: Final = 64 * 1024
ENDLESS_BOX_BYTES: Final = 2**32 - 1


class FilmResponse(web.StreamResponse):
    """A film of which the padding is made while it is sent."""

    def __init__(self, content: bytes, padding_bytes: int, content_type: str) -> None:
        super().__init__(headers={"Content-Type": content_type, "ETag": '"sandbox"'})
        self._content = content
        self._padding_bytes = padding_bytes
        self._sent = False

    async def write_eof(self, data: bytes = b"") -> None:
        """Send the film, then its padding."""
        if self._sent:
            return
        self._sent = True
        for start in range(0, len(self._content), PIECE_BYTES):
            await self.write(self._content[start : start + PIECE_BYTES])
        if self._padding_bytes:
            await self.write(free_box_header(self._padding_bytes))
        for start in range(8, self._padding_bytes, PIECE_BYTES):
            await self.write(bytes(min(PIECE_BYTES, self._padding_bytes - start)))
        await super().write_eof(data)


class EndlessResponse(web.StreamResponse):
    """A film that is followed by zeros for as long as the client listens."""

    def __init__(self, request: web.Request, content: bytes, stopping: asyncio.Event) -> None:
        super().__init__(headers={"Content-Type": "video/mp4"})
        self._client = request
        self._content = content
        self._stopping = stopping
        self._sent = False
        self.enable_chunked_encoding()

    async def write_eof(self, data: bytes = b"") -> None:
        """Send until nobody listens any more."""
        if self._sent:
            return
        self._sent = True
        await self.write(self._content + free_box_header(ENDLESS_BOX_BYTES))
        while not is_gone(self._client) and not self._stopping.is_set():
            await self.write(bytes(PIECE_BYTES))
            await pause(self._stopping, 0.001)
        await super().write_eof(data)


async def send_film(shape: VideoShape, *, with_length: bool = True) -> FilmResponse:
    """The film as a response; made in a thread when it is the first of its shape."""
    content = await asyncio.to_thread(film, shape)
    response = FilmResponse(content, shape.padding_bytes, shape.content_type)
    if with_length:
        response.content_length = len(content) + shape.padding_bytes
    else:
        response.enable_chunked_encoding()
    return response
