"""From what a person asked for to what a model will make: the route, the defaults, and every refusal."""

from dataclasses import replace

from bot.catalogue import errors
from bot.catalogue.schema import Choice, Condition, Entry, Input, Option, Route, Sound
from bot.domain.errors import RefusalError
from bot.domain.request import VideoRequest
from bot.domain.sentence import N_, Sentence

INPUT_NAMES: dict[Input, Sentence] = {
    "image": Sentence(N_("a picture")),
    "last_image": Sentence(N_("a last picture")),
    "character": Sentence(N_("a character clip")),
    "parent_task": Sentence(N_("a finished video to remix")),
}
OPTION_NAMES: dict[Option, Sentence] = {
    "duration": Sentence(N_("a length")),
    "aspect": Sentence(N_("an orientation")),
    "resolution": Sentence(N_("a resolution")),
    "audio": Sentence(N_("sound")),
    "seed": Sentence(N_("a seed")),
    "watermark": Sentence(N_("a watermark")),
    "negative": Sentence(N_("a negative prompt")),
}


def settle(entry: Entry, request: VideoRequest) -> VideoRequest:
    """The request with every default filled in; what the chosen route lacks stays None.

    Settling twice changes nothing. Raises a RefusalError that says what the model offers instead.
    """
    route = choose_route(entry, request)
    _check_texts(entry, request)
    _check_clip(entry, request)
    _check_lacks(entry, route, request)
    settled = _with_defaults(entry, route, request)
    _check_values(entry, settled)
    _check_rules(entry, settled)
    return settled


def choose_route(entry: Entry, request: VideoRequest) -> Route:
    """The first route whose needs are given and that takes all that is given."""
    given = given_inputs(request)
    for route in entry.routes:
        if set(route.needs) <= given <= route.inputs:
            return route
    raise _no_route(entry, given)


def given_inputs(request: VideoRequest) -> frozenset[Input]:
    """Which inputs a request has."""
    inputs: dict[Input, object] = {
        "image": request.image,
        "last_image": request.last_image,
        "character": request.character,
        "parent_task": request.parent_task,
    }
    return frozenset(name for name, value in inputs.items() if value is not None)


def matches(choice: Choice, request: VideoRequest) -> bool:
    """Whether a request is inside a choice or condition."""
    if isinstance(choice, Condition) and not set(choice.given) <= given_inputs(request):
        return False
    if choice.audio is not None and request.audio is not choice.audio:
        return False
    return (
        (choice.duration is None or request.seconds in choice.duration)
        and (choice.aspect is None or request.aspect in choice.aspect)
        and (choice.resolution is None or request.resolution in choice.resolution)
    )


def _names(inputs: frozenset[Input] | set[Input]) -> tuple[Sentence, ...]:
    return tuple(name for input_, name in INPUT_NAMES.items() if input_ in inputs)


def _no_route(entry: Entry, given: frozenset[Input]) -> RefusalError:
    unusable = given - frozenset[Input]().union(*(route.inputs for route in entry.routes))
    if unusable:
        return errors.InputNotTakenError(model=entry.title, inputs=_names(unusable))
    roomy = [route for route in entry.routes if given <= route.inputs]
    if not roomy:
        return errors.InputsNotTakenTogetherError(model=entry.title, inputs=_names(given))
    missing = min((set(route.needs) - given for route in roomy), key=len)
    if not given:
        return errors.InputMissingError(model=entry.title, inputs=_names(missing))
    return errors.CompanionMissingError(model=entry.title, inputs=_names(given), missing=_names(missing))


def _check_texts(entry: Entry, request: VideoRequest) -> None:
    if not request.prompt.strip():
        raise errors.PromptMissingError
    if len(request.prompt) > entry.prompt_limit:
        raise errors.PromptTooLongError(model=entry.title, length=len(request.prompt), limit=entry.prompt_limit)
    negative = request.negative or ""
    if entry.negative_limit and len(negative) > entry.negative_limit:
        raise errors.NegativeTooLongError(model=entry.title, length=len(negative), limit=entry.negative_limit)


def _check_clip(entry: Entry, request: VideoRequest) -> None:
    if request.character is None or entry.clip is None:
        return
    seconds = request.character.end - request.character.start
    if not entry.clip.min_seconds <= seconds <= entry.clip.max_seconds:
        raise errors.ClipLengthError(model=entry.title, shortest=entry.clip.min_seconds, longest=entry.clip.max_seconds)


