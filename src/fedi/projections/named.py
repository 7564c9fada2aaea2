"""Whom a post tells that it names them."""

from collections.abc import Iterable

from fedi.facts.statuses import MentionedAccount


def named(mentions: Iterable[MentionedAccount]) -> list[int]:
    """Return who is named and addressed, once each, as far as they are known."""
    told = (each for each in mentions if each.addressed and not each.silent)
    return list(dict.fromkeys(each.account_id for each in told if each.account_id is not None))
