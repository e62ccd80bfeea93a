"""What a person can ask for, over a real database."""
