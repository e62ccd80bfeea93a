"""The schema's history, run by `python -m bot.store.migrations FILE`."""
