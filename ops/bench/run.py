"""`make bench`: measures, prints a table and saves it under var/bench, as text and as JSON.

    make bench                                      the short set, three times each
    make bench ARGS="--quick"                       a small run, to see that it works
    make bench ARGS="--only inbox --only home"      some parts
    make bench ARGS="--only growth"                 what takes longer, by its name: growth, growth-million,
                                                    crowd-home, crowd-delivery
    make bench ARGS="--worlds DIRECTORY --only growth-million"
                                                    with worlds that are kept there, and loaded if they are not yet
    make bench ARGS="--save DIRECTORY"              elsewhere

A part is a module of this folder with a function `measure`. Each part gets a server of its own, started as people start
it, or a database where that is all that is measured. Durability is on everywhere, a latency ends when the answer is
complete and what was written can be read, and the load is made on the same machine: its share of CPU stands beside.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from fedi.cli import checks
from ops.bench import (
    append,
    crowd_delivery,
    crowd_home,
    delivery,
    growth,
    home,
    inbox,
    machine,
    posting,
    public_stream,
    reading,
    rebuilding,
    start,
    streaming,
)
from ops.bench.load import allow_many_files
from ops.bench.marks import FULL, QUICK, Mark, Scale
from ops.bench.running import Server, scratch, serving

SAVED = Path(__file__).parents[2] / "var" / "bench"
WIDTH = 160


SERVED: dict[str, Callable[[Server, Scale], list[Mark]]] = {
    "inbox": inbox.measure,
    "delivery": delivery.measure,
    "home": home.measure,
    "reading": reading.measure,
    "posting": posting.measure,
    "streaming": streaming.measure,
    "public": public_stream.measure,
    "crowd-home": crowd_home.measure,
    "crowd-delivery": crowd_delivery.measure,
}
"""What is measured on a server that runs: each on a new one."""
ALONE: dict[str, Callable[[Scale], list[Mark]]] = {
    "machine": machine.measure,
    "append": append.measure,
    "rebuild": rebuilding.measure,
    "start": start.measure,
    "growth": growth.measure,
    "growth-million": growth.measure_million,
}
"""What starts by itself what it needs."""
SHORT = (
    "machine",
    "append",
    "inbox",
    "delivery",
    "home",
    "reading",
    "posting",
    "streaming",
    "public",
    "rebuild",
    "start",
)
"""What is measured when nothing is named."""


def measure(name: str, scale: Scale) -> list[Mark]:
    """Measure a part."""
    if name in ALONE:
        return ALONE[name](scale)
    with scratch() as data_dir, serving(data_dir) as server:
        return SERVED[name](server, scale)


def main(arguments: Sequence[str]) -> int:
    """Measure the parts that are asked for, or all; the exit code is 1 if a part fails or a mark is not reached."""
    asked = _parser().parse_args(arguments)
    allow_many_files()
    scale, begun = msgspec.structs.replace(QUICK if asked.quick else FULL, worlds=asked.worlds), time.monotonic()
    console, marks, failed = Console(), list[Mark](), False
    for name in asked.only or SHORT:
        console.print(f"measuring {name} …", style="dim")
        try:
            marks += measure(name, scale)
        except Exception:  # what the other parts took minutes to find is not lost for it
            console.print_exception()
            failed = True
    where = where_and_what()
    table = table_of(marks, where)
    console.print(table)
    saved, minutes = save(table, marks, where, asked.save), (time.monotonic() - begun) / 60
    console.print(f"measured in {minutes:.1f} minutes, saved as {saved}", style="dim")
    return int(failed or any(mark.reached is False for mark in marks))


def where_and_what() -> str:
    """Return which machine and which commit are measured."""
    plain = "" if checks.of_python().verdict == "good" else " built without optimisations"
    return f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}{plain}, {_commit()}"


def table_of(marks: Sequence[Mark], where: str) -> Table:
    """Return the table that people read."""
    table = Table(title=where)
    table.add_column("what")
    for column in ("median", "goal", "runs", "loader"):
        table.add_column(column, justify="right")
    table.add_column("note")
    for mark in marks:
        sign = {True: "[green]✓[/]", False: "[red]✗[/]", None: " "}[mark.reached]
        goal = "" if mark.goal is None else f"{mark.goal:,g} {mark.unit}"
        loader = "" if mark.loader is None else f"{mark.loader:.0%}"
        spread = f"{_figure(min(mark.runs))} to {_figure(max(mark.runs))}"
        table.add_row(mark.name, f"{sign} {_figure(mark.median)} {mark.unit}", goal, spread, loader, mark.note)
    return table


def save(table: Table, marks: Sequence[Mark], where: str, directory: Path) -> Path:
    """Write the table as text, and as JSON where it was made and every run of every mark; return the text's path."""
    directory.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    text = directory / f"{moment}.txt"
    with text.open("w", encoding="utf-8") as file:
        Console(file=file, width=WIDTH).print(table)
    measured = [{**msgspec.to_builtins(mark), "median": mark.median} for mark in marks]
    made = {"where": where, "marks": measured}
    (directory / f"{moment}.json").write_bytes(msgspec.json.format(msgspec.json.encode(made)))
    return text


def _commit() -> str:
    """Return which version of the program is measured."""
    asked = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "no commit"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure, print a table and save it.")
    parser.add_argument("--quick", action="store_true", help="a small run, to see that it works")
    parser.add_argument(
        "--only", action="append", choices=[*SERVED, *ALONE], help="measure this part; may be given again"
    )
    parser.add_argument("--worlds", type=Path, metavar="DIRECTORY", help="where grown worlds are kept for another time")
    parser.add_argument("--save", type=Path, default=SAVED, metavar="DIRECTORY", help="where to write the results")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
