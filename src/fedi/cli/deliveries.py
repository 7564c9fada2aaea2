"""`fedi deliveries`: what became of what was sent, how hosts take it, and another try for those that failed."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from fedi.cli.tables import table
from fedi.errors import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fedi.effects.outcomes import Found, Host, Retried, Sent, Wanted
    from fedi.registry.rows import Connection

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Outcome(enum.StrEnum):
    """How a delivery ended, or that it has not."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    EXPIRED = "expired"


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    deliveries = typer.Typer(no_args_is_help=True, help="See what became of what was sent to other servers.")
    deliveries.command()(show)
    deliveries.command()(hosts)
    deliveries.command()(retry)
    cli.add_typer(deliveries, name="deliveries")


def show(
    context: typer.Context,
    post: Annotated[str | None, typer.Argument(help="A post's address or number; all posts without it.")] = None,
    account: Annotated[str | None, typer.Option(help="Only what this account said.")] = None,
    host: Annotated[str | None, typer.Option(help="Only what this host was sent.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="Only what ended in this way.")] = None,
    number: Annotated[int, typer.Option("-n", min=1, help="How many to show at most, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show what was sent where in the last two weeks: whether it was delivered, refused, expired, or still waits."""
    from fedi.cli.running import ask
    from fedi.effects import outcomes

    about = None if post is None else _number_of(post)

    async def look(connection: Connection) -> tuple[dict[Found, int], list[Sent]]:
        wanted = await _wanted(connection, about, account, host, outcome)
        return await outcomes.counted(connection, wanted), await outcomes.sent(connection, wanted, number)

    counts, found = ask(context.obj, look)
    if as_json:
        typer.echo(msgspec.json.encode({"counts": counts, "deliveries": found}))
    elif not found:
        typer.echo("nothing like that was sent in the last two weeks")
    else:
        headings = ("said at", "activity", "by", "to", "outcome", "answer", "tries", "ended or next try")
        typer.echo(table(headings, [_row(each) for each in found]))
        typer.echo(_summary(counts, len(found)))


def hosts(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also those that all is well with.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the hosts that fail or that something waits for, those in the greatest trouble first."""
    from fedi.cli.running import ask
    from fedi.effects import outcomes

    found = ask(context.obj, lambda connection: outcomes.hosts(connection, every=every))
    if as_json:
        typer.echo(
            msgspec.json.encode([{**msgspec.structs.asdict(each), "state": outcomes.state_of(each)} for each in found])
        )
    elif not found:
        typer.echo("nothing was sent yet" if every else "nothing waits, and no host fails")
    else:
        headings = ("host", "state", "waiting", "since", "failures", "last delivered", "next try", "at once", "gap")
        typer.echo(table(headings, [_host_row(each) for each in found]))


def retry(
    context: typer.Context,
    host: Annotated[str | None, typer.Argument(help="The host, with its port if it has one.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All hosts that something waits for.")] = False,
    refused: Annotated[bool, typer.Option("--refused", help="Send what was refused once more, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try a host again now, however long its pause. One that fails again goes on with its pauses as before."""
    from fedi import clock
    from fedi.cli.running import ask
    from fedi.effects import outcomes
    from fedi.views import borders

    if (host is None) != every:
        raise ClientError("name a host, or say --all")
    now, limited = clock.now(), context.obj.limited_federation_mode

    async def try_again(connection: Connection) -> list[Retried]:
        if refused:
            border = await borders.read(connection, limited_federation=limited)
            await outcomes.reopen(connection, border, now, host)
        return await outcomes.retry(connection, now, host)

    found = ask(context.obj, try_again)
    if as_json:
        typer.echo(msgspec.json.encode(found))
    elif not found:
        typer.echo(f"nothing waits for {host}" if host else "nothing waits for any host")
    for each in () if as_json else found:
        typer.echo(f"{each.host}: {_counted(each.waiting)} will be tried within half a minute")


def _number_of(post: str) -> int:
    """Return the number of a post: it ends every address of it."""
    match = re.fullmatch(r"(?:https?://.+/)?([0-9]{1,18})(?:/activity)?", post)
    if match is None:
        raise ClientError(f"{post} is neither a post's address nor its number")
    return int(match[1])


async def _wanted(
    connection: Connection, about: int | None, account: str | None, host: str | None, outcome: Outcome | None
) -> Wanted:
    from fedi.cli import people
    from fedi.effects import outcomes

    return outcomes.Wanted(
        about=about,
        author_id=None if account is None else (await people.account(connection, account)).id,
        host=host,
        outcome=None if outcome is None else outcome.value,
    )


def _row(each: Sent) -> tuple[object, ...]:
    author = f"@{each.author}" if each.author else None
    tried = each.attempts > 0 and each.status is None
    answer = "none" if tried and each.outcome != "delivered" else each.status
    when = each.finished_at or each.next_at
    return each.said_at, each.kind, author, each.inbox, each.outcome, answer, each.attempts, when


def _host_row(each: Host) -> tuple[object, ...]:
    from fedi.effects.outcomes import state_of

    gap = f"{each.gap:.1f} s" if each.gap else None
    next_at = each.next_at if each.waiting else None
    return (
        each.name,
        state_of(each),
        each.waiting,
        each.oldest_at,
        each.failures,
        each.delivered_at,
        next_at,
        each.width,
        gap,
    )


def _summary(counts: Mapping[Found, int], shown: int) -> str:
    total = sum(counts.values())
    parts = [f"{number:,} {outcome}" for outcome, number in counts.items()]
    return f"{_counted(total)}: {', '.join(parts)}" + (f"; shown are the latest {shown}" if shown < total else "")


def _counted(number: int) -> str:
    return "1 delivery" if number == 1 else f"{number:,} deliveries"
