"""`fedi accounts modify|reject`: what operators change of a login, and who is not let in."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from fedi.cli.roles_of_logins import Role

if TYPE_CHECKING:
    from fedi.app import Process
    from fedi.registry.users import User


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed; what is false or None stays."""

    email: str | None
    role: str | None
    password: str | None
    confirm: bool
    approve: bool
    disable: bool
    enable: bool
    disable_2fa: bool


def modify(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The account's name, without @ and domain.")],
    email: Annotated[str | None, typer.Option(help="Another address; it counts as confirmed.")] = None,
    role: Annotated[Role | None, typer.Option(help="What the login may do.")] = None,
    reset_password: Annotated[
        bool, typer.Option("--reset-password", help="Make and print a password; end sessions and tokens.")
    ] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="Take the address as confirmed.")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="Let in somebody who waits, and tell them.")] = False,
    disable: Annotated[bool, typer.Option("--disable", help="Keep the login out; end sessions and tokens.")] = False,
    enable: Annotated[bool, typer.Option("--enable", help="Let a disabled login in again.")] = False,
    disable_2fa: Annotated[bool, typer.Option("--disable-2fa", help="Let the password alone be enough.")] = False,
) -> None:
    """Change a login."""
    import secrets

    from fedi.cli.running import act

    made = secrets.token_urlsafe(18) if reset_password else None
    changes = Changes(
        email=email,
        role=role.value if role else None,
        password=made,
        confirm=confirm,
        approve=approve,
        disable=disable,
        enable=enable,
        disable_2fa=disable_2fa,
    )
    act(context.obj, lambda parts: _modify(parts, name, changes))
    typer.echo(f"changed the login of {name}")
    if made is not None:
        typer.echo(f"its password is {made}")


def reject(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The account's name, without @ and domain.")],
    reason: Annotated[str, typer.Option(help="What they are told besides.")] = "",
) -> None:
    """Do not let in somebody who waits for it: they are told, and what they gave is deleted."""
    from fedi.cli.running import act

    act(context.obj, lambda parts: _reject(parts, name, reason))
    typer.echo(f"@{name} is not let in, and is told so")


async def _reject(parts: "Process", name: str, reason: str) -> None:
    from fedi.cli import people
    from fedi.commands import admission

    async with parts.pool.connection() as connection:
        user = await people.login(connection, name)
    await admission.reject(parts.commands, user, reason)


async def _modify(parts: "Process", name: str, changes: Changes) -> None:
    from fedi.cli import people

    async with parts.pool.connection() as connection:
        user = await people.login(connection, name)
    await _change_state(parts, user, changes)
    await _change_keys(parts, user, changes)


async def _change_state(parts: "Process", user: "User", changes: Changes) -> None:
    from fedi.commands import admission
    from fedi.errors import ClientError
    from fedi.registry import users
    from fedi.registry.addresses import is_address

    moment = parts.commands.clock()
    if changes.email is not None and not is_address(changes.email):
        raise ClientError(f"{changes.email} is no e-mail address")
    async with parts.pool.connection() as connection, connection.transaction():
        if changes.email is not None:
            await users.set_email(connection, user.id, changes.email, moment)
        if changes.confirm:
            await users.confirm(connection, user.id, moment)
        if changes.role is not None:
            await users.set_role(connection, user.id, msgspec.convert(changes.role, users.Role))
        disabled = (user.disabled or changes.disable) and not changes.enable
        await users.set_state(connection, user.id, approved=user.approved, disabled=disabled)
    if changes.approve:
        await admission.approve(parts.commands, msgspec.structs.replace(user, disabled=disabled))


async def _change_keys(parts: "Process", user: "User", changes: Changes) -> None:
    from fedi.commands import credentials
    from fedi.registry import second_factor

    if changes.disable_2fa:
        async with parts.pool.connection() as connection:
            await second_factor.disable(connection, user.id)
    if changes.password is not None:
        await credentials.set_password(parts.commands, parts.redis, user, changes.password)
    elif changes.disable:
        await credentials.end_everything(parts.commands, parts.redis, user)
