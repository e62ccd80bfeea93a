"""What a file is, by its first bytes and its boxes; nothing here decodes anything.

Sources: ISO/IEC 14496-12 (boxes, `ftyp`), the brands registered at mp4ra.org, RFC 8794 (EBML).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

HEAD_BYTES = 64
"""How much of a file's beginning the functions here want to see."""

_BOX_LIMIT = 10_000
"""Fragmented files have a few boxes a second; a file made of empty ones must not keep a thread busy."""


class Container(StrEnum):
    """The containers of video that are taken."""

    MP4 = "mp4"
    MOV = "mov"
    WEBM = "webm"
    MATROSKA = "matroska"


_PICTURE_BRANDS = {
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"hevc": "HEIC",
    b"hevx": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
    b"avif": "AVIF",
    b"avis": "AVIF",
}
_NEEDED = frozenset({b"moov", b"moof", b"mdat"})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})
_EBML = b"\x1a\x45\xdf\xa3"
_OTHERS = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"PK\x03\x04", "ZIP"),
)


def sniff_video(head: bytes) -> Container | None:
    """The container by a file's first `HEAD_BYTES`, or None when they are not a video's."""
    if head.startswith(_EBML):
        return Container.WEBM if b"webm" in head[:HEAD_BYTES] else Container.MATROSKA
    if head[4:8] != b"ftyp" or len(head) < 12:
        return None
    brand = head[8:12]
    if brand in _PICTURE_BRANDS or brand in _SOUND_BRANDS:
        return None
    return Container.MOV if brand == b"qt  " else Container.MP4


def sniff_file(path: Path) -> Container | None:
    """The container of the file at `path`, or None when it is no video."""
    with path.open("rb") as file:
        return sniff_video(file.read(HEAD_BYTES))


def demuxer_of(container: Container) -> str:
    """What ffmpeg calls the reader of a container."""
    return "mov" if container in {Container.MP4, Container.MOV} else "matroska"


def name_kind(head: bytes) -> str | None:
    """What people call a file that is neither a picture nor a clip that we take, as far as it is known."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "WebP", b"AVI ": "AVI"}.get(head[8:12])
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return _PICTURE_BRANDS[head[8:12]]
    if sniff_video(head) is not None:
        return "video"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for start, name in ((b"<svg", "SVG"), (b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<", "XML")):
        if text.startswith(start):
            return name
    if text.startswith((b"{", b"[")):
        return "JSON"
    return next((name for start, name in _OTHERS if head.startswith(start)), None)


@dataclass(frozen=True, slots=True)
class Box:
    """A top-level box of an ISO file; `start` and `end` are offsets in bytes."""

    kind: bytes
    start: int
    end: int


def top_level_boxes(path: Path) -> Iterator[Box]:
    """The boxes of an ISO file in their order; the last one may end past the file's end if that was cut."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = 0
        for _ in range(_BOX_LIMIT):
            if start >= size:
                return
            file.seek(start)
            header = file.read(16)
            length = int.from_bytes(header[:4], "big")
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            elif length == 0:
                length = size - start
            if length < 8:
                return
            yield Box(header[4:8], start, start + length)
            start += length


def is_cut_short(path: Path, container: Container) -> bool:
    """Whether an ISO file announces more pictures or index than there is; for WebM it is not told and False."""
    if container not in {Container.MP4, Container.MOV}:
        return False
    size = path.stat().st_size
    return any(box.end > size and box.kind in _NEEDED for box in top_level_boxes(path))


def has_index_first(path: Path, container: Container) -> bool:
    """Whether a player can start before it has the whole file; WebM is made for that and always True."""
    if container not in {Container.MP4, Container.MOV}:
        return True
    order = [box.kind for box in top_level_boxes(path) if box.kind in {b"moov", b"mdat"}]
    return order[:1] == [b"moov"]


def is_fragmented(path: Path, container: Container) -> bool:
    """Whether an ISO file is in pieces with an index each, as it is made for streaming."""
    if container not in {Container.MP4, Container.MOV}:
        return False
    return any(box.kind == b"moof" for box in top_level_boxes(path))
