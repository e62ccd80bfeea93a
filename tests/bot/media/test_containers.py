"""Files are known by their first bytes and their boxes."""

import struct
from pathlib import Path

import pytest

from bot.media.containers import Box, Container, has_index_first, is_cut_short, name_kind, sniff_video, top_level_boxes


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"\x00\x00\x00\x18ftypisom", Container.MP4),
        (b"\x00\x00\x00\x18ftypM4V ", Container.MP4),
        (b"\x00\x00\x00\x14ftypqt  ", Container.MOV),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", Container.WEBM),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", Container.MATROSKA),
        (b"\x00\x00\x00\x18ftypavif", None),
        (b"\x00\x00\x00\x18ftyp", None),
        (b"RIFF\x00\x00\x00\x00AVI ", None),
        (b"", None),
    ],
)
def test_a_video_is_known_by_its_first_bytes(head: bytes, container: Container | None) -> None:
    assert sniff_video(head) is container


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"GIF87a", "GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\x00\x00\x00\x18ftypmif1", "HEIC"),
        (b"\x00\x00\x00\x18ftypavif", "AVIF"),
        (b"\x00\x00\x00\x18ftypisom", "video"),
        (b"BM\x00\x00", "BMP"),
        (b"II*\x00", "TIFF"),
        (b"\x00\x00\x00\x0cJXL \r\n", "JPEG XL"),
        (b"%PDF-1.7", "PDF"),
        (b"\xef\xbb\xbf<svg>", "SVG"),
        (b"[1]", "JSON"),
        (b"hello", None),
    ],
)
def test_other_files_are_called_what_people_call_them(head: bytes, name: str | None) -> None:
    assert name_kind(head) == name


def test_boxes_are_walked_in_all_three_ways_of_giving_their_length(tmp_path: Path) -> None:
    large = struct.pack(">I4sQ", 1, b"free", 20) + b"1234"
    path = written(tmp_path, box(b"ftyp", b"isom") + large + struct.pack(">I", 0) + b"mdat" + b"12345")

    assert list(top_level_boxes(path)) == [
        Box(b"ftyp", 0, 12),
        Box(b"free", 12, 32),
        Box(b"mdat", 32, 45),
    ]


def test_a_box_shorter_than_its_own_header_ends_the_walk(tmp_path: Path) -> None:
    path = written(tmp_path, box(b"ftyp") + b"\x00\x00\x00\x07moov")

    assert [found.kind for found in top_level_boxes(path)] == [b"ftyp"]


def test_a_file_of_nothing_but_empty_boxes_is_not_walked_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path, box(b"free") * 10_001)

    assert len(list(top_level_boxes(path))) == 10_000


@pytest.mark.parametrize(
    ("content", "container", "short"),
    [
        (box(b"ftyp") + box(b"mdat", b"1234"), Container.MP4, False),
        ((box(b"ftyp") + box(b"mdat", b"1234"))[:-1], Container.MP4, True),
        ((box(b"ftyp") + box(b"moov", b"1234"))[:-1], Container.MOV, True),
        (box(b"ftyp") + box(b"mdat", b"1234") + b"trailing rubbish", Container.MP4, False),
        ((box(b"ftyp") + box(b"mdat", b"1234"))[:-1], Container.WEBM, False),
    ],
)
def test_a_file_that_announces_more_than_it_has_is_cut_short(
    tmp_path: Path, content: bytes, container: Container, short: bool
) -> None:
    assert is_cut_short(written(tmp_path, content), container) is short


@pytest.mark.parametrize(
    ("kinds", "first"),
    [
        ([b"ftyp", b"moov", b"mdat"], True),
        ([b"ftyp", b"free", b"mdat", b"moov"], False),
        ([b"ftyp"], False),
    ],
)
def test_the_index_is_first_or_not(tmp_path: Path, kinds: list[bytes], first: bool) -> None:
    path = written(tmp_path, b"".join(box(kind) for kind in kinds))

    assert has_index_first(path, Container.MP4) is first
