"""Puts the verbs together and loads the settings for them."""

from pathlib import Path
from typing import Annotated

import typer

from fedi import __version__
from fedi.cli import (
    accounts,
    announcements,
    bench,
    deliveries,
    doctor,
    domains,
    emojis,
    erase,
    events,
    invites,
    media,
    pages,
    projections,
    relays,
    roles,
    tokens,
)
from fedi.cli.arguments import ENV_FILE, settings_of


def command_line() -> typer.Typer:
    """Return the whole command line."""
    cli = typer.Typer(name="fedi", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    cli.callback(help="An event-sourced federation server, compatible with Mastodon on every side.")(_common)
    files = (
        roles,
        accounts,
        invites,
        tokens,
        domains,
        relays,
        announcements,
        pages,
        emojis,
        events,
        projections,
        erase,
        deliveries,
        media,
        doctor,
        bench,
    )
    for file in files:
        file.add_to(cli)
    return cli


def _common(
    context: typer.Context,
    env_file: Annotated[
        Path | None, typer.Option(ENV_FILE, help="Read settings from this file; the environment wins.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    if version:
        print(f"fedi {__version__}")
        raise typer.Exit
    context.obj = settings_of(env_file)
