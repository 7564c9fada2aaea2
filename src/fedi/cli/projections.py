"""`fedi projections`: shows the views, folds them anew beside the live ones, and proves them equal to the log."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from fedi.errors import ClientError, FediError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fedi.projections.rebuild import Progress, Report

Name = Annotated[str | None, typer.Argument(help="A view; `fedi projections list` names them.")]
All = Annotated[bool, typer.Option("--all", help="All views.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    projections = typer.Typer(no_args_is_help=True, help="Look after the views, which are folded from the log.")
    projections.command("list")(list_)
    for verb in (rebuild, verify):
        projections.command()(verb)
    cli.add_typer(projections, name="projections")


def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """Show each view, its version, and how far it is folded."""
    import psycopg

    from fedi.cli.running import servers
    from fedi.log import reader
    from fedi.projections import generation
    from fedi.projections.catalogue import projections

    with servers(context.obj) as settings, psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        position, last = generation.position(connection), reader.last_position(connection)
        parked = connection.execute("SELECT position, error FROM read.parked ORDER BY position").fetchall()
        folded: dict[str, int] = dict(connection.execute("SELECT name, version FROM read.projections").fetchall())
    views = [{"name": each.name, "version": each.version, "folded_by": folded.get(each.name)} for each in projections()]
    if as_json:
        found: dict[str, Any] = {"position": position, "last": last, "views": views}
        found["parked"] = [{"position": place, "error": error} for place, error in parked]
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    for view in views:
        stale = "" if view["version"] == view["folded_by"] else f"  folded by version {view['folded_by']}"
        typer.echo(f"{view['name']:<16} version {view['version']}{stale}")
    behind = f", {last - position} behind" if last > position else ""
    typer.echo(f"folded to position {position} of {last}{behind}")
    for place, error in parked:
        typer.echo(f"parked: event {place}: {error}")


def rebuild(context: typer.Context, name: Name = None, every: All = False, as_json: AsJson = False) -> None:
    """Fold views anew beside the live ones and put them in their place. People read on meanwhile.

    Views that read each other are folded together; all of them read what URIs stand for, so the whole set is folded.
    """
    from fedi.cli.running import servers
    from fedi.projections.rebuild import rebuild as fold_anew

    _check(name, every)
    with servers(context.obj) as settings, _interruptible() as stop, _progress(as_json) as report:
        done = fold_anew(settings.database_url or "", report=report, stop=stop)
    if stop.is_set():
        raise FediError("interrupted; the views are as they were")
    rate = done.position / done.seconds if done.seconds else 0.0
    if as_json:
        typer.echo(msgspec.json.encode({"position": done.position, "seconds": done.seconds, "events_per_second": rate}))
    else:
        typer.echo(f"folded {done.position} events in {done.seconds:.1f} s ({rate:.0f}/s); the new views are live")


def verify(context: typer.Context, name: Name = None, every: All = False, as_json: AsJson = False) -> None:
    """Fold the log in the shade and compare every table and home timeline. Exits with 1 if something differs."""
    from fedi.cli.running import servers
    from fedi.projections.verify import verify as compare

    _check(name, every)
    with servers(context.obj) as settings, _interruptible() as stop, _progress(as_json) as report:
        verdict = compare(settings.database_url or "", settings.redis_url, report=report, stop=stop)
    if as_json:
        typer.echo(msgspec.json.encode({"equal": verdict.equal, **msgspec.to_builtins(verdict)}))
    else:
        for each in verdict.compared:
            typer.echo(f"{each.name:<24} {each.rows:>10} rows  {'equal' if each.equal else each.difference}")
        typer.echo(f"at position {verdict.position}: {'everything is equal' if verdict.equal else 'THE VIEWS DIFFER'}")
    if not verdict.equal:
        raise typer.Exit(1)


def _check(name: str | None, every: bool) -> None:
    from fedi.projections.catalogue import projections

    known = [each.name for each in projections()]
    if name is None and not every:
        raise ClientError("name a view, or say --all")
    if name is not None and name not in known:
        raise ClientError(f"there is no view called {name}; there are {', '.join(known)}")


@contextlib.contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """Yield an event that Ctrl-C sets, so that what was begun is cleared away."""
    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _progress(quiet: bool) -> Iterator[Report | None]:
    """Yield what draws a progress bar on stderr, or nothing."""
    if quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("folding"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("folding", total=None)

        def report(progress: Progress) -> None:
            bar.update(task, completed=progress.position, total=progress.last)

        yield report
