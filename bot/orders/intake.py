"""What an order is made of: the request that a draft stands for, and its files, looked at, kept and lent."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from bot.catalogue.model import Model
from bot.domain.character import Character
from bot.domain.inputs import Inputs
from bot.domain.job import Job
from bot.domain.preferences import Preferences
from bot.domain.request import CharacterClip, VideoRequest
from bot.media.attachments import Attachments
from bot.media.clips import parse_range
from bot.media.links import LinkKind, check_member_link
from bot.orders.draft import Draft, Quote
from bot.orders.errors import RangeWithoutClipError, TwoClipsError, TwoPicturesError
from bot.orders.lending import Borrowing, Lendable, Lender, LentKind

_EXPECTED = "kept:"
"""Stands for an address that is not known yet: which inputs there are decides the endpoint and the price."""


def request_of(draft: Draft, model: Model, preferences: Preferences, *, watermark: bool) -> VideoRequest:
    """The draft's words and choices, with the member's own defaults where the model offers them; no files yet."""
    if draft.image is not None and draft.image_url is not None:
        raise TwoPicturesError
    if sum(given is not None for given in (draft.clip, draft.clip_url, draft.character_id)) > 1:
        raise TwoClipsError
    if draft.clip_range is not None and draft.clip is None and draft.clip_url is None:
        raise RangeWithoutClipError
    duration, aspect = draft.duration, model.aspect_of(draft.aspect)
    # What a member always wants is only for new videos: the others say all that they are.
    if draft.remix_of is None and draft.repeats is None:
        if duration is None and preferences.duration in model.durations.values:
            duration = preferences.duration
        if aspect is None and preferences.aspect in model.orientations.values():
            aspect = preferences.aspect
    return VideoRequest(
        draft.prompt,
        duration,
        aspect,
        resolution=draft.resolution,
        audio=draft.audio,
        seed=draft.seed,
        watermark=watermark if draft.watermark is None else draft.watermark,
        negative=draft.negative,
    )


def with_expected(
    request: VideoRequest, draft: Draft, lent: tuple[Lendable, ...], model: Model, original: Job | None
) -> VideoRequest:
    """The request as it would be if all that is given turns out right."""
    kinds = {file.kind for file in lent}
    picture = draft.image is not None or draft.image_url is not None or LentKind.PICTURE in kinds
    last = draft.last_image is not None or draft.last_image_url is not None or LentKind.LAST_PICTURE in kinds
    clip = draft.clip is not None or draft.clip_url is not None or LentKind.CLIP in kinds
    seconds = model.clip.min_seconds if model.clip else Decimal(1)
    return replace(
        request,
        image=_EXPECTED if picture else None,
        last_image=_EXPECTED if last else None,
        character=CharacterClip(_EXPECTED, Decimal(0), Decimal(seconds)) if clip else None,
        parent_task=original.task.task_id if original is not None and original.task is not None else None,
    )


def lent_files(draft: Draft, character: Character | None) -> tuple[Lendable, ...]:
    """The kept files that a draft needs: what it takes over and nothing new has replaced."""
    kept, files = draft.kept, list[Lendable]()
    if kept.picture is not None and draft.image is None and draft.image_url is None:
        files.append(Lendable(LentKind.PICTURE, kept.picture, kept.owners[kept.picture]))
    if kept.last_picture is not None and draft.last_image is None and draft.last_image_url is None:
        owner_id = kept.owners[kept.last_picture]
        files.append(Lendable(LentKind.LAST_PICTURE, kept.last_picture, owner_id))
    if character is not None:
        clip = Lendable(LentKind.CLIP, character.file, character.owner_id, character.seconds, character.id)
        files.append(clip)
    elif kept.clip is not None and draft.clip is None and draft.clip_url is None:
        files.append(Lendable(LentKind.CLIP, kept.clip, kept.owners[kept.clip], kept.clip_seconds))
    return tuple(files)


@dataclass(frozen=True, slots=True)
class Intake:
    """Looks at what members attach and link, keeps it, and lends what was kept before."""

    attachments: Attachments
    lender: Lender

    async def look(self, quote: Quote, borrowing: Borrowing) -> Quote:
        """The quote with its inputs, checked, and their addresses. Raises the refusal of whatever is wrong."""
        request, inputs = await self._pictures(quote)
        request, inputs = await self._clip(quote.draft, request, inputs)
        # Last, because it is seen from outside: nothing is handed out for an order that is refused anyway.
        for file in quote.lent:
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
            request, inputs = replace(request, image=picture.url), replace(inputs, picture=picture.kept)
        if draft.last_image is not None:
            picture = await self.attachments.picture(draft.last_image)
            request, inputs = replace(request, last_image=picture.url), replace(inputs, last_picture=picture.kept)
        return request, inputs

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
