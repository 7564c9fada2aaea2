"""`fedi announcements`: what the staff has to say to everybody here."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fedi.commands.announcements import AnnouncementDraft
    from fedi.settings import Settings
    from fedi.views.staff_announcements import Notice

_FORMS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    announcements = typer.Typer(no_args_is_help=True, help="Tell everybody here something.")
    announcements.command()(publish)
    announcements.command()(remove)
    announcements.command("list")(show)
    cli.add_typer(announcements, name="announcements")


def publish(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What to announce, in plain text.")],
    starts: Annotated[datetime | None, typer.Option(formats=_FORMS, help="When it begins (UTC).")] = None,
    ends: Annotated[datetime | None, typer.Option(formats=_FORMS, help="When it is over, and no longer shown.")] = None,
    all_day: Annotated[bool, typer.Option(help="It is about whole days.")] = False,
    again: Annotated[int | None, typer.Option(help="The id of an announcement to give another form.")] = None,
) -> None:
    """Announce something; prints its id."""
    import asyncio

    from fedi.cli.running import servers
    from fedi.commands.announcements import AnnouncementDraft

    draft = AnnouncementDraft(text=text, starts_at=_utc(starts), ends_at=_utc(ends), all_day=all_day)
    with servers(context.obj) as settings:
        typer.echo(asyncio.run(_publish(settings, draft, again)))


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


async def _publish(settings: "Settings", draft: "AnnouncementDraft", again: int | None) -> int:
    from fedi import app
    from fedi.commands import announcements

    async with app.process(settings, connections=2) as parts:
        announcement_id, _ = await announcements.publish(parts.commands, draft, again)
        return announcement_id


def remove(context: typer.Context, announcement: Annotated[int, typer.Argument(help="Its id.")]) -> None:
    """Take an announcement back."""
    import asyncio

    from fedi.cli.running import servers

    with servers(context.obj) as settings:
        asyncio.run(_remove(settings, announcement))
    typer.echo(f"removed {announcement}")


async def _remove(settings: "Settings", announcement_id: int) -> None:
    from fedi import app
    from fedi.commands import announcements

    async with app.process(settings, connections=2) as parts:
        await announcements.remove(parts.commands, announcement_id)


def show(context: typer.Context) -> None:
    """List what is announced, one each line: id, when it is over, text."""
    import asyncio

    from fedi.activitypub.vocabulary.html import to_text
    from fedi.cli.running import servers

    with servers(context.obj) as settings:
        for found in asyncio.run(_all(settings)):
            ends = found.row.ends_at.isoformat() if found.row.ends_at else ""
            typer.echo(f"{found.row.id}\t{ends}\t{' '.join(to_text(found.row.content).split())}")


async def _all(settings: "Settings") -> "list[Notice]":
    import psycopg

    from fedi import app
    from fedi.views import staff_announcements

    async with await psycopg.AsyncConnection.connect(app.database_url(settings)) as connection:
        return await staff_announcements.load(connection, None)
