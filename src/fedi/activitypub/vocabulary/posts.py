"""Documents of posts: Notes and Questions as they are, anything else as title, summary and link."""

import re
from html import escape

from fedi.activitypub.vocabulary import kinds, media, polls, quotes, tags, values
from fedi.activitypub.vocabulary.authority import MalformedError, NotOwnerError, check_origin, id_required
from fedi.activitypub.vocabulary.links import shortened
from fedi.activitypub.vocabulary.values import Document
from fedi.activitypub.vocabulary.visibility import normal_audience
from fedi.descriptions import Post

MAX_CONTENT = 100_000
MAX_SUMMARY = 10_000
MAX_TITLE = 2_048
MAX_AUTHORS = 20
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_UNDETERMINED = frozenset({"und", "zxx", "mul"})
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
    kind = values.kind_in(document, kinds.NOTES | kinds.CONVERTED) or values.types(document)[0][:64]
    title = values.plain(values.natural(document, "name", MAX_TITLE), MAX_TITLE)
    content, language = _content(document)
    url = values.link(document.get("url")) or uri
    summary = values.natural(document, "summary", MAX_SUMMARY)
    if kind not in kinds.NOTES and (title or not content):
        content, summary = _converted(title, summary, url), ""
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
        language=language,
        published=values.moment(document.get("published")),
        updated=values.moment(document.get("updated")),
        to=to,
        cc=cc,
        in_reply_to=values.id_of(document.get("inReplyTo")),
        mentions=tags.mentions(document.get("tag")),
        hashtags=tags.hashtag_names(document.get("tag")),
        emojis=tags.emojis(document.get("tag")),
        attachments=media.attachments(document.get("attachment")),
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
    named = values.ids_of(document.get("attributedTo"), MAX_AUTHORS) + values.ids_of(document.get("actor"), 1)
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


def _content(document: Document) -> tuple[str, str]:
    """Return the HTML and its language: the first of `contentMap`, as Mastodon takes it, or what PeerTube says."""
    content = values.natural(document, "content", MAX_CONTENT)
    if document.get("mediaType") in ("text/plain", "text/markdown"):
        content = escape(content, quote=False).replace("\n", "<br>")
    for name in ("content", "name", "summary"):
        if by_language := values.language_map(document, name):
            return content, _language(next(iter(by_language)))
    stated = document.get("language")
    return content, _language(stated.get("identifier") if isinstance(stated, dict) else stated)


def _language(value: object) -> str:
    known = isinstance(value, str) and _LANGUAGE.fullmatch(value) and value.lower() not in _UNDETERMINED
    return str(value) if known else ""


def _converted(title: str, summary: str, url: str) -> str:
    heading = f"<p><strong>{escape(title, quote=False)}</strong></p>" if title else ""
    lead = summary if "<p" in summary else f"<p>{summary}</p>" if summary else ""
    return f"{heading}{lead}<p>{shortened(url)}</p>"


def _conversation(document: Document) -> str:
    for name in _CONVERSATIONS:
        value = values.first(document.get(name))
        if isinstance(value, dict):
            value = value.get("id")
        if conversation := values.plain(value, MAX_TITLE):
            return conversation
    return ""
