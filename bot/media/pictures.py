"""Reads the header of a PNG or JPEG file: enough to know that it is one, and its size.

Sources: the PNG specification (W3C, third edition, 5.2 and 11.2.1) and ITU-T T.81, annex B.
"""

import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"

_SEGMENT_LIMIT = 2_000
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


class PictureKind(StrEnum):
    """The kinds of pictures that the gateways take."""

    PNG = "png"
    JPEG = "jpeg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's kind and its size in pixels, as its header says."""

    kind: PictureKind
    width: int
    height: int


def sniff_picture(head: bytes) -> PictureKind | None:
    """The kind by a file's first 8 bytes."""
    if head.startswith(PNG_SIGNATURE):
        return PictureKind.PNG
    return PictureKind.JPEG if head.startswith(JPEG_START) else None


def read_picture(path: Path) -> Picture | None:
    """The picture's header, or None for a file that is no PNG or JPEG or has a damaged header."""
    with path.open("rb") as file:
        kind = sniff_picture(file.read(8))
        if kind is None:
            return None
        size = _png_size(file) if kind is PictureKind.PNG else _jpeg_size(file)
    return Picture(kind, *size) if size is not None and min(size) > 0 else None


def _png_size(file: BinaryIO) -> tuple[int, int] | None:
    chunk = file.read(25)
    if len(chunk) < 25 or chunk[:8] != b"\x00\x00\x00\x0dIHDR":
        return None
    if zlib.crc32(chunk[4:21]) != int.from_bytes(chunk[21:], "big"):
        return None
    return int.from_bytes(chunk[8:12], "big"), int.from_bytes(chunk[12:16], "big")


def _jpeg_size(file: BinaryIO) -> tuple[int, int] | None:
    file.seek(2)
    for _ in range(_SEGMENT_LIMIT):
        marker = _next_marker(file)
        if marker is None or marker in {_START_OF_SCAN, _END_OF_IMAGE}:
            return None
        if marker in _WITHOUT_LENGTH:
            continue
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            return None
        if marker in _START_OF_FRAME:
            frame = file.read(5)
            return (int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big"))
        file.seek(length - 2, 1)
    return None


def _next_marker(file: BinaryIO) -> int | None:
    if file.read(1) != b"\xff":
        return None
    marker = file.read(1)
    while marker == b"\xff":  # fill bytes
        marker = file.read(1)
    return marker[0] if marker else None
