"""`fedi announcements`: what the staff has to say to everybody here."""

from datetime import UTC, datetime
from typing import Annotated

import typer

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
    from fedi.cli.running import act
    from fedi.commands import announcements

    draft = announcements.AnnouncementDraft(text=text, starts_at=_utc(starts), ends_at=_utc(ends), all_day=all_day)
    announcement_id, _ = act(context.obj, lambda parts: announcements.publish(parts.commands, draft, again))
    typer.echo(announcement_id)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def remove(context: typer.Context, announcement: Annotated[int, typer.Argument(help="Its id.")]) -> None:
    """Take an announcement back."""
    from fedi.cli.running import act
    from fedi.commands import announcements

    act(context.obj, lambda parts: announcements.remove(parts.commands, announcement))
    typer.echo(f"removed {announcement}")


def show(context: typer.Context) -> None:
    """List what is announced, one each line: id, when it is over, text."""
    from fedi.activitypub.vocabulary.html import to_text
    from fedi.cli.running import ask
    from fedi.views import staff_announcements

    for found in ask(context.obj, lambda connection: staff_announcements.load(connection, None)):
        ends = found.row.ends_at.isoformat() if found.row.ends_at else ""
        typer.echo(f"{found.row.id}\t{ends}\t{' '.join(to_text(found.row.content).split())}")
