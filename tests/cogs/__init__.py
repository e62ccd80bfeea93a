"""Discord's face, over the local Discord and a real database."""
