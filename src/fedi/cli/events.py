"""`fedi events`: looks into the log. Nothing in it is ever changed from here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from fedi.cli.parked import parked, redrive
from fedi.errors import FediError, NotFoundError

if TYPE_CHECKING:
    from fedi.log.reader import Stored

BATCH = 500
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, an object a line.")]


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    events = typer.Typer(no_args_is_help=True, help="Look into the log.")
    for verb in (tail, show, count, check, parked, redrive):
        events.command()(verb)
    cli.add_typer(events, name="events")


def tail(
    context: typer.Context,
    number: Annotated[int, typer.Option("-n", min=0, help="How many of the last events to show.")] = 10,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with those that come, until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the last events and, with --follow, those that come."""
    import psycopg

    from fedi.cli.running import servers
    from fedi.log import reader

    with servers(context.obj) as settings, psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        after = max(0, reader.last_position(connection) - number)
        if follow:
            reader.listen(connection)
        while True:
            while found := reader.read_stored(connection, after, BATCH):
                for stored in found:
                    typer.echo(_as_json(stored) if as_json else _as_line(stored))
                after = found[-1].position
            if not follow:
                return
            reader.wait_for_events(connection, timeout=60)


def show(context: typer.Context, position: Annotated[int, typer.Argument(help="Its place in the log.")]) -> None:
    """Show one event whole, as JSON."""
    import psycopg

    from fedi.cli.running import servers
    from fedi.log import reader

    with servers(context.obj) as settings, psycopg.connect(settings.database_url or "") as connection:
        found = reader.get_stored(connection, [position])
        if not found:
            raise NotFoundError(f"the log has no position {position}; it ends at {reader.last_position(connection)}")
        typer.echo(json.dumps(_as_object(found[0]), indent=2, ensure_ascii=False))


def count(context: typer.Context, as_json: AsJson = False) -> None:
    """Count the events of each kind."""
    import psycopg

    from fedi.cli.running import servers
    from fedi.sql import queries

    with servers(context.obj) as settings, psycopg.connect(settings.database_url or "") as connection:
        rows = connection.execute(queries(__file__)["count"]).fetchall()
    total = sum(number for _, number in rows)
    if as_json:
        typer.echo(json.dumps({"total": total, "kinds": dict(rows)}))
        return
    for kind, number in rows:
        typer.echo(f"{number:>12,}  {kind}")
    typer.echo(f"{total:>12,}  in all")


def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Read the whole log and name every position that is damaged. Exits with 1 if there is one."""
    import psycopg

    from fedi.cli.running import servers
    from fedi.log import integrity, reader

    with servers(context.obj) as settings, psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        found = 0
        for damage in integrity.damages(connection):
            found += 1
            as_object = {"position": damage.position, "finding": damage.finding}
            typer.echo(json.dumps(as_object) if as_json else f"{damage.position:>9}  {damage.finding}")
        last = reader.last_position(connection)
    if found:
        raise FediError(f"{found} of {last} positions are damaged: docs/faults.md says what to do")
    if not as_json:
        typer.echo(f"{last} events, all as they were written")


def _as_line(stored: Stored) -> str:
    """Return an event as one line, cut so that it stays readable."""
    payload = stored.payload.decode(errors="replace")
    cut = payload if len(payload) <= 160 else f"{payload[:159]}…"
    return f"{stored.position:>9}  {stored.recorded_at:%Y-%m-%d %H:%M:%S}  {stored.name:<20} {cut}"


def _as_json(stored: Stored) -> str:
    return json.dumps(_as_object(stored), ensure_ascii=False)


def _as_object(stored: Stored) -> dict[str, object]:
    return {
        "position": stored.position,
        "identity": str(stored.identity),
        "name": stored.name,
        "version": stored.version,
        "recorded_at": stored.recorded_at.isoformat(),
        "cause": stored.cause,
        "event": _payload(stored),
    }


def _payload(stored: Stored) -> object:
    """Return what an event says; of a damaged one, what can still be read."""
    try:
        return json.loads(stored.payload)
    except ValueError:
        return stored.payload.decode(errors="replace")
