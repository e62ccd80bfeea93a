"""`python -m sandbox`: the local world with the bot in it until Ctrl-C; `python -m sandbox demo`: the tour."""

import asyncio
import signal
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

# What the servers need is imported inside the functions: a Ctrl-C while it loads ends as quietly as a later one.
USAGE = "usage: python -m sandbox [demo]"


async def serve() -> int:
    """Run the local Discord, the gateways and the bot until Ctrl-C; the bot's log is shown at the end."""
    from sandbox.stage import Stage  # noqa: PLC0415

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="clapboard-sandbox-") as folder:
        async with Stage(Path(folder) / "bot", fetch_inputs=True) as stage:
            for name, value in stage.settings().items():
                print(f"{name}={value}")
            await stage.open()
            print(f"\nThe bot is process {stage.program.pid}, connected. Ctrl-C ends everything.", flush=True)
            await stop.wait()
            await stage.program.stop()
            print(stage.program.told())
    return 0


async def tour() -> int:
    """Play the tour; Ctrl-C takes it down with the bot and the servers."""
    from sandbox.demo import demo  # noqa: PLC0415

    return await demo()


def main() -> int:
    """The command line; the exit status is 130 after a Ctrl-C in the middle of something."""
    commands: dict[tuple[str, ...], Callable[[], Coroutine[None, None, int]]] = {(): serve, ("demo",): tour}
    command = commands.get(tuple(sys.argv[1:]))
    if command is None:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        return asyncio.run(command())
    except KeyboardInterrupt:
        print("\nStopped; the bot and the servers have ended.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
