"""Lists of accounts that a person reads apart from home."""

from typing import Literal

from fedi.events.catalogue import Event, event

RepliesPolicy = Literal["followed", "list", "none"]


@event("list.saved")
class ListSaved(Event, frozen=True, kw_only=True):
    """A list was created or changed. `exclusive` takes its members out of the home timeline."""

    list_id: int
    account_id: int
    title: str
    replies_policy: RepliesPolicy
    exclusive: bool


@event("list.deleted")
class ListDeleted(Event, frozen=True, kw_only=True):
    list_id: int
    account_id: int


@event("list.accounts_added")
class ListAccountsAdded(Event, frozen=True, kw_only=True):
    list_id: int
    account_id: int
    member_ids: tuple[int, ...]


@event("list.accounts_removed")
class ListAccountsRemoved(Event, frozen=True, kw_only=True):
    list_id: int
    account_id: int
    member_ids: tuple[int, ...]
