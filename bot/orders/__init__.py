"""What a person can ask for, step by step: place, cancel, delete, look. Knows no Discord and no HTTP."""
