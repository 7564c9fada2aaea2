"""`fedi accounts limit|suspend|sensitize|disable|warn`, and what takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fedi.app import Process
    from fedi.events.moderation import Restriction
    from fedi.views.targets import AccountRef

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
    from fedi.commands import moderation

    async def keep_out(parts: Process, target: AccountRef) -> None:
        await moderation.disable(parts.commands, parts.redis, target, disabled=True, text=text, tell=not quiet)

    typer.echo(f"@{_do(context, name, keep_out)} cannot sign in any more")


def enable(context: typer.Context, name: Name) -> None:
    """Let somebody into their account again."""
    from fedi.commands import moderation

    async def let_in(parts: Process, target: AccountRef) -> None:
        await moderation.disable(parts.commands, parts.redis, target, disabled=False)

    typer.echo(f"@{_do(context, name, let_in)} can sign in again")


def warn(context: typer.Context, name: Name, text: Annotated[str, typer.Argument(help="What to say.")]) -> None:
    """Tell somebody here something, as a warning, and do nothing else."""
    from fedi.commands import moderation

    async def tell(parts: Process, target: AccountRef) -> None:
        await moderation.warn(parts.commands, target, text)

    typer.echo(f"warned @{_do(context, name, tell)}")


def _restrict(context: typer.Context, name: str, restriction: Restriction, text: str, quiet: bool) -> str:
    from fedi.commands import moderation

    async def restrict(parts: Process, target: AccountRef) -> None:
        await moderation.restrict(parts.commands, parts.redis, target, restriction, text=text, tell=not quiet)

    return _do(context, name, restrict)


def _lift(context: typer.Context, name: str, restriction: Restriction) -> str:
    from fedi.commands import moderation

    async def lift(parts: Process, target: AccountRef) -> None:
        await moderation.lift(parts.commands, parts.redis, target, restriction)

    return _do(context, name, lift)


def _do(context: typer.Context, name: str, doing: Callable[[Process, AccountRef], Awaitable[None]]) -> str:
    """Do something to an account; return by what name it goes."""
    from fedi.cli.running import act
    from fedi.commands import moderation

    async def done(parts: Process) -> str:
        target = await moderation.find(parts.commands, name)
        await doing(parts, target)
        return target.acct

    return act(context.obj, done)
