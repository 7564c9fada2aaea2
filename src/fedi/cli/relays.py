"""`fedi relays`: servers that pass public posts on to all who subscribe."""

from typing import Annotated

import typer

Address = Annotated[str, typer.Argument(help="The relay's inbox, as https://relay.example/inbox, or its actor.")]


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    relays = typer.Typer(no_args_is_help=True, help="Subscribe to relays, which pass public posts on.")
    relays.command()(add)
    relays.command()(remove)
    relays.command("list")(show)
    cli.add_typer(relays, name="relays")


def add(context: typer.Context, address: Address) -> None:
    """Ask a relay for its posts; once it says yes, this server's public posts go there too."""
    from fedi.cli.running import act
    from fedi.commands import relays

    inbox = act(context.obj, lambda parts: relays.add(parts.commands, parts.means, address))
    typer.echo(f"asked {inbox}; `fedi relays list` shows its answer")


def remove(context: typer.Context, address: Address) -> None:
    """Have nothing more to do with a relay."""
    from fedi.cli.running import act
    from fedi.commands import relays

    inbox = act(context.obj, lambda parts: relays.remove(parts.commands, address))
    typer.echo(f"{inbox} is subscribed to no longer")


def show(context: typer.Context) -> None:
    """List the relays, one each line: inbox, `pending`, `accepted` or `rejected`."""
    from fedi.cli.running import ask
    from fedi.views import relays

    for each in ask(context.obj, relays.everything):
        typer.echo(f"{each.inbox}\t{each.state}")
