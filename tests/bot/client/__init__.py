"""Tests of Discord's side of the process, against the local Discord."""
