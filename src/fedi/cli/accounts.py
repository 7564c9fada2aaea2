"""`fedi accounts`: makes local accounts, whoever may sign up; `leaving` has how they go."""

from typing import Annotated

import typer

from fedi.cli import leaving, moderating, modifying, transfers
from fedi.cli.roles_of_logins import Role


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    accounts = typer.Typer(no_args_is_help=True, help="Make accounts, change, limit, move and delete them.")
    accounts.command()(create)
    accounts.command()(modifying.modify)
    accounts.command()(modifying.reject)
    accounts.command("export")(transfers.take)
    accounts.command("import")(transfers.bring)
    accounts.command()(leaving.alias)
    accounts.command()(leaving.move)
    accounts.command()(leaving.delete)
    moderating.add_to(accounts)
    cli.add_typer(accounts, name="accounts")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The account's name, without @ and domain.")],
    email: Annotated[str, typer.Option(help="The address that belongs to the login.")],
    password: Annotated[str | None, typer.Option(help="If none is given, one is made and printed.")] = None,
    role: Annotated[Role, typer.Option(help="What the login may do.")] = Role.USER,
) -> None:
    """Make an account that can be used at once."""
    import secrets

    from fedi.cli.running import act
    from fedi.commands.accounts import SignUp, sign_up

    made = secrets.token_urlsafe(18)
    wish = SignUp(
        username=name, email=email, password=password or made, agreement=True, role=role.value, by_operator=True
    )
    signed_up = act(context.obj, lambda parts: sign_up(parts.commands, wish))
    typer.echo(f"made the account @{signed_up.user.username}@{context.obj.local_domain}, {role.value}")
    if password is None:
        typer.echo(f"its password is {made}")
