"""`fedi events parked` and `redrive`: what a fault of ours kept out, and another try once the fault is mended.

The views fold everything anew, so that what is about the same thing comes in its order. Effects take the events that
they missed late, oldest first.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import psycopg

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, an object a line.")]


def parked(context: typer.Context, as_json: AsJson = False) -> None:
    """Show events that the views or an effect could not take. There should be none; each is a fault of the program."""
    import psycopg

    from fedi.cli.running import servers

    with servers(context.obj) as settings, psycopg.connect(settings.database_url or "") as connection:
        found = _parked(connection)
    for each in found:
        typer.echo(json.dumps(each) if as_json else _as_line(each))
    if not found and not as_json:
        typer.echo("nothing is parked")


def redrive(context: typer.Context) -> None:
    """Try parked events again, with the program as it is now. Exits with 1 if the views still cannot take one.

    The effects do so as soon as they run.
    """
    import psycopg

    from fedi.cli.running import servers
    from fedi.projections.rebuild import rebuild
    from fedi.sql import queries

    with servers(context.obj) as settings, psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        wanted = connection.execute(queries(__file__)["want"]).rowcount
        before = _of_views(_parked(connection))
        if before:
            rebuild(settings.database_url or "")
        left = _of_views(_parked(connection))
    typer.echo(f"the views: {len(before)} parked, {len(left)} still; the effects try {wanted} again")
    if left:
        raise typer.Exit(1)


def _parked(connection: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    from psycopg.rows import dict_row

    from fedi.sql import queries

    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(queries(__file__)["parked"]).fetchall()


def _of_views(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in found if each["name"] == "views"]


def _as_line(found: dict[str, Any]) -> str:
    again = "  (to be tried again)" if found["wanted"] else ""
    return f"{found['position']:>9}  {found['name']:<10} {found['error'][:200]}{again}"
