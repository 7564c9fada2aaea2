"""What a reader wants to be spared: not a question of right, as in `can_see`, but of whom they mute and block."""

from typing import LiteralString

from psycopg.sql import Composable, Composed, Identifier

from fedi.sql import queries
from fedi.views.compose import READER

_SQL = queries(__file__)


def welcome(alias: LiteralString = "s", viewer: Composable = READER) -> Composed:
    """Return the condition that an account (or NULL: anybody) wants to read the row `alias` of read.statuses."""
    return _SQL["welcome"].format(s=Identifier(alias), viewer=viewer)


def shared(alias: LiteralString = "s", viewer: Composable = READER) -> Composed:
    """Return the condition that the row `alias` of read.statuses boosts nobody of whom an account is to be spared.

    For what one person posts: whoever looks there wants to read them, muted or not.
    """
    return _SQL["shared"].format(s=Identifier(alias), viewer=viewer)


def unnamed(alias: LiteralString = "s", viewer: Composable = READER) -> Composed:
    """Return the condition that the row `alias` of read.statuses names nobody of whom an account is to be spared.

    For timelines; in a thread one goes on reading what others say to them.
    """
    return _SQL["unnamed"].format(s=Identifier(alias), viewer=viewer)


def unlimited(alias: LiteralString = "s") -> Composed:
    """Return the condition that the author of the row `alias` of read.statuses is not limited by the operator.

    For whatever shows posts to people who did not ask for their authors.
    """
    return _SQL["unlimited"].format(s=Identifier(alias))


def unlimited_or_followed(alias: LiteralString = "s", viewer: Composable = READER) -> Composed:
    """As `unlimited`; but those who follow the author read the row too, and so does the author. For threads."""
    return _SQL["unlimited_or_followed"].format(s=Identifier(alias), viewer=viewer)


def unblocked(alias: LiteralString = "a", viewer: Composable = READER) -> Composed:
    """Return the condition that no block stands between an account and the row `alias` of read.accounts."""
    return _SQL["unblocked"].format(a=Identifier(alias), viewer=viewer)
