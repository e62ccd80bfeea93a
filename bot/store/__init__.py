"""All SQL: jobs, ledger, outbox, guilds, and the schema's migrations."""
