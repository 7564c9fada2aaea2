"""`fedi emoji`: the pictures that people here may write."""

from pathlib import Path
from typing import Annotated

import typer


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
    from fedi.cli.running import act
    from fedi.commands import emojis

    data = file.read_bytes()
    act(context.obj, lambda parts: emojis.add(parts.commands, shortcode, data, category))
    typer.echo(f"added :{shortcode}:")


def remove(
    context: typer.Context,
    shortcode: Annotated[str, typer.Argument(help="Its name, without colons.")],
) -> None:
    """Let an emoji be used no more; posts that have it keep it."""
    from fedi.cli.running import act
    from fedi.commands import emojis

    act(context.obj, lambda parts: emojis.remove(parts.commands, shortcode))
    typer.echo(f"removed :{shortcode}:")


def show(context: typer.Context) -> None:
    """List the emoji, one each line: name, category, address of the picture."""
    from fedi.cli.running import ask
    from fedi.views import custom_emojis

    for each in ask(context.obj, custom_emojis.everything):
        typer.echo(f"{each.shortcode}\t{each.category}\t{each.url}")
