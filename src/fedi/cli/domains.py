"""`fedi domains`: with which servers this one speaks, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from fedi.app import Process
    from fedi.events.domains import DomainLimited, Severity
    from fedi.views.domain_limits import Known

Domain = Annotated[str, typer.Argument(help="A domain, without scheme; all below it is meant too.")]
Comment = Annotated[str, typer.Option("--comment", help="Why, for those who may read the list.")]
PrivateComment = Annotated[str, typer.Option("--private-comment", help="Why, for operators alone.")]
RejectMedia = Annotated[bool, typer.Option("--reject-media", help="Copy no files from there.")]
RejectReports = Annotated[bool, typer.Option("--reject-reports", help="Drop reports that come from there.")]
Obfuscate = Annotated[bool, typer.Option("--obfuscate", help="Show only a part of the name in the list.")]

LIMIT = "Hide a domain's people from all who do not follow them. What was decided about it before is replaced."
NOOP = "Only reject media or reports; or spare a domain what was decided about one above it."


def add_to(cli: typer.Typer) -> None:
    """Add the verbs of this file."""
    from fedi.cli import domain_lists

    domains = typer.Typer(no_args_is_help=True, help="Limit, suspend and allow other servers.")
    domains.command("limit", help=LIMIT)(_milder("silence"))
    domains.command()(suspend)
    domains.command("noop", help=NOOP)(_milder("noop"))
    domains.command()(allow)
    domains.command()(remove)
    domains.command("list")(domain_lists.show)
    domains.command("import")(domain_lists.read)
    domains.command("export")(domain_lists.write)
    cli.add_typer(domains, name="domains")


def suspend(
    context: typer.Context,
    domain: Domain,
    comment: Comment = "",
    private_comment: PrivateComment = "",
    obfuscate: Obfuscate = False,
) -> None:
    """Take nothing from a domain, send nothing there, hide its people, and end all follows in both directions."""
    from fedi.events.domains import DomainLimited

    _decide(
        context,
        DomainLimited(
            domain=domain,
            severity="suspend",
            obfuscate=obfuscate,
            public_comment=comment,
            private_comment=private_comment,
        ),
    )


def _milder(severity: Severity) -> Callable[..., None]:
    """Return a verb that decides less than that nothing is to come from a domain."""

    def decide(
        context: typer.Context,
        domain: Domain,
        comment: Comment = "",
        private_comment: PrivateComment = "",
        reject_media: RejectMedia = False,
        reject_reports: RejectReports = False,
        obfuscate: Obfuscate = False,
    ) -> None:
        from fedi.events.domains import DomainLimited

        _decide(
            context,
            DomainLimited(
                domain=domain,
                severity=severity,
                reject_media=reject_media,
                reject_reports=reject_reports,
                obfuscate=obfuscate,
                public_comment=comment,
                private_comment=private_comment,
            ),
        )

    return decide


def allow(context: typer.Context, domain: Domain) -> None:
    """Let a domain in, for when only those may come that are named (LIMITED_FEDERATION_MODE)."""
    from fedi.cli.running import act
    from fedi.commands import domain_limits

    written = domain_limits.read_domain(domain)
    new = act(context.obj, lambda parts: domain_limits.allow(parts.commands, domain))
    typer.echo(f"allowed {written}" if new is not None else f"{written} is allowed already")
    if new is not None and not context.obj.limited_federation_mode:
        typer.echo("this matters once LIMITED_FEDERATION_MODE is set")


def remove(context: typer.Context, domain: Domain) -> None:
    """Take back what was decided about just this domain; what was hidden is shown again, follows do not come back."""
    from fedi.cli.running import act
    from fedi.commands import domain_limits

    act(context.obj, lambda parts: domain_limits.remove(parts.commands, domain))
    typer.echo(f"nothing is decided about {domain_limits.read_domain(domain)} any more")


def _decide(context: typer.Context, wish: DomainLimited) -> None:
    from fedi.cli.running import act

    already = {
        "silence": f"{wish.domain} is limited so already",
        "suspend": f"{wish.domain} is suspended so already",
        "noop": f"that is so for {wish.domain} already",
    }
    typer.echo(act(context.obj, lambda parts: _limited(parts, wish)) or already[wish.severity])


async def _limited(parts: Process, wish: DomainLimited) -> str | None:
    """Say a decision, and return what it means; None if just that stands."""
    from fedi.commands import domain_limits
    from fedi.views import domain_limits as views

    if await domain_limits.limit(parts.commands, wish) is None:
        return None
    domain = domain_limits.read_domain(wish.domain)
    async with parts.pool.connection() as connection:
        return _sentence(domain, wish, await views.known(connection, domain))


def _sentence(domain: str, wish: DomainLimited, known: Known) -> str:
    done = {"silence": f"limited {domain}", "suspend": f"suspended {domain}", "noop": f"decided about {domain}"}
    also = [name for name, so in (("media", wish.reject_media), ("reports", wish.reject_reports)) if so]
    rejected = f", rejecting {' and '.join(also)}" if also else ""
    ends = f", and {_counted(known.follows, 'follow')} will end" if wish.severity == "suspend" else ""
    concerned = f"{_counted(known.accounts, 'account')} known from there{ends}"
    return f"{done[wish.severity]}{rejected}: {concerned}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
