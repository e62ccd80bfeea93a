"""What members attach is judged before anything is paid."""

import struct
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web

from bot.media.attachments import CLIP_LIMIT_BYTES, PICTURE_LIMIT_BYTES, Attachment, Attachments
from bot.media.clips import ClipRange, parse_range
from bot.media.cut import Cutter
from bot.media.errors import (
    AttachmentGoneError,
    ClipRangeError,
    ClipTooLargeError,
    NotAClipError,
    NotAPictureError,
    PictureNameError,
    PictureTooLargeError,
    PictureTypeError,
)
from bot.media.kept import KeptFiles
from bot.media.pictures import Picture, PictureKind
from bot.media.probe import Kind, Prober
from bot.media.transport import host_and_port
from tests.bot.media.conftest import Handler, Serve
from tests.bot.media.films import jpeg, make_film, make_sound, png


class Desk:
    """A local Discord's file server, and the attachments that it serves."""

    def __init__(self, serve: Serve, directory: Path) -> None:
        self.serve = serve
        self.directory = directory / "tmp"
        self.inputs = directory / "inputs"
        self.kept = KeptFiles(self.inputs)
        self.asked = 0

    async def attach(self, content: bytes, name: str, size: int | None = None) -> tuple[Attachments, Attachment]:
        return await self.attach_from(self._serving(content), name, len(content) if size is None else size)

    async def attach_from(self, handler: Handler, name: str, size: int) -> tuple[Attachments, Attachment]:
        base = await self.serve(handler)
        attachments = Attachments(
            self.directory,
            Prober(),
            kept=self.kept,
            cutter=Cutter(),
            allowed_hosts=frozenset({host_and_port(base)}),
        )
        return attachments, Attachment(f"{base}attachments/1/2/{name}?ex=1&hm=2", name, size)

    def _serving(self, content: bytes) -> Handler:
        async def handler(_: web.Request) -> web.StreamResponse:
            self.asked += 1
            return web.Response(body=content)

        return handler


@pytest.fixture
def desk(serve: Serve, tmp_path: Path) -> Desk:
    return Desk(serve, tmp_path)


@pytest.mark.parametrize(
    ("content", "name", "picture"),
    [
        (png(640, 360), "a.png", Picture(PictureKind.PNG, 640, 360)),
        (jpeg(64, 48), "a.JPG", Picture(PictureKind.JPEG, 64, 48)),
        (jpeg(64, 48), "a.jpeg", Picture(PictureKind.JPEG, 64, 48)),
    ],
)
async def test_a_picture_passes_with_the_address_that_discord_gave(
    desk: Desk, content: bytes, name: str, picture: Picture
) -> None:
    attachments, attachment = await desk.attach(content, name)

    checked = await attachments.picture(attachment)

    assert (checked.url, checked.picture) == (attachment.url, picture)
    assert list(desk.directory.iterdir()) == []


@pytest.mark.parametrize(("content", "name", "suffix"), [(png(), "a.jpg", ".png"), (jpeg(), "a.png", ".jpg")])
async def test_a_picture_is_kept_as_it_is_under_the_ending_of_its_content(
    desk: Desk, content: bytes, name: str, suffix: str
) -> None:
    attachments, attachment = await desk.attach(content, name)

    checked = await attachments.picture(attachment)

    path = desk.kept.path(checked.kept)
    assert path is not None
    assert path.read_bytes() == content
    assert path.suffix == suffix


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"GIF89a" + bytes(100), "GIF"),
        (b"RIFF\x00\x00\x00\x00WEBP" + bytes(100), "WebP"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(100), "video"),
    ],
)
async def test_a_picture_of_another_kind_is_refused_by_its_content_and_named(
    desk: Desk, content: bytes, found: str
) -> None:
    attachments, attachment = await desk.attach(content, "a.png")

    with pytest.raises(PictureTypeError) as refusal:
        await attachments.picture(attachment)

    assert refusal.value.sentence.params == {"found": found}
    assert list(desk.directory.iterdir()) == []


@pytest.mark.parametrize("content", [b"hello", png()[:20], b"\xff\xd8\xff\xd9"])
async def test_a_file_that_is_no_picture_or_a_damaged_one_is_refused(desk: Desk, content: bytes) -> None:
    attachments, attachment = await desk.attach(content, "a.png")

    with pytest.raises(NotAPictureError):
        await attachments.picture(attachment)


async def test_a_good_picture_under_a_name_that_gateways_refuse_is_told_so(desk: Desk) -> None:
    attachments, attachment = await desk.attach(png(), "a.bin")

    with pytest.raises(PictureNameError):
        await attachments.picture(attachment)

    assert not desk.inputs.exists()


async def test_a_picture_that_is_declared_too_large_is_not_even_fetched(desk: Desk) -> None:
    attachments, attachment = await desk.attach(png(), "a.png", PICTURE_LIMIT_BYTES + 1)

    with pytest.raises(PictureTooLargeError) as refusal:
        await attachments.picture(attachment)

    assert refusal.value.sentence.params == {"limit": 10}
    assert desk.asked == 0


