"""Cards at their limits and in every state."""
