"""A migrated database for each test."""

from tests.bot.store.files import database, path, template

__all__ = ["database", "path", "template"]
