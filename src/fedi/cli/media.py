"""`fedi media`: says what files take, and deletes those that nobody needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

if TYPE_CHECKING:
    from fedi.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    media = typer.Typer(no_args_is_help=True, help="Look after uploads, and copies of remote files.")
    media.command()(usage)
    media.command()(prune)
    cli.add_typer(media, name="media")


def usage(context: typer.Context, as_json: AsJson = False) -> None:
    """Show how many files are kept and what they take, small pictures not counted."""
    from fedi.cli.running import ask
    from fedi.registry import media

    found = ask(context.obj, media.usage)
    if as_json:
        typer.echo(msgspec.json.encode(found))
        return
    for row in found:
        typer.echo(f"{row.purpose:<12} {row.files:>9} files {row.bytes / 2**20:>12.1f} MiB")


def prune(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=0, help="Copies of remote files older than this go.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Delete old copies of remote files, and uploads that no post has held for a day. Copies come again when wanted."""
    import asyncio

    from fedi.cli.running import servers

    with servers(context.obj) as settings:
        copies, uploads = asyncio.run(_prune(settings, days))
    if as_json:
        typer.echo(msgspec.json.encode({"copies": copies, "uploads": uploads}))
        return
    typer.echo(f"deleted {copies} copies of remote files and {uploads} uploads that no post holds")


async def _prune(settings: Settings, days: int) -> tuple[int, int]:
    from datetime import timedelta

    from fedi import app, clock
    from fedi.effects.jobs.media_cleaning import UNATTACHED, prune
    from fedi.registry import media
    from fedi.registry.pool import new_pool
    from fedi.services.storage_choice import open_storage

    storage, now = open_storage(settings), clock.now()
    async with new_pool(app.database_url(settings), most=1) as pool:
        copies = await prune(pool, storage, media.old_copies, now - timedelta(days=days))
        return copies, await prune(pool, storage, media.unattached, now - UNATTACHED)
