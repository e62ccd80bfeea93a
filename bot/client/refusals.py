"""The sentences for what Discord's library refuses by itself, and for buttons and forms that nobody knows."""

from discord import app_commands

from bot.client.escape import escape
from bot.domain.errors import ClapboardError, RefusalError
from bot.domain.sentence import N_, Sentence

LONGEST_QUOTE = 400
"""Characters of people's own words within a sentence."""
COMMAND_CHANGED = N_("This command has changed. Please reload Discord (Ctrl+R, or restart the app) and try again.")
SERVERS_ONLY = N_("This command works in servers only.")
NOT_ALLOWED = N_("You can't use this command here.")
BAD_VALUE = N_("I can't use the value of one of the options. Please check them and try again.")


class FormTooOldError(RefusalError):
    """A form or panel of a process that is gone, or one that was open too long."""

    message = N_("This form is too old; please start again.")


_LIBRARY: tuple[tuple[type[app_commands.AppCommandError], str], ...] = (
    (app_commands.CommandNotFound, COMMAND_CHANGED),
    (app_commands.CommandSignatureMismatch, COMMAND_CHANGED),
    (app_commands.NoPrivateMessage, SERVERS_ONLY),
    (app_commands.CheckFailure, NOT_ALLOWED),
    (app_commands.TransformerError, BAD_VALUE),
)


def sentence_of(error: Exception) -> Sentence | None:
    """What to tell about an error; None for one that nobody foresaw."""
    if isinstance(error, ClapboardError):
        return _quoting(error)
    return next((Sentence(text) for kind, text in _LIBRARY if isinstance(error, kind)), None)


def _quoting(error: ClapboardError) -> Sentence:
    """An error's sentence in which people's own words are shown as they were typed."""
    params = error.sentence.params
    quoted = {name: escape(str(params[name]), LONGEST_QUOTE, max_lines=1) for name in error.quotes & params.keys()}
    return Sentence(error.sentence.id, {**params, **quoted})
