"""What a measurement is: several runs, the median of them, and the mark it should reach."""

import statistics
from collections.abc import Sequence

import msgspec


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table.

    `loader` is the CPU time of what made the load as a share of one core, where something made load. `goal` is the
    first mark on 2 cores; times and sizes are to be under it, rates above.
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
