"""What an app's scopes mean, in words for the person who decides."""

from collections.abc import Iterable

_THINGS = {
    "accounts": "accounts and profiles",
    "blocks": "your blocks",
    "bookmarks": "your bookmarks",
    "collections": "collections",
    "conversations": "your conversations",
    "favourites": "your favourites",
    "filters": "your filters",
    "follows": "your follows",
    "lists": "your lists",
    "media": "media files",
    "mutes": "your mutes",
    "notifications": "your notifications",
    "reports": "reports",
    "search": "search results",
    "statuses": "posts, including those only you can see",
    "domain_allows": "allowed domains",
    "domain_blocks": "blocked domains",
    "ip_blocks": "blocked addresses",
    "email_domain_blocks": "blocked e-mail domains",
    "canonical_email_blocks": "blocked e-mail addresses",
}
_WHOLE = {
    "profile": "See who you are: your name and profile",
    "read": "Read everything in your account",
    "write": "Change everything in your account, and post as you",
    "follow": "See and change your follows, blocks and mutes",
    "push": "Send you push notifications",
    "admin:read": "Read everything moderators can read",
    "admin:write": "Act as a moderator on this server",
}
_VERBS = {
    "read": "Read",
    "write": "Change",
    "admin:read": "As a moderator, read",
    "admin:write": "As a moderator, change",
}


def in_words(scopes: Iterable[str]) -> list[str]:
    """Return a line for each scope."""
    return [_WHOLE.get(scope) or _part(scope) for scope in scopes]


def _part(scope: str) -> str:
    family, _, member = scope.rpartition(":")
    return f"{_VERBS[family]} {_THINGS[member]}"
