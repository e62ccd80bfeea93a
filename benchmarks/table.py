"""What a benchmark has found, as lines that a person reads, and the statistics behind them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


class BenchmarkError(Exception):
    """Something did not work at all; the text says what."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, and what it has to be held against."""

    name: str
    value: str
    beside: str = ""


@dataclass(slots=True)
class Section:
    """The figures of one benchmark."""

    title: str
    rows: list[Row] = field(default_factory=list)

    def add(self, name: str, value: str, beside: str = "") -> None:
        """Add a figure."""
        self.rows.append(Row(name, value, beside))

    def text(self) -> str:
        """The title and the figures, aligned."""
        lines = [f"  {row.name:<44} {row.value:>12}   {row.beside}".rstrip() for row in self.rows]
        return "\n".join([self.title, *lines])


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of all (0 to 1) does not exceed."""
    ordered = sorted(values)
    if not ordered:
        raise BenchmarkError("nothing was measured")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> tuple[str, str]:
    """The median ratio of interleaved pairs, and the spread of the middle half, in words."""
    ratios = [above / below for above, below in zip(numerators, denominators, strict=True)]
    low, high = quantile(ratios, 0.25), quantile(ratios, 0.75)
    return f"× {statistics.median(ratios):.2f}", f"middle half {low:.2f}–{high:.2f} of {len(ratios)} pairs"


def milliseconds(seconds: float) -> str:
    """A time of this size in words."""
    return f"{seconds * 1000:.1f} ms"


def mebibytes(count: float) -> str:
    """A number of bytes in words."""
    return f"{count / (1 << 20):.1f} MiB"
