"""OAuth scopes: the ones there are, and when a token's scopes are enough.

`read` covers every `read:…`, `admin:write` every `admin:write:…`; `follow` is Mastodon's deprecated umbrella over
follows, blocks and mutes and stands beside the finer scope wherever it counts (https://docs.joinmastodon.org/api/oauth-scopes/).
"""

from collections.abc import Collection, Iterable

DEFAULT = "read"

_READ = "accounts blocks bookmarks collections favourites filters follows lists mutes notifications search statuses"
_WRITE = (
    "accounts blocks bookmarks collections conversations favourites filters follows lists media mutes notifications "
    "reports statuses"
)
_ADMIN = "accounts reports domain_allows domain_blocks ip_blocks email_domain_blocks canonical_email_blocks"


def _family(name: str, members: str) -> list[str]:
    return [name, *(f"{name}:{member}" for member in members.split())]


SCOPES: tuple[str, ...] = (
    "profile",
    *_family("read", _READ),
    *_family("write", _WRITE),
    "follow",
    "push",
    *_family("admin:read", _ADMIN),
    *_family("admin:write", _ADMIN),
)


def parent(scope: str) -> str | None:
    """Return the scope that covers this one: `read` for `read:statuses`; None for a scope that nothing covers."""
    if scope in {"admin:read", "admin:write"}:
        return None
    return scope.rpartition(":")[0] or None


def accepted(alternatives: Iterable[str]) -> frozenset[str]:
    """Return every scope with which a method that names these alternatives may be called."""
    named = set(alternatives)
    return frozenset(named | {above for scope in named if (above := parent(scope))})


def covers(registered: Collection[str], wanted: Iterable[str]) -> bool:
    """Tell whether an app that registered some scopes may ask for the wanted ones."""
    return all(scope in registered or parent(scope) in registered for scope in wanted)


def split(text: str) -> list[str]:
    """Return the scopes named in a text, in order, each once; they are divided by spaces (RFC 6749 §3.3)."""
    return list(dict.fromkeys(text.split()))
