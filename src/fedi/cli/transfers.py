"""`fedi accounts export|import`: lists that people take from one server to another."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fedi.app import Process
    from fedi.registry.imports import ListKind


class Kind(StrEnum):
    """The lists there are."""

    FOLLOWS = "follows"
    BLOCKS = "blocks"
    MUTES = "mutes"
    DOMAIN_BLOCKS = "domain_blocks"
    BOOKMARKS = "bookmarks"
    LISTS = "lists"


Name = Annotated[str, typer.Argument(help="The account's name, without @ and domain.")]
What = Annotated[Kind, typer.Argument(help="Which list.")]


def take(context: typer.Context, name: Name, kind: What) -> None:
    """Print one of an account's lists, as Mastodon's CSV."""
    from fedi.cli import people
    from fedi.cli.running import act
    from fedi.commands import imports

    async def taken(parts: "Process") -> str:
        async with parts.pool.connection() as connection:
            user = await people.login(connection, name)
        return await imports.export(parts.commands, user.account_id, _kind(kind))

    typer.echo(act(context.obj, taken), nl=False)


def bring(
    context: typer.Context,
    name: Name,
    kind: What,
    file: Annotated[Path, typer.Argument(help="The CSV file.", exists=True, dir_okay=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="End what the file does not name.")] = False,
) -> None:
    """Have a list carried out in an account's name, by the jobs of the server that runs."""
    from fedi.cli import people
    from fedi.cli.running import act
    from fedi.commands import imports

    text = file.read_text(encoding="utf-8-sig")

    async def begun(parts: "Process") -> int:
        async with parts.pool.connection() as connection:
            user = await people.login(connection, name)
        return await imports.begin(parts.commands, user, _kind(kind), text, overwrite=overwrite)

    typer.echo(f"import {act(context.obj, begun)} is under way; /settings/imports shows how far it is")


def _kind(kind: Kind) -> "ListKind":
    from fedi.registry.imports import KINDS

    return next(each for each in KINDS if each == kind.value)
