"""`fedi accounts alias|move|delete`: what people do when they come from elsewhere, or go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fedi.app import Process
    from fedi.views.targets import AccountRef

Name = Annotated[str, typer.Argument(help="The account's name, without @ and domain.")]
Other = Annotated[str, typer.Argument(help="The other account: user@domain.")]


def alias(
    context: typer.Context,
    name: Name,
    other: Other,
    remove: Annotated[bool, typer.Option("--remove", help="Name it no longer.")] = False,
) -> None:
    """Name another account as one's own, so that it may move here with its followers."""
    from fedi.commands import moving

    async def act(parts: Process, owner: AccountRef) -> None:
        if not remove:
            await moving.add_alias(parts.commands, owner, other)
            return
        found = await parts.commands.resolve(other.removeprefix("@"))
        await moving.remove_alias(parts.commands, owner, other if found is None else found.uri)

    _run(context, name, act)
    typer.echo(f"@{name} {'no longer names' if remove else 'now names'} @{other.removeprefix('@')} as its own")


def move(context: typer.Context, name: Name, other: Other) -> None:
    """Move an account to another one that names it as an alias, and take its followers along."""
    from fedi.commands import moving

    async def act(parts: Process, owner: AccountRef) -> None:
        await moving.move(parts.commands, owner, other)

    _run(context, name, act)
    typer.echo(f"@{name} has moved to @{other.removeprefix('@')}; its followers are told")


def delete(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete an account, its posts and its login for ever; its name is never given again."""
    from fedi.commands import leaving
    from fedi.registry import kill

    if not yes:
        typer.confirm(f"Delete @{name} for ever?", abort=True)

    async def act(parts: Process, owner: AccountRef) -> None:
        await leaving.delete_account(parts.commands, owner)
        await kill.kill_account(parts.redis, owner.id)

    _run(context, name, act)
    typer.echo(f"@{name} is deleted; everybody who knew it is told")


def _run(context: typer.Context, name: str, doing: Callable[[Process, AccountRef], Awaitable[None]]) -> None:
    from fedi.cli.running import act

    act(context.obj, lambda parts: _as_owner(parts, name, doing))


async def _as_owner(parts: Process, name: str, doing: Callable[[Process, AccountRef], Awaitable[None]]) -> None:
    from fedi.cli import people

    async with parts.pool.connection() as connection:
        owner = await people.account(connection, name)
    await doing(parts, owner)
