"""Whether a model takes a picture of this size."""

from bot.catalogue.errors import PictureTooLongError, PictureTooManyPixelsError, PictureTooSmallError
from bot.catalogue.schema import Entry, PictureInput
from bot.domain.sentence import N_, Sentence

_NAMES: dict[PictureInput, Sentence] = {
    "image": Sentence(N_("this one")),
    "last_image": Sentence(N_("the last picture")),
}


def check_picture(entry: Entry, name: PictureInput, width: int, height: int) -> None:
    """Raise the refusal that says what the model takes for this input; width and height are in pixels."""
    limits = entry.pictures.get(name)
    if limits is None:
        return
    shorter, longer = sorted((width, height))
    # Numbers of pixels are written without a separator of thousands.
    told: dict[str, object] = {
        "model": entry.title,
        "picture": _NAMES[name],
        "width": str(width),
        "height": str(height),
    }
    if limits.min_side is not None and shorter < limits.min_side:
        raise PictureTooSmallError(**told, side=str(limits.min_side))
    if limits.max_side is not None and longer > limits.max_side:
        raise PictureTooManyPixelsError(**told, side=str(limits.max_side))
    if limits.max_ratio is not None and longer > limits.max_ratio * shorter:
        raise PictureTooLongError(**told, ratio=limits.max_ratio)
