"""Says in a file that was changed that it was made by AI: the notes of the source are carried over, or one is written.

Sources: C2PA specification 2.1, A.5 (its box in ISO files); XMP specification, part 3 (its box in MPEG-4 files); IPTC's
list of digital sources. A C2PA manifest that is carried over still names who made the video, but the hash in it is
of the file as it was: a verifier finds the manifest and says that the file was changed since.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from bot.media.containers import Box, Container, top_level_boxes
from bot.media.errors import TemporaryFileError

C2PA = UUID("d8fec3d6-1b0e-483c-9297-5828877ec481").bytes
XMP = UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes

DIGITAL_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

_NOTE = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
Iptc4xmpExt:DigitalSourceType="{DIGITAL_SOURCE}"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()

_PIECE_BYTES = 256 << 10


def mark(target: Path) -> int:
    """Append to an MP4 what says in IPTC's words that AI has made it; no offset in it moves. The answer is its size.

    Raises:
        TemporaryFileError: the disk did not take it.
    """
    return _append(target, [_box(XMP, _NOTE)])


def carry(source: Path, container: Container, target: Path) -> int:
    """Append the source's notes of its origin to the rewrapped `target`, byte for byte; where it has none, as `mark`.

    The answer is the size of the target.

    Raises:
        TemporaryFileError: the disk did not take them.
    """
    boxes = list(_notes(source)) if container in {Container.MP4, Container.MOV} else []
    if not boxes:
        return mark(target)
    return _append(target, _pieces(source, boxes))


def _notes(path: Path) -> Iterator[Box]:
    size = path.stat().st_size
    with path.open("rb") as file:
        for box in top_level_boxes(path):
            if box.kind != b"uuid" or box.end > size:
                continue
            file.seek(box.start)
            head = file.read(32)
            at = 16 if head[:4] == b"\0\0\0\1" else 8
            if head[at : at + 16] in {C2PA, XMP}:
                yield box


def _pieces(path: Path, boxes: list[Box]) -> Iterator[bytes]:
    with path.open("rb") as file:
        for box in boxes:
            file.seek(box.start)
            for start in range(box.start, box.end, _PIECE_BYTES):
                yield file.read(min(_PIECE_BYTES, box.end - start))


def _box(name: bytes, content: bytes) -> bytes:
    return (24 + len(content)).to_bytes(4, "big") + b"uuid" + name + content


def _append(target: Path, pieces: Iterable[bytes]) -> int:
    try:
        # Not for appending, which would make a file anew that was removed while its thread waited.
        with target.open("r+b") as file:
            file.seek(0, os.SEEK_END)
            for piece in pieces:
                file.write(piece)
            return file.tell()
    except OSError as exc:
        raise TemporaryFileError from exc
