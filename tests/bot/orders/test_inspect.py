"""Links and files are looked at before anything is paid; what is wrong with them is told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from bot.catalogue.errors import ClipLengthError
from bot.domain.character import Character
from bot.domain.errors import RefusalError
from bot.domain.request import CharacterClip
from bot.locales import Translator
from bot.media.attachments import Attachment, Attachments
from bot.media.cut import Cutter
from bot.media.errors import (
    ClipRangeError,
    ClipSpanError,
    LocalNameError,
    NotAClipError,
    PictureExtensionError,
    PictureTypeError,
    PrivateLinkError,
    RangeFormatError,
)
from bot.media.kept import KeptFiles
from bot.media.probe import Prober
from bot.media.transport import host_and_port
from bot.orders.draft import Draft
from bot.orders.errors import ClipLinkError, KeptClipLengthError, NoServiceError, OneLinkAtATimeError
from bot.orders.intake import Intake
from bot.orders.place import Orders
from bot.store import characters
from tests.bot.media.conftest import Serve
from tests.bot.media.films import make_film, png
from tests.bot.orders.desk import MEMBER, Desk, receipt
from tests.bot.store.records import GUILD, NOW

# An address and no name: nothing has to be looked up.
PICTURE_LINK = "https://93.184.216.34/cat.png?size=2"
CLIP_LINK = "https://93.184.216.34/me.mp4"


async def test_links_are_passed_on_as_they_were_typed(desk: Desk) -> None:
    draft = Draft("a cat", image_url=f" <{PICTURE_LINK}> ", clip_url=CLIP_LINK, clip_range="0:04.5-7")

    checked = await desk.orders.inspect(await desk.quote(draft=draft), receipt())

    assert checked.request.image == PICTURE_LINK
    assert checked.request.character == CharacterClip(CLIP_LINK, Decimal("4.5"), Decimal(7))
    assert (checked.price, checked.request.prompt) == (1500, "a cat")


async def test_a_linked_clip_without_a_range_is_its_first_three_seconds(desk: Desk) -> None:
    draft = Draft("a cat", clip_url=CLIP_LINK)

    checked = await desk.orders.inspect(await desk.quote(draft=draft), receipt())

    assert checked.request.character == CharacterClip(CLIP_LINK, Decimal(0), Decimal(3))


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (Draft("a cat", image_url="https://192.168.0.1/cat.png"), PrivateLinkError),
        (Draft("a cat", image_url="https://localhost/cat.png"), LocalNameError),
        (Draft("a cat", image_url="https://93.184.216.34/cat.gif"), PictureExtensionError),
        (Draft("a cat", clip_url="http://[::1]/me.mp4"), PrivateLinkError),
        (Draft("a cat", clip_url=CLIP_LINK, clip_range="1-9"), ClipSpanError),
        (Draft("a cat", clip_url=CLIP_LINK, clip_range="soon"), RangeFormatError),
    ],
)
async def test_a_link_that_cannot_be_used_is_refused_and_writes_nothing(
    desk: Desk, draft: Draft, refusal: type[RefusalError]
) -> None:
    quote = await desk.quote(draft=draft)
    before = await desk.contents()

    with pytest.raises(refusal):
        await desk.orders.inspect(quote, receipt())

    assert await desk.contents() == before


async def test_a_draft_without_files_and_links_stays_as_it_is(desk: Desk) -> None:
    quote = await desk.quote()

    assert await desk.orders.inspect(quote, receipt()) == quote


async def test_attached_files_are_fetched_and_judged(desk: Desk, serve: Serve, tmp_path: Path) -> None:
    film = make_film(tmp_path / "me.mp4", seconds=2.4).read_bytes()

    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=film if request.path.endswith("mp4") else png())

    base = await serve(handler)
    attachments = Attachments(
        tmp_path / "tmp",
        Prober(),
        kept=KeptFiles(tmp_path / "inputs"),
        cutter=Cutter(),
        allowed_hosts=frozenset({host_and_port(base)}),
    )
    orders = replace(desk.orders, intake=Intake(attachments, desk.lender))
    picture, clip = Attachment(f"{base}a.png", "a.png", 100), Attachment(f"{base}me.mp4", "me.mp4", 1000)
    draft = Draft("a cat", image=picture, clip=clip, clip_range="0.5")
    quote = await orders.quote(MEMBER, draft)

    checked = await orders.inspect(quote, receipt())

    assert checked.request.image == picture.url
    assert checked.request.character == CharacterClip(clip.url, Decimal("0.500"), Decimal("2.400"))
    with pytest.raises(ClipRangeError):
        await orders.inspect(replace(quote, draft=replace(draft, clip_range="1-3")), receipt())
    with pytest.raises(PictureTypeError):
        wrong = Draft("a cat", image=replace(picture, url=f"{base}mp4"))
        await orders.inspect(replace(quote, draft=wrong), receipt())
    with pytest.raises(NotAClipError):
        wrong = Draft("a cat", clip=replace(clip, url=f"{base}png"))
        await orders.inspect(replace(quote, draft=wrong), receipt())


async def test_a_gateway_that_closed_while_files_were_fetched_is_told_before_anything_is_paid(desk: Desk) -> None:
    draft = Draft("a cat", image_url=PICTURE_LINK)
    quote = await desk.quote(draft=draft)
    desk.gateways.mark_bad_key("myrouter")

    with pytest.raises(NoServiceError):
        await desk.orders.inspect(quote, receipt())


SEEDANCE = Draft("a cat", model_id="seedance-2")
"""Its endpoint takes a clip, but no range of it."""


@pytest.fixture
async def cutting(desk: Desk, serve: Serve, tmp_path: Path) -> tuple[Orders, str]:
    """Orders whose clips are fetched from a public name that stands for a server here; the address of a clip of 4 s."""
    film = make_film(tmp_path / "me.mp4", seconds=4).read_bytes()

    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=film) if request.path == "/me.mp4" else web.Response(status=404)

    async def lookup(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    port = URL(await serve(handler)).port
    attachments = Attachments(
        tmp_path / "tmp",
        Prober(),
        kept=desk.kept,
        cutter=Cutter(),
        allowed_hosts=frozenset({f"clips.example:{port}"}),
        lookup=lookup,
    )
    return replace(desk.orders, intake=Intake(attachments, desk.lender)), f"http://clips.example:{port}/me.mp4"


@pytest.mark.parametrize("linked", [False, True])
async def test_a_clip_for_a_model_without_a_range_is_cut_and_lent_by_us(
    desk: Desk, cutting: tuple[Orders, str], *, linked: bool
) -> None:
    orders, address = cutting
    given = {"clip_url": address} if linked else {"clip": Attachment(address, "me.mp4", 1000)}
    draft = replace(SEEDANCE, clip_range="0.5-3", **given)

    checked = await orders.inspect(await orders.quote(MEMBER, draft), receipt())

    ((file, _),) = desk.lender.lent
    assert checked.request.character == CharacterClip(f"https://lent.example/1/{file.name}", Decimal(0), Decimal("2.5"))
    assert (checked.inputs.clip, checked.inputs.clip_seconds) == (file.name, Decimal("2.5"))
    piece = desk.kept.path(file.name)
    assert piece is not None
    length = (await Prober().probe(piece)).duration_seconds
    assert length is not None
    assert Decimal("2.5") <= length <= Decimal("2.6")


@pytest.mark.parametrize("model_id", ["sora-2", "seedance-2"])
async def test_only_a_model_without_a_range_has_a_linked_clip_fetched(
    desk: Desk, cutting: tuple[Orders, str], model_id: str
) -> None:
    orders, address = cutting
    draft = Draft("a cat", model_id=model_id, clip_url=address)

    checked = await orders.inspect(await orders.quote(MEMBER, draft), receipt())

    assert checked.request.character is not None
    assert (checked.request.character.url == address) == (model_id == "sora-2") == (desk.lender.lent == [])


async def test_seconds_that_the_model_does_not_take_are_refused_before_anything_is_lent(
    desk: Desk, cutting: tuple[Orders, str]
) -> None:
    orders, address = cutting
    quote = await orders.quote(MEMBER, replace(SEEDANCE, clip=Attachment(address, "me.mp4", 1000), clip_range="1-2"))

    with pytest.raises(ClipLengthError) as refused:
        await orders.inspect(quote, receipt())

    told = Translator("en-US").text(refused.value.sentence)
    assert told == "Seedance 2 Fast takes 2 to 3 s of a clip. Please choose another range."
    assert desk.lender.lent == []


async def test_a_linked_clip_that_cannot_be_fetched_is_asked_for_as_a_file(
    desk: Desk, cutting: tuple[Orders, str]
) -> None:
    orders, address = cutting
    quote = await orders.quote(MEMBER, replace(SEEDANCE, clip_url=address.replace("me.mp4", "gone.mp4")))

    with pytest.raises(ClipLinkError):
        await orders.inspect(quote, receipt())

    assert desk.lender.lent == []


async def test_a_saved_character_too_short_for_the_model_is_refused_at_once(desk: Desk) -> None:
    fox = Character("f0x0000000", MEMBER.user_id, GUILD, "Fox", f"{'a' * 32}.mp4", Decimal("1.5"), NOW, NOW)
    async with desk.database.write() as tx:
        assert await characters.add(tx, fox)

    with pytest.raises(KeptClipLengthError) as refused:
        await desk.quote(draft=replace(SEEDANCE, character_id=fox.id))

    assert Translator("en-US").text(refused.value.sentence) == (
        "Seedance 2 Fast takes 2 to 3 s of a clip, and this one has 1.5 s. Please choose another model or clip."
    )
    assert (await desk.quote(draft=Draft("a cat", character_id=fox.id))).price == 1500


@pytest.fixture
async def stalling(desk: Desk, serve: Serve, tmp_path: Path) -> AsyncIterator[tuple[Orders, str]]:
    """Orders of clips and pictures from a server that says nothing of its clips until the test ends."""
    ends = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/cat.png":
            return web.Response(body=png())
        await ends.wait()
        return web.Response(status=404)

    async def lookup(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    port = URL(await serve(handler)).port
    hosts = frozenset({f"clips.example:{port}"})
    files = Attachments(tmp_path, Prober(), kept=desk.kept, cutter=Cutter(), allowed_hosts=hosts, lookup=lookup)
    yield replace(desk.orders, intake=Intake(files, desk.lender)), f"http://clips.example:{port}"
    ends.set()


async def test_nobody_has_two_links_fetched_at_once(stalling: tuple[Orders, str]) -> None:
    orders, address = stalling
    quote = await orders.quote(MEMBER, replace(SEEDANCE, clip_url=f"{address}/me.mp4"))

    async with asyncio.TaskGroup() as group:
        first = group.create_task(orders.inspect(quote, receipt()))
        await asyncio.sleep(0.1)
        with pytest.raises(OneLinkAtATimeError):
            await orders.inspect(quote, receipt())
        first.cancel()

    # Whoever gave up is not held by it.
    second = asyncio.create_task(orders.inspect(quote, receipt()))
    await asyncio.sleep(0.1)
    assert not second.done()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def test_links_that_lead_nowhere_keep_no_attached_file_waiting(stalling: tuple[Orders, str]) -> None:
    orders, address = stalling
    linked = await orders.quote(MEMBER, replace(SEEDANCE, clip_url=f"{address}/me.mp4"))
    attached = await orders.quote(MEMBER, Draft("a cat", image=Attachment(f"{address}/cat.png", "cat.png", 10)))
    others = [replace(linked, asker=replace(MEMBER, user_id=number)) for number in range(1, 9)]
    waiting = [asyncio.create_task(orders.inspect(each, receipt())) for each in others]
    await asyncio.sleep(0.2)

    async with asyncio.timeout(60):
        seen = await orders.inspect(attached, receipt())

    assert seen.inputs.picture is not None
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
