"""What writing endpoints have in common: who acts, and an answer that shows what was written.

After a command the answer waits until the views hold its event. They are behind for a second at most, or something is
wrong; then the answer is made of what is known to be so, and the person's next read waits again. A new post is mostly
answered at once, from what was said (`pending`).
"""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from fedi.api.auth import UserRequiredError
from fedi.api.deps import Deps
from fedi.api.entities.relationships import Relationship, relationship
from fedi.api.entities.statuses import Status
from fedi.api.reading import one_status
from fedi.api.request import ApiRequest
from fedi.errors import NotFoundError, Unavailable
from fedi.registry.tokens import Viewer
from fedi.views import relationships, targets
from fedi.views.authors import Author
from fedi.views.targets import AccountRef
from fedi.views.written import Writing

Looked = tuple[Author | None, int]
"""Who writes, if the views know them, and a position that these held then."""
Settling = Callable[[], Awaitable[Author | None]]
"""Tells once more who writes, when others can see that they do."""


async def acting(request: ApiRequest) -> AccountRef:
    """Return the account of the person asking, once the views hold what they wrote before."""
    await request.deps.written.catch_up(request.account_id)
    async with request.deps.pool.connection() as connection:
        account = await targets.account(connection, request.account_id)
    if account is None:
        raise Unavailable("the account is not in the views yet")
    return account


async def writer(deps: Deps, viewer: Viewer | None) -> Looked:
    """Read what `writing` returns, for somebody who may not even be let in; None if the views do not know them yet.

    Posts that were written before are not waited for.
    """
    if viewer is None or viewer.account_id is None:
        raise UserRequiredError
    return await deps.written.look(viewer.account_id, functools.partial(_read, deps, viewer))


async def writing(request: ApiRequest, about_to: Writing) -> tuple[Author, Settling]:
    """As `acting`, with what else a new post depends on: as it is remembered, was foreseen (`writer`), or is read now.

    What is returned with it is to be called before somebody is answered with a new post. It waits until others can see
    that they write, and returns them with the number of their statuses; None if they wrote something before that the
    views may not have held when they were looked up.
    """
    deps, looked = request.deps, await _remembered(request)
    if looked is None:
        await request.prove()
        about_to.begin()
        foreseen = request.foreseen.take(request.viewer) if request.foreseen else None
        looked = await (foreseen or writer(deps, request.viewer))
    if looked[0] is None:
        await deps.written.catch_up(request.account_id)
        looked = await writer(deps, request.viewer)
    author, held = looked
    if author is None:
        raise Unavailable("the account is not in the views yet")
    return author, functools.partial(_settled, deps, about_to, author, held)


async def _settled(deps: Deps, about_to: Writing, author: Author, held: int) -> Author | None:
    """Read nothing: the post is being committed, and what was read now might count it already, or fail."""
    last = deps.written.since(author.id, held, await about_to.before())
    if last is None:
        return author
    if last.statuses is None:
        return None
    return msgspec.structs.replace(author, statuses=max(author.statuses, last.statuses))


async def _remembered(request: ApiRequest) -> Looked | None:
    """Return who writes as `writer` does, if they are only known from before; None if they are not as remembered."""
    unproven, deps = request.unproven, request.deps
    if unproven is None:
        return None

    async def recalled() -> Author | None:
        found = deps.authors.recall(request.account_id, unproven.viewer.app_id)
        return found if found is not None and found.user_version == unproven.viewer.user_version else None

    looked = await deps.written.look(request.account_id, recalled)
    return None if looked[0] is None else looked


async def _read(deps: Deps, viewer: Viewer) -> Author | None:
    assert viewer.account_id is not None
    return await deps.authors.author(viewer.account_id, viewer.app_id)


async def caught_up(request: ApiRequest, position: int | None) -> bool:
    """Wait for what was just written, if anything was; tell whether the views hold it."""
    return position is None or await request.deps.written.note(request.account_id, position)


async def status_after(request: ApiRequest, status_id: int, position: int | None, **so: Any) -> Status:
    """Return a status as it is after a command; `so` holds what the entity must say, whatever the views know."""
    await caught_up(request, position)
    async with request.deps.pool.connection() as connection:
        return msgspec.structs.replace(await one_status(request, connection, status_id), **so)


async def relationship_after(request: ApiRequest, target_id: int, position: int | None, **so: Any) -> Relationship:
    """Return how the person stands to an account after a command; `so` as in `status_after`, if the views lag."""
    reached = await caught_up(request, position)
    async with request.deps.pool.connection() as connection:
        found = await relationships.to_one(connection, request.account_id, target_id)
    if found is None:
        raise NotFoundError
    shown = relationship(found)
    return shown if reached else msgspec.structs.replace(shown, **so)
