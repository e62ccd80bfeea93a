"""What a draft asks of a model, before any of its files has been looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.catalogue.leeway import without_harmless
from bot.catalogue.model import Model
from bot.catalogue.schema import Option
from bot.domain.character import Character
from bot.domain.job import Job
from bot.domain.preferences import Preferences
from bot.domain.request import CharacterClip, VideoRequest
from bot.domain.sentence import Sentence
from bot.orders.draft import Draft
from bot.orders.errors import KeptClipLengthError, RangeWithoutClipError, TwoClipsError, TwoPicturesError
from bot.orders.lending import Lendable, LentKind

EXPECTED = "kept:"
"""Stands for an address that is not known yet: which inputs there are decides the endpoint and the price."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A settled request, and a sentence for each thing that somebody chose and the model has no word for."""

    request: VideoRequest
    ignored: tuple[Sentence, ...] = ()


def wish_of(
    draft: Draft, model: Model, preferences: Preferences, original: Job | None = None, *, watermark: bool
) -> Wish:
    """The order that a draft stands for. Raises the RefusalError that says what the model makes instead.

    `watermark`: whether there may be one unless the member decides: then the model says; `original`: the video that is
    changed.
    """
    asked = request_of(draft, model, preferences, watermark=watermark)
    expected = _with_expected(asked, draft, model, original)
    left, sentences = without_harmless(model, expected, gives_way=draft.gives_way)
    # What the server or a preference wants is nothing that its member has to hear of each time.
    own: dict[Option, bool] = {
        "aspect": draft.aspect is not None,
        "watermark": draft.watermark not in {None, watermark},
    }
    return Wish(model.settle(left), tuple(told for option, told in sentences.items() if own.get(option, True)))


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
        watermark=(None if watermark else False) if draft.watermark is None else draft.watermark,
        negative=draft.negative,
    )


def _with_expected(request: VideoRequest, draft: Draft, model: Model, original: Job | None) -> VideoRequest:
    """The request as it would be if all that is given turns out right."""
    kept = draft.kept
    picture = (draft.image, draft.image_url, kept.picture)
    last = (draft.last_image, draft.last_image_url, kept.last_picture)
    clip = (draft.clip, draft.clip_url, draft.character_id, kept.clip)
    seconds = model.clip.min_seconds if model.clip else Decimal(1)
    return replace(
        request,
        image=EXPECTED if any(given is not None for given in picture) else None,
        last_image=EXPECTED if any(given is not None for given in last) else None,
        character=CharacterClip(EXPECTED, Decimal(0), seconds) if any(given is not None for given in clip) else None,
        parent_task=None if draft.remix_of is None else _task_of(original),
        parent_seconds=draft.remix_seconds if original is None else original.request.duration,
    )


def _task_of(original: Job | None) -> str:
    return EXPECTED if original is None or original.task is None else original.task.task_id


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


def check_lent(model: Model, lent: Sequence[Lendable]) -> None:
    """Raise KeptClipLengthError for a kept clip that the model doesn't take: no other range of it is kept."""
    if model.clip is None:
        return
    for file in lent:
        seconds = file.seconds
        if seconds is not None and not model.clip.min_seconds <= seconds <= model.clip.max_seconds:
            raise KeptClipLengthError(
                model=model.title,
                seconds=seconds,
                shortest=model.clip.min_seconds,
                longest=model.clip.max_seconds,
            )
