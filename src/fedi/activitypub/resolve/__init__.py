"""The one way to learn about a stranger: fetch, check, append.

Whatever a document says counts only where it was found at its own id, and then only for its own origin. What is
learnt becomes `document.fetched` events; a signer's document only after its signature held. Callers pass `Means`.
"""

from fedi.activitypub.resolve.contact import first_contact
from fedi.activitypub.resolve.errors import AskedTooOften, Gone, KeyRefused, NotForUs, NotLearnt
from fedi.activitypub.resolve.fetched import Fetched
from fedi.activitypub.resolve.keeping import Found, append
from fedi.activitypub.resolve.keys import asked_lately, fetch_key, known_key, resolve_key
from fedi.activitypub.resolve.knocking import Knocker
from fedi.activitypub.resolve.learning import resolve_actor, resolve_handle, resolve_object
from fedi.activitypub.resolve.means import Means, SigningKey, open_means
from fedi.activitypub.resolve.replies import fetch_post, fetch_replies

__all__ = [
    "AskedTooOften",
    "Fetched",
    "Found",
    "Gone",
    "KeyRefused",
    "Knocker",
    "Means",
    "NotForUs",
    "NotLearnt",
    "SigningKey",
    "append",
    "asked_lately",
    "fetch_key",
    "fetch_post",
    "fetch_replies",
    "first_contact",
    "known_key",
    "open_means",
    "resolve_actor",
    "resolve_handle",
    "resolve_key",
    "resolve_object",
]
