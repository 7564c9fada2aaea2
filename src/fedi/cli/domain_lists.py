"""`fedi domains list|import|export`: what was decided about domains, all at once, in Mastodon's CSV format."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fedi.errors import ClientError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fedi.app import Process
    from fedi.events.domains import DomainLimited
    from fedi.registry.rows import Connection
    from fedi.views.domain_limits import DomainLimit

COLUMNS = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
MAX_BYTES = 10_000_000


def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with private comments.")] = False,
) -> None:
    """List what was decided, one domain each line: domain, what, what is rejected, comment."""
    import msgspec

    from fedi.cli.running import ask

    limits, allows = ask(context.obj, _standing)
    if as_json:
        typer.echo(msgspec.json.encode({"limits": limits, "allowed": allows}).decode())
        return
    for each in limits:
        rejected = " ".join(name for name, so in (("media", each.reject_media), ("reports", each.reject_reports)) if so)
        typer.echo(f"{each.domain}\t{each.severity}\t{rejected}\t{each.public_comment}")
    for domain in allows:
        typer.echo(f"{domain}\tallowed\t\t")


def write(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; the screen if none is named.")] = None,
    allows: Annotated[bool, typer.Option("--allows", help="The domains that are allowed instead.")] = False,
) -> None:
    """Write what was decided as CSV, as Mastodon reads it."""
    from fedi.cli.running import ask

    limits, allowed = ask(context.obj, _standing)
    text = _table([COLUMNS[:1], *([domain] for domain in allowed)] if allows else [COLUMNS, *map(_row, limits)])
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot write {file}: {error.strerror}") from None
    typer.echo(f"wrote {len(allowed if allows else limits)} domains to {file}")


def read(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file, as Mastodon writes it.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what was decided about a domain before.")
    ] = False,
    allows: Annotated[bool, typer.Option("--allows", help="Allow the domains, whatever else the file says.")] = False,
) -> None:
    """Decide about all domains of a file; those about which something was decided stay as they are."""
    from fedi.cli.running import act

    if file.stat().st_size > MAX_BYTES:
        raise ClientError(f"{file} is too large: {MAX_BYTES // 1_000_000} MB at most")
    lines = read_list(file.read_text(encoding="utf-8-sig", errors="replace"))
    for message in act(context.obj, lambda parts: _import(parts, lines, overwrite=overwrite, allows=allows)):
        typer.echo(message)


def read_list(text: str) -> list[dict[str, str]]:
    """Return the lines of a CSV file by its columns; a file without a head is a list of domains to suspend.

    Raises ClientError where there is no column of domains.
    """
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    head = [cell.strip().lower().removeprefix("#") for cell in rows[0]]
    if "domain" not in head:
        if any("," in cell or not cell for cell in rows[0][:1]):
            raise ClientError("the file has no column #domain")
        return [{"domain": row[0].strip()} for row in rows]
    return [{name: cell.strip() for name, cell in zip(head, row, strict=False)} for row in rows[1:]]


def wish_of(line: dict[str, str]) -> "DomainLimited":
    """Return the decision that a line of a file states. Raises ClientError."""
    from typing import get_args

    import msgspec

    from fedi.events.domains import DomainLimited, Severity

    written = line.get("severity", "") or "suspend"
    if written not in get_args(Severity):
        raise ClientError(f"there is no severity {written[:40]}")
    if "*" in line.get("domain", ""):
        raise ClientError("the name was made unreadable by who wrote the list")
    return DomainLimited(
        domain=line.get("domain", ""),
        severity=msgspec.convert(written, Severity),
        reject_media=_so(line, "reject_media"),
        reject_reports=_so(line, "reject_reports"),
        obfuscate=_so(line, "obfuscate"),
        public_comment=line.get("public_comment", ""),
        private_comment=line.get("private_comment", ""),
    )


async def _import(parts: "Process", lines: "Sequence[dict[str, str]]", *, overwrite: bool, allows: bool) -> list[str]:
    from fedi.commands import domain_limits

    async with parts.pool.connection() as connection:
        before = {each.domain for each in (await _standing(connection))[0]}
    told, new, kept = [], 0, 0
    for line in lines:
        name = line.get("domain", "")
        try:
            if allows:
                done = await domain_limits.allow(parts.commands, name)
            elif domain_limits.read_domain(name) in before and not overwrite:
                done = None
            else:
                done = await domain_limits.limit(parts.commands, wish_of(line))
        except ClientError as error:
            told.append(f"left out {name[:100]}: {error}")
            continue
        new, kept = new + (done is not None), kept + (done is None)
    return [*told, f"{new} domains {'allowed' if allows else 'decided about'}, {kept} left as they were"]


async def _standing(connection: "Connection") -> "tuple[list[DomainLimit], list[str]]":
    from fedi.views import domain_limits

    return await domain_limits.everything(connection), await domain_limits.allowed(connection)


def _row(each: "DomainLimit") -> tuple[str, ...]:
    flags = (str(each.reject_media).lower(), str(each.reject_reports).lower())
    return (each.domain, each.severity, *flags, each.public_comment, str(each.obfuscate).lower())


def _table(rows: "Sequence[Sequence[str]]") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _so(line: dict[str, str], name: str) -> bool:
    return line.get(name, "").lower() in {"true", "1", "yes", "t"}
