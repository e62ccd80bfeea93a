"""What can be done with a message: the entries of its context menu."""
