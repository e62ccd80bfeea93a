"""`python -m bot doctor`: whether everything is in order for `run`, also while it runs; nothing is paid or changed."""

from bot.doctor.program import doctor

__all__ = ["doctor"]
