"""The bot object, the command tree, the one error reporter, and delivery into channels."""
