"""The catalogue for an operator's eyes: `python -m bot models` and `models check`."""

from bot.listing.program import check, models

__all__ = ["check", "models"]
