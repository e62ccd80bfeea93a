"""The background loop that moves jobs: submit, poll, deliver, tell."""
