"""Puts the verbs together, loads the settings for them, and turns faults into one clear line."""

import logging
import os
import sys
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
from fedi.cli.repeats import Repeats
from fedi.errors import ConfigurationError, FediError
from fedi.settings.env_file import parse_env_file
from fedi.settings.loading import load
from fedi.sql import said

OPTION = "--env-file"


def main() -> None:
    """Run the command line; the exit code is 0, 1 for a fault, 2 for wrong usage, 130 for Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Repeats())
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of every job, thrice
    try:
        command_line()(_with_option_first(sys.argv[1:]))
    except FediError as error:
        print(f"fedi: {error}", file=sys.stderr)
        sys.exit(1)
    except Exception as error:
        from psycopg import OperationalError  # verbs that ask no database start without it

        if not isinstance(error, OperationalError):
            raise
        print(f"fedi: the database: {said(error)}", file=sys.stderr)
        sys.exit(1)


def command_line() -> typer.Typer:
    """Return the whole command line."""
    cli = typer.Typer(
        name="fedi", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
    )
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
        Path | None, typer.Option(OPTION, help="Read settings from this file; the environment wins.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    if version:
        print(f"fedi {__version__}")
        raise typer.Exit
    context.obj = load({**_settings_in(env_file), **os.environ})


def _settings_in(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    try:
        return parse_env_file(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read {file}: {error.strerror}") from None


def _with_option_first(arguments: list[str]) -> list[str]:
    """Let `--env-file` stand after the verb as well as before it."""
    for place, argument in enumerate(arguments):
        if argument == OPTION and place + 1 < len(arguments):
            rest = arguments[:place] + arguments[place + 2 :]
            return [argument, arguments[place + 1], *rest]
        if argument.startswith(f"{OPTION}="):
            return [argument, *arguments[:place], *arguments[place + 1 :]]
    return arguments
