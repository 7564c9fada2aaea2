"""What a measurement is: several runs, the median of them, and the mark it should reach; and how much is measured."""

import statistics
from collections.abc import Sequence
from pathlib import Path

import msgspec


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table.

    `loader` is the CPU time of what made the load as a share of one core, where something made load. `goal` is the
    mark to reach on 2 cores; times and sizes are to be under it, rates above.
    """

    name: str
    unit: str
    runs: Sequence[float]
    goal: float | None = None
    loader: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def reached(self) -> bool | None:
        """Whether the median is on the right side of the goal; None where there is none."""
        if self.goal is None:
            return None
        return self.median >= self.goal if self.unit.endswith("/s") else self.median <= self.goal


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured: how often, and which part of the full load each time.

    `worlds` is a directory in which grown worlds are kept for the next measurement.
    """

    runs: int
    part: float
    worlds: Path | None = None

    def of(self, full: int, least: int = 1) -> int:
        """Return so much of what is done in full, but no less than `least`."""
        return max(least, round(full * self.part))


FULL = Scale(runs=3, part=1.0)
QUICK = Scale(runs=1, part=0.2)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of all stay at or under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def milliseconds(latencies: Sequence[float]) -> str:
    """Return the median and the slow end of latencies in seconds, as a note says them."""
    middle, slow = (percentile(latencies, percent) * 1000 for percent in (50, 99))
    return f"p50 {middle:.1f} ms, p99 {slow:.1f} ms"
