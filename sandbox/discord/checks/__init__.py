"""What Discord would refuse: pure checks of bodies, each answering None or Discord's nested `errors` object."""

from sandbox.discord.checks.autocompletion import autocomplete
from sandbox.discord.checks.commands import command, commands
from sandbox.discord.checks.messages import is_empty, message
from sandbox.discord.checks.modals import modal

__all__ = ["autocomplete", "command", "commands", "is_empty", "message", "modal"]
