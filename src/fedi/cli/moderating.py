"""`fedi accounts limit|suspend|sensitize|disable|warn`, and what takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fedi.app import Process
    from fedi.events.moderation import Restriction

Name = Annotated[str, typer.Argument(help="The account: a name here, or user@domain.")]
Text = Annotated[str, typer.Option("--text", help="Why; somebody here reads it.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Do not tell them.")]


def add_to(accounts: typer.Typer) -> None:
    """Add the verbs of this file."""
    for verb in (limit, unlimit, suspend, unsuspend, sensitize, unsensitize, disable, enable, warn):
        accounts.command()(verb)


def limit(context: typer.Context, name: Name, text: Text = "", quiet: Quiet = False) -> None:
    """Hide an account from all who do not follow it; its wishes to follow wait for an answer."""
    typer.echo(f"limited @{_restrict(context, name, 'silence', text, quiet)}")


def unlimit(context: typer.Context, name: Name) -> None:
    """Take the limit of an account back."""
    typer.echo(f"@{_lift(context, name, 'silence')} is limited no longer")


def suspend(context: typer.Context, name: Name, text: Text = "", quiet: Quiet = False) -> None:
    """Hide an account and all it wrote; nobody signs in to it here, nothing new is taken of it from elsewhere."""
    typer.echo(f"suspended @{_restrict(context, name, 'suspend', text, quiet)}")


def unsuspend(context: typer.Context, name: Name) -> None:
    """Show a suspended account and what it wrote again; follows from elsewhere that ended do not come back."""
    typer.echo(f"@{_lift(context, name, 'suspend')} is suspended no longer")


def sensitize(context: typer.Context, name: Name, text: Text = "", quiet: Quiet = False) -> None:
    """Put all media of an account behind a warning."""
    typer.echo(f"sensitized @{_restrict(context, name, 'sensitive', text, quiet)}")


def unsensitize(context: typer.Context, name: Name) -> None:
    """Show the media of an account as their author marked them."""
    typer.echo(f"@{_lift(context, name, 'sensitive')} is sensitized no longer")


def disable(context: typer.Context, name: Name, text: Text = "", quiet: Quiet = False) -> None:
    """Keep somebody here out of their account; what they wrote stays."""
    from fedi.cli.running import act
    from fedi.commands import moderation

    async def done(parts: Process) -> str:
        target = await moderation.find(parts.commands, name)
        await moderation.disable(parts.commands, parts.redis, target, disabled=True, text=text, tell=not quiet)
        return target.acct

    typer.echo(f"@{act(context.obj, done)} cannot sign in any more")


def enable(context: typer.Context, name: Name) -> None:
    """Let somebody into their account again."""
    from fedi.cli.running import act
    from fedi.commands import moderation

    async def done(parts: Process) -> str:
        target = await moderation.find(parts.commands, name)
        await moderation.disable(parts.commands, parts.redis, target, disabled=False)
        return target.acct

    typer.echo(f"@{act(context.obj, done)} can sign in again")


def warn(context: typer.Context, name: Name, text: Annotated[str, typer.Argument(help="What to say.")]) -> None:
    """Tell somebody here something, as a warning, and do nothing else."""
    from fedi.cli.running import act
    from fedi.commands import moderation

    async def done(parts: Process) -> str:
        target = await moderation.find(parts.commands, name)
        await moderation.warn(parts.commands, target, text)
        return target.acct

    typer.echo(f"warned @{act(context.obj, done)}")


def _restrict(context: typer.Context, name: str, restriction: Restriction, text: str, quiet: bool) -> str:
    from fedi.cli.running import act
    from fedi.commands import moderation

    async def done(parts: Process) -> str:
        target = await moderation.find(parts.commands, name)
        await moderation.restrict(parts.commands, parts.redis, target, restriction, text=text, tell=not quiet)
        return target.acct

    return act(context.obj, done)


def _lift(context: typer.Context, name: str, restriction: Restriction) -> str:
    from fedi.cli.running import act
    from fedi.commands import moderation

    async def done(parts: Process) -> str:
        target = await moderation.find(parts.commands, name)
        await moderation.lift(parts.commands, parts.redis, target, restriction)
        return target.acct

    return act(context.obj, done)