async def test_a_picture_that_is_larger_than_declared_is_refused(desk: Desk) -> None:
    attachments, attachment = await desk.attach(png() + bytes(PICTURE_LIMIT_BYTES), "a.png", 100)

    with pytest.raises(PictureTooLargeError):
        await attachments.picture(attachment)


@pytest.mark.parametrize("status", [404, 403, 500])
async def test_a_file_that_discord_does_not_hand_out_is_told(desk: Desk, status: int) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    attachments, attachment = await desk.attach_from(handler, "a.png", 100)

    with pytest.raises(AttachmentGoneError):
        await attachments.picture(attachment)
    with pytest.raises(AttachmentGoneError):
        await attachments.clip(attachment, ClipRange())


async def test_an_attachment_at_a_private_address_is_not_fetched(tmp_path: Path) -> None:
    attachments = Attachments(tmp_path, Prober(), kept=KeptFiles(tmp_path), cutter=Cutter())

    with pytest.raises(AttachmentGoneError):
        await attachments.picture(Attachment("http://127.0.0.1:1/a.png", "a.png", 100))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [(None, "0", "2.4"), ("1.4", "1.4", "2.4"), ("0.5-2", "0.5", "2")],
)
async def test_a_clip_passes_with_the_chosen_seconds(
    desk: Desk, tmp_path: Path, text: str | None, start: str, end: str
) -> None:
    film = make_film(tmp_path / "f", seconds=2.4).read_bytes()
    attachments, attachment = await desk.attach(film, "a.mp4")

    checked = await attachments.clip(attachment, parse_range(text))

    assert (checked.url, checked.start, checked.end) == (attachment.url, Decimal(start), Decimal(end))
    assert checked.probe.kind is Kind.VIDEO
    assert list(desk.directory.iterdir()) == []


async def test_of_a_clip_only_the_chosen_seconds_are_kept(desk: Desk, tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=2.4).read_bytes()
    attachments, attachment = await desk.attach(film, "a.mp4")

    checked = await attachments.clip(attachment, parse_range("0.5-1.75"))

    path = desk.kept.path(checked.kept)
    assert path is not None
    assert checked.kept_seconds == Decimal("1.25")
    length = (await Prober().probe(path)).duration_seconds
    assert length is not None
    assert checked.kept_seconds <= length <= checked.kept_seconds + Decimal("0.1")


async def test_a_clip_whose_pictures_can_not_be_decoded_is_no_clip(desk: Desk, tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=2)
    content = bytearray(film.read_bytes())
    start = content.index(b"mdat") + 4
    end = content.index(b"moov") - 4
    content[start:end] = b"\xff" * (end - start)
    attachments, attachment = await desk.attach(bytes(content), "a.mp4")

    with pytest.raises(NotAClipError):
        await attachments.clip(attachment, ClipRange())

    assert not desk.inputs.exists()
    assert list(desk.directory.iterdir()) == []


@pytest.mark.parametrize(("seconds", "text", "shown"), [(2.4, "1-4", "2.4"), (0.5, None, "0.5")])
async def test_seconds_outside_the_clip_are_refused_with_its_length(
    desk: Desk, tmp_path: Path, seconds: float, text: str | None, shown: str
) -> None:
    film = make_film(tmp_path / "f", seconds=seconds).read_bytes()
    attachments, attachment = await desk.attach(film, "a.mp4")

    with pytest.raises(ClipRangeError) as refusal:
        await attachments.clip(attachment, parse_range(text))

    assert refusal.value.sentence.params == {"length": shown}


async def test_a_file_that_is_no_clip_is_refused_by_its_first_bytes(desk: Desk) -> None:
    attachments, attachment = await desk.attach(png(), "a.mp4")

    with pytest.raises(NotAClipError):
        await attachments.clip(attachment, ClipRange())


async def test_a_damaged_clip_is_refused_by_its_streams(desk: Desk) -> None:
    damaged = b"\x00\x00\x00\x14ftypisom" + struct.pack(">I", 0) + b"isom" + b"\xff" * 500
    attachments, attachment = await desk.attach(damaged, "a.mp4")

    with pytest.raises(NotAClipError):
        await attachments.clip(attachment, ClipRange())


async def test_a_clip_that_was_cut_short_is_no_clip(desk: Desk, tmp_path: Path) -> None:
    film = make_film(tmp_path / "f", seconds=2.4).read_bytes()
    attachments, attachment = await desk.attach(film[: len(film) // 2], "a.mp4")

    with pytest.raises(NotAClipError):
        await attachments.clip(attachment, ClipRange())


async def test_sound_alone_is_no_clip(desk: Desk, tmp_path: Path) -> None:
    attachments, attachment = await desk.attach(make_sound(tmp_path / "s").read_bytes(), "a.mp4")

    with pytest.raises(NotAClipError):
        await attachments.clip(attachment, ClipRange())


async def test_a_clip_that_is_declared_too_large_is_not_even_fetched(desk: Desk) -> None:
    attachments, attachment = await desk.attach(b"", "a.mp4", CLIP_LIMIT_BYTES + 1)

    with pytest.raises(ClipTooLargeError):
        await attachments.clip(attachment, ClipRange())

    assert desk.asked == 0
