"""The bot as its own process: started with its normal settings, stopped, killed."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PASSED_ON = ("COVERAGE", "PATH", "HOME", "LANG", "LC_", "TMPDIR", "LD_LIBRARY_PATH")


class Program:
    """`python -m bot run` in a folder of its own; its output goes to `log`, and it may be started again."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *, launch: tuple[str, ...] = ("-m", "bot")) -> None:
        self.folder = folder
        self.log = folder / "bot.log"
        self._settings = dict(settings)
        self._launch = launch
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process id, if there is a process."""
        return self._process.pid if self._process is not None else None

    async def start(self, command: str = "run", **settings: str) -> None:
        """Start a command of the program; `settings` are added to those it was made with."""
        kept = {name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)}
        environ = kept | {"PYTHONPATH": str(ROOT)} | self._settings | settings
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._launch, command, cwd=self.folder, env=environ, stdout=log, stderr=log
            )

    async def wait(self, seconds: float = 90) -> int:
        """The exit status; TimeoutError when it does not end in time."""
        if self._process is None:
            raise RuntimeError("the program was not started")
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        self._signal(signal.SIGKILL)

    async def stop(self) -> int:
        """End it as an init system would (SIGTERM); the exit status."""
        self._signal(signal.SIGTERM)
        return await self.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    def told(self) -> str:
        """What the program has printed and logged so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""
