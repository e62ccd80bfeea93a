"""What of a request may be left out, because it harms nobody if a model has no word for it, and how that is told."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.catalogue.schema import Entry, Option, Resolutions, Route, Sound
from bot.catalogue.settle import OPTION_NAMES, choose_route
from bot.domain.request import VideoRequest
from bot.domain.sentence import N_, Sentence

HARMLESS: frozenset[Option] = frozenset({"seed", "watermark"})
"""Without these it is the same video. A shape joins them where a picture decides it."""

_FOLLOWS = N_("{model} follows the picture's shape; your orientation was ignored.")
_NO_CHOICE = N_("{model} does not let you choose {option}; yours was ignored.")
_NOT_OFFERED = N_("{model} does not offer {choice}, so that was left out.")
_USUAL = N_("{choice} was chosen for another model; {model} makes its usual {usual}.")
_SEED = N_("seed {seed}")


def without_harmless(
    entry: Entry, request: VideoRequest, *, gives_way: bool = False
) -> tuple[VideoRequest, Mapping[Option, Sentence]]:
    """The request without what is only ignored, and for each such option the sentence that says so.

    `gives_way`: it was chosen for another model, so that also what the form can't change is left out. Raises a
    RefusalError where no route takes what is given.
    """
    told = dict(_ignored(entry, choose_route(entry, request), request, gives_way=gives_way))
    left = replace(
        request,
        aspect=None if "aspect" in told else request.aspect,
        resolution=None if "resolution" in told else request.resolution,
        audio=None if "audio" in told else request.audio,
        seed=None if "seed" in told else request.seed,
        watermark=None if "watermark" in told else request.watermark,
        negative=None if "negative" in told else request.negative,
    )
    return left, told


def _ignored(
    entry: Entry, route: Route, request: VideoRequest, *, gives_way: bool
) -> Iterator[tuple[Option, Sentence]]:
    asked: dict[Option, object] = {
        "aspect": request.aspect,
        "resolution": request.resolution,
        "seed": request.seed,
        "watermark": request.watermark,
        "negative": request.negative,
        # A model that never or always has it refuses, or gives way, in other words.
        "audio": request.audio if "audio" in route.lacks else None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    # A settled request names also what nobody has chosen.
    own: dict[Option, object] = {"audio": entry.sound_default}
    if entry.resolutions:
        own["resolution"] = entry.resolutions.default
    lacking = [name for name in given if name not in entry.options or name in route.lacks]
    for option in lacking:
        if option == "aspect" and request.image is not None:
            yield option, Sentence(_FOLLOWS, {"model": entry.title})
        elif option in HARMLESS or gives_way or own.get(option) == given[option]:
            yield option, Sentence(_NO_CHOICE, {"model": entry.title, "option": OPTION_NAMES[option]})
    if gives_way:
        yield from _unsuited(entry, request, lacking)


def _unsuited(entry: Entry, request: VideoRequest, lacking: list[Option]) -> Iterator[tuple[Option, Sentence]]:
    """Values that another model took, of options that this one has too."""
    choices: dict[Option, Sentence] = {}
    offered, resolution, seed, negative = entry.resolutions, request.resolution, request.seed, request.negative or ""
    if offered and resolution is not None and resolution not in offered.choices and "resolution" not in lacking:
        yield "resolution", _other_resolution(entry.title, resolution, offered)
    if entry.seed and seed is not None and not entry.seed.min <= seed <= entry.seed.max:
        choices["seed"] = Sentence(_SEED, {"seed": str(seed)})
    if entry.negative_limit is not None and len(negative) > entry.negative_limit:
        choices["negative"] = Sentence(N_("a negative prompt of this length"))
    if request.audio is (entry.sound is Sound.NEVER) and entry.sound is not Sound.OPTIONAL:
        choices["audio"] = Sentence(N_("videos with sound") if request.audio else N_("videos without sound"))
    for option, choice in choices.items():
        if option not in lacking:
            yield option, Sentence(_NOT_OFFERED, {"model": entry.title, "choice": choice})


def _other_resolution(model: str, chosen: str, offered: Resolutions) -> Sentence:
    if chosen.casefold() in map(str.casefold, offered.choices):
        # It is written in other letters there, so nobody may be told that it is not offered.
        return Sentence(_USUAL, {"model": model, "choice": chosen, "usual": offered.default})
    return Sentence(_NOT_OFFERED, {"model": model, "choice": chosen})
