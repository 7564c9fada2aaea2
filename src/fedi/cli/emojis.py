"""`fedi emoji`: the pictures that people here may write."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fedi.settings import Settings
    from fedi.views.custom_emojis import LocalEmoji


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    emoji = typer.Typer(no_args_is_help=True, help="Add and remove custom emoji.")
    emoji.command()(add)
    emoji.command()(remove)
    emoji.command("list")(show)
    cli.add_typer(emoji, name="emoji")


def add(
    context: typer.Context,
    shortcode: Annotated[str, typer.Argument(help="What people write between colons.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A picture of 256 KB at most.")],
    category: Annotated[str, typer.Option(help="Under what apps show it.")] = "",
) -> None:
    """Add an emoji; one of the same name gives way."""
    import asyncio

    from fedi.cli.running import servers

    data = file.read_bytes()
    with servers(context.obj) as settings:
        asyncio.run(_add(settings, shortcode, data, category))
    typer.echo(f"added :{shortcode}:")


async def _add(settings: "Settings", shortcode: str, data: bytes, category: str) -> None:
    from fedi import app
    from fedi.commands import emojis

    async with app.process(settings, connections=2) as parts:
        await emojis.add(parts.commands, shortcode, data, category)


def remove(
    context: typer.Context,
    shortcode: Annotated[str, typer.Argument(help="Its name, without colons.")],
) -> None:
    """Let an emoji be used no more; posts that have it keep it."""
    import asyncio

    from fedi.cli.running import servers

    with servers(context.obj) as settings:
        asyncio.run(_remove(settings, shortcode))
    typer.echo(f"removed :{shortcode}:")


async def _remove(settings: "Settings", shortcode: str) -> None:
    from fedi import app
    from fedi.commands import emojis

    async with app.process(settings, connections=2) as parts:
        await emojis.remove(parts.commands, shortcode)


def show(context: typer.Context) -> None:
    """List the emoji, one each line: name, category, address of the picture."""
    import asyncio

    from fedi.cli.running import servers

    with servers(context.obj) as settings:
        for each in asyncio.run(_all(settings)):
            typer.echo(f"{each.shortcode}\t{each.category}\t{each.url}")


async def _all(settings: "Settings") -> "list[LocalEmoji]":
    import psycopg

    from fedi import app
    from fedi.views import custom_emojis

    async with await psycopg.AsyncConnection.connect(app.database_url(settings)) as connection:
        return await custom_emojis.everything(connection)
