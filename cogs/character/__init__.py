"""Saved characters: short clips of somebody who may appear in videos."""
