"""The refusals of orders, each with its sentence."""

from bot.domain.errors import RefusalError
from bot.domain.sentence import N_


class AlreadyOrderedError(RefusalError):
    """The same interaction came twice."""

    message = N_("That video is already being made.")


class SameAgainError(RefusalError):
    """The same member has asked for the same video a moment ago."""

    message = N_("That video is already being made: {video}")


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

    message = N_("Please give one of these: character, clip or clip_url.")


class CharacterGoneError(RefusalError):
    """There is no such character, or it is not shared with this member here."""

    message = N_("There is no such character that you may use here. /character list shows yours.")


class CharacterNotLentError(RefusalError):
    """A video is to be made anew with a character that is not the presser's to use."""

    message = N_("This video was made with a character that you may not use here, or that was removed.")


class OutcomeUnknownError(RefusalError):
    """Nobody can tell whether there is a video."""

    message = N_("The video service did not answer, so I can't tell whether there is a video.")


class NotFinishedError(RefusalError):
    """A video without an end can't be changed."""

    message = N_("This video isn't finished, so it can't be remixed.")


class RemixOfRemixError(RefusalError):
    """What was changed once can't be changed again."""

    message = N_("This video is a remix already, and only originals can be remixed. Its original is {video}.")


class NoRemixError(RefusalError):
    """The model does not do it."""

    message = N_("{model} can't change a finished video. Edit prompt makes a new one instead.")


class RangeWithoutClipError(RefusalError):
    """A range of nothing."""

    message = N_("clip_range chooses seconds of a clip, so it needs clip or clip_url.")


class NoModelError(RefusalError):
    """There is none that this member may use."""

    message = N_("There is no model here that you may use. A manager of this server can say which ones you may.")


class KeptClipLengthError(RefusalError):
    """A clip that was kept, of a video or a saved character, is not of a length that the model takes."""

    message = N_(
        "{model} takes {shortest} to {longest} s of a clip, and this one has {seconds} s. Please choose another model "
        "or clip."
    )


class ClipLinkError(RefusalError):
    """The clip behind a link has to be cut for this model, and can't be fetched."""

    message = N_("I couldn't fetch the clip from this link. Please attach the file instead.")


class OneLinkAtATimeError(RefusalError):
    """Somebody else's server may take its time, so nobody has two links fetched at once."""

    message = N_("I am still fetching a clip from a link for you. Please wait until that is done.")


class NoLongerMadeError(RefusalError):
    """Every gateway has retired the endpoint that the order would go to; another of the model's may still be sold."""

    message = N_("{model} no longer makes this kind of video. Nothing was charged. Please choose another model.")


class NoServiceError(RefusalError):
    """No gateway can be given this order at the moment."""

    message = N_("No video service can take {model} orders right now. Nothing was charged. Please try again later.")


class StillRunningError(RefusalError):
    """The video has not ended, so there is nothing to show again."""

    message = N_("This video is still on its way: {video}")


class NoVideoError(RefusalError):
    """The order ended without a video."""

    message = N_("Nothing came of this order, so there is no video to show.")


class VideoLostError(RefusalError):
    """The service has the video no more."""

    message = N_("The video service doesn't have this video any more, so I can't show it again.")


class VideoOutOfReachError(RefusalError):
    """The service can't be reached, or the disk is full."""

    message = N_("I can't fetch this video from the video service right now. Please try again in a few minutes.")


class OneAtATimeError(RefusalError):
    """Fetching takes bandwidth, so nobody has two videos fetched at once."""

    message = N_("I am still fetching another video for you. Please wait until that is here.")


class ConvertingError(RefusalError):
    """Encoding takes a core for a while, and new videos shall not wait for many old ones."""

    message = N_("This video has to be converted, and others are before it. Please try again in a few minutes.")
