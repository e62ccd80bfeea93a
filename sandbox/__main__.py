"""`python -m sandbox`: the local world with the bot in it until Ctrl-C; `python -m sandbox demo`: the tour."""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from sandbox.demo import demo
from sandbox.stage import Stage


async def serve() -> int:
    """Run the local Discord, the gateways and the bot until Ctrl-C; the bot's log is shown at the end."""
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


def main() -> int:
    """The command line."""
    if sys.argv[1:] == ["demo"]:
        return asyncio.run(demo())
    if not sys.argv[1:]:
        return asyncio.run(serve())
    print("usage: python -m sandbox [demo]", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
