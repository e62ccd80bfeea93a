"""Administration: setting a server up."""
