"""Somebody's own videos: what is on its way, stopping it, deleting a post."""
