"""Local posts as Notes and Questions."""

from datetime import datetime

from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.rendering import tags
from fedi.activitypub.vocabulary.rendering.contexts import Json, timestamp
from fedi.descriptions import Attachment, Emoji, Image, Mention, Poll, PollOption, Post, QuoteRule
from fedi.site import Site


def local_post(
    site: Site,
    username: str,
    status_id: int,
    *,
    content: str,
    published: datetime,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    summary: str = "",
    sensitive: bool = False,
    language: str = "",
    in_reply_to: str = "",
    conversation: str = "",
    mentions: tuple[Mention, ...] = (),
    hashtags: tuple[str, ...] = (),
    emojis: tuple[Emoji, ...] = (),
    attachments: tuple[Attachment, ...] = (),
    poll: Poll | None = None,
    quote: str = "",
    can_quote: QuoteRule | None = None,
) -> Post:
    """Return the post of a local person. `content` is HTML; a post that answers nothing begins a conversation."""
    return Post(
        uri=site.status(username, status_id),
        author=site.actor(username),
        kind="Question" if poll else "Note",
        url=site.status_page(username, status_id),
        content=content,
        summary=summary,
        sensitive=sensitive,
        language=language,
        published=published,
        to=to,
        cc=cc,
        in_reply_to=in_reply_to,
        conversation=conversation or addresses.conversation(site, published, status_id),
        mentions=mentions,
        hashtags=hashtags,
        emojis=emojis,
        attachments=attachments,
        poll=poll,
        quote=quote,
        can_quote=can_quote,
    )


def note(site: Site, post: Post) -> Json:
    """Return a local post as it stands in a Create or Update; `standalone` makes of it what is served.

    `likes` and `shares` are links to collections, or carry the totals where the post has them.
    """
    document: Json = {
        "id": post.uri,
        "type": post.kind,
        "summary": post.summary or None,
        "inReplyTo": post.in_reply_to or None,
        "published": timestamp(post.published) if post.published else None,
        "url": post.url,
        "attributedTo": post.author,
        "to": list(post.to),
        "cc": list(post.cc),
        "sensitive": post.sensitive,
        "atomUri": post.uri,
        "inReplyToAtomUri": post.in_reply_to or None,
        "conversation": post.conversation,
        "content": post.content,
        "attachment": [_attachment(attachment) for attachment in post.attachments],
        "tag": [
            *(tags.mention(mention) for mention in post.mentions),
            *(tags.hashtag(site, name) for name in post.hashtags),
            *(tags.emoji(site, emoji) for emoji in post.emojis),
            *([tags.quote_link(post.quote)] if post.quote else []),
        ],
        "replies": _replies(post.uri),
        "likes": _counted(addresses.likes(post.uri), post.likes),
        "shares": _counted(addresses.shares(post.uri), post.shares),
    }
    if context := addresses.context(site, post.conversation):
        document["context"] = context
    if post.updated:
        document["updated"] = timestamp(post.updated)
    if post.language:
        document["contentMap"] = {post.language: post.content}
    return document | _quote(post) | (_poll(post.poll) if post.poll else {})


def tombstone(uri: str) -> Json:
    """Return what is left of a deleted post."""
    return {"id": uri, "type": "Tombstone", "atomUri": uri}


def _quote(post: Post) -> Json:
    """What it quotes, in the words of all who know quotes, and who may quote it."""
    document: Json = {}
    if post.quote:
        document |= dict.fromkeys(("quote", "quoteUrl", "quoteUri", "_misskey_quote"), post.quote)
    if post.quote_authorization:
        document["quoteAuthorization"] = post.quote_authorization
    if post.can_quote:
        rule = {"automaticApproval": list(post.can_quote.automatic)}
        if post.can_quote.manual:
            rule["manualApproval"] = list(post.can_quote.manual)
        document["interactionPolicy"] = {"canQuote": rule}
    return document


def _attachment(attachment: Attachment) -> Json:
    document: Json = {
        "type": "Document",
        "mediaType": attachment.media_type,
        "url": attachment.url,
        "name": attachment.description or None,
    }
    optional: Json = {
        "blurhash": attachment.blurhash or None,
        "focalPoint": list(attachment.focus) if attachment.focus else None,
        "width": attachment.width,
        "height": attachment.height,
        "duration": attachment.duration,
        "icon": tags.image(Image(url=attachment.preview_url)) if attachment.preview_url else None,
    }
    return document | {name: value for name, value in optional.items() if value is not None}


def _replies(post: str) -> Json:
    """An empty first page says that there is more to ask for, as Mastodon says it."""
    uri = addresses.replies(post)
    first = {"type": "CollectionPage", "next": f"{uri}?page=true", "partOf": uri, "items": []}
    return {"id": uri, "type": "Collection", "first": first}


def _counted(uri: str, total: int | None) -> Json | str:
    return uri if total is None else {"id": uri, "type": "Collection", "totalItems": total}


def _poll(poll: Poll) -> Json:
    document: Json = {"anyOf" if poll.multiple else "oneOf": [_option(option) for option in poll.options]}
    if poll.expires_at:
        document["endTime"] = timestamp(poll.expires_at)
    if poll.closed_at:
        document["closed"] = timestamp(poll.closed_at)
    if poll.voters_count is not None:
        document["votersCount"] = poll.voters_count
    return document


def _option(option: PollOption) -> Json:
    return {"type": "Note", "name": option.title, "replies": {"type": "Collection", "totalItems": option.votes}}