def _asked(request: VideoRequest) -> dict[Option, object]:
    # A watermark is the server's wish, not the member's: where a model has none, it is no reason to refuse.
    options: dict[Option, object] = {
        "duration": request.duration,
        "aspect": request.aspect,
        "resolution": request.resolution,
        "seed": request.seed,
        "negative": request.negative,
    }
    return {name: value for name, value in options.items() if value is not None}


def _check_lacks(entry: Entry, route: Route, request: VideoRequest) -> None:
    for option in _asked(request):
        if option not in entry.options:
            raise errors.OptionNotOfferedError(model=entry.title, option=OPTION_NAMES[option])
        if option in route.lacks:
            raise _lacking(entry, option, request)
    if request.audio is not None and "audio" in route.lacks:
        raise _lacking(entry, "audio", request)
    if request.audio is False and entry.sound is Sound.ALWAYS:
        raise errors.SilenceNotOfferedError(model=entry.title)
    if request.audio is True and entry.sound is Sound.NEVER:
        raise errors.SoundNotOfferedError(model=entry.title)


def _lacking(entry: Entry, option: Option, request: VideoRequest) -> RefusalError:
    inputs = _names(given_inputs(request))
    if not inputs:
        return errors.OptionNotOfferedError(model=entry.title, option=OPTION_NAMES[option])
    return errors.OptionNotWithInputError(model=entry.title, option=OPTION_NAMES[option], inputs=inputs)


def _with_defaults(entry: Entry, route: Route, request: VideoRequest) -> VideoRequest:
    settled = request
    if settled.duration is None and "duration" not in route.lacks:
        settled = replace(settled, duration=entry.durations.default)
    if settled.aspect is None and entry.aspects and "aspect" not in route.lacks:
        settled = replace(settled, aspect=entry.aspects.choices[entry.aspects.default])
    if settled.resolution is None and entry.resolutions and "resolution" not in route.lacks:
        settled = replace(settled, resolution=entry.resolutions.default)
    if settled.audio is None and "audio" not in route.lacks:
        settled = replace(settled, audio=entry.sound is Sound.ALWAYS or entry.sound_default)
    if entry.watermark is None or "watermark" in route.lacks:
        return replace(settled, watermark=None)
    return replace(settled, watermark=entry.watermark if settled.watermark is None else settled.watermark)


def _check_values(entry: Entry, request: VideoRequest) -> None:
    lengths = entry.durations.values
    if request.duration is not None and request.duration not in lengths:
        if entry.durations.is_range:
            raise errors.DurationOutOfRangeError(
                model=entry.title, duration=request.duration, shortest=lengths[0], longest=lengths[-1]
            )
        raise errors.DurationNotOfferedError(model=entry.title, duration=request.duration, durations=lengths)
    if entry.aspects and request.aspect is not None and request.aspect not in entry.aspects.choices.values():
        raise errors.AspectNotOfferedError(
            model=entry.title, aspect=request.aspect, aspects=tuple(entry.aspects.choices)
        )
    offered = entry.resolutions.choices if entry.resolutions else ()
    if request.resolution is not None and request.resolution not in offered:
        raise errors.ResolutionNotOfferedError(model=entry.title, resolution=request.resolution, resolutions=offered)
    if entry.seed and request.seed is not None and not entry.seed.min <= request.seed <= entry.seed.max:
        raise errors.SeedOutOfRangeError(model=entry.title, lowest=entry.seed.min, highest=entry.seed.max)


def _check_rules(entry: Entry, request: VideoRequest) -> None:
    for rule in entry.rules:
        if matches(rule.when, request) and not matches(rule.only, request):
            raise errors.CombinationNotOfferedError(model=entry.title, given=_told(rule.when), offered=_told(rule.only))


def _told(choice: Choice) -> tuple[object, ...]:
    lengths = tuple(f"{seconds} s" for seconds in choice.duration or ())
    sound = () if choice.audio is None else (_SOUND[choice.audio],)
    return (*(choice.resolution or ()), *(choice.aspect or ()), *lengths, *sound)


_SOUND = {True: Sentence(N_("with sound")), False: Sentence(N_("without sound"))}
