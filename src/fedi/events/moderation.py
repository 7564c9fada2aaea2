"""What the operator does to single accounts, here and elsewhere."""

from typing import Literal

from fedi.events.catalogue import Event, event

Restriction = Literal["silence", "suspend", "sensitive"]
"""Fewer see it; nobody does; its media are hidden behind a warning. In Mastodon's words."""
WarningAction = Literal["none", "disable", "sensitive", "silence", "suspend"]


@event("account.restricted")
class AccountRestricted(Event, frozen=True, kw_only=True):
    """The operator restricts an account until it is taken back; said again it changes nothing."""

    account_id: int
    restriction: Restriction


@event("account.unrestricted")
class AccountUnrestricted(Event, frozen=True, kw_only=True):
    account_id: int
    restriction: Restriction


@event("account.warned")
class AccountWarned(Event, frozen=True, kw_only=True):
    """Somebody here is told what was done to their account, and why."""

    warning_id: int
    account_id: int
    action: WarningAction
    text: str = ""
