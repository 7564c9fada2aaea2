"""Documents of posts: Notes and Questions as they are, anything else as title, summary and link."""

from fedi.activitypub.vocabulary import contents, converted, kinds, media, polls, quotes, tags, values
from fedi.activitypub.vocabulary.authority import MalformedError, NotOwnerError, check_origin, id_required
from fedi.activitypub.vocabulary.values import Document
from fedi.activitypub.vocabulary.visibility import is_public, normal_audience
from fedi.descriptions import Mention, Post

MAX_SUMMARY = 10_000
MAX_TITLE = 2_048
MAX_AUTHORS = 20
_CONVERSATIONS = ("conversation", "ostatus:conversation", "context")


def is_post(document: Document) -> bool:
    """Tell whether a document is a post of any kind; a vote is none."""
    return kinds.may_be_post(values.types(document)) and not polls.is_vote(document)


def read_post(document: Document, *, by: str = "", envelope: Document | None = None) -> Post:
    """Return what the document of a post says.

    `by` is the actor on whose word it is read: it must be an author, and of the post's own origin. Without it the
    document was fetched, and its first author of the same origin counts. `envelope` is the activity that carried it:
    its audience holds where the object names none. Raises `MalformedError`, `NotOwnerError`.
    """
    uri = id_required(document)
    if not is_post(document):
        raise MalformedError
    kind = values.kind_in(document, kinds.SHOWN) or values.types(document)[0][:64]
    title = values.plain(values.natural(document, "name", MAX_TITLE), MAX_TITLE)
    url = values.link(document.get("url")) or uri
    content, summary = _said(document, kind, title, url)
    to, cc = _audience(document, envelope)
    return Post(
        uri=uri,
        author=_author(document, uri, by),
        kind=kind,
        url=url,
        title=title,
        content=content,
        summary=summary.strip(),
        sensitive=values.flag(document.get("sensitive")) or values.flag(document.get("as:sensitive")),
        language=contents.language(document),
        published=values.moment(document.get("published")),
        updated=values.moment(document.get("updated")),
        to=to,
        cc=cc,
        in_reply_to=values.id_of(document.get("inReplyTo")),
        mentions=_mentions(document, kind, to),
        hashtags=tags.hashtag_names(document.get("tag")),
        emojis=tags.emojis(document.get("tag")),
        attachments=media.attachments(document.get("attachment")) or media.itself(document),
        poll=polls.read_poll(document) if kind == "Question" else None,
        quote=quotes.quoted(document),
        quote_authorization=values.id_of(document.get("quoteAuthorization")),
        can_quote=quotes.rule(document),
        conversation=_conversation(document),
        likes=values.total(document.get("likes")),
        shares=values.total(document.get("shares")),
    )


def _author(document: Document, uri: str, by: str) -> str:
    """PeerTube names a person and a channel, Mobilizon a group and, as `actor`, a person: any of them may speak."""
    named = values.ids_of(document.get("attributedTo"), MAX_AUTHORS)
    if "actor" in document:
        named += values.ids_of(document["actor"], 1)
    if not by:
        return (
            next((author for author in _persons_first(document, named) if values.same_origin(author, uri)), "")
            or _refuse()
        )
    check_origin(uri, by)
    if named and by not in named:
        raise NotOwnerError
    return by


def _persons_first(document: Document, named: tuple[str, ...]) -> tuple[str, ...]:
    typed = values.objects(document.get("attributedTo"))
    persons = [each.get("id") for each in typed if "Person" in values.types(each)]
    return tuple(sorted(named, key=lambda author: author not in persons))


def _refuse() -> str:
    raise NotOwnerError


def _audience(document: Document, envelope: Document | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    to, cc = normal_audience(document.get("to")), normal_audience(document.get("cc"))
    if not to and not cc and envelope is not None:
        return normal_audience(envelope.get("to")), normal_audience(envelope.get("cc"))
    return to, cc


def _said(document: Document, kind: str, title: str, url: str) -> tuple[str, str]:
    """Return the HTML of a post, and the warning before it."""
    content, summary = contents.read(document), values.natural(document, "summary", MAX_SUMMARY)
    if kind == "Quotation":
        content = converted.quotation(document, content)
    if kind in kinds.NOTES:
        return converted.titled(title, content), summary
    if title or not content:
        return converted.converted(document, title, summary, content, url), ""
    return content, summary


def _mentions(document: Document, kind: str, to: tuple[str, ...]) -> tuple[Mention, ...]:
    """A message of a chat names nobody in its tags: it is to whom it is addressed."""
    named = tags.mentions(document.get("tag"))
    if kind != "ChatMessage" or named:
        return named
    return tuple(Mention(uri=uri) for uri in to if not is_public(uri))[: tags.MAX_MENTIONS]


def _conversation(document: Document) -> str:
    for name in _CONVERSATIONS:
        if name not in document:
            continue
        value = values.first(document[name])
        if isinstance(value, dict):
            value = value.get("id")
        if conversation := values.plain(value, MAX_TITLE):
            return conversation
    return ""
