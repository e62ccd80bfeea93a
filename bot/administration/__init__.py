"""What managers and moderators can do: set up their server, choose blocked words. Knows no Discord."""
