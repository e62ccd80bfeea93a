"""How a kept file is sent to whoever has its address."""

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".mp4": "video/mp4"}


class KeptFileResponse(web.FileResponse):
    """A kept file, shown as what it is; a client that takes longer than `seconds` for all of it is cut off."""

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(path, headers={"Content-Type": TYPES[path.suffix], "Content-Disposition": "inline"})
        self._seconds = seconds

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
