"""Quotes (FEP-044f): who may quote a post, the stamp by which its author allows one quote, and the request for it.

What a post quotes is said in many ways; all are read. A stamp counts only for the one post and the one quoted post that
it names (S-124), and only where it was found at its own id, on its author's own server.
"""

from fedi.activitypub.vocabulary import tags, values
from fedi.activitypub.vocabulary.authority import MalformedError, check_origin, id_required
from fedi.activitypub.vocabulary.claims import Stamped
from fedi.activitypub.vocabulary.values import Document
from fedi.activitypub.vocabulary.visibility import PUBLIC, normal_audience
from fedi.descriptions import QuoteRule

_PROPERTIES = ("quote", "quoteUrl", "quoteUri", "quoteURL", "_misskey_quote")


def quoted(document: Document) -> str:
    """Return the id of what a post quotes, or ""."""
    for name in _PROPERTIES:
        if name in document and (named := values.id_of(document[name])):
            return named
    return tags.quote(document.get("tag"))


def rule(document: Document, name: str = "canQuote") -> QuoteRule | None:
    """Return who may quote a post, or do something else that has a policy; None where it does not say."""
    policy = values.first(document.get("interactionPolicy"))
    can_quote = values.first(policy.get(name)) if isinstance(policy, dict) else None
    if not isinstance(can_quote, dict):
        return None
    return QuoteRule(
        automatic=normal_audience(can_quote.get("automaticApproval") or can_quote.get("always")),
        manual=normal_audience(can_quote.get("manualApproval") or can_quote.get("approvalRequired")),
    )


def rule_of(policy: str, author: str, followers: str) -> QuoteRule:
    """Return the rule that a local author chose: `public`, `followers` or `nobody`, which is the author alone."""
    return QuoteRule(automatic=({"public": PUBLIC, "followers": followers}.get(policy, author),))


def read_stamp(document: Document) -> Stamped:
    """Return what a QuoteAuthorization says. Raises `MalformedError`; `NotOwnerError` if it is not its author's own."""
    uri = id_required(document)
    author = values.id_of(document.get("attributedTo"))
    quote = values.id_of(document.get("interactingObject"))
    target = values.id_of(document.get("interactionTarget"))
    if not author or not quote or not target:
        raise MalformedError
    check_origin(uri, author)
    return Stamped(uri=uri, author=author, quote=quote, quoted=target)
