"""Other accounts of one's own, and moving to one of them with one's followers."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from fedi.commands import moving
from fedi.commands.moving import REST
from fedi.errors import ClientError, NotFoundError
from fedi.registry.sessions import Session
from fedi.views import targets
from fedi.views.targets import AccountRef
from fedi.web.credentials import WRONG_PASSWORD, is_owner
from fedi.web.forms import read_form, render_form
from fedi.web.pages import redirect
from fedi.web.parts import Parts
from fedi.web.places import MOVING

_Act = Callable[[Parts, AccountRef, str], Awaitable[int | None]]


async def show_moving(request: Request, parts: Parts, session: Session) -> Response:
    """Show which accounts are called one's own, and where one has moved."""
    return await _show(request, parts, session)


async def do_moving(request: Request, parts: Parts, session: Session) -> Response:
    """Name another account as one's own, or no longer; move there, which wants the password; or take that back."""
    form = dict(await read_form(request, parts))
    owner, act = await own_account(parts, session), form.get("act", "")
    if act == "move" and not await is_owner(parts, session, form):
        return await _show(request, parts, session, problem=WRONG_PASSWORD)
    try:
        position = await _ACTS[act](parts, owner, form.get("account", "").strip()) if act in _ACTS else None
    except ClientError as refused:
        return await _show(request, parts, session, problem=f"{refused}.")
    if position is not None:
        await parts.written.note(owner.id, position)
    return redirect(MOVING)


async def own_account(parts: Parts, session: Session) -> AccountRef:
    """Return the account of who is signed in. Raises NotFoundError while it is not there yet, or no longer."""
    async with parts.pool.connection() as connection:
        found = await targets.account(connection, session.user.account_id)
    if found is None:
        raise NotFoundError
    return found


async def _show(request: Request, parts: Parts, session: Session, *, problem: str | None = None) -> Response:
    await parts.written.catch_up(session.user.account_id)
    owner = await own_account(parts, session)
    values = {"names": await moving.aliases(parts.commands, owner), "moved_to": owner.moved_to_uri, "days": REST.days}
    return render_form(request, parts, "moving.html", status=422 if problem else 200, problem=problem, **values)


async def _name(parts: Parts, owner: AccountRef, account: str) -> int | None:
    return await moving.add_alias(parts.commands, owner, account)


async def _forget(parts: Parts, owner: AccountRef, account: str) -> int | None:
    return await moving.remove_alias(parts.commands, owner, account)


async def _move(parts: Parts, owner: AccountRef, account: str) -> int | None:
    return await moving.move(parts.commands, owner, account)


async def _stay(parts: Parts, owner: AccountRef, _: str) -> int | None:
    return await moving.stay(parts.commands, owner)


_ACTS: dict[str, _Act] = {"name": _name, "forget": _forget, "move": _move, "stay": _stay}
