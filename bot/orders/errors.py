"""The refusals of orders, each with its sentence."""

from bot.domain.errors import RefusalError
from bot.domain.sentence import N_


class AlreadyOrderedError(RefusalError):
    """The same interaction came twice."""

    message = N_("That video is already being made.")


class NotRunningError(RefusalError):
    """There is nothing left to cancel."""

    message = N_("This video has ended already, so there is nothing to cancel.")


class NotPostedError(RefusalError):
    """There is no post to delete."""

    message = N_("There is no post of this video to delete.")


class TwoPicturesError(RefusalError):
    """A picture was attached and linked."""

    message = N_("Please give one picture: image or image_url, not both.")


class TwoClipsError(RefusalError):
    """A clip was attached and linked."""

    message = N_("Please give one clip: clip or clip_url, not both.")


class RangeWithoutClipError(RefusalError):
    """A range of nothing."""

    message = N_("clip_range chooses seconds of a clip, so it needs clip or clip_url.")


class NoServiceError(RefusalError):
    """No gateway can be given this order at the moment."""

    message = N_("No video service can take {model} orders right now. Nothing was charged. Please try again later.")
