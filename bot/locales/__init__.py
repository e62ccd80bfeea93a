"""What people read, in their own language: catalogues, the translator, extraction for translators."""

from bot.locales.catalogues import languages
from bot.locales.translator import SentenceWarning, Translator

__all__ = ["SentenceWarning", "Translator", "languages"]
