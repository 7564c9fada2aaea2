"""`fedi tokens`: access for scripts, without an app and a consent page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fedi.errors import ClientError

if TYPE_CHECKING:
    from fedi.registry.rows import Connection
    from fedi.settings import Settings


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    tokens = typer.Typer(no_args_is_help=True, help="Give scripts access to an account.")
    tokens.callback()(lambda: None)  # one verb alone would take the place of its group
    tokens.command()(create)
    cli.add_typer(tokens, name="tokens")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The account, without @ and domain.")],
    scopes: Annotated[str, typer.Option(help="What the token allows, with spaces.")] = "read",
) -> None:
    """Make an access token; it stands alone on the last line."""
    from fedi.cli.running import ask
    from fedi.registry.scopes import SCOPES, split

    named = split(scopes)
    unknown = [scope for scope in named if scope not in SCOPES]
    if unknown or not named:
        raise ClientError(f"there is no scope {', '.join(unknown) or 'in this'}; there are: {' '.join(SCOPES)}")
    typer.echo(ask(context.obj, lambda connection: _issue(connection, context.obj, name, named)))


async def _issue(connection: Connection, settings: Settings, name: str, scopes: list[str]) -> str:
    """Return the token of these scopes that belongs to no app. Asked for again, it is the same."""
    from fedi.cli import people
    from fedi.registry import tokens

    user = await people.login(connection, name)
    issued = await tokens.issue(connection, settings.secret_key_base, app_id=None, user_id=user.id, scopes=scopes)
    return issued.secret
