"""How a kept file is sent to whoever has its address."""

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
}
USUAL_BYTES = 20 << 20
"""What the time for sending is meant for; larger files get more, in proportion."""


class KeptFileResponse(web.FileResponse):
    """A kept file or a part of it, shown as what it is; a client that takes longer for all of it is cut off.

    Args:
        path: the file.
        seconds: how long that is, for up to `USUAL_BYTES`.
    """

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(path, headers={"Content-Type": TYPES[path.suffix], "Content-Disposition": "inline"})
        self._seconds = seconds * max(1.0, path.stat().st_size / USUAL_BYTES)

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the whole answer. Raises ConnectionAbortedError."""
        try:
            async with asyncio.timeout(self._seconds):
                return await super().prepare(request)
        except TimeoutError as error:
            if request.transport is not None:
                # Closing would wait for the client to take what is on its way.
                request.transport.abort()
            raise ConnectionAbortedError from error
