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
