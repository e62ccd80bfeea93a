"""Addresses that can't be connected to: one refuses, one lets the caller wait."""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

FILLERS: Final = 8


@contextmanager
def refusing_url() -> Iterator[str]:
    """An http address whose port is taken and not listened on: connections are refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@contextmanager
def silent_url() -> Iterator[str]:
    """An http address whose queue of connections is full: on Linux a connect hangs until it times out."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        for _ in range(FILLERS):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            if filler.connect_ex(address) not in {0, errno.EINPROGRESS}:
                raise OSError("the queue could not be filled")
        yield f"http://127.0.0.1:{address[1]}"
