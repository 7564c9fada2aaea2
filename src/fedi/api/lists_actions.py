"""Making, changing and deleting lists, and who is in them."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.lists import AccountList, account_list
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import lists
from fedi.commands.lists import ListDraft
from fedi.events.lists import RepliesPolicy


class NewList(msgspec.Struct, frozen=True, kw_only=True):
    title: str = ""
    replies_policy: RepliesPolicy | None = None
    exclusive: bool | None = None


class OneList(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class ChangedList(OneList, frozen=True, kw_only=True):
    title: str | None = None
    replies_policy: RepliesPolicy | None = None
    exclusive: bool | None = None


class Members(OneList, frozen=True, kw_only=True):
    account_ids: list[int] = []


@route("POST", "/api/v1/lists", scope="write:lists", auth="user")
async def create_list(request: ApiRequest, params: NewList) -> AccountList:
    """Make a list."""
    draft = ListDraft(title=params.title, replies_policy=params.replies_policy, exclusive=params.exclusive)
    saved = await lists.create_list(request.deps.commands, await acting(request), draft)
    await caught_up(request, saved.position)
    return account_list(saved.list)


@route(("PUT", "PATCH"), "/api/v1/lists/:id", scope="write:lists", auth="user")
async def change_list(request: ApiRequest, params: ChangedList) -> AccountList:
    """Change a list; what is not given stays as it is."""
    draft = ListDraft(title=params.title, replies_policy=params.replies_policy, exclusive=params.exclusive)
    saved = await lists.edit_list(request.deps.commands, await acting(request), params.id, draft)
    await caught_up(request, saved.position)
    return account_list(saved.list)


@route("DELETE", "/api/v1/lists/:id", scope="write:lists", auth="user")
async def delete_list(request: ApiRequest, params: OneList) -> dict[str, str]:
    """Delete a list."""
    await caught_up(request, await lists.delete_list(request.deps.commands, await acting(request), params.id))
    return {}


@route("POST", "/api/v1/lists/:id/accounts", scope="write:lists", auth="user")
async def add_to_list(request: ApiRequest, params: Members) -> dict[str, str]:
    """Put accounts in a list that its owner follows."""
    author = await acting(request)
    await caught_up(request, await lists.add_to_list(request.deps.commands, author, params.id, params.account_ids))
    return {}


@route("DELETE", "/api/v1/lists/:id/accounts", scope="write:lists", auth="user")
async def remove_from_list(request: ApiRequest, params: Members) -> dict[str, str]:
    """Take accounts out of a list."""
    author = await acting(request)
    await caught_up(request, await lists.remove_from_list(request.deps.commands, author, params.id, params.account_ids))
    return {}
