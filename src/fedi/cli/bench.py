"""`fedi bench`: a generated world, to measure a server that has grown."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

Statuses = Annotated[int, typer.Option(min=0, help="Posts and boosts there are to be.")]
Accounts = Annotated[int | None, typer.Option(min=1, help="Accounts, a fifth of them local. A tenth of the statuses.")]
Follows = Annotated[int | None, typer.Option(min=0, help="Follows. As many as statuses.")]
Seed = Annotated[int, typer.Option(min=0, max=10**9, help="Which world. The same seed says the same things.")]


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    bench = typer.Typer(no_args_is_help=True, help="Measure a server that has grown.")
    bench.callback()(lambda: None)
    bench.command()(load)
    cli.add_typer(bench, name="bench")


def load(
    context: typer.Context,
    statuses: Statuses = 10_000,
    accounts: Accounts = None,
    follows: Follows = None,
    seed: Seed = 1,
) -> None:
    """Fill an empty server that does not run with a generated world, or let the one it holds grow to this size.

    Everything comes in blocks (500 accounts, 1,000 follows, 1,000 statuses). Nothing of it is delivered or fetched.
    """
    from fedi.bench.load import Sizes
    from fedi.bench.load import load as append
    from fedi.cli.running import servers
    from fedi.projections.rebuild import rebuild

    wanted = Sizes(
        accounts=max(1, statuses // 10) if accounts is None else accounts,
        statuses=statuses,
        follows=statuses if follows is None else follows,
    )
    with servers(context.obj) as settings, _bars() as bars:
        url, loading, folding = settings.database_url or "", bars.add_task("loading"), bars.add_task("folding")
        there = append(
            url, settings.site, seed, wanted, lambda done, total: bars.update(loading, completed=done, total=total)
        )
        done = rebuild(
            url, report=lambda progress: bars.update(folding, completed=progress.position, total=progress.last)
        )
    typer.echo(
        f"there are {there.accounts} accounts, {there.follows} follows and {there.statuses} statuses of world {seed},"
        f" in {done.position} events"
    )


@contextlib.contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield bars
