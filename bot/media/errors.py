"""What can be wrong with a link, a file or a download, each with the sentence for the person who meets it.

Links and attachments are refused before anything is paid (`RefusalError`). A download of a finished video
fails in one of the ways that the worker has to tell apart (`VideoFetchError`).
"""

from typing import ClassVar

from bot.domain.errors import ClapboardError, RefusalError
from bot.domain.sentence import N_, Plural


class LinkError(RefusalError):
    """A member's link that is not handed to the gateway."""

    message: ClassVar[str | Plural] = N_("I can't use this link. Please give a complete https:// address.")


class LinkTooLongError(LinkError):
    """The link has more characters than a gateway or Discord would carry."""

    message = N_("This link is too long ({length} characters). Links may have up to {limit} characters.")


class LinkSchemeError(LinkError):
    """The link is neither http nor https."""

    message = N_("Links have to begin with https:// or http://.")


class LinkCredentialsError(LinkError):
    """The link carries a user name or a password."""

    message = N_("Links must not contain a user name or a password.")


class PrivateLinkError(LinkError):
    """The address, or one that the name stands for, is not on the public internet."""

    message = N_("This link leads to a private address, which the video service can't open.")


class OddAddressError(LinkError):
    """The host is a number in a spelling that programs read differently."""

    message = N_("This link hides its address behind an unusual number. Please use the site's name.")


class LocalNameError(LinkError):
    """The host's name only means something inside a local network."""

    message = N_("This link leads to a name inside a private network, which the video service can't open.")


class PictureExtensionError(LinkError):
    """The path of a picture's link does not end as the gateways ask for."""

    message = N_("The address of a picture has to end in .jpg, .jpeg or .png.")


class RangeFormatError(RefusalError):
    """The text of a clip range can't be read."""

    message = N_('I can\'t read that range. Write 4.5 for "from there", or 4.5-7 for both ends, in seconds.')


class ClipSpanError(RefusalError):
    """The chosen seconds of a clip of unknown length are too few or too many."""

    message = N_("The chosen part of the clip must be 1 to 3 seconds long.")


class ClipRangeError(RefusalError):
    """The chosen seconds do not lie inside the clip; `length` is the clip's, rounded down to 0.1 s."""

    message = N_("The clip must be 1 to 3 seconds long and lie inside the video (which is {length} s long).")


class AttachmentError(RefusalError):
    """An attached file that can't be used."""


class AttachmentGoneError(AttachmentError):
    """Discord did not hand out the attached file."""

    message = N_("I couldn't get your file from Discord. Please attach it again.")


class PictureTooLargeError(AttachmentError):
    """A picture over the limit, which is in MB (of 1,048,576 bytes, as Discord counts)."""

    message = N_("Pictures may have up to {limit} MB. This one is larger.")


class ClipTooLargeError(AttachmentError):
    """A clip over the limit, which is in MB (of 1,048,576 bytes, as Discord counts)."""

    message = N_("Clips may have up to {limit} MB. This one is larger.")


class PictureTypeError(AttachmentError):
    """A file of a known kind that is no PNG or JPEG."""

    message = N_("This file is {found}. Please attach a PNG or JPEG picture.")


class NotAPictureError(AttachmentError):
    """A file that is no picture, or a damaged one."""

    message = N_("This file is not a picture that I can read. Please attach a PNG or JPEG picture.")


class PictureNameError(AttachmentError):
    """A good picture under a name that the gateways refuse."""

    message = N_("The name of a picture has to end in .jpg, .jpeg or .png. Please rename the file and attach it again.")


class NotAClipError(AttachmentError):
    """A file that is no video, or a damaged one."""

    message = N_("This file is not a video that I can read. Please attach an MP4, MOV or WebM clip.")


class ClipTooDetailedError(AttachmentError):
    """A clip with more pixels than there is memory to cut it."""

    message = N_("This clip has too many pixels for me to cut. Please attach it at 1080p or smaller.")


class ProbeError(ClapboardError):
    """The file could not be examined: the child process died or ran out of time."""

    message: ClassVar[str | Plural] = N_("This file could not be examined.")


class UnreadableFileError(ProbeError):
    """The file was examined and is not readable as a video."""

    message = N_("This file is not a readable video.")


class RewriteError(ClapboardError):
    """A video could not be rewrapped or encoded; `reason` is for the log."""

    message: ClassVar[str | Plural] = N_("This video could not be converted.")


class TemporaryFileError(ClapboardError):
    """The temporary file could not be written; usually the disk is full."""

    message = N_("I have no room for files right now. Please try again later.")


class VideoFetchError(ClapboardError):
    """A finished video could not be fetched from where the gateway put it."""

    message: ClassVar[str | Plural] = N_("The finished video could not be fetched from the video service.")


class VideoAddressError(VideoFetchError):
    """The address that the gateway named is no public http(s) address; asking again would not help."""


class VideoGoneError(VideoFetchError):
    """The address has run out (400, 401, 403, 404, 410, …): ask the gateway for a fresh one. Has `status`."""

    message = N_("The finished video could not be fetched from the video service any more.")


class VideoTransientError(VideoFetchError):
    """The network or the store stumbled: fetch the same address again."""


class VideoCutShortError(VideoTransientError):
    """The file itself ends before its pictures do: the same again may bring all of it, or never will."""


class NotAVideoError(VideoFetchError):
    """What was delivered is complete and not a video; `found` names it where it is known."""

    message = N_("The video service delivered a file that can't be played.")


class VideoTooLargeError(VideoFetchError):
    """The video is over `max_bytes`, the bot's own cap."""

    message = N_("The finished video is over {limit} MB, which is more than I can carry.")

    def __init__(self, max_bytes: int) -> None:
        super().__init__(limit=max_bytes >> 20)
        self.max_bytes = max_bytes
