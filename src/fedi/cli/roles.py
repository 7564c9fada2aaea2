"""`fedi serve`, and `fedi web`, `streaming`, `projector`, `effects`: the long-running verbs."""

import typer


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    for verb in (serve, web, streaming, projector, effects):
        cli.command()(verb)


def serve(context: typer.Context) -> None:
    """Run the whole server, with a database and cache of its own unless their URLs are set."""
    from fedi.supervisor.serve import serve

    serve(context.obj, typer.echo)


def web(context: typer.Context) -> None:
    """Run the web role alone: API, federation, pages and streaming."""
    from fedi.supervisor.serve import serve_web

    serve_web(context.obj, typer.echo)


def streaming(context: typer.Context) -> None:
    """Run the streaming API alone."""
    from fedi.supervisor.serve import serve_streaming

    serve_streaming(context.obj, typer.echo)


def projector(context: typer.Context) -> None:
    """Run the projector alone: it folds the log into views."""
    from fedi.supervisor.serve import serve_projector

    serve_projector(context.obj, typer.echo)


def effects(context: typer.Context) -> None:
    """Run the effects alone: they answer, deliver and fetch."""
    from fedi.supervisor.serve import serve_effects

    serve_effects(context.obj, typer.echo)
