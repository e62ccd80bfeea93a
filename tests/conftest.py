"""What holds for every test."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    # The same examples each time, so that a change is judged by what it changes; at home they are new ones.
    settings.load_profile("ci")
