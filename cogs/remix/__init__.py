"""Changing a finished video: the command, the button, the menu on messages, and the form of the two."""
