"""`fedi doctor`: looks at everything a server depends on and says what is wrong."""

import json
from typing import Annotated

import typer

from fedi.errors import ConfigurationError

MARKS = {"good": ("✓", "green"), "doubtful": ("!", "yellow"), "bad": ("✗", "red")}


def add_to(cli: typer.Typer) -> None:
    """Add the verb of this file."""
    cli.command()(doctor)


def doctor(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Check Python, settings, database, Redis, files, clock, disk and domain; exit with 1 if something is bad."""
    from fedi.cli import checks, checks_media, checks_pooler, checks_replica, checks_roles
    from fedi.cli.running import own_servers
    from fedi.supervisor.home import locate

    settings = context.obj
    found = [checks.of_python(), *checks.of_settings(settings), *checks.of_embedded(settings)]
    with own_servers(settings) as served:
        found += [*checks.of_postgres(served), *checks_pooler.of_pooler(served), *checks_replica.of_replica(served)]
        found += [*checks.of_redis(served), *checks_roles.of_roles(served)]
    found += checks_media.of_media(settings)
    found += [checks.of_clock(), checks.of_disk(locate(settings.data_dir).root), *checks.of_domain(settings)]
    bad = [check for check in found if check.verdict == "bad"]
    if as_json:
        typer.echo(json.dumps([{"subject": c.subject, "verdict": c.verdict, "finding": c.finding} for c in found]))
    else:
        for check in found:
            mark, colour = MARKS[check.verdict]
            typer.echo(f"{typer.style(mark, fg=colour)} {check.subject}: {check.finding}")
    if bad:
        raise ConfigurationError(f"{len(bad)} of {len(found)} checks are bad")
