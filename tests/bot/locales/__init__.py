"""Tests of what people read in their own language."""
