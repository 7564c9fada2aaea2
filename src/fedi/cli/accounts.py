"""`fedi accounts`: makes local accounts, whoever may sign up; `leaving` has how they go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fedi.cli import leaving, modifying
from fedi.cli.roles_of_logins import Role

if TYPE_CHECKING:
    from fedi.commands.accounts import SignUp
    from fedi.settings import Settings


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    accounts = typer.Typer(no_args_is_help=True, help="Make accounts, change them, move them and delete them.")
    accounts.command()(create)
    accounts.command()(modifying.modify)
    accounts.command()(leaving.alias)
    accounts.command()(leaving.move)
    accounts.command()(leaving.delete)
    cli.add_typer(accounts, name="accounts")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The account's name, without @ and domain.")],
    email: Annotated[str, typer.Option(help="The address that belongs to the login.")],
    password: Annotated[str | None, typer.Option(help="If none is given, one is made and printed.")] = None,
    role: Annotated[Role, typer.Option(help="What the login may do.")] = Role.USER,
) -> None:
    """Make an account that can be used at once."""
    import asyncio
    import secrets

    from fedi.cli.running import servers
    from fedi.commands.accounts import SignUp

    made = secrets.token_urlsafe(18)
    wish = SignUp(
        username=name, email=email, password=password or made, agreement=True, role=role.value, by_operator=True
    )
    with servers(context.obj) as settings:
        username = asyncio.run(_create(settings, wish))
    typer.echo(f"made the account @{username}@{settings.local_domain}, {role.value}")
    if password is None:
        typer.echo(f"its password is {made}")


async def _create(settings: Settings, wish: SignUp) -> str:
    """Sign somebody up; returns the name as it is written."""
    from fedi import app
    from fedi.commands.accounts import sign_up

    async with app.process(settings, connections=2) as parts:
        signed_up = await sign_up(parts.commands, wish)
        return signed_up.user.username
