"""The headers of pictures are read without decoding them."""

from pathlib import Path

import pytest

from bot.media.pictures import Picture, PictureKind, read_picture
from tests.bot.media.films import jpeg, png


def read(tmp_path: Path, content: bytes) -> Picture | None:
    path = tmp_path / "picture"
    path.write_bytes(content)
    return read_picture(path)


def test_a_png_has_the_size_of_its_header(tmp_path: Path) -> None:
    assert read(tmp_path, png(640, 360)) == Picture(PictureKind.PNG, 640, 360)


def test_a_jpeg_has_the_size_of_its_frame(tmp_path: Path) -> None:
    assert read(tmp_path, jpeg(64, 48)) == Picture(PictureKind.JPEG, 64, 48)


FRAME = b"\xff\xc0\x00\x0b\x08\x00\x03\x00\x04\x01\x01\x11\x00"


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC2, 0xC9, 0xCF])
def test_every_process_of_jpeg_is_known_by_its_frame(tmp_path: Path, marker: int) -> None:
    frame = bytes([0xFF, marker]) + FRAME[2:]

    assert read(tmp_path, b"\xff\xd8\xff\x01\xff\xc4\x00\x02" + frame) == Picture(PictureKind.JPEG, 4, 3)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        png()[:20],
        png()[:8] + b"\x00\x00\x00\x0dIDAT" + png()[16:],
        png()[:20] + b"\x09" + png()[21:],
        png(0, 3),
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xff",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x02",
        b"\xff\xd8\xff\xe0\x00\x01",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"\xff\xd8\xff\xe0\x00\x03xy",
        b"\xff\xd8" + FRAME[:6],
        b"\xff\xd8" + FRAME[:5] + b"\x00\x00\x00\x04",
        b"\xff\xd8" + b"\xff\xd0" * 3000 + FRAME,
    ],
)
def test_a_damaged_header_is_no_picture(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) is None
