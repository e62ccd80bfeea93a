"""A file that was changed says that AI made it, and keeps what its maker had written into it."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.media import provenance
from bot.media.containers import Container, top_level_boxes
from bot.media.errors import TemporaryFileError
from bot.media.probe import probe
from tests.bot.media.films import make_film

XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def box(name: bytes, content: bytes) -> bytes:
    return (24 + len(content)).to_bytes(4, "big") + b"uuid" + name + content


def boxes(path: Path) -> dict[bytes, bytes]:
    """The content of a file's boxes of a name of their own."""
    whole = path.read_bytes()
    found = [whole[each.start + 8 : each.end] for each in top_level_boxes(path) if each.kind == b"uuid"]
    return {content[:16]: content[16:] for content in found}


def source_type(path: Path) -> str | None:
    """What a file says in IPTC's words of how it was made."""
    packet = boxes(path)[XMP].decode("utf-8")
    root = ET.fromstring(packet)
    names = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
    found = root.find("rdf:RDF/rdf:Description", names)
    assert found is not None
    return found.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")


async def test_a_marked_film_says_in_iptcs_words_that_ai_made_it(tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=0.5, options={"movflags": "+faststart"})
    before = film.read_bytes()

    size = provenance.mark(film)

    assert source_type(film) == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert film.read_bytes()[: len(before)] == before
    assert size == film.stat().st_size
    assert (await probe(film)).faststart


def test_notes_of_the_maker_are_carried_over_byte_for_byte(tmp_path: Path) -> None:
    source, target = make_film(tmp_path / "s", seconds=0.5), make_film(tmp_path / "t", seconds=0.5)
    whole = source.read_bytes()
    manifest, packet = bytes(range(256)) * 2000, b"<x:xmpmeta/>"
    head = int.from_bytes(whole[:4], "big")
    source.write_bytes(whole[:head] + box(C2PA, manifest) + whole[head:] + box(XMP, packet) + box(bytes(16), b"else"))

    size = provenance.carry(source, Container.MP4, target)

    assert boxes(target) == {C2PA: manifest, XMP: packet}
    assert size == target.stat().st_size


@pytest.mark.parametrize("container", [Container.MP4, Container.MATROSKA])
def test_where_the_maker_wrote_nothing_the_film_is_marked(tmp_path: Path, container: Container) -> None:
    source = make_film(tmp_path / "s", seconds=0.5, container=container.value)
    target = make_film(tmp_path / "t", seconds=0.5)

    provenance.carry(source, container, target)

    assert source_type(target) == provenance.DIGITAL_SOURCE


def test_a_note_that_was_cut_short_is_not_carried_over(tmp_path: Path) -> None:
    source, target = make_film(tmp_path / "s", seconds=0.5), make_film(tmp_path / "t", seconds=0.5)
    source.write_bytes(source.read_bytes() + box(C2PA, b"x" * 100)[:-50])

    provenance.carry(source, Container.MP4, target)

    assert boxes(target).keys() == {XMP}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(TemporaryFileError):
        provenance.mark(Path("/dev/full"))


def test_a_target_that_was_removed_meanwhile_is_not_made_anew(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    with pytest.raises(TemporaryFileError):
        provenance.mark(gone)

    assert not gone.exists()
