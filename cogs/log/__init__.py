"""The buttons on the log channel's cards, and what they ask first."""
