"""`fedi erase`: erases by hand, shows how erasure stands, checks it, and repeats it after a backup was restored."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from fedi.errors import FediError, NotFoundError

if TYPE_CHECKING:
    from fedi.app import Process
    from fedi.effects.erasure_list import Line

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    erase = typer.Typer(no_args_is_help=True, help="Erase posts and accounts for ever, and see that it was done.")
    for verb in (post, account, status, check, replay):
        erase.command()(verb)
    cli.add_typer(erase, name="erase")


def post(
    context: typer.Context,
    uri: Annotated[str, typer.Argument(help="The post's id, as documents name it: a URL.")],
    yes: Yes = False,
) -> None:
    """Erase a post: in its author's name if it is of this server, or else here alone. It does not come back."""
    _erase(context, uri, f"Erase {uri} for ever?", yes)


def account(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The account: user@domain, or its id, a URL.")],
    yes: Yes = False,
) -> None:
    """Erase an account of another server, here, with all that it ever said. `fedi accounts delete` is for our own."""
    _erase(context, name, f"Erase {name} for ever, with all it said?", yes)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what was erased in the last months, and what is still to be."""
    from fedi.cli.running import ask
    from fedi.effects import erasures

    found = ask(context.obj, erasures.standing)
    if as_json:
        typer.echo(msgspec.json.encode(found))
        return
    typer.echo(
        f"{found.posts:,} posts and {found.accounts:,} accounts are erased, {found.payloads:,} payloads of the log"
    )
    since = f", the oldest since {found.waiting_since:%Y-%m-%d %H:%M:%S}" if found.waiting_since else ""
    typer.echo(f"{found.waiting:,} wait{since}")
    typer.echo(f"the list of what was erased is {context.obj.erasure_file}; {found.unlisted:,} are not in it yet")


def check(
    context: typer.Context,
    again: Annotated[bool, typer.Option("--again", help="Have what is found erased.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read the whole log and name what should have been erased and was not. Exits with 1 if there is something."""
    import psycopg

    from fedi.cli.running import servers
    from fedi.effects import erasure_check

    with servers(context.obj) as settings, psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        found = list(erasure_check.check(connection))
        repeated = erasure_check.again(connection, found) if again else 0
    if as_json:
        typer.echo(msgspec.json.encode({"left": found, "again": repeated}))
    else:
        for each in found:
            typer.echo(f"{each.position:>9}  {each.uri}")
        typer.echo(
            f"{len(found):,} payloads have words of what is gone" if found else "no words are left of what is gone"
        )
        if repeated:
            typer.echo(f"{repeated:,} posts and accounts are erased once more")
    if found and not again:
        raise typer.Exit(1)


def replay(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="The list; that of FEDI_ERASURE_LIST without it.")] = None,
) -> None:
    """Erase once more what was erased after the backup that was restored. May be repeated."""
    from fedi.cli.running import act
    from fedi.effects import erasure_list

    list_file = file or context.obj.erasure_file
    try:
        lines = list(erasure_list.read(list_file))
    except OSError as error:
        raise FediError(f"cannot read {list_file}: {error.strerror}") from None
    gone = act(context.obj, lambda parts: _replay(parts, lines))
    typer.echo(f"of {len(lines):,} posts and accounts in the list {gone:,} had come back, or could have; they are gone")


async def _replay(parts: "Process", lines: "list[Line]") -> int:
    from fedi.commands import erasing

    gone = 0
    for line in lines:
        try:
            gone += await erasing.erase(parts.commands, line.uri, actor=line.actor, demand=line.demand)
        except NotFoundError:
            continue
    return gone


def _erase(context: typer.Context, name: str, question: str, yes: bool) -> None:
    from fedi.cli.running import act

    if not yes:
        typer.confirm(question, abort=True)
    if not act(context.obj, lambda parts: _erased(parts, name)):
        raise NotFoundError(f"{name} is gone already")
    typer.echo(f"{name} is gone; its words leave the log while the effects role runs (`fedi erase status`)")


async def _erased(parts: "Process", name: str) -> bool:
    from fedi.commands import erasing, moderation

    uri = name if "://" in name else (await moderation.find(parts.commands, name)).uri
    return await erasing.erase(parts.commands, uri)
