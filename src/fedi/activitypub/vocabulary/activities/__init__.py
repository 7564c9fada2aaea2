"""What each type of activity claims: a file per type, found by walking this package.

Each has `TYPE` and `read(activity)`, and goes the same way: parse, ownership, meaning. Authority that needs no outside
knowledge is settled there; nothing here knows what is stored.
"""

from collections.abc import Callable

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import actor_of, check_activity_id
from fedi.activitypub.vocabulary.claims import Claim
from fedi.activitypub.vocabulary.values import Document
from fedi.walking import modules_of

__all__ = ["actor_of", "found", "read_activity", "supported"]

Read = Callable[[Document], tuple[Claim, ...]]


def found() -> dict[str, Read]:
    """Return the reader of each type; raises `ValueError` where two files read one type."""
    readers: dict[str, Read] = {}
    for module in modules_of(__name__):
        if module.TYPE in readers:
            raise ValueError(f"two files of {__name__} read {module.TYPE}")
        readers[module.TYPE] = module.read
    return readers


_READERS = found()


def supported() -> tuple[str, ...]:
    """Return the types of activities that mean something to this server."""
    return tuple(sorted(_READERS))


def read_activity(document: Document) -> tuple[Claim, ...]:
    """Return what an activity claims; nothing for a type that is not supported or a case that means nothing here.

    Raises `PeerError` with reason `malformed` or `not_owner`.
    """
    read = next((_READERS[kind] for kind in values.types(document) if kind in _READERS), None)
    if read is None:
        return ()
    check_activity_id(document, actor_of(document))
    return read(document)
