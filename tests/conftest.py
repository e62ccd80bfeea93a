"""What holds for every test."""

import os
import signal

from hypothesis import settings

# A machine that stands still for a moment says nothing of an example.
settings.register_profile("home", deadline=None)
# The same examples each time, so that a change is judged by what it changes; at home they are new ones.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "home")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in its background deaf to Ctrl-C, and every child inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
