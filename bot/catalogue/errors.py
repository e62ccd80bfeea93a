"""What a model does not offer, each with the sentence for the member who asked for it."""

from bot.domain.errors import ClapboardError, RefusalError
from bot.domain.sentence import N_


class CatalogueError(ClapboardError):
    """A catalogue file has faults; `faults` holds one line for each of them."""

    message = N_("The file of models has faults: {faults}")

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults=tuple(faults))
        self.faults = faults


class UnknownModelError(RefusalError):
    """The model is not in the catalogue, or is switched off there."""

    message = N_("{model} is no longer offered. Available: {models}.")


class PromptMissingError(RefusalError):
    """A prompt of nothing but blanks."""

    message = N_("Please describe the video in the prompt.")


class PromptTooLongError(RefusalError):
    """The prompt is longer than this model reads."""

    message = N_("Your prompt has {length} characters; {model} takes at most {limit}. Please shorten it.")


class NegativeTooLongError(RefusalError):
    """The negative prompt is longer than this model reads."""

    message = N_("Your negative prompt has {length} characters; {model} takes at most {limit}. Please shorten it.")


class DurationNotOfferedError(RefusalError):
    """A length that the model does not make; a few lengths are listed."""

    message = N_("{model} does not make {duration} s videos. It offers these lengths in seconds: {durations}.")


class DurationOutOfRangeError(RefusalError):
    """A length outside the range of a model that makes every length between two."""

    message = N_("{model} does not make {duration} s videos. It offers {shortest} to {longest} s.")


class AspectNotOfferedError(RefusalError):
    """An orientation that the model does not make."""

    message = N_("{model} does not make {aspect} videos. It offers: {aspects}.")


class ResolutionNotOfferedError(RefusalError):
    """A resolution that the model does not make."""

    message = N_("{model} does not offer {resolution}. It offers: {resolutions}.")


class SilenceNotOfferedError(RefusalError):
    """A silent video of a model that always makes sound."""

    message = N_("{model} always makes sound, which can't be switched off.")


class SoundNotOfferedError(RefusalError):
    """Sound from a model that makes none."""

    message = N_("{model} makes silent videos only.")


class SeedOutOfRangeError(RefusalError):
    """A seed that the model does not take."""

    message = N_("{model} takes seeds from {lowest} to {highest}.")


class OptionNotOfferedError(RefusalError):
    """An option that the model does not know, alone or for this kind of order."""

    message = N_("{model} does not let you choose {option}. Please leave it out.")


class OptionNotWithInputError(RefusalError):
    """An option that the model knows, but not together with what was attached."""

    message = N_("{model} does not let you choose {option} together with {inputs}. Please leave one of them out.")


class InputNotTakenError(RefusalError):
    """A picture, clip or video that the model can't use."""

    message = N_("{model} cannot use {inputs}. Please choose another model, or leave that out.")


class InputsNotTakenTogetherError(RefusalError):
    """Inputs that the model takes, but not in one order."""

    message = N_("{model} cannot use these together: {inputs}.")


class InputMissingError(RefusalError):
    """The model makes a video only with something that was not given."""

    message = N_("{model} needs {inputs}.")


class CompanionMissingError(RefusalError):
    """What was given is of use only together with something else."""

    message = N_("{model} can use {inputs} only together with {missing}.")


class ClipLengthError(RefusalError):
    """The chosen part of a clip is too short or too long for the model."""

    message = N_("{model} takes {shortest} to {longest} s of a clip. Please choose another range.")


class PictureTooSmallError(RefusalError):
    """A picture with fewer pixels than the model takes; `side` is the fewest of each side, `picture` names which."""

    message = N_(
        "{model} takes pictures of at least {side} × {side} pixels; {picture} has {width} × {height}. "
        "Please choose another picture or model."
    )


class PictureTooManyPixelsError(RefusalError):
    """A picture with more pixels than the model takes; `side` is the most of each side, `picture` names which."""

    message = N_(
        "{model} takes pictures of at most {side} × {side} pixels; {picture} has {width} × {height}. "
        "Please choose another picture or model."
    )


class PictureTooLongError(RefusalError):
    """A picture of a shape that the model does not take; `ratio` is the most of longer ÷ shorter side."""

    message = N_(
        "{model} takes pictures whose longer side is at most {ratio} times the shorter one; "
        "{picture} has {width} × {height} pixels. Please choose another picture or model."
    )


class CombinationNotOfferedError(RefusalError):
    """Two options that are offered, but not in one video."""

    message = N_("With {given}, {model} offers only: {offered}.")
