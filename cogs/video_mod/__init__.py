"""Moderation: blocking words and members, removing videos."""
