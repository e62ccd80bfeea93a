"""The files of an order: looked at, kept and lent."""

import asyncio
import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal

from bot.catalogue.pictures import check_picture
from bot.catalogue.schema import PictureInput
from bot.domain.inputs import NO_INPUTS, Inputs
from bot.domain.request import CharacterClip, VideoRequest
from bot.media.attachments import Attachment, Attachments, CheckedClip
from bot.media.clips import ClipRange, parse_range
from bot.media.errors import AttachmentGoneError
from bot.media.links import LinkKind, check_member_link
from bot.orders.draft import Draft, Quote
from bot.orders.errors import ClipLinkError, OneLinkAtATimeError
from bot.orders.lending import Borrowing, Lendable, Lender, LentKind
from bot.orders.wish import EXPECTED

_PICTURES: dict[LentKind, PictureInput] = {LentKind.PICTURE: "image", LentKind.LAST_PICTURE: "last_image"}
LINKS_AT_ONCE = 2
"""Members choose the server behind a link: if it never ends, there is still room for what is attached."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Looks at what members attach and link, keeps it, and lends what was kept before."""

    attachments: Attachments
    lender: Lender
    _links: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LINKS_AT_ONCE))
    _fetching: set[int] = field(default_factory=set)

    async def look(self, quote: Quote, borrowing: Borrowing) -> Quote:
        """The quote with its inputs, checked, and their addresses. Raises the refusal of whatever is wrong."""
        request, inputs = await self._pictures(quote)
        if quote.model.clip is not None and quote.model.clip.cut:
            lent = (*quote.lent, *await self._piece(quote))
        else:
            lent = quote.lent
            request, inputs = await self._clip(quote.draft, request, inputs)
        await self._check_kept_pictures(quote)
        # Last, because it is seen from outside: nothing is handed out for an order that is refused anyway.
        quote.model.settle(_with_expected(request, lent))
        for file in lent:
            address = await self.lender.lend(file, borrowing)
            request, inputs = with_lent(request, inputs, file, address)
            if file.character_id is None and file.owner_id != quote.asker.user_id:
                inputs = replace(inputs, owners={**inputs.owners, file.name: file.owner_id})
        return replace(quote, request=quote.model.settle(request), inputs=inputs)

    async def _pictures(self, quote: Quote) -> tuple[VideoRequest, Inputs]:
        draft, request, inputs = quote.draft, quote.request, quote.inputs
        if draft.image_url is not None:
            request = replace(request, image=await check_member_link(draft.image_url, kind=LinkKind.PICTURE))
        if draft.last_image_url is not None:
            link = await check_member_link(draft.last_image_url, kind=LinkKind.PICTURE)
            request = replace(request, last_image=link)
        if draft.image is not None:
            picture = await self.attachments.picture(draft.image)
            check_picture(quote.model, "image", picture.picture.width, picture.picture.height)
            request, inputs = replace(request, image=picture.url), replace(inputs, picture=picture.kept)
        if draft.last_image is not None:
            picture = await self.attachments.picture(draft.last_image)
            check_picture(quote.model, "last_image", picture.picture.width, picture.picture.height)
            request, inputs = replace(request, last_image=picture.url), replace(inputs, last_picture=picture.kept)
        return request, inputs

    async def _check_kept_pictures(self, quote: Quote) -> None:
        """Raise the refusal for a kept picture that was good enough for another model."""
        for file in quote.lent:
            name = _PICTURES.get(file.kind)
            if name is None:
                continue
            picture = await self.attachments.kept_picture(file.name)
            if picture is not None:
                check_picture(quote.model, name, picture.width, picture.height)

    async def _piece(self, quote: Quote) -> tuple[Lendable, ...]:
        """The chosen seconds of a clip as a file of our own, for a model that would take all of it."""
        draft, owner_id = quote.draft, quote.asker.user_id
        chosen = parse_range(draft.clip_range)
        if draft.clip_url is not None:
            link = await check_member_link(draft.clip_url, kind=LinkKind.CLIP)
            piece = await self._linked(Attachment(link, "", 0), chosen, owner_id)
        elif draft.clip is not None:
            piece = await self.attachments.clip(draft.clip, chosen)
        else:
            return ()
        return (Lendable(LentKind.CLIP, piece.kept, owner_id, piece.kept_seconds),)

    async def _linked(self, clip: Attachment, chosen: ClipRange, user_id: int) -> CheckedClip:
        if user_id in self._fetching:
            raise OneLinkAtATimeError
        self._fetching.add(user_id)
        try:
            async with self._links:
                return await self.attachments.clip(clip, chosen)
        except AttachmentGoneError as error:
            raise ClipLinkError from error
        finally:
            self._fetching.discard(user_id)

    async def _clip(self, draft: Draft, request: VideoRequest, inputs: Inputs) -> tuple[VideoRequest, Inputs]:
        chosen = parse_range(draft.clip_range)
        if draft.clip_url is not None:
            link = await check_member_link(draft.clip_url, kind=LinkKind.CLIP)
            request = replace(request, character=CharacterClip(link, *chosen.fit(None)))
        if draft.clip is not None:
            clip = await self.attachments.clip(draft.clip, chosen)
            request = replace(request, character=CharacterClip(clip.url, clip.start, clip.end))
            inputs = replace(inputs, clip=clip.kept, clip_seconds=clip.kept_seconds)
        return request, inputs


def _with_expected(request: VideoRequest, lent: tuple[Lendable, ...]) -> VideoRequest:
    """The request as it will be once all files are lent."""
    for file in lent:
        request, _ = with_lent(request, NO_INPUTS, file, EXPECTED)
    return request


def with_lent(request: VideoRequest, inputs: Inputs, file: Lendable, address: str) -> tuple[VideoRequest, Inputs]:
    """A request and its inputs with a kept file at the address where it is lent."""
    match file.kind:
        case LentKind.PICTURE:
            return replace(request, image=address), replace(inputs, picture=file.name)
        case LentKind.LAST_PICTURE:
            return replace(request, last_image=address), replace(inputs, last_picture=file.name)
        case LentKind.CLIP:
            request = replace(request, character=CharacterClip(address, Decimal(0), file.seconds or Decimal(1)))
            if file.character_id is not None:
                return request, replace(inputs, character_id=file.character_id)
            return request, replace(inputs, clip=file.name, clip_seconds=file.seconds)


def fingerprint(quote: Quote) -> str:
    """The same for the same wish: kept files by their content, whatever address they have this time."""
    request, inputs = quote.request, quote.inputs
    wish = asdict(request) | {
        "image": inputs.picture or request.image,
        "last_image": inputs.last_picture or request.last_image,
        "character": inputs.character_id or inputs.clip or (request.character and asdict(request.character)),
    }
    told = [quote.asker.guild_id, quote.model.id, quote.draft.private, quote.draft.spoiler, wish]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]
