"""`fedi invites`: links by which people can sign up where they otherwise could not."""

from typing import Annotated

import typer


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    invites = typer.Typer(no_args_is_help=True, help="Invite people.")
    invites.command()(create)
    invites.command("list")(show)
    cli.add_typer(invites, name="invites")


def create(
    context: typer.Context,
    max_uses: Annotated[int | None, typer.Option(min=1, help="How many people may come by it.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="How long it is good.")] = None,
) -> None:
    """Make an invite; its address stands alone on the last line."""
    from datetime import timedelta

    from fedi import clock
    from fedi.cli.running import ask
    from fedi.registry import invites

    expires_at = clock.now() + timedelta(days=days) if days else None
    invite = ask(context.obj, lambda connection: invites.create(connection, max_uses=max_uses, expires_at=expires_at))
    typer.echo(f"{context.obj.site.base_url}/invite/{invite.code}")


def show(context: typer.Context) -> None:
    """List the invites, the newest first."""
    from fedi.cli.running import ask
    from fedi.registry import invites

    for invite in ask(context.obj, invites.every):
        uses = f"{invite.uses} of {invite.max_uses}" if invite.max_uses else f"{invite.uses}"
        until = f", until {invite.expires_at:%Y-%m-%d %H:%M} UTC" if invite.expires_at else ""
        typer.echo(f"{context.obj.site.base_url}/invite/{invite.code}  used by {uses}{until}")
