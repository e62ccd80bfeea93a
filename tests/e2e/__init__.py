"""The whole program as its own process, between a local Discord and a local gateway."""
