"""Dealing from here with somebody or something elsewhere: where "follow" and "reply" buttons of other servers lead.

Whoever pressed one there comes here with the address (ostatus "subscribe", FEP-3b86), signs in, and sees whom or what
it is before anything is done.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from fedi.commands import boosts, favourites, follows
from fedi.commands.context import Context
from fedi.commands.follows import Wishes
from fedi.commands.statuses import publish_status
from fedi.errors import ClientError, NotFoundError
from fedi.registry.secrets import new_secret
from fedi.registry.sessions import Session
from fedi.views import accounts, addressed, relationships, statuses
from fedi.views.targets import AccountRef
from fedi.web.forms import read_form, read_query, render_form
from fedi.web.guards import limit_lookups
from fedi.web.moving import own_account
from fedi.web.pages import redirect
from fedi.web.parts import Parts
from fedi.web.places import interaction_address
from fedi.web.share import drafted
from fedi.web.shown import shown_account, shown_post

Act = Callable[[Context, AccountRef, int], Awaitable[int | None]]
MAX_ADDRESS = 2_048


async def show_interaction(request: Request, parts: Parts, session: Session) -> Response:
    """Show who or what is at an address, and what can be done about it. Raises NotFoundError."""
    given = dict(read_query(request))
    address = given.get("uri") or given.get("acct", "")
    reader = await own_account(parts, session)
    await parts.written.catch_up(reader.id)
    account_id, status_id = await _found(parts, session, address)
    if status_id is not None:
        return await _show_post(request, parts, reader, status_id, address=address)
    if account_id is not None:
        return await _show_person(request, parts, reader, account_id, address=address)
    raise NotFoundError


async def do_interaction(request: Request, parts: Parts, session: Session) -> Response:
    """Do what was chosen, and show how things stand then."""
    form = dict(await read_form(request, parts))
    address, act, reader = form.get("uri", ""), form.get("act", ""), await own_account(parts, session)
    account_id, status_id = await _found(parts, session, address)
    if status_id is not None and act == "reply":
        return await _reply(request, parts, reader, status_id, form)
    chosen, place = (_OF_PEOPLE.get(act), account_id) if status_id is None else (_OF_POSTS.get(act), status_id)
    position = await chosen(parts.commands, reader, place) if chosen is not None and place is not None else None
    if position is not None:
        await parts.written.note(reader.id, position)
    return redirect(interaction_address(address))


async def _reply(request: Request, parts: Parts, reader: AccountRef, status_id: int, form: dict[str, str]) -> Response:
    try:
        said = await publish_status(parts.commands, reader, drafted(form, status_id))
    except ClientError as error:
        again = {"address": form.get("uri", ""), "problem": str(error), "text": form.get("text", "")}
        return await _show_post(request, parts, reader, status_id, **again)
    await parts.written.note(reader.id, said.position)
    return redirect(parts.site.status_page(reader.username, said.status_id))


async def _found(parts: Parts, session: Session, text: str) -> tuple[int | None, int | None]:
    """Return the account or the status that an address or a handle stands for; what is not known is looked up.

    Raises NotFoundError, and TooManyRequestsError for who has too much looked up.
    """
    wanted = text.strip().removeprefix("acct:").removeprefix("@")
    if not wanted or len(wanted) > MAX_ADDRESS:
        raise NotFoundError
    if not wanted.startswith(("https://", "http://")):
        await limit_lookups(parts, session)
        account = await parts.commands.resolve(wanted)
        return (account.id if account else None), None
    async with parts.pool.connection() as connection:
        found = await addressed.at(connection, parts.site, wanted)
    if found != (None, None) or parts.strangers is None or parts.site.is_local(wanted):
        return found
    await limit_lookups(parts, session)
    uri = await parts.strangers.by_address(wanted)
    if uri is None:
        return found
    async with parts.pool.connection() as connection:
        return await addressed.at(connection, parts.site, uri)


async def _show_person(
    request: Request, parts: Parts, reader: AccountRef, account_id: int, *, address: str
) -> Response:
    async with parts.pool.connection() as connection:
        row = await accounts.one(connection, account_id)
        between = await relationships.to_one(connection, reader.id, account_id)
    if row is None or row.suspended or between is None:
        raise NotFoundError
    if row.id == reader.id:
        return redirect(parts.site.profile(reader.username))
    person = shown_account(row, parts.site)
    return render_form(
        request, parts, "interaction_person.html", address=address, person=person, row=row, between=between
    )


async def _show_post(
    request: Request,
    parts: Parts,
    reader: AccountRef,
    status_id: int,
    *,
    address: str,
    problem: str | None = None,
    text: str = "",
) -> Response:
    async with parts.pool.connection() as connection:
        found = await statuses.one(connection, status_id, reader.id)
    if found is None:
        raise NotFoundError
    return render_form(
        request,
        parts,
        "interaction_post.html",
        status=422 if problem else 200,
        address=address,
        post=shown_post(found, parts.site),
        row=(found.boost_of or found).row,
        once=new_secret(),
        problem=problem,
        text=text,
    )


async def _follow(context: Context, reader: AccountRef, account_id: int) -> int | None:
    return await follows.follow(context, reader, account_id, Wishes())


async def _boost(context: Context, reader: AccountRef, status_id: int) -> int | None:
    return (await boosts.boost_status(context, reader, status_id)).position


_OF_PEOPLE: dict[str, Act] = {"follow": _follow, "unfollow": follows.unfollow}
_OF_POSTS: dict[str, Act] = {
    "favourite": favourites.favourite_status,
    "unfavourite": favourites.unfavourite_status,
    "boost": _boost,
    "unboost": boosts.unboost_status,
}
