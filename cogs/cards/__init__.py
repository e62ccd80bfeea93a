"""Turns jobs into messages: pure functions from a job and its circumstances to what people see."""

from cogs.cards.drawing import JobCards

__all__ = ["JobCards"]
