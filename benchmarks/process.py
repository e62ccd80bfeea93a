"""What the system knows of a running process: its memory and the processor time that it has used."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_RESET_PEAK = "5"
"""What Linux wants written to `clear_refs` to let the peak begin anew."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this user, by its id. What only Linux tells is None elsewhere."""

    pid: int

    def resident_bytes(self) -> int:
        """The memory that it occupies now."""
        told = self._status("VmRSS")
        if told is not None:
            return told
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True)
        return int(shown.stdout) << 10

    def peak_bytes(self) -> int | None:
        """The most memory that it occupied since `forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Let the peak begin anew."""
        clear = self._folder / "clear_refs"
        if clear.exists():
            clear.write_text(_RESET_PEAK)

    def cpu_seconds(self) -> float | None:
        """The processor time that it has used, its system calls included."""
        stat = self._folder / "stat"
        if not stat.exists():
            return None
        # The name in the second field may hold spaces, so what follows its bracket is counted.
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def _folder(self) -> Path:
        return Path("/proc") / str(self.pid)

    def _status(self, name: str) -> int | None:
        status = self._folder / "status"
        if not status.exists():
            return None
        # A process that has ended and was not waited for has no memory.
        line = next((line for line in status.read_text().splitlines() if line.startswith(f"{name}:")), None)
        return None if line is None else int(line.split()[1]) << 10


def cpu_share(before: float | None, after: float | None, seconds: float) -> str:
    """How much of one core was used between two readings."""
    return "" if before is None or after is None else f"CPU {(after - before) / seconds:.0%} of a core"
