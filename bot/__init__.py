"""Clapboard: the program behind the Discord bot."""

__version__ = "0.1.0"
