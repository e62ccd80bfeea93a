"""Checks what members attach before anything is paid: type by content, size, and the chosen seconds of a clip."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from yarl import URL

from bot.domain.errors import RefusalError
from bot.media.addresses import Lookup, system_lookup
from bot.media.clips import ClipRange
from bot.media.containers import is_cut_short, name_kind, sniff_file, sniff_video
from bot.media.cut import Cutter
from bot.media.download import MEBIBYTE, Fetcher, Judge
from bot.media.errors import (
    AttachmentGoneError,
    ClipTooLargeError,
    NotAClipError,
    NotAPictureError,
    PictureNameError,
    PictureTooLargeError,
    PictureTypeError,
    UnreadableFileError,
    VideoFetchError,
    VideoTooLargeError,
)
from bot.media.files import temporary_file
from bot.media.kept import KeptFiles
from bot.media.links import has_picture_extension
from bot.media.pictures import Picture, PictureKind, read_picture, sniff_picture
from bot.media.probe import Kind, Probe, Prober
from bot.media.transport import Timeouts

PICTURE_LIMIT_BYTES = 10 * MEBIBYTE
"""The gateways name no limit; 10 MB was Discord's own for years and is more than a first frame needs."""

CLIP_LIMIT_BYTES = 100 * MEBIBYTE
"""The gateways name no limit; 100 MB is the largest upload that a server can have (discord.md, limits)."""

ATTACHMENT_TIMEOUTS = Timeouts(total_seconds=120, idle_seconds=20)
"""The member waits; the interaction's token lives for 15 minutes."""

_SUFFIXES = {PictureKind.PNG: ".png", PictureKind.JPEG: ".jpg"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached file as the interaction describes it; `size_bytes` is what Discord declares."""

    url: str
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class CheckedPicture:
    """An attached picture that a gateway can be given; `kept` names our own copy."""

    url: str
    picture: Picture
    kept: str


@dataclass(frozen=True, slots=True)
class CheckedClip:
    """An attached film that a gateway can be given as it is, with the chosen seconds, which are also kept.

    `start` and `end` are where they are in the film, `probe` is the film's. The kept file is for a gateway all of it,
    from 0 to `kept_seconds`.
    """

    url: str
    start: Decimal
    end: Decimal
    probe: Probe
    kept: str

    @property
    def kept_seconds(self) -> Decimal:
        """How long the kept clip is, 1 to 3 s; the file may be up to 0.1 s longer."""
        return self.end - self.start


class Attachments:
    """Fetches attached files from Discord, judges and keeps them; made once by the app and shared.

    Args:
        directory: where the temporary files live, see `bot.media.files.sweep`.
        allowed_hosts: `host:port` of a local Discord's file server, if there is one; Discord's own is public.
        at_once: files that are fetched and judged at the same time.
    """

    def __init__(
        self,
        directory: Path,
        prober: Prober,
        *,
        kept: KeptFiles,
        cutter: Cutter,
        allowed_hosts: frozenset[str] = frozenset(),
        at_once: int = 4,
        timeouts: Timeouts = ATTACHMENT_TIMEOUTS,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._directory = directory
        self._prober = prober
        self._kept = kept
        self._cutter = cutter
        self._allowed_hosts = allowed_hosts
        self._fetcher = Fetcher(timeouts, lookup)
        self._slots = asyncio.Semaphore(at_once)

    async def picture(self, attachment: Attachment) -> CheckedPicture:
        """Judge and keep a picture: PNG or JPEG by content with a readable header, at most 10 MB, a fitting name.

        Raises:
            PictureTooLargeError, PictureTypeError, NotAPictureError, PictureNameError, AttachmentGoneError:
                each with its sentence.
            TemporaryFileError: the disk did not take it.
        """
        too_large = PictureTooLargeError(limit=PICTURE_LIMIT_BYTES // MEBIBYTE)
        if attachment.size_bytes > PICTURE_LIMIT_BYTES:
            raise too_large
        async with self._slots:
            with temporary_file(self._directory) as path:
                await self._save(attachment, path, PICTURE_LIMIT_BYTES, _judge_picture, too_large)
                picture = await asyncio.to_thread(read_picture, path)
                if picture is None:
                    raise NotAPictureError
                if not has_picture_extension(URL(attachment.url, encoded=True)):
                    raise PictureNameError
                kept = await self._kept.keep(path, _SUFFIXES[picture.kind])
        return CheckedPicture(attachment.url, picture, kept)

    async def kept_picture(self, name: str) -> Picture | None:
        """The size of a picture that was kept before, from its file; None if that is gone."""
        path = self._kept.path(name)
        try:
            return None if path is None else await asyncio.to_thread(read_picture, path)
        except FileNotFoundError:  # swept a moment ago
            return None

    async def clip(self, attachment: Attachment, chosen: ClipRange) -> CheckedClip:
        """Judge a clip: MP4, MOV, WebM or Matroska by content, at most 100 MB, the range inside; keep the range.

        Raises:
            ClipTooLargeError, ClipTooDetailedError, NotAClipError, ClipRangeError, AttachmentGoneError:
                each with its sentence.
            ProbeError: it could not be examined or cut; trying again may help.
            TemporaryFileError: the disk did not take it.
        """
        too_large = ClipTooLargeError(limit=CLIP_LIMIT_BYTES // MEBIBYTE)
        if attachment.size_bytes > CLIP_LIMIT_BYTES:
            raise too_large
        async with self._slots:
            with temporary_file(self._directory) as path:
                await self._save(attachment, path, CLIP_LIMIT_BYTES, _judge_clip, too_large)
                return await self._keep_clip(attachment.url, path, chosen)

    async def _keep_clip(self, url: str, path: Path, chosen: ClipRange) -> CheckedClip:
        if await asyncio.to_thread(_is_cut, path):
            raise NotAClipError
        try:
            probe = await self._prober.probe(path)
            if probe.kind is not Kind.VIDEO or probe.duration_seconds is None:
                raise NotAClipError
            start, end = chosen.fit(probe.duration_seconds)
            with temporary_file(self._directory) as piece:
                await self._cutter.cut(path, start, end, piece)
                return CheckedClip(url, start, end, probe, await self._kept.keep(piece, ".mp4"))
        except UnreadableFileError as exc:
            raise NotAClipError from exc

    async def _save(
        self, attachment: Attachment, path: Path, limit: int, judge: Judge, too_large: RefusalError
    ) -> None:
        try:
            await self._fetcher.save(
                attachment.url, path, max_bytes=limit, allowed_hosts=self._allowed_hosts, judge=judge
            )
        except VideoTooLargeError as exc:
            raise too_large from exc
        except VideoFetchError as exc:
            raise AttachmentGoneError from exc


def _is_cut(path: Path) -> bool:
    container = sniff_file(path)
    return container is not None and is_cut_short(path, container)


def _judge_picture(head: bytes) -> None:
    if sniff_picture(head) is None:
        found = name_kind(head)
        raise NotAPictureError if found is None else PictureTypeError(found=found)


def _judge_clip(head: bytes) -> None:
    if sniff_video(head) is None:
        raise NotAClipError
