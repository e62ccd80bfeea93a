"""What managers and moderators can do, over a real database."""
