"""Tests of Clapboard, laid out like the code they test."""
