"""Making a video: the command, its choices, and the way from an order to its status message."""
