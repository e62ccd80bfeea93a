"""A local Discord and a local video gateway that speak the real protocols, for the demo, tests and development."""
