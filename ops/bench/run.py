"""`make bench`: measures, prints a table and saves it under var/bench. `make bench ARGS="append start"` narrows it.

A part is a module of this folder with a function `measure()` that answers with marks. Durability is on everywhere, a
latency ends when the answer is complete, and the load is made on the same machine: its share of CPU stands beside.
"""

import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from ops.bench import append, deliver, start
from ops.bench.marks import Mark

PARTS = {"append": append.measure, "deliver": deliver.measure, "start": start.measure}
SAVED = Path(__file__).parents[2] / "var" / "bench"


def main(names: Sequence[str]) -> int:
    """Measure the named parts, or all; the exit code is 1 if a mark is not reached."""
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.exit(f"there is no {', '.join(sorted(unknown))} to measure; there are: {', '.join(PARTS)}")
    console, marks = Console(), list[Mark]()
    for name in names or PARTS:
        console.print(f"measuring {name} …", style="dim")
        marks += PARTS[name]()
    table = _table(marks)
    console.print(table)
    _save(table, marks)
    return int(any(mark.reached is False for mark in marks))


def _table(marks: Sequence[Mark]) -> Table:
    table = Table(title=f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}")
    table.add_column("what")
    for column in ("median", "goal", "runs", "loader"):
        table.add_column(column, justify="right")
    table.add_column("note")
    for mark in marks:
        sign = {True: "[green]✓[/]", False: "[red]✗[/]", None: " "}[mark.reached]
        goal = "" if mark.goal is None else f"{mark.goal:,g} {mark.unit}"
        loader = "" if mark.loader is None else f"{mark.loader:.0%}"
        table.add_row(
            mark.name, f"{sign} {_figure(mark.median)} {mark.unit}", goal, str(len(mark.runs)), loader, mark.note
        )
    return table


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _save(table: Table, marks: Sequence[Mark]) -> None:
    SAVED.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    with (SAVED / f"{moment}.txt").open("w", encoding="utf-8") as file:
        Console(file=file, width=140).print(table)
    (SAVED / f"{moment}.json").write_bytes(msgspec.json.format(msgspec.json.encode(marks)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
