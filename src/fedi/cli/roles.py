"""`fedi serve`, and `fedi web`, `streaming`, `projector`, `effects`: the long-running verbs."""

import typer

from fedi.cli.starting import start


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    for verb in (serve, web, streaming, projector, effects):
        cli.command()(verb)


def serve(context: typer.Context) -> None:
    """Run the whole server, with a database and cache of its own unless their URLs are set."""
    start("serve", context.obj)


def web(context: typer.Context) -> None:
    """Run the web role alone: API, federation, pages and streaming."""
    start("web", context.obj)


def streaming(context: typer.Context) -> None:
    """Run the streaming API alone."""
    start("streaming", context.obj)


def projector(context: typer.Context) -> None:
    """Run the projector alone: it folds the log into views."""
    start("projector", context.obj)


def effects(context: typer.Context) -> None:
    """Run the effects alone: they answer, deliver and fetch."""
    start("effects", context.obj)
