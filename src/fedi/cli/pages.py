"""`fedi pages`: what the staff writes about the server."""

import enum
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


class Page(enum.StrEnum):
    """A page that apps show."""

    EXTENDED_DESCRIPTION = "extended_description"
    PRIVACY_POLICY = "privacy_policy"
    TERMS_OF_SERVICE = "terms_of_service"
    RULES = "rules"


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    pages = typer.Typer(no_args_is_help=True, help="Write the pages about the server.")
    pages.callback()(lambda: None)  # one verb alone would take the place of its group
    pages.command()(write)
    cli.add_typer(pages, name="pages")


def write(
    context: typer.Context,
    page: Annotated[Page, typer.Argument(help="Which page.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Text or HTML; of rules, one each line.")],
    effective: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From when terms of service are in force.")
    ] = None,
) -> None:
    """Publish a page in place of what it said before; an empty file takes it away."""
    from fedi.cli.running import act
    from fedi.commands import pages
    from fedi.commands.context import note

    written = pages.written(
        page.value, file.read_text(encoding="utf-8"), None if effective is None else effective.date()
    )
    act(context.obj, lambda parts: note(parts.commands, written))
    typer.echo(f"wrote {page.value}")
