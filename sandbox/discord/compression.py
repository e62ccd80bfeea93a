"""The stream compressions that a gateway connection can ask for."""

import importlib
import zlib
from typing import Protocol


class Compressor(Protocol):
    """One compression context for the life of a connection."""

    def frame(self, data: bytes) -> bytes:
        """Compress one payload and flush, so that it can be read at once."""


class ZlibStream:
    """`compress=zlib-stream`."""

    def __init__(self) -> None:
        self._context = zlib.compressobj()

    def frame(self, data: bytes) -> bytes:
        return self._context.compress(data) + self._context.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """`compress=zstd-stream`, which a client asks for where the zstandard package is installed."""

    def __init__(self) -> None:
        module = importlib.import_module("zstandard")
        self._context = module.ZstdCompressor().compressobj()
        self._flush_block: int = module.COMPRESSOBJ_FLUSH_BLOCK

    def frame(self, data: bytes) -> bytes:
        compressed: bytes = self._context.compress(data) + self._context.flush(self._flush_block)
        return compressed


class Uncompressed:
    """A connection that asked for no compression."""

    def frame(self, data: bytes) -> bytes:
        return data


def compressor(asked_for: str) -> Compressor:
    """The context for the `compress` parameter of a gateway address."""
    if asked_for == "zlib-stream":
        return ZlibStream()
    return ZstdStream() if asked_for == "zstd-stream" else Uncompressed()
