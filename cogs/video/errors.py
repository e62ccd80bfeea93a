"""What only Discord can refuse while an order is taken, each with its sentence."""

from bot.domain.errors import RefusalError
from bot.domain.sentence import N_


class NoDirectMessagesError(RefusalError):
    """Discord does not let the bot write to this member."""

    message = N_(
        "I can't message you privately. Allow direct messages from this server or leave out private. "
        "Nothing was charged."
    )


class StatusNotPostedError(RefusalError):
    """The status message could not be posted or completed, so the order was taken back."""

    message = N_("I couldn't show you the status of this video, so I didn't order it. Nothing was charged.")


class CantPostForError(RefusalError):
    """A video would be ordered for somebody where the bot can't post it."""

    message = N_("I can't post in {channel}: missing {missing}. Nothing was changed.")


class NotShownForError(RefusalError):
    """A video would be ordered for somebody who can't be shown its status."""

    message = N_(
        "I couldn't show the member the status of a new video, so I didn't order it. Nothing was charged for it. "
        "The old order's card says how that one stands."
    )


class AuthorGoneError(RefusalError):
    """A video would be ordered for somebody who is not here."""

    message = N_("Its member is not in this server any more, or can't use commands there, so nothing was changed.")
