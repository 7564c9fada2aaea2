"""`fedi invites`: links by which people can sign up where they otherwise could not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fedi.registry.invites import Invite
    from fedi.settings import Settings


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
    import asyncio

    from fedi.cli.running import servers

    with servers(context.obj) as settings:
        invite = asyncio.run(_create(settings, max_uses, days))
        typer.echo(f"{settings.site.base_url}/invite/{invite.code}")


def show(context: typer.Context) -> None:
    """List the invites, the newest first."""
    import asyncio

    from fedi.cli.running import servers

    with servers(context.obj) as settings:
        for invite in asyncio.run(_every(settings)):
            uses = f"{invite.uses} of {invite.max_uses}" if invite.max_uses else f"{invite.uses}"
            until = f", until {invite.expires_at:%Y-%m-%d %H:%M} UTC" if invite.expires_at else ""
            typer.echo(f"{settings.site.base_url}/invite/{invite.code}  used by {uses}{until}")


async def _create(settings: Settings, max_uses: int | None, days: int | None) -> Invite:
    from datetime import timedelta

    import psycopg

    from fedi import app, clock
    from fedi.registry import invites

    expires_at = clock.now() + timedelta(days=days) if days else None
    async with await psycopg.AsyncConnection.connect(app.database_url(settings)) as connection:
        return await invites.create(connection, max_uses=max_uses, expires_at=expires_at)


async def _every(settings: Settings) -> list[Invite]:
    import psycopg

    from fedi import app
    from fedi.registry import invites

    async with await psycopg.AsyncConnection.connect(app.database_url(settings)) as connection:
        return await invites.every(connection)
