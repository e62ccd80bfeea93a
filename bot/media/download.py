"""Streams a file from an address into a temporary one, capped, and judged by its first bytes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import aiohttp

from bot.media.addresses import Lookup, system_lookup
from bot.media.containers import HEAD_BYTES, Container, is_cut_short, name_kind, sniff_video
from bot.media.errors import (
    NotAVideoError,
    TemporaryFileError,
    VideoCutShortError,
    VideoGoneError,
    VideoTooLargeError,
    VideoTransientError,
)
from bot.media.files import temporary_file
from bot.media.transport import Timeouts, open_checked

MEBIBYTE = 1 << 20
VIDEO_LIMIT_BYTES = 512 * MEBIBYTE
"""Five times the largest upload that Discord takes: beyond that a file is a mistake, not a video of 15 s."""

_PIECE_BYTES = 512 << 10
"""Written at once, off the event loop; from 256 KiB on, larger pieces were no faster (40 MiB in 0.04 s)."""

_TRY_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})

Judge = Callable[[bytes], object]
"""Looks at the first `HEAD_BYTES` (or all, if there are fewer) and raises if the rest is not wanted."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What has been written: the size, and the first `HEAD_BYTES` once more."""

    size_bytes: int
    head: bytes


@dataclass(frozen=True, slots=True)
class VideoFile:
    """A finished video on disk, for as long as its context lasts."""

    path: Path
    size_bytes: int
    container: Container


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How files are fetched: where from, how long, and how names are looked up."""

    timeouts: Timeouts
    lookup: Lookup

    async def save(self, url: str, path: Path, *, max_bytes: int, allowed_hosts: frozenset[str], judge: Judge) -> Saved:
        """Stream `url` into the file at `path`.

        Raises:
            VideoAddressError: this is no public address, nor one of `allowed_hosts` (`host:port`).
            VideoGoneError: the server says that there is nothing (any more); `status` is in its sentence's
                parameters.
            VideoTooLargeError: more than `max_bytes`.
            VideoTransientError: everything that may pass: network, time-outs, 429, 5xx, an empty or cut body.
            TemporaryFileError: the disk did not take it.
        """
        try:
            async with (
                asyncio.timeout(self.timeouts.total_seconds),
                open_checked(url, allowed_hosts=allowed_hosts, timeouts=self.timeouts, lookup=self.lookup) as response,
            ):
                _check_head(response, max_bytes)
                return await _write(response.content, path, max_bytes, judge)
        except TimeoutError as exc:
            raise VideoTransientError(reason="timed out") from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise VideoTransientError(reason=type(exc).__name__) from exc


class Downloads:
    """Fetches finished videos, a bounded number at once; made once by the app and shared.

    Args:
        directory: where the temporary files live; made when missing, see `bot.media.files.sweep`.
        at_once: downloads that run at the same time, each with up to 1 MiB of buffers. What has been fetched
            and is still in use does not count.
    """

    def __init__(
        self,
        directory: Path,
        *,
        max_bytes: int = VIDEO_LIMIT_BYTES,
        at_once: int = 4,
        timeouts: Timeouts | None = None,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._fetcher = Fetcher(timeouts or Timeouts(), lookup)
        self._slots = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def video(self, url: str, *, allowed_hosts: frozenset[str] = frozenset()) -> AsyncIterator[VideoFile]:
        """The video that a gateway named, as a file that is gone when the context ends, however it ends.

        `allowed_hosts` (`host:port`, see `bot.media.transport.host_and_port`) is that gateway's own host, which
        may be a private one; every other host has to be public.

        Raises:
            VideoAddressError, VideoGoneError, VideoTooLargeError, VideoTransientError, TemporaryFileError:
                as `Fetcher.save` does.
            NotAVideoError: what came is complete and something else; `found` may name it.
            VideoCutShortError: a file without its end came, though all of it was sent.
        """
        with temporary_file(self._directory) as path:
            async with self._slots:
                file = await self._fetch(url, path, allowed_hosts)
            yield file

    async def _fetch(self, url: str, path: Path, allowed_hosts: frozenset[str]) -> VideoFile:
        saved = await self._fetcher.save(
            url, path, max_bytes=self._max_bytes, allowed_hosts=allowed_hosts, judge=_container
        )
        container = _container(saved.head)
        if await asyncio.to_thread(is_cut_short, path, container):
            raise VideoCutShortError
        return VideoFile(path, saved.size_bytes, container)


def _container(head: bytes) -> Container:
    container = sniff_video(head)
    if container is None:
        raise NotAVideoError(found=name_kind(head) or "unknown")
    return container


def _check_head(response: aiohttp.ClientResponse, max_bytes: int) -> None:
    status = response.status
    if 400 <= status < 500 and status not in _TRY_AGAIN:
        raise VideoGoneError(status=status)
    if status != HTTPStatus.OK:
        raise VideoTransientError(reason=f"status {status}")
    if response.content_length is not None and response.content_length > max_bytes:
        raise VideoTooLargeError(max_bytes)


async def _write(content: aiohttp.StreamReader, path: Path, max_bytes: int, judge: Judge) -> Saved:
    size = 0
    head = b""
    piece = bytearray()
    with _writing(path) as file:
        async for received in content.iter_any():
            size += len(received)
            if size > max_bytes:
                raise VideoTooLargeError(max_bytes)
            piece += received
            if not head and len(piece) >= HEAD_BYTES:
                head = bytes(piece[:HEAD_BYTES])
                judge(head)
            if len(piece) >= _PIECE_BYTES:
                await _write_piece(file, piece)
                piece = bytearray()
        if not size:
            raise VideoTransientError(reason="empty")
        if not head:
            head = bytes(piece)
            judge(head)
        await _write_piece(file, piece)
    return Saved(size, head)


@contextmanager
def _writing(path: Path) -> Iterator[BinaryIO]:
    file = path.open("wb")
    try:
        yield file
    except BaseException:
        # What the disk did not take is still in the buffer; closing tries again and would hide the reason.
        with suppress(OSError):
            file.close()
        raise
    file.close()


async def _write_piece(file: BinaryIO, piece: bytearray) -> None:
    def write() -> None:
        file.write(piece)
        file.flush()

    try:
        await asyncio.to_thread(write)
    except OSError as exc:
        raise TemporaryFileError from exc
