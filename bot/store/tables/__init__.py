"""The tables, as the newest migration leaves them."""

from bot.store.tables.books import accounts, ledger, spend
from bot.store.tables.metadata import metadata
from bot.store.tables.people import blocks, character_grants, characters, declines, facts, members, people
from bot.store.tables.servers import acts, guilds, notices
from bot.store.tables.work import jobs, loans, outbox, posts, retirements, tasks

__all__ = [
    "accounts",
    "acts",
    "blocks",
    "character_grants",
    "characters",
    "declines",
    "facts",
    "guilds",
    "jobs",
    "ledger",
    "loans",
    "members",
    "metadata",
    "notices",
    "outbox",
    "people",
    "posts",
    "retirements",
    "spend",
    "tasks",
]
