"""Bounded waiting for something to become true."""

import asyncio
import time
from collections.abc import Callable

_LOOK_EVERY_SECONDS = 0.005
PATIENCE_SECONDS = 75.0
"""Ends what hangs: many times what anything takes here, on a machine that stands still for a while too."""


async def wait_until(condition: Callable[[], bool], timeout: float = PATIENCE_SECONDS) -> None:  # noqa: ASYNC109 - a bound is what callers state
    """Return once the condition holds; TimeoutError when it doesn't within `timeout` seconds."""
    give_up_at = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"not so within {timeout} s")
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
